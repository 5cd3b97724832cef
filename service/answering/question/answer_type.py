"""What kind of thing a question asks for, and where such things stand in a text."""

import re
from typing import Literal

import regex

from index.text.lexicon import MONTH, NUMBERS, WEEKDAY
from index.types import Span

AnswerType = Literal["number", "date", "person", "place"]

_MONTH = rf"(?:{MONTH}|Jan|Feb)"
_YEAR = r"(?:1[0-9]|20)\d\d"
_NUMBER_WORD = (
    rf"(?:{'|'.join(NUMBERS)}|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?"
    r"|billions?|dozens?|half)"
)
_WHAT_IS_THE = r"\bwhat (?:is|was|are|were|will be) the (?!(?:\w+ )?(?:reason|cause|effect)s?\b)"
# Where two begin at the same word, the one that stands first here decides: "how long ago" asks for a date.
_QUESTIONS: dict[AnswerType, re.Pattern[str]] = {
    "date": re.compile(
        r"\bwhen\b|\b(?:what|which) (?:years?|dates?|days?|months?|time)\b|\bhow (?:soon|long ago)\b", re.IGNORECASE
    ),
    "number": re.compile(
        r"\bhow (?:many|much|old|long|far|tall|big|large|fast|often|high|deep)\b"
        rf"|{_WHAT_IS_THE}(?:\w+ ){{0,3}}(?:costs?|price)\b"
        r"|\bwhat (?:did|does|do|will|would|has|have|had) [^?]*(?<!the )\bcost\b"
        rf"|{_WHAT_IS_THE}(?:\w+ ){{0,3}}(?:number|percentage|population|share|age) of\b",
        re.IGNORECASE,
    ),
    "person": re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE),
    "place": re.compile(
        r"\bwhere\b|\b(?:what|which) (?:countr(?:y|ies)|cit(?:y|ies)|places?|regions?|states?)\b", re.IGNORECASE
    ),
}
_QUESTION_WORD = re.compile(r"\b(?:who(?:m|se)?|what|when|where|which|why|how|explain|describe)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"\b(?:why|how|explain|describe)\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"(?:(?:and|but|so|or)\b,? )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may"
    r"|might|must)(?:n['’]t)?\b",
    re.IGNORECASE,
)
_NAME = regex.compile(
    r"(?<![.!?:]\s)(?<!^)(?<![.!?][”\"]\s)\b\p{Lu}[\w’'-]+",
    re.MULTILINE,
)
_ANSWERS: dict[AnswerType, re.Pattern[str] | regex.Pattern[str]] = {
    "number": re.compile(
        rf"[$€£¥]?\d+(?:[.,]\d+)*(?:\s?%|\s(?:percent|per cent|hundred|thousand|million|billion|trillion)\b)?"
        rf"|\b{_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})*\b",
        re.IGNORECASE,
    ),
    "date": re.compile(
        rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}} {_MONTH}(?: {_YEAR})?(?!\w)"
        rf"|\b{_MONTH}(?:\s\d{{1,2}}\b(?:st|nd|rd|th)?(?:,? {_YEAR}\b)?|\s{_YEAR}\b)?(?!\w)"
        rf"|\b{_YEAR}s?\b|\b{WEEKDAY}s?\b"
        r"|\b(?:yesterday|today|tonight|tomorrow)\b|\b(?:last|next|this) (?:week|month|year|spring|summer|fall"
        r"|autumn|winter)\b|\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b\.?|\b\d{1,2}(?:st|nd|rd|th) century\b"
    ),
    "person": _NAME,
    "place": _NAME,
}
# "May" and "March" without a day are more often verbs; sentences open with them ("May I …").
_NOT_A_DATE = re.compile(r"(?:May|Mar(?:ch|\.))\Z")


def expected(question: str) -> AnswerType | None:
    """Return the kind of thing that ``question`` asks for, by its first question word; None where it asks for none.

    Why and how ask for none: "Why did the price of oil rise?" wants no number.
    """
    if asks_for_a_sentence(question):
        return None
    found = [(match.start(), kind) for kind, pattern in _QUESTIONS.items() if (match := pattern.search(question))]
    return min(found, key=lambda each: each[0])[1] if found else None


def names_its_type(question: str) -> bool:
    """Whether ``question`` itself says what kind of thing it asks for: not so "And in Finland?"."""
    return bool(_QUESTION_WORD.search(question))


def asks_for_a_sentence(question: str) -> bool:
    """Whether a few words cannot answer ``question``: why, how (but not how many and the like), explain, yes or no.

    The first question word decides, as in ``expected``: "Why did people who left return?" asks why.
    """
    asks = _SENTENCE.search(question)
    others = [match.start() for pattern in _QUESTIONS.values() if (match := pattern.search(question))]
    if asks is not None and asks.start() < min(others, default=len(question)):
        return True
    return bool(_YES_OR_NO.match(question)) and not _QUESTION_WORD.search(question)


def find(kind: AnswerType, text: str) -> list[Span]:
    """Return the spans in ``text`` that could answer a question for ``kind``, in order."""
    spans = [Span(*match.span()) for match in _ANSWERS[kind].finditer(text)]
    if kind == "date":
        return [span for span in spans if not _NOT_A_DATE.match(text[span.start : span.end])]
    if kind == "number":
        dates = find("date", text)
        return [span for span in spans if not any(date.start <= span.start < date.end for date in dates)]
    return spans
