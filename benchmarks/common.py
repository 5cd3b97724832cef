"""What the benchmarks share: options, data, a service in a folder of its own, and the output of figures."""

import argparse
import gzip
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.assembly import Services, assemble
from service.settings import load_settings

Figures = dict[str, float | int]
Rows = list[dict[str, Any]]


def read_rows(path: Path, limit: int | None = None) -> Rows:
    """Return the first ``limit`` rows of a JSON lines file, all without ``limit``."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as lines:
        return [json.loads(line) for line, _ in zip(lines, range(limit or sys.maxsize), strict=False)]


def spread(rows: Rows, limit: int | None) -> Rows:
    """Return ``limit`` of the rows, taken evenly from all of them; all without ``limit``."""
    step = max(len(rows) / limit, 1) if limit else 1
    return [rows[int(number * step)] for number in range(min(limit or len(rows), len(rows)))]


@contextmanager
def empty_service() -> Iterator[Services]:
    """Yield the services over an empty store, which is deleted afterwards."""
    with tempfile.TemporaryDirectory() as folder, service_at(Path(folder)) as services:
        yield services


@contextmanager
def service_at(folder: Path) -> Iterator[Services]:
    """Yield the services over the store in ``folder``, with the reader that the environment sets."""
    services = assemble(load_settings().model_copy(update={"store": f"file:{folder}"}))
    try:
        yield services
    finally:
        services.close()


def inside(answer: str, text: str) -> bool:
    """Whether ``text`` has the words of ``answer`` in their order, regardless of case and punctuation."""
    return f" {_plain(answer)} " in f" {_plain(text)} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"(?<=\d),(?=\d)", "", text.lower())))


def run(description: str, measure: Callable[..., Figures], *, keeps_store: bool = False) -> None:
    """Run one benchmark from the command line: ``--data PATH [--limit N] [--json]``, and ``--store FOLDER``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="the benchmark's data")
    parser.add_argument("--limit", type=int, help="use only the first N questions")
    parser.add_argument("--json", action="store_true", help="print one JSON object of figures as the last line")
    if keeps_store:
        parser.add_argument("--store", type=Path, help="keep the articles indexed here, and use them again")
    options = parser.parse_args()
    if not options.data.exists():
        parser.exit(2, f"There is no data at {options.data}: nothing was measured.\n")
    try:
        figures = measure(options.data, options.limit, *((options.store,) if keeps_store else ()))
    except IsADirectoryError as error:
        parser.exit(2, f"{error.filename} is a folder: name the benchmark's file in it.\n")
    for name, value in figures.items():
        print(f"{name:32} {value:g}" if isinstance(value, float) else f"{name:32} {value}")
    if options.json:
        print(json.dumps(figures))
