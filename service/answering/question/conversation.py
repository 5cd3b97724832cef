"""Follow-ups: what a question asks for, after what was asked before.

A follow-up is read twice: as it stands, and with the question that it follows behind it. Both are searched and read,
and a sentence is as likely an answer as the two say together. So no model has to rewrite the question, and a change of
topic that goes unnoticed costs little. What was answered before is not carried along: it would come back as an answer.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.text.words import as_asked, as_names, meaning_words, shared, stem, stems
from index.types import Span
from prompts.rendering import render
from service.answering.question import answer_type
from service.answering.types import ScoredSpan, Turn

_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|them|him|his|her|hers|its|their|theirs|this|that|these|those|there|then|such|same|ones?"
    r"|others?|another|else|both|either|neither)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^\W*(?:(?:and|but|so|or|also|then)\b|(?:no|yes|ok(?:ay)?|sure|right),)", re.IGNORECASE)
_THANKS = re.compile(
    r"^\W*(?:many )?(?:thanks|thank you)(?: (?:a lot|so much|very much))?[,.!]\s*(?:and |but |now )?(?=\w)",
    re.IGNORECASE,
)
_QUESTION_WORD = r"(?:wh|how|did|do|does|is|are|was|were|ha[ds]|have|can|could|will|would)"
_LEAD = r"(?:(?:and|but|or|so|well|ok|okay|no|yes|sure|thanks),? )*"
_INSTEAD = re.compile(
    rf"^\W*{_LEAD}(?:(?:what|how) about|(?:and|or)(?! (?:[a-z]{{2,5}} )?{_QUESTION_WORD}))\b", re.IGNORECASE
)
# "How long?", "In which country?", "What happened next?", "What was the reason?"
_BARE = re.compile(
    r"^\W*(?:(?:in|at|on|by|for|from|to|with|since|until|of) )?(?:how|which|what|when|where|who|why)"
    r"(?: (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|has\b|have\b|about\b)[a-z]+){0,2}\W*$"
    r"|^\W*what (?:is|was|are|were) the [a-z]+\W*$|^\W*explain\W*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=\s)[A-Z]")
_EXPLETIVE = re.compile(
    r"\b(?:(?:is|was) it|it (?:is|was)) \w+ (?:that|to)\b|\b(?:is|are|was|were) there\b", re.IGNORECASE
)
_KIND = re.compile(r"\b(?:what|which) \w+", re.IGNORECASE)
_ASKS_FOR_MORE = re.compile(r"\b(?:else|more(?![^?]*\bthan\b)|others?|another)\b", re.IGNORECASE)
_COURTESIES = frozenset(
    """bye cool fine good got great hello hey hi interesting lot lots nice no ok okay please right see sure thank thanks
    understood welcome yeah yes""".split()
)
_MARK = re.compile(r"\[\d+\]")
_REFUSALS = ("no_passage_answers", "no_articles", "filters_exclude_all")
_FEW_WORDS = 2
_MOST_WORDS = 40
_FEWEST_BEFORE = 8
_MOST_CHARACTERS = 400
MOST_TURNS = 40
LONGEST_TURN = 20_000
"""How many turns of a conversation are read, the last ones, and how many characters of each, its last."""
_BACK = 2 / 3
"""How much the reading with the question before counts, where a question points back; half where it does not."""


class Recent(NamedTuple):
    """What is read of a conversation, and a ``warning`` that says what is not; "" where all of it is."""

    turns: tuple[Turn, ...]
    warning: str


def recent(history: Sequence[Turn]) -> Recent:
    """Return the end of a conversation, which is what a follow-up can mean: however long it is, the work is bounded."""
    last = history[-MOST_TURNS:]
    turns = tuple(turn._replace(content=turn.content[-LONGEST_TURN:]) for turn in last)
    left_out = [f"the last {MOST_TURNS}"] if len(last) < len(history) else []
    if any(len(turn.content) > LONGEST_TURN for turn in last):
        left_out.append(f"the last {LONGEST_TURN:,} characters of each")
    many = f"Of the {len(history):,} messages before the question, only {' and '.join(left_out)} were read."
    return Recent(turns, many if left_out else "")


class Reading(NamedTuple):
    """A question to search for and to read by, and how much what it finds counts."""

    question: str
    weight: float


def readings(question: str, history: Sequence[Turn]) -> tuple[Reading, ...]:
    """Return the readings of a question: as it stands first, and last with what was asked before, if it needs that.

    It stands alone where nothing was asked before, or it neither points back nor shares a word with what was; one that
    follows a refusal has to point back. It is read with the other only where it has no word of its own to search for:
    "When?", "And who said that?". "What else?" asks the question before again.
    """
    alone = (Reading(question, 1.0),)
    before = _asked_before(history)
    asked = _THANKS.sub("", question)
    own = _own_words(asked)
    points_back = _points_back(asked)
    follows = points_back or (not _was_refused(history) and bool(own & stems(before)))
    if not before or not follows or _is_courtesy(question):
        return alone
    if not own:
        if _ASKS_FOR_MORE.search(question):
            return (Reading(before, 1.0),)
        if not answer_type.names_its_type(question):
            return alone
    most = max(_FEWEST_BEFORE, _MOST_WORDS - len(question.split()))
    whole = f"{question} {' '.join(before.split()[:most])}"
    if not own:
        return (Reading(whole, 1.0),)
    return Reading(question, 1 - _BACK if points_back else 0.5), Reading(whole, _BACK if points_back else 0.5)


def agreed(
    question: str, history: Sequence[Turn], *, asked: Sequence[Reading], read: Sequence[Sequence[ScoredSpan]]
) -> list[ScoredSpan]:
    """Return the spans ``read`` by each of the readings ``asked``, with their confidences weighed together, best first.

    A sentence has the lowest of them instead where it has none of the words that the question brings up ("What about
    women?"), and where what was asked before was refused. Where more is asked for, what was said before is left out.
    """
    if asked[-1].question != question and _ASKS_FOR_MORE.search(question):
        answers = [as_names(_MARK.sub(" ", turn.content)) for turn in history if turn.role == "assistant"]
        read = [[span for span in spans if not _was_said(span, answers)] for spans in read]
    if len(read) == 1:
        return list(read[0])
    new = _new_words(question, history)
    refused = _was_refused(history)
    best: dict[tuple[int, Span], ScoredSpan] = {}
    for span in sorted((span for spans in read for span in spans), key=lambda span: span.confidence):
        best[span.article.id, span.span] = span
    joined = []
    for span in best.values():
        confidences = [_confidence(span, spans) for spans in read]
        confidence = sum(reading.weight * value for reading, value in zip(asked, confidences, strict=True))
        if refused or (new and not shared(new, stems(span.text))):
            confidence = min(confidences)
        joined.append(replace(span, confidence=confidence))
    return sorted(joined, key=lambda span: -span.confidence)


def _confidence(span: ScoredSpan, spans: Sequence[ScoredSpan]) -> float:
    """Return the confidence of a reading in a sentence, which it may have joined to a neighbour."""
    same = (each for each in spans if each.article.id == span.article.id and each.span.overlap(span.span))
    return max((each.confidence for each in same), default=0.0)


def may_follow(question: str, asked: Sequence[Reading]) -> bool:
    """Whether an answer can depend on what was asked before: the question is read with it, or points back."""
    return asked[-1].question != question or _points_back(question)


def goes_on_with(question: str) -> bool:
    """Whether a question only puts something else in place of what was asked about: "And on wages?"."""
    return bool(_INSTEAD.match(question))


def _points_back(question: str) -> bool:
    """Whether a question needs what was asked before: it goes on from there, or a pronoun's noun stands there.

    A pronoun behind words of the question's own most likely means one of these: "Did Finland close its border?". A
    question word with hardly more says nothing alone ("How long?"), unless it names something.
    """
    own = meaning_words(question)
    if not own or _GOES_ON.match(question) or _INSTEAD.match(question):
        return True
    if _BARE.match(question) and (own[0].islower() or not _NAME.search(question)):
        return True
    pronoun = _PRONOUN.search(_EXPLETIVE.sub(lambda match: "-" * len(match.group()), question))
    first = re.search(rf"\b{re.escape(own[0])}", question)
    return pronoun is not None and (first is None or pronoun.start() < first.start() or len(own) <= _FEW_WORDS)


def _is_courtesy(text: str) -> bool:
    """Whether a turn says nothing but "thanks", "no" and the like."""
    words = {word.lower() for word in re.findall(r"[^\W\d_]+", text)}
    left = {word.lower() for word in meaning_words(text)} - _COURTESIES
    return (
        bool(words & _COURTESIES)
        and not left
        and not answer_type.names_its_type(text)
        and not _ASKS_FOR_MORE.search(text)
    )


def _own_words(question: str) -> set[str]:
    """Return the stems of the words that say what is asked about; none for "And who said that?"."""
    return {stem(word) for word in meaning_words(_ASKS_FOR_MORE.sub(" ", question))}


def _new_words(question: str, history: Sequence[Turn]) -> set[str]:
    """Return the stems that a sentence must have one of; none for a single word, which may be put otherwise there.

    Of "and in which country?" the sentence need not have "country".
    """
    new = _own_words(_KIND.sub(" ", question)) - stems(_asked_before(history))
    return new if len(new) > 1 or _INSTEAD.match(question) else set()


def _asked_before(history: Sequence[Turn]) -> str:
    """Return the last question; where that points back itself, the one behind it that started the matter as well."""
    said = [" ".join(turn.content[-_MOST_CHARACTERS:].split()) for turn in history if turn.role == "user"]
    asked = [each for each in said if not _is_courtesy(each)]
    started = next((each for each in reversed(asked) if not _points_back(each)), "")
    last = asked[-1] if asked and asked[-1] != started and meaning_words(asked[-1]) else ""
    return f"{last} {started}".strip()


def _was_refused(history: Sequence[Turn]) -> bool:
    """Whether the last answer was that there is none."""
    last = history[-1] if history else None
    return last is not None and last.role == "assistant" and last.content.strip() in map(render, _REFUSALS)


def _was_said(span: ScoredSpan, answers: Sequence[str]) -> bool:
    """Whether one of ``answers`` (see ``as_names``) has the span's words, or those highlighted in it."""
    words = [span.text, *span.highlighted]
    return any(asked in answer for each in words if (asked := as_asked(each)) for answer in answers)
