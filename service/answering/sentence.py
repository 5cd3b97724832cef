"""A sentence taken apart: what it says, when that was, and who says so."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.words import meaning_words
from service.answering.dates import WEEKDAYS
from service.answering.forms import MONTHS, form, is_past

TELLING = "adds|added|notes|noted|reports|reported|said|say|says|states|stated|telling|tells|told"
_WRITING = "announce[ds]|complain(?:ed|s)|declare[ds]|explain(?:ed|s)|lied|tweet(?:ed|s)|writes|wrote"
SPOKEN = re.compile(rf"\b(?:according to|{TELLING})\b", re.IGNORECASE)
_SPEAKERS = (
    re.compile(rf"(?:(?P<far>[^,]+),[^,]+,\s|(?P<near>[^,“”\"]+)\s)(?:{TELLING})\b"),
    re.compile(r"(?:\b[Aa]ccording to|,\sper)\s(?P<near>[^,]+)"),
    re.compile(r"\b[Ii]n\s(?P<near>[^,]{2,60})['’]s? (?:account|eyes|opinion|telling|view|words)\b"),
    re.compile(r"\b[Ii]n the (?:account|eyes|opinion|telling|view|words) of (?P<near>[^,]{2,60})"),
    re.compile(rf"[,”\"]\s(?:said|says|{_WRITING})\s(?P<near>[^,“”\"]+)"),
    re.compile(rf"[,”\"]\s(?P<near>[^,“”\"]{{2,60}}?)\s(?:{_WRITING})(?:\s(?:in|on|to)\s[^,]+)?[.\s]*$"),
)
_OPENING = re.compile(
    r"(?P<first>(?:about|after|amid|as|at|before|between|by|despite|during|earlier|for|from|in|last|late|on|over|since"
    r"|this|through|under|until|with|within)\b[^,]{2,80}),\s+(?P<rest>[^;]+)",
    re.IGNORECASE | re.DOTALL,
)
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})(?:\s(?:morning|afternoon|evening|night))?"
_DAY = rf"(?:{_WEEKDAY}|{'|'.join(MONTHS)}|(?:the )?\d{{4}}s?\b)(?:\s\d{{1,2}}\b)?(?:,?\s\d{{4}}\b)?"
_WHEN = re.compile(
    rf",?\s?\b(?:(?:[Ii]n|[Oo]n|[Ll]ast|[Tt]his)\s(?:early\s|late\s)?{_DAY}|(?:(?:early|late)\s)?{_WEEKDAY}(?!\s[A-Z])),?"
)
# Where another clause may begin, of which the day may be.
_CLAUSE = re.compile(
    r"[;:,—–“”\"]|\b(?:after|and|as|because|before|but|if|or|that|until|when|where|which|while|who|whose|whom)\b"
)
_SPEAKER_FIRST = re.compile(
    rf"(?:[Aa]ccording to (?P<by>[^,]{{2,80}}),"
    rf"|(?P<who>[^,.“\"]{{2,60}}?)\s(?:{TELLING})\b(?:\s(?:reporters|in a statement|(?:[io]n )?{_DAY}))*"
    r"(?: that\b|[,:])?)\s+(?P<rest>.+)",
    re.DOTALL,
)
_SPEAKER_LAST = re.compile(
    rf"(?P<rest>.+?)[,”\"]+\s+(?:according to (?P<by>[^,]{{2,80}})|(?P<who>[^,]{{2,60}}?)\s(?:{TELLING})"
    rf"|(?:{TELLING})\s(?P<name>[^,]{{2,60}}))(?P<more>[,\s].*)?",
    re.DOTALL,
)


class Sentence(NamedTuple):
    """What is said, when that was, who says so, and what more is told of that; empty is what was not taken apart.

    ``before`` is what of the core stands before ``when``, and ``opens`` whether that is nothing.
    """

    core: str
    when: str = ""
    who: str = ""
    more: str = ""
    before: str = ""

    @property
    def opens(self) -> bool:
        """Whether it begins with when that was."""
        return bool(self.when) and not self.before


def taken_apart(sentence: str) -> Iterator[Sentence]:
    """Give the sentence as it is, and taken apart in each way."""
    yield from _dated(sentence)
    bare = sentence.rstrip(" .!")
    spoken = _SPEAKER_FIRST.fullmatch(bare) or _SPEAKER_LAST.fullmatch(bare)
    if spoken and not SPOKEN.search(spoken["rest"]):
        given = spoken.groupdict()
        who, more = given["by"] or given["who"] or given["name"], (given.get("more") or "").strip(" .,")
        for each in _dated(spoken["rest"].rstrip(".,")):
            yield each._replace(who=who, more=more)


def _dated(sentence: str) -> Iterator[Sentence]:
    yield Sentence(sentence)
    if SPOKEN.search(sentence):  # "on Monday, Ann said that …" does not say when that was
        return
    if opening := _OPENING.fullmatch(sentence):
        yield Sentence(opening["rest"], opening["first"])
    for day in _WHEN.finditer(sentence):
        before = sentence[: day.start()]
        yield Sentence(f"{before} {sentence[day.end() :].lstrip()}".strip(), day.group().strip(" ,"), before=before)


def is_day(when: str) -> bool:
    """Tell whether a time is a day, a month or a year, and no more."""
    return bool(_WHEN.fullmatch(when))


def is_weekday(when: str) -> bool:
    """Tell whether a time is a day of the week: in news, the day on which it was done."""
    return bool(re.search(_WEEKDAY, when))


def clauses(text: str) -> int:
    """Count what is done in a text, as far as it can be told: two for more."""
    return 2 if _CLAUSE.search(text.rstrip(" .,")) else sum(map(is_past, meaning_words(text)))


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
