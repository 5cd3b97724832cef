"""From spans to quotes: which of them, in which order, and each with its dates and copies."""

from collections.abc import Sequence

from index.text.words import NEGATION, plain_words, stems
from service.answering.quoting.copies import copies_of
from service.answering.quoting.dates import resolve_dates
from service.answering.types import Quote, ScoredSpan

_ALIKE = 0.85
_CONSIDERED = 12
_ABOUT = 0.8


def take_quotes(spans: Sequence[ScoredSpan], *, most: int) -> tuple[Quote, ...]:
    """Return the first ``most`` spans as quotes, without overlaps and near-duplicates of an earlier one.

    Of spans with the same short answer and about the same confidence, one whose speaker is known comes first.
    """
    taken: list[ScoredSpan] = []
    for candidate in _attributed_first(spans):
        if len(taken) == most:
            break
        if not any(_overlap(candidate, other) or _alike(candidate, other) for other in taken):
            taken.append(candidate)
    return numbered(sorted(taken, key=lambda each: -each.confidence))


def numbered(spans: Sequence[ScoredSpan]) -> tuple[Quote, ...]:
    """Return the spans as quotes, numbered in their order."""
    return tuple(
        Quote(
            each.hit,
            each.span,
            each.confidence,
            each.highlights,
            each.attributions,
            each.stance,
            each.contested,
            number,
            resolve_dates(each.article, each.span),
            copies_of(each),
        )
        for number, each in enumerate(spans, start=1)
    )


def _attributed_first(spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    ordered = list(spans[:_CONSIDERED])
    for at, span in enumerate(ordered):
        if span.attributions or not span.highlights:
            continue
        better = next(
            (
                each
                for each in ordered[at + 1 :]
                if each.attributions
                and _short_answer(each) == _short_answer(span)
                and each.confidence >= _ABOUT * span.confidence
            ),
            None,
        )
        if better:
            ordered.remove(better)
            ordered.insert(at, better)
    return [*ordered, *spans[_CONSIDERED:]]


def _short_answer(span: ScoredSpan) -> tuple[str, ...]:
    return tuple(map(plain_words, span.highlighted))


def _overlap(one: ScoredSpan, other: ScoredSpan) -> bool:
    return one.article.id == other.article.id and bool(one.span.overlap(other.span))


def _alike(one: ScoredSpan, other: ScoredSpan) -> bool:
    """Whether two spans say the same: 85% of their content words in common (Jaccard), numbers and "not" alike."""
    if NEGATION.findall(one.text.lower()) != NEGATION.findall(other.text.lower()):
        return False
    left, right = (stems(each.text) for each in (one, other))
    if any(word[0].isdigit() for word in left ^ right):
        return False
    return len(left & right) >= _ALIKE * len(left | right)
