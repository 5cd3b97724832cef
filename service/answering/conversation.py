"""Follow-ups: what a question asks for, after what was asked before.

A follow-up is read twice: as it stands, and with the question that it follows behind it. Both are searched and read,
and a sentence is as likely an answer as the two say together. So no model has to rewrite the question, and a change of
topic that goes unnoticed costs little.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.types import Span
from index.words import meaning_words, shared, stem, stems
from service.answering.types import ScoredSpan, Turn

_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|them|him|his|her|hers|its|their|theirs|this|that|these|those|there|then|such|same|ones?"
    r"|others?|another|else|more|both|either|neither)\b|^\W*(?:and|but|so|or|also|then)\b",
    re.IGNORECASE,
)
_QUESTION_WORD = r"(?:wh|how|did|do|does|is|are|was|were|ha[ds]|have|can|could|will|would)"
_INSTEAD = re.compile(
    rf"^\W*(?:and |but |or |so )*(?:(?:what|how) about|(?:and|or)(?! {_QUESTION_WORD}))\b", re.IGNORECASE
)
_MARK = re.compile(r"\[\d+\]")
_MOST_WORDS = 40
_FEWEST_BEFORE = 8
_SHORT_ANSWER = 12
_BACK = 2 / 3
"""How much the reading with the question before counts, where a question points back; half where it does not."""


class Reading(NamedTuple):
    """A question to search for and to read by, and how much what it finds counts."""

    question: str
    weight: float


def readings(question: str, history: Sequence[Turn]) -> tuple[Reading, ...]:
    """Give the readings of a question: as it stands first, and last with what was asked before, if it needs that.

    It stands alone where nothing was asked before, or it neither points back nor shares a word with what was. It is
    read with the other only where it has no word of its own to search for: "When?", "And who said that?".
    """
    before = _asked_before(history)
    own = _own_words(question)
    points_back = _points_back(question)
    if not before or not (points_back or own & stems(before)):
        return (Reading(question, 1.0),)
    words = before.split()
    if points_back:
        words = [*_short_answer(history), *words]
    most = max(_FEWEST_BEFORE, _MOST_WORDS - len(question.split()))
    whole = f"{question} {' '.join(words[:most])}"
    if not own:
        return (Reading(whole, 1.0),)
    return Reading(question, 1 - _BACK if points_back else 0.5), Reading(whole, _BACK if points_back else 0.5)


def agreed(read: Sequence[Sequence[ScoredSpan]], asked: Sequence[Reading]) -> list[ScoredSpan]:
    """Give the spans that were read by each of the readings, with their confidences weighed together, best first.

    Where a question only puts something else in the place of what was asked about ("What about women?"), a sentence
    without it has the lowest instead.
    """
    if len(read) == 1:
        return list(read[0])
    question = asked[0].question
    wanted = _own_words(question) if _INSTEAD.match(question) else set()
    found: dict[tuple[int, Span], list[ScoredSpan | None]] = {}
    for at, spans in enumerate(read):
        for span in spans:
            found.setdefault((span.article.id, span.span), [None] * len(read))[at] = span
    joined = []
    for each in found.values():
        confidences = [span.confidence if span else 0.0 for span in each]
        best = max((span for span in each if span), key=lambda span: span.confidence)
        if wanted and not shared(wanted, stems(best.text)):
            confidence = min(confidences)
        else:
            confidence = sum(reading.weight * value for reading, value in zip(asked, confidences, strict=True))
        joined.append(replace(best, confidence=confidence))
    return sorted(joined, key=lambda span: -span.confidence)


def _points_back(question: str) -> bool:
    return bool(_POINTS_BACK.search(question) or _INSTEAD.match(question)) or not _own_words(question)


def _own_words(question: str) -> set[str]:
    """Give the stems of the words that say what is asked about; none for "And who said that?"."""
    return {stem(word) for word in meaning_words(question)}


def _asked_before(history: Sequence[Turn]) -> str:
    """Give the last question; where that points back itself, the one behind it that started the matter as well."""
    asked = [" ".join(turn.content.split()) for turn in history if turn.role == "user"]
    if not asked:
        return ""
    started = next((each for each in reversed(asked) if not _points_back(each)), "")
    return asked[-1] if asked[-1] == started else f"{asked[-1]} {started}".strip()


def _short_answer(history: Sequence[Turn]) -> list[str]:
    """Give the words of the last answer, if it is of one quote and they are few: "it" may mean them."""
    last = history[-1]
    line = last.content.strip().partition("\n")[0] if last.role == "assistant" else ""
    words = _MARK.sub(" ", line).split()
    return words if len(_MARK.findall(line)) == 1 and len(words) <= _SHORT_ANSWER else []
