"""Dates in a quote, resolved against the day on which its article was published."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dateutil import parser
from dateutil.relativedelta import relativedelta, weekday

from index.text.lexicon import MONTH, NUMBERS, SAYING_BEHIND, WEEKDAY, WEEKDAYS
from index.types import Article, Span
from service.answering.types import ResolvedDate

_NUMBERS = {word: number for number, word in enumerate(NUMBERS, start=1)}
_DATE = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|(?P<named>(?-i:{MONTH}) \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? (?P<year>\d{{4}})(?! [a-z]))?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?-i:{MONTH})(?:,? (?P<year_after>\d{{4}}))?)"
    rf"|(?P<which>last |this past |next |this coming )?(?P<day>(?-i:{WEEKDAY}))"
    r"|(?P<near>yesterday|today|tonight|tomorrow)"
    rf"|(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)}) (?P<unit>day|week)s? ago)(?!\w)",
    re.IGNORECASE,
)
# Another year, or two days that share one, or a number of something.
_UNSURE = re.compile(
    r",? (?:of |in )?(?:last year|next year|\d{4})\b|(?: ?[-–] ?| and | to | through )\S{0,12} ?\d{1,2}, \d{4}|,\d"
)
_NOT_THIS = re.compile(r"(?:day before|day after|USA) $")
_NEAR = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_MARK = re.compile(
    r"\b(?:(?P<ahead>will|would|could|may|might|shall|must|should|won['’]t|expected|set to|scheduled|planned|plans? to"
    r"|planning|as early as|as soon as|until|starting|upcoming|ahead of|has to|have to|by$)"
    r"|(?P<past>was|were|had|has|have|did|since|as of|after|said|told|began|came|went|took|made|found|got|gave|held|met"
    r"|won|lost|left|saw|spoke|wrote|rose|fell|sent|put|ran|led|died|killed"
    r"|(?<!the )(?<!a )(?<!an )(?<!his )(?<!its )(?-i:\b[a-z]{2,}ed)))\b|['’](?P<short>ll)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:be|being)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_HALF_A_YEAR = 183
_NEAR_DAYS = 45
_SAYING = re.compile(rf"(?:{'|'.join(SAYING_BEHIND)})\Z", re.IGNORECASE)
# "Bloody Sunday": a capital letter before the day, other than at the beginning of the sentence.
_NAMED_DAY = re.compile(
    r"(?:\w[^.!?]*\s)(?!(?:Last|Next|This|Early|Late|On|By)\s)[A-Z][a-z]+\s$|\b(?:Bloody|Black|Good|Super)\s$"
)
# "…tomorrow,” she said on Wednesday": the day from which whoever speaks counts.
_SAID_ON = re.compile(
    rf"[”\"]\s[^“”\".]{{1,80}}?\b(?:{'|'.join(SAYING_BEHIND)})\b[^“”\".]{{0,40}}?(?:\bon\s|\s)(?P<day>{WEEKDAY})\b"
)
_SENTENCE_BREAK = re.compile(r"[.!?][”\"’]?\s+(?=[“\"A-Z])")


def resolve_dates(article: Article, span: Span) -> tuple[ResolvedDate, ...]:
    """Return the days that the words of ``span`` name, in order; what is not sure is left out.

    A day of the month without its year, or of the week, is the last or the next before or after the day of publication,
    as the verb before it says: at most half a year away. Where no verb says so, a day of the month is the nearest one
    within 45 days, and a day of the week none, unless it is that of publication. "Tomorrow" in a quotation counts from
    the day on which it was said, if the sentence names it. "Next Friday" means different days to different people, and
    stays unresolved. Without a day of publication only full dates are resolved.
    """
    words = article.text[span.start : span.end]
    found = []
    for match in _DATE.finditer(words):
        if _UNSURE.match(words, match.end()) or _NOT_THIS.search(words[: match.start()]):
            continue
        try:
            value = _value(words, match, article.published)
        except OverflowError:  # the first and the last day there are
            continue
        if value:
            found.append(ResolvedDate(Span(span.start + match.start(), span.start + match.end()), value))
    return tuple(found)


def _value(words: str, match: re.Match[str], published: date | None) -> date | None:
    if match["iso"]:
        return _full(match["iso"])
    if match["named"]:
        if match["year"] or match["year_after"]:
            return _full(match["named"])
        return _in_a_year(words, match, published) if published else None
    if published is None:
        return None
    if match["day"]:
        return _weekday(words, match, published)
    if match["near"]:
        return _said_on(words, match, published) + timedelta(days=_NEAR[match["near"].lower()])
    count = _NUMBERS.get(match["count"].lower()) or int(match["count"])
    return published - timedelta(days=count) if match["unit"].lower() == "day" else None


def _full(words: str) -> date | None:
    try:
        return parser.parse(words).date()
    except (ValueError, OverflowError):
        return None


def _in_a_year(words: str, match: re.Match[str], published: date) -> date | None:
    """Return a day of the month in the year that the verb before it says; None where that is unsure."""
    direction = _direction(words[: match.start()], of_speech=False)
    days = [
        each
        for each in _in_years(match["named"], published)
        if (each - published).days * direction >= 0
        and abs((each - published).days) <= (_HALF_A_YEAR if direction else _NEAR_DAYS)
    ]
    return min(days, key=lambda each: abs(each - published), default=None)


def _said_on(words: str, match: re.Match[str], published: date) -> date:
    """Return the day from which "tomorrow" counts: that on which a quotation was said, or that of publication."""
    opened = words.rfind("“", 0, match.start()) > words.rfind("”", 0, match.start())
    said = _SAID_ON.search(words, match.end()) if opened else None
    if said is None or "”" in words[match.end() : said.start()]:
        return published
    return published + relativedelta(weekday=weekday(list(WEEKDAYS).index(said["day"]), -1))


def _in_years(words: str, published: date) -> Iterator[date]:
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            yield parser.parse(words, default=datetime(year, 1, 1)).date()  # noqa: DTZ001 - a day, no time
        except (ValueError, OverflowError):
            continue  # February 29


def _weekday(words: str, match: re.Match[str], published: date) -> date | None:
    if not match["which"] and _NAMED_DAY.search(words[: match.start()]):
        return None
    number = list(WEEKDAYS).index(match["day"])
    which = (match["which"] or "").strip().lower()
    if which == "next":
        return None
    if which in ("last", "this past"):
        return published - timedelta(days=1) + relativedelta(weekday=weekday(number, -1))
    if published.weekday() == number:
        return published
    direction = 1 if which == "this coming" else _direction(words[: match.start()])
    return published + relativedelta(weekday=weekday(number, direction)) if direction else None


def _direction(before: str, *, of_speech: bool = True) -> int:
    """Return from the words before a day whether it lies behind (-1) or ahead (1); 0 where they do not say.

    Without ``of_speech`` a verb of saying says nothing: what is said on one day is about another.
    """
    clause = _SENTENCE_BREAK.split(before)[-1].rstrip()
    for mark in reversed(list(_MARK.finditer(clause))):
        if mark["ahead"] or mark["short"]:
            return 1
        if not of_speech and _SAYING.search(mark.group()):
            return 0
        if not _PASSIVE.search(clause[: mark.start()]):
            return -1
    return 0
