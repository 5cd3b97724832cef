"""The orders in which a sentence may stand without saying anything else: when, and who says it, first or last."""

import re
from collections.abc import Iterator

from service.answering.forms import MONTHS

TELLING = "adds|added|notes|noted|reports|reported|said|say|says|states|stated|telling|tells|told"
_OPENING = re.compile(
    r"(?P<first>(?:about|after|amid|as|at|before|between|by|despite|during|earlier|for|from|in|last|late|on|over|since"
    r"|this|through|under|until|with|within)\b[^,]{2,80}),\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_DAY = rf"(?:[A-Z][a-z]+day|{'|'.join(MONTHS)}|(?:the )?\d{{4}}s?\b)(?:\s\d{{1,2}}\b)?(?:,?\s\d{{4}}\b)?"
_WHEN = re.compile(rf",?\s?\b(?:[Ii]n|[Oo]n|[Ll]ast|[Tt]his)\s(?:early\s|late\s)?{_DAY},?")
_SPEAKER_FIRST = re.compile(
    rf"(?:[Aa]ccording to (?P<by>[^,]{{2,80}}),"
    rf"|(?P<who>[^,.“\"]{{2,60}}?)\s(?:{TELLING})\b(?:\s(?:reporters|in a statement|[io]n {_DAY}))*"
    r"(?: that\b|[,:])?)\s+(?P<rest>.+)",
    re.DOTALL,
)
_SPEAKER_LAST = re.compile(
    rf"(?P<rest>.+?)[,”\"]+\s+(?:according to (?P<by>[^,]{{2,80}})|(?P<who>[^,]{{2,60}}?)\s(?:{TELLING})"
    rf"|(?:{TELLING})\s(?P<name>[^,]{{2,60}}))(?P<more>[,\s].*)?",
    re.DOTALL,
)


def orders(sentence: str) -> Iterator[str]:
    """Give the sentence; with what opens it at its end, or the only day in it; and each with its speaker at the end.

    A "|" stands where such a speaker begins and ends.
    """
    yield from _with_first_last(sentence)
    bare = sentence.rstrip(" .!")
    spoken = _SPEAKER_FIRST.fullmatch(bare) or _SPEAKER_LAST.fullmatch(bare)
    if spoken:
        given = spoken.groupdict()
        who = given["by"] or given["who"] or given["name"]
        for rest in _with_first_last(spoken["rest"]):
            yield f"{rest.rstrip('.,')} | {who} | {(given.get('more') or '').strip(' .,')}"


def _with_first_last(sentence: str) -> Iterator[str]:
    yield sentence
    if opening := _OPENING.fullmatch(sentence):
        yield _with_at_end(opening["rest"], opening["first"])
    days = list(_WHEN.finditer(sentence))
    if len(days) == 1:
        (day,) = days
        rest = f"{sentence[: day.start()]} {sentence[day.end() :]}"
        yield _with_at_end(rest.strip(), day.group().strip(" ,"))


def _with_at_end(rest: str, first: str) -> str:
    return f"{rest.rstrip('. ')} {first[0].lower()}{first[1:]}"
