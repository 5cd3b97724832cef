"""From lines to paragraphs, with words that a line's end divides made whole."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from index.formats.paged.lines import Line
from index.text.vocabulary import is_word

_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•‣▪◦●–—*-]\s|\(?\d{1,3}[.)]\s")
_DIVIDED = re.compile(r"(?<![^\W\d_])[^\W\d_]+[-\xad\x02\u2010\ufffe] \w+")
_HYPHENATED = re.compile(r"([^\W\d_]+)[-\xad\x02\u2010\ufffe]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WIDER = 1.3
_USUAL = 1.2
_STEPS = 4
_LONGEST_WORD = 60
_OTHER_SIZE = 1.15
_EMPTY = 0.4


def joined(pages: Sequence[Sequence[Line]]) -> tuple[str, list[int]]:
    """Return the text of the lines, joined to paragraphs, and where in it each page begins."""
    lines = " ".join(line.text for page in pages for line in page)
    words = Counter(_WORD.findall(_DIVIDED.sub(" ", lines).lower()))
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    last: Line | None = None
    for page in pages:
        spacing, columns, own = _spacing(page), _columns(page), length
        for number, line in enumerate(page):
            if last is not None and _begins(line, last, spacing=spacing, room=_room(last, columns) if number else 0.0):
                between = "\n\n"
            elif last is not None:
                parts[-1], between = _followed(parts[-1], line.text, words)
                length += len(parts[-1]) - len(last.text)
            else:
                between = ""
            length += len(between)
            if not number:
                own = length
            parts += [between, line.text]
            length += len(line.text)
            last = line
        starts.append(own)
    # A page without text begins where the next one does.
    for number in range(len(pages) - 2, -1, -1):
        if not pages[number]:
            starts[number] = starts[number + 1]
    return "".join(parts), starts


def _spacing(page: Sequence[Line]) -> float:
    """Return the usual distance from one line to the next, in sizes of the font."""
    steps = [(one.base - other.base) / other.size for one, other in itertools.pairwise(page) if one.base > other.base]
    return median(steps) if len(steps) >= _STEPS else _USUAL


def _columns(page: Sequence[Line]) -> dict[tuple[int, int], float]:
    """Return how far to the right lines reach, in points, by where they begin and their size."""
    columns: dict[tuple[int, int], float] = {}
    for line in page:
        columns[_column(line)] = max(line.right, columns.get(_column(line), 0.0))
    return columns


def _column(line: Line) -> tuple[int, int]:
    return round(line.left / (3 * line.size)), round(line.size)


def _room(line: Line, columns: dict[tuple[int, int], float]) -> float:
    """Return the room that a line leaves empty in its column, in points; an indented one belongs to the next column."""
    left, size = _column(line)
    return max(columns.get((near, size), 0.0) for near in (left - 1, left, left + 1)) - line.right


def _differ(line: Line, other: Line) -> bool:
    return max(line.size, other.size) > _OTHER_SIZE * min(line.size, other.size)


def _begins(line: Line, last: Line, *, spacing: float, room: float) -> bool:
    """Whether a paragraph begins at ``line``: by its distance, size, indent or mark, or by the line before.

    If its first word would have fitted into the ``room`` of the line before, that line was ended on purpose.
    """
    if _differ(line, last) or _BULLET.match(line.text):
        return True
    ended = _ENDS.search(last.text) is not None
    if line.base >= last.base:  # on the next page, or in the next column
        return ended
    if last.base - line.base > _WIDER * spacing * line.size:
        return True
    letter = (last.right - last.left) / len(last.text)
    fits = room > letter * (1 + len(line.text.split()[0]))
    indented = line.left > last.left + line.size / 2
    headed = line.text[0].isupper() and room > _EMPTY * (room + last.right - last.left)
    return (ended and (fits or indented)) or headed


def _followed(last: str, line: str, words: Counter[str]) -> tuple[str, str]:
    """Return the line before ``line`` as it is to stand, and what comes between: a space, or "" in a divided word."""
    divided = _HYPHENATED.search(last[-_LONGEST_WORD:])
    if not divided:
        return last, "" if re.search(r"\S[-—]$", last[-2:]) else " "
    first, second = divided[1].lower(), re.match(r"\w*", line)[0].lower()  # type: ignore[index]
    whole = last[:-1]
    return whole if line[0].islower() and _is_one_word(first, second, words) else f"{whole}-", ""


def _is_one_word(first: str, second: str, words: Counter[str]) -> bool:
    """Whether two parts are written without a hyphen: as elsewhere in the text, or as words commonly are.

    Where neither says so, a hyphen stays only between two words.
    """
    if words[first + second] or words[f"{first}-{second}"]:
        return words[first + second] >= words[f"{first}-{second}"]
    if is_word(first + second):
        return True
    return not all(words[part] or is_word(part) for part in (first, second))
