"""What an article does with the words of a quote: assert them, or deny, doubt, suppose, ask or take them back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from index.stance.finding import stance_of
from index.text.sentences import split_sentences
from index.text.words import NEGATION, shared, stems
from index.types import Attribution, Span, Stance, StanceKind
from service.answering.types import ScoredSpan

StanceName = Literal["asserted", "denied", "doubted", "conditional", "asked", "fictional", "retracted"]

_FARTHEST = 600
_SHARE = 1 / 3
_TURNED = ("denied", "doubted", "fictional", "retracted", "reported")
# "If", or an inverted verb in its place: "Had the county raised the bank, …".
_CONDITION = re.compile(r"\b(?:[Ii]f|[Uu]nless|[Pp]rovided|[Aa]ssuming|[Uu]ntil|[Oo]nly|Should|Had|Were)\b")
_TAKES_UP = re.compile(r"\b(?:this|that|it|such|so|(?:these|those) \w+)\b", re.IGNORECASE)
_LONGEST_REPLY = 8
# What may stand between the words under a stance and a complement of the same clause: "… its plant in Tulsa | by June".
_GOES_ON = re.compile(
    r"(?!\s*(?:but|and|or|because|since|although|though|when|while|after|before|as)\b)(?:\s+[\w$€£’'-]+){0,4}\s+"
)
# A closed class: what may happen is a plain answer to a question for what may happen.
_MODALS = frozenset("can could may might shall should will would".split())


def stance_name(stance: Stance | None) -> StanceName:
    """Return the name of a stance as it is served: what is told as a mere rumour counts as doubted."""
    return served_kind(stance.kind) if stance else "asserted"


def served_kind(kind: StanceKind) -> StanceName:
    """Return the name under which a kind of stance is served."""
    return "doubted" if kind == "reported" else kind


def with_stances(spans: Iterable[ScoredSpan], question: str) -> list[ScoredSpan]:
    """Return the spans with the stance that matters for ``question``, widened to the sentence of its cue.

    A stance matters where the short answer is under it, or where it takes back what the question asks about: "Who has
    seen the files?" is not answered by whoever "never claimed that he had seen them". A mere "would" does not matter
    to a question with "will" or "could". A cue more than 600 characters away is too far to be quoted along, and such a
    span is left out.
    """
    found = (_with_stance(each, question) for each in spans)
    return [each for each in found if each is not None]


def _with_stance(span: ScoredSpan, question: str) -> ScoredSpan | None:
    stance = _deciding(span, question)
    if stance is None:
        reply = _reply(span)
        return replace(span, span=Span(span.span.start, reply.end), contested=True) if reply else span
    whole = _with_cue(span, stance.cue)
    return replace(span, span=whole, stance=stance) if whole else None


def _deciding(span: ScoredSpan, question: str) -> Stance | None:
    """Return the stance that the short answer is under, or else one that takes back what the question asks about."""
    text = span.article.text
    # Under a condition even what may happen does not stand alone.
    is_conditional = _CONDITION.search(text, *span.span)
    expected = not is_conditional and not _MODALS.isdisjoint(question.lower().split())
    inside = [
        each
        for each in span.hit.stances
        if each.scope.overlap(span.span)
        and not _is_vouched_for(each, span)
        and not (expected and each.kind == "conditional" and set(text[slice(*each.cue)].lower().split()) <= _MODALS)
    ]
    parts = span.highlights or (span.span,)
    under = (each for each in inside if any(_is_under(part, each.scope, text) for part in parts))
    asked = stems(question)
    about = (each for each in inside if each.kind in _TURNED and _is_about(asked, stems(text[slice(*each.scope)])))
    return next(under, None) or next(about, None)


def _is_under(part: Span, scope: Span, text: str) -> bool:
    """Whether words stand in the scope of a stance, or behind it in the same clause: scopes often end too early."""
    return bool(scope.overlap(part) or (scope.end <= part.start and _GOES_ON.fullmatch(text, scope.end, part.start)))


def _is_about(asked: set[str], scope: set[str]) -> bool:
    return shared(asked, scope) >= max(1, _SHARE * min(len(asked), len(scope)))


def _is_vouched_for(stance: Stance, span: ScoredSpan) -> bool:
    """Whether someone who is cited stands behind what would otherwise be a rumour."""
    cited = any(content.overlap(stance.scope) for each in span.attributions for content in each.contents)
    return stance.kind == "reported" and cited


def _reply(span: ScoredSpan) -> Span | None:
    """Return the next sentence where it may answer a claim that the short answer rests on; None where it does not.

    It may where it stands in the same paragraph and has a word for what was claimed, and is short or denies something
    ("The mayor disputes that.").
    """
    text, sentences = span.article.text, span.hit.passage.sentences
    following = next((each for each in sentences if each.start >= span.span.end), None)
    if following is None or "\n" in text[span.span.end : following.start] or not _is_claimed(span):
        return None
    is_short = len(text[slice(*following)].split()) <= _LONGEST_REPLY
    denies = is_short or NEGATION.search(text, *following)
    return following if denies and _TAKES_UP.search(text, *following) else None


def _is_claimed(span: ScoredSpan) -> bool:
    contents = [content for each in span.attributions for content in each.contents]
    return any(content.overlap(each) for content in contents for each in span.highlights or (span.span,))


def _with_cue(span: ScoredSpan, cue: Span) -> Span | None:
    """Return the span with the sentences from it to the cue; None where the cue is too far away."""
    if span.span.holds(cue):
        return span.span
    if max(cue.start - span.span.end, span.span.start - cue.end) > _FARTHEST:
        return None
    passage = span.hit.passage
    sentences = passage.sentences if passage.span.holds(cue) else split_sentences(span.article.text)
    own = [each for each in sentences if each.overlap(cue)]
    starts, ends = [span.span.start, *(each.start for each in own)], [span.span.end, *(each.end for each in own)]
    return Span(min(starts), max(ends))


def stands_alone(span: ScoredSpan) -> bool:
    """Whether the short answer of a span can be shown without its sentence.

    It cannot where the article does not assert it, or may take it back in the next sentence.
    """
    return span.stance is None and not span.contested


def attribution_stance(attribution: Attribution, stances: Sequence[Stance]) -> Stance | None:
    """Return the stance of a speaker to the words that they are cited with; None where they assert them.

    Who says "We never said that …" asserts all of these words: a stance counts only where its cue is not part of them.
    """
    outside = [each for each in stances if not any(content.holds(each.cue) for content in attribution.contents)]
    own = (stance_of(outside, content) for content in attribution.contents)
    return next((each for each in own if each and each.kind != "reported"), None)
