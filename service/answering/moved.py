"""When it was and who says so: where in a sentence that may stand, and whether it is there."""

import re
from collections.abc import Iterator

from index.words import meaning_words
from service.answering.forms import MONTHS, form

TELLING = "adds|added|notes|noted|reports|reported|said|say|says|states|stated|telling|tells|told"
WRITING = "announce[ds]|complain(?:ed|s)|declare[ds]|explain(?:ed|s)|lied|tweet(?:ed|s)|writes|wrote"
SPOKEN = re.compile(rf"\b(?:according to|{TELLING})\b", re.IGNORECASE)
_SPEAKERS = (
    re.compile(rf"(?:(?P<far>[^,]+),[^,]+,\s|(?P<near>[^,“”\"]+)\s)(?:{TELLING})\b"),
    re.compile(r"(?:\b[Aa]ccording to|,\sper)\s(?P<near>[^,]+)"),
    re.compile(rf"[,”\"]\s(?:said|says|{WRITING})\s(?P<near>[^,“”\"]+)"),
    re.compile(rf"[,”\"]\s(?P<near>[^,“”\"]{{2,60}}?)\s(?:{WRITING})(?:\s(?:in|on|to)\s[^,]+)?[.\s]*$"),
    re.compile(r"\b[Ii]n\s(?P<near>[^,]{2,60})['’]s? (?:account|eyes|opinion|telling|view|words)\b"),
    re.compile(r"\b[Ii]n the (?:account|eyes|opinion|telling|view|words) of (?P<near>[^,]{2,60})"),
    re.compile(r"^(?:For|To)\s(?:the\s)?(?P<near>[A-Z][^,]{1,60}),"),
)
_OPENING = re.compile(
    r"(?P<first>(?:about|after|amid|as|at|before|between|by|despite|during|earlier|for|from|in|last|late|on|over|since"
    r"|this|through|under|until|with|within)\b[^,]{2,80}),\s+(?P<rest>[^;]+)",
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

    All of these say the same. A "|" stands where such a speaker begins and ends.
    """
    yield from _with_first_last(sentence)
    bare = sentence.rstrip(" .!")
    spoken = _SPEAKER_FIRST.fullmatch(bare) or _SPEAKER_LAST.fullmatch(bare)
    if spoken and not SPOKEN.search(spoken["rest"]):
        given = spoken.groupdict()
        who = given["by"] or given["who"] or given["name"]
        for rest in _with_first_last(spoken["rest"]):
            yield f"{rest.rstrip('.,')} | {who} | {(given.get('more') or '').strip(' .,')}"


def _with_first_last(sentence: str) -> Iterator[str]:
    yield sentence
    if SPOKEN.search(sentence):  # "on Monday, Ann said that …" does not say when that was
        return
    opening = _OPENING.fullmatch(sentence)
    if opening and not (_WHEN.search(opening["first"]) and _WHEN.search(opening["rest"])):
        yield _with_at_end(opening["rest"], opening["first"])
    days = list(_WHEN.finditer(sentence))
    if len(days) == 1:
        (day,) = days
        rest = f"{sentence[: day.start()]} {sentence[day.end() :]}"
        yield _with_at_end(rest.strip(), day.group().strip(" ,"))


def _with_at_end(rest: str, first: str) -> str:
    return f"{rest.rstrip('. ')} {first[0].lower()}{first[1:]}"


def speakers_kept(text: str, sentence: str) -> bool:
    """Tell whether ``text`` names no speakers but those of ``sentence``, and one where that has any."""
    own, theirs = _speakers(text), _speakers(sentence)
    if theirs and not own and not SPOKEN.search(text):
        return False
    return all(each & set().union(*theirs) for each in own) if theirs else not own


def _speakers(text: str) -> list[set[str]]:
    found = (match.groupdict() for pattern in _SPEAKERS for match in pattern.finditer(text))
    words = ({form(word) for word in meaning_words(each.get("far") or each["near"])} for each in found)
    return [each for each in words if each]
