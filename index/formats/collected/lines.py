"""JSON lines, packed or not: an article a line."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from index.errors import FormatError
from index.formats import json_lines
from index.formats.collected.source import Source, failing, require_believable
from index.formats.reading import Original

ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_LARGEST_LINE = 50_000_000


def sources_in(file: Path, names: Mapping[str, str] | None) -> Iterator[Source]:
    """Yield the lines of a file; ``names`` says which of the lines' names our fields have."""
    place = file.resolve().as_uri()
    try:
        with file.open("rb") as packed:
            yield from lines_of(packed, packed.tell, name=str(file), origin=place, names=names)
    except (OSError, EOFError, zlib.error) as error:
        fault = FormatError(f"{file} cannot be read on: {error}.", remedy="Check the file; what came before is added.")
        yield failing(str(file), place, fault)


def lines_of(
    packed: IO[bytes], position: Callable[[], int], *, name: str, origin: str, names: Mapping[str, str] | None
) -> Iterator[Source]:
    """Yield the lines as sources; ``position`` returns how many bytes of the file on disk have been read."""
    lines = gzip.GzipFile(fileobj=packed) if name.lower().endswith(".gz") else packed
    number = before = unpacked = 0
    while line := lines.readline(_LARGEST_LINE):
        number += 1
        unpacked += len(line)
        require_believable(unpacked, position())
        called, weight = f"{name} line {number}", position() - before
        before += weight
        if len(line) == _LARGEST_LINE and not line.endswith(b"\n"):
            while (rest := lines.readline(_LARGEST_LINE)) and not rest.endswith(b"\n"):
                unpacked += len(rest)
                require_believable(unpacked, position())
            fault = FormatError(f"{called} has more than {_LARGEST_LINE // 1_000_000} MB.", remedy="Divide it.")
            yield failing(called, origin, fault, weight=weight)
        elif line.strip():
            parse = partial(json_lines.read, names=names)
            load = partial(Original, line, called, origin=origin, parse=parse)
            yield Source(called, origin, weight, load)
