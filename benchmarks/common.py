"""What the benchmarks share: their options, their data, a service in a folder of its own, and how figures print."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.assembly import Parts, assemble
from service.settings import Settings

Figures = dict[str, float | int]
Rows = list[dict[str, Any]]


def read_rows(path: Path, limit: int | None = None) -> Rows:
    """Read the first ``limit`` rows of a JSON lines file; all without ``limit``."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(limit or sys.maxsize), strict=False)]


@contextmanager
def empty_service() -> Iterator[Parts]:
    """Put the service's parts together over an empty store that is thrown away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        parts = assemble(Settings(store=f"file:{folder}"))
        try:
            yield parts
        finally:
            parts.close()


def run(description: str, measure: Callable[[Path, int | None], Figures]) -> None:
    """Run one benchmark from the command line: ``--data PATH [--limit N] [--json]``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="the benchmark's data file")
    parser.add_argument("--limit", type=int, help="use only the first N rows")
    parser.add_argument("--json", action="store_true", help="print one JSON object of figures as the last line")
    options = parser.parse_args()
    if not options.data.exists():
        parser.exit(2, f"There is no data at {options.data}: nothing was measured.\n")
    figures = measure(options.data, options.limit)
    for name, value in figures.items():
        print(f"{name:32} {value:g}" if isinstance(value, float) else f"{name:32} {value}")
    if options.json:
        print(json.dumps(figures))
