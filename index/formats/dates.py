"""Days as data names them: ISO 8601, e-mail's form, a month's name, seconds since 1970."""

import re
from datetime import UTC, date, datetime

from dateutil import parser


class AmbiguousDayError(ValueError):
    """A value names one of two days, such as 05/06/2024."""


_COMPACT = re.compile(r"\d{8}(?:T?\d{4,6}.*)?")
_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_HIGHEST_MONTH = 12
_MILLISECONDS = 100_000_000_000


def day_from(value: object) -> date | None:
    """Return the day that a value of data names, in the time zone that it gives; None for an empty one.

    Raises ValueError for a value that names none, and AmbiguousDayError for one that may be two days.
    """
    if isinstance(value, dict) and len(value) == 1:  # {"$date": …}
        return day_from(next(iter(value.values())))
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int | float):
        seconds = value / 1_000 if abs(value) >= _MILLISECONDS else value
        try:
            return datetime.fromtimestamp(seconds, UTC).date()
        except (OverflowError, OSError) as error:
            raise ValueError(value) from error
    if value is None or not str(value).strip():
        return None
    return _day_in(str(value).strip())


def _day_in(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    if _COMPACT.fullmatch(text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    if text.isdigit():
        raise ValueError(text)
    if numbers := _NUMBERS.match(text):
        first, second, year = map(int, numbers.groups())
        if first <= _HIGHEST_MONTH and second <= _HIGHEST_MONTH and first != second:
            raise AmbiguousDayError(text)
        return date(year, second, first) if first > _HIGHEST_MONTH else date(year, first, second)
    if not _YEAR.search(text):
        raise ValueError(text)
    try:
        # What it does not name would be filled with today's.
        one, other = (parser.parse(text, default=datetime(1, month, month)).date() for month in (1, 2))  # noqa: DTZ001
    except (parser.ParserError, ArithmeticError) as error:  # too large a number, for the machine or for a decimal
        raise ValueError(text) from error
    if one != other:
        raise ValueError(text)
    return one
