"""Which days a question means that says "this week" or "recently", by the day on which it is asked."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from index.text.relative_time import relative_times
from index.types import Filters

_DAY = timedelta(days=1)
# Articles report an event for some days after it, so a week is a little longer than seven days.
_LATE = timedelta(days=3)
_DAYS_BACK = {"today": 1, "yesterday": 2, "this_week": 7, "last_week": 14, "lately": 45, "last_month": 62}
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]|[‘«][^’»]*[’»]")
_OTHER_TIME = re.compile(r"\b(?:1[5-9]|20)\d\d\b|\bago\b")
_UNTIL_NOW = re.compile(r"\b(?:since|than|from|over|compared (?:with|to))\s$", re.IGNORECASE)


class TimeScope(NamedTuple):
    """The words of a question that say when, and the first and last day of publication that they ask for."""

    words: str
    first: date
    last: date

    def applied_to(self, filters: Filters) -> Filters | None:
        """Return ``filters`` with these days; None where they already filter by day."""
        if filters.published_from or filters.published_to:
            return None
        return replace(filters, published_from=self.first, published_to=self.last)


def time_scope(question: str, today: date) -> TimeScope | None:
    """Return the days that ``question``, asked ``today``, means; None where it names none by the day of asking.

    Several are joined, from the first day to the last. Quoted words name no days, nor does a question with a year.
    """
    if _OTHER_TIME.search(question):
        return None
    own = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), question)
    found = [_scope(match, today) for match in relative_times(own) if match.lastgroup != "next"]
    if not found:
        return None
    words = ", ".join(dict.fromkeys(each.words for each in found))
    return TimeScope(words, min(each.first for each in found), max(each.last for each in found))


def _scope(match: re.Match[str], today: date) -> TimeScope:
    stretch = match.lastgroup or ""
    last = today + _DAY  # somewhere it is tomorrow already
    if stretch == "this_year":
        first = date(today.year, 1, 1)
    elif stretch == "last_year":
        first = date(today.year - 1, 1, 1)
        if not _UNTIL_NOW.search(match.string, 0, match.start()):
            last = date(today.year, 1, 31)
    else:
        first = today - timedelta(days=_DAYS_BACK[stretch]) - _LATE
    return TimeScope(match.group(), first, last)
