"""Capitals that drop over several lines, joined to the words that they begin."""

from collections.abc import Sequence
from itertools import takewhile

from index.formats.paged.lines import Line
from index.text.vocabulary import is_word

_LARGER = 1.6
_LONGEST = 2
_WORDS = ("A", "I", "O")


def with_capitals(page: Sequence[Line]) -> list[Line]:
    """Return the lines of a page; a large capital stands before the line beside its top, as part of its first word."""
    lines = list(page)
    for capital in page:
        text = capital.text.lstrip("“\"‘'«")
        if not (len(text) == 1 and text.isupper() and len(capital.text) <= _LONGEST):
            continue
        beside = [line for line in lines if _is_beside(line, capital)]
        if not beside:
            continue
        first = max(beside, key=lambda line: line.base)
        lines[lines.index(first)] = first._replace(text=_joined(capital.text, text, first.text))
        lines.remove(capital)
    return lines


def _is_beside(line: Line, capital: Line) -> bool:
    """Whether a line of usual size stands right of a capital, between its foot and its head."""
    return (
        line.size * _LARGER <= capital.size
        and capital.right - line.size <= line.left <= capital.right + 2 * line.size
        and capital.base - line.size / 2 <= line.base <= capital.base + capital.size
    )


def _joined(capital: str, letter: str, line: str) -> str:
    rest = "".join(takewhile(str.isalpha, line))
    apart = not rest or (letter in _WORDS and is_word(rest) and not is_word(letter + rest))
    return f"{capital}{' ' * apart}{line}"
