"""Which days a question means that says "this week" or "recently", by the day on which it is asked."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from index.types import Filters

_DAY = timedelta(days=1)
# Articles tell of a thing for some days after it; so a week is a little longer than one.
_LATE = timedelta(days=3)
_WORDS = re.compile(
    r"\b(?:(?P<today>today|tonight|this (?:morning|afternoon|evening))|(?P<yesterday>yesterday|last night)"
    r"|(?P<this_week>this (?:past )?week(?:end)?|(?:the )?(?:past|last) few days|(?:in )?recent days)"
    r"|(?P<last_week>(?:the )?(?:last|past) week(?:end)?)"
    r"|(?P<lately>(?<!most )recent(?:ly)?|lately|(?:in )?recent weeks|this (?:past )?month|the past month)"
    r"|(?P<last_month>last month)|(?P<this_year>this year)|(?P<last_year>last year))\b(?! of\b)",
    re.IGNORECASE,
)
_DAYS_BACK = {"today": 1, "yesterday": 2, "this_week": 7, "last_week": 14, "lately": 45, "last_month": 62}
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]|[‘«][^’»]*[’»]")
_OTHER_TIME = re.compile(r"\b(?:1[5-9]|20)\d\d\b|\bago\b")
_TILL_NOW = re.compile(r"\b(?:since|than|from|over|compared (?:with|to))\s$", re.IGNORECASE)


class When(NamedTuple):
    """The words of a question that tell when, and the first and the last day on which an article may tell of it."""

    words: str
    first: date
    last: date


def when_asked(question: str, today: date) -> When | None:
    """Give the days that ``question`` means, asked ``today``; None where it names none by the day of asking.

    Where it names several, from the first to the last of all. A name, "USA Today", and what is quoted mean no days, nor
    does a question that names a year.
    """
    if _OTHER_TIME.search(question):
        return None
    own = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), question)
    found = [_days(match, today) for match in _WORDS.finditer(own) if match.start() == 0 or match.group()[0].islower()]
    if not found:
        return None
    words = ", ".join(dict.fromkeys(each.words for each in found))
    return When(words, min(each.first for each in found), max(each.last for each in found))


def _days(match: re.Match[str], today: date) -> When:
    kind = match.lastgroup or ""
    # Somewhere it is tomorrow already.
    last = today + _DAY
    if kind == "this_year":
        first = date(today.year, 1, 1)
    elif kind == "last_year":
        first = date(today.year - 1, 1, 1)
        if not _TILL_NOW.search(match.string, 0, match.start()):
            last = date(today.year, 1, 31)
    else:
        first = today - timedelta(days=_DAYS_BACK[kind]) - _LATE
    return When(match.group(), first, last)


def within(when: When | None, filters: Filters) -> Filters | None:
    """Give ``filters`` with the days of ``when``; None where there are none, or days are filtered for already."""
    if when is None or filters.published_from or filters.published_to:
        return None
    return replace(filters, published_from=when.first, published_to=when.last)
