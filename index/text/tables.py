"""Tables in a text, a row a line with its cells set apart by " | ", and their cells read with their headers."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from index.types import Span

_LINE = re.compile(r"[^\n]+")
_APART = " | "
_LONGEST_HEADER = 60
_FEWEST_ROWS = 2


class AsRead(NamedTuple):
    """Words of an article with others put in for reading; ``places`` has each character's own place, None for those."""

    text: str
    places: tuple[int | None, ...]


def as_read(text: str, span: Span) -> AsRead:
    """Return the words of ``span`` with the header of its column before each cell of a table ("2024: $2.40").

    A table's header may stand before the span. ``places`` are offsets in ``text``; the words put in are read, and never
    quoted. Words without a table are as they stand.
    """
    pieces: list[str] = []
    places: list[int | None] = []
    start = span.start
    for cell in [*_cells(text, span), _Cell(span.end, "", 0)]:
        put_in = f"{cell.header}: " if cell.header else ""
        pieces += [text[start : cell.start], put_in]
        places += [*range(start, cell.start), *[None] * len(put_in)]
        start = cell.start
    return AsRead("".join(pieces), tuple(places))


def words_as_read(text: str, span: Span) -> str:
    """Return the words of ``as_read`` alone."""
    return as_read(text, span).text if _APART in text else text[span.start : span.end]


def headers_above(text: str, span: Span) -> str:
    """Return the headers of the cells in ``span`` that stand before it, each once, to be searched with its words."""
    return " ".join(dict.fromkeys(cell.header for cell in _cells(text, span) if cell.headed < span.start))


class _Cell(NamedTuple):
    """Where a cell begins, the header of its column, and where that begins."""

    start: int
    header: str
    headed: int


def _cells(text: str, span: Span) -> tuple[_Cell, ...]:
    """Return the cells in ``span`` that have a header, in order."""
    if _APART not in text:
        return ()
    cells = _headed(text)
    first, end = (bisect_left(cells, at, key=lambda cell: cell.start) for at in span)
    return cells[first:end]


@lru_cache(8)
def _headed(text: str) -> tuple[_Cell, ...]:
    """Return all cells of a text that have a header. Its passages are asked for one after another."""
    return tuple(
        _Cell(start, text[name.start : name.end], name.start)
        for header, *rows in _tables(text)
        if _is_header(*_words(text, header, rows))
        for row in rows
        for name, (start, end) in list(zip(header, row, strict=True))[1:]
        if text[name.start : name.end] and text[start:end] and name.end - name.start <= _LONGEST_HEADER
    )


def _words(text: str, header: list[Span], rows: list[list[Span]]) -> tuple[list[str], list[list[str]]]:
    names, *cells = ([text[start:end] for start, end in row] for row in (header, *rows))
    return names, cells


def _tables(text: str) -> Iterator[list[list[Span]]]:
    """Yield the tables of a text, each as rows of the spans of cells: rows next to each other, with as many cells."""
    rows: list[list[Span]] = []
    end = 0
    for line in _LINE.finditer(text):
        cells = _row(text, line) if _APART in line.group() or line.group().startswith("| ") else []
        if rows and (len(cells) != len(rows[0]) or text[end : line.start()].strip()):
            if len(rows) >= _FEWEST_ROWS:
                yield rows
            rows = []
        if len(cells) > 1:
            rows.append(cells)
            end = line.end()
    if len(rows) >= _FEWEST_ROWS:
        yield rows


def _row(text: str, line: re.Match[str]) -> list[Span]:
    """Return the spans of a row's cells, less the white space around them; an empty cell's span is empty."""
    cells, start = [], line.start()
    for part in line.group().split("|"):
        words = part.strip()
        begins = start + (len(part) - len(part.lstrip()) if words else 0)
        cells.append(Span(begins, begins + len(words)))
        start += len(part) + 1
    return cells


def _is_header(names: list[str], rows: list[list[str]]) -> bool:
    """Whether a first row names the columns: some of them hold things of another kind below, such as prices."""
    return not names[0] or any(
        name and all(_kind(row[at]) != _kind(name) for row in rows if row[at]) for at, name in enumerate(names) if at
    )


def _kind(cell: str) -> str:
    """Return what a cell looks like: a year is another kind than a number, a word than a price."""
    if re.fullmatch(r"(?:1[6-9]|20)\d\d", cell):
        return "year"
    return "number" if re.search(r"\d", cell) and not re.search(r"[^\W\d_]{3}", cell) else "words"
