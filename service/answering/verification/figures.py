"""The numbers and dates of a statement, in a form in which two statements of the same thing can be compared."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dateutil import parser

from index.text.lexicon import MONTH, NUMBERS
from index.text.words import stem
from index.types import Span

_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_UNITS = {word: number for number, word in enumerate(NUMBERS, start=1)}
_WORDS = {
    **{f"{ten}-{unit}": _TENS[ten] + _UNITS[unit] for ten in _TENS for unit in NUMBERS[:9]},
    **{word: number for word, number in _UNITS.items() if number > 1},
    **_TENS,
    "dozen": 12,
}
_TIMES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}
_YEAR = r"(?:1[89]|20)\d\d"
_FIGURE = re.compile(
    rf"(?<![\w.,-])(?:(?P<day>(?-i:{MONTH}) \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {_YEAR})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?-i:{MONTH})(?:,? {_YEAR})?)"
    r"|(?P<score>\d+(?:[-–:]\d+)+)(?![\w%])"
    rf"|(?P<year>{_YEAR})(?![\w%]|[.,]\d| (?:people|men|women|million|billion))"
    r"|(?P<money>US\$|[$€£])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[ -]?(?P<times>hundred|thousand|million|billion|trillion|bn|m)\b)?(?P<percent> ?%| per ?cent\b| percent\b)?"
    rf"|(?P<word>{'|'.join(_WORDS)})(?:[ -](?P<word_times>hundred|thousand|million|billion)\b)?)"
    r"(?!\w|[.,]\d)(?:[ -](?P<noun>[^\W\d]{2,}))?",
    re.IGNORECASE,
)


class Figure(NamedTuple):
    """A number or a date: where it stands, its value in a form that is compared, and what it counts (a stem).

    ``unit`` is "%", "$" or the like, "date", "year", "score", or the stem of the word behind the number. ``digits`` is
    how many of its digits are given.
    """

    span: Span
    value: float | str
    unit: str
    digits: int = 0

    def is_same(self, other: "Figure") -> bool:
        """Whether both give the same value, the other perhaps with more digits: 41 million is 41.3 million."""
        if isinstance(self.value, str) or isinstance(other.value, str):
            return self.value == other.value
        close = float(f"{other.value:.{max(1, self.digits)}g}") == float(f"{self.value:.{max(1, self.digits)}g}")
        return self.value == other.value or (close and self.digits > 1)

    def is_of_same_kind(self, other: "Figure") -> bool:
        """Whether both count the same thing."""
        return self.unit == other.unit and self.unit != ""


def figures_in(text: str, span: Span) -> list[Figure]:
    """Return the numbers and dates in a part of a text, in order; "one" is none of them."""
    return list(_figures(text, span))


def _figures(text: str, span: Span) -> Iterator[Figure]:
    for match in _FIGURE.finditer(text, *span):
        if match["day"]:
            if day := _day(match["day"]):
                yield Figure(Span(*match.span("day")), day, "date")
        elif match["score"]:
            yield Figure(Span(*match.span("score")), re.sub(r"\D", "-", match["score"]), "score")
        elif match["year"]:
            yield Figure(Span(*match.span("year")), match["year"], "year")
        else:
            yield _number(match)


def _number(match: re.Match[str]) -> Figure:
    written, times = match["number"] or match["word"], match["times"] or match["word_times"] or ""
    plain = written.replace(",", "").lower()
    value = (_WORDS.get(plain) or float(plain)) * _TIMES.get(times.lower(), 1.0)
    digits = len(plain.replace(".", "").lstrip("0").rstrip("0")) if match["number"] else 0
    end = max(match.end(name) for name in ("number", "times", "percent", "word", "word_times"))
    start = (
        match.start("money") if match["money"] else match.start("number") if match["number"] else match.start("word")
    )
    unit = "%" if match["percent"] else match["money"] or (stem(match["noun"]) if match["noun"] else "")
    return Figure(Span(start, end), value, unit.removeprefix("US"), digits)


def _day(words: str) -> str | None:
    try:
        return f"{parser.parse(words):%m-%d}"
    except (ValueError, OverflowError):
        return None
