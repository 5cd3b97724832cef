"""When a feed is asked again: not before its publisher wants it, and later after each failure."""

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

SMALLEST_SECONDS = 300.0
USUAL_SECONDS = 900.0
LARGEST_SECONDS = 86_400.0
_LONGEST_OUTAGE_SECONDS = 14_400.0
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def until_next(headers: Mapping[str, str], *, every: float) -> float:
    """Return the seconds until a feed that answered is asked again, from 5 minutes to a day.

    It is the longest of what its headers say (``Cache-Control: max-age`` less ``Age``, ``Retry-After``), and ``every``
    seconds, which the feed itself says; a quarter of an hour if neither says anything.
    """
    said = max(_fresh_for(headers), retry_after(headers, otherwise=0.0), every)
    return min(max(said or USUAL_SECONDS, SMALLEST_SECONDS), LARGEST_SECONDS)


def after_failure(headers: Mapping[str, str], *, failures: int) -> float:
    """Return the seconds until a feed that failed for the nth time is asked again: 5 minutes, 10, 20, up to 4 hours.

    ``Retry-After`` counts where it is longer, up to a day.
    """
    doubled = min(SMALLEST_SECONDS * 2.0 ** min(failures - 1, 20), _LONGEST_OUTAGE_SECONDS)
    return min(max(doubled, retry_after(headers, otherwise=0.0)), LARGEST_SECONDS)


def retry_after(headers: Mapping[str, str], *, otherwise: float = 60.0) -> float:
    """Return the seconds that ``Retry-After`` asks for, as a number or a date; ``otherwise`` where there is none."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time()) if value else otherwise
    except (ValueError, TypeError, OverflowError):
        return otherwise


def _fresh_for(headers: Mapping[str, str]) -> float:
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    age = headers.get("age", "").strip()
    return max(0.0, float(found[1]) - (float(age[:9]) if age.isdecimal() else 0.0)) if found else 0.0
