"""Finds what an article of any length does not assert."""

from collections.abc import Sequence
from dataclasses import replace

from index.stance.tagger import StanceTagger
from index.types import Span, Stance

_SENTENCES = 300


def find_stances(text: str, sentences: Sequence[Span], tagger: StanceTagger) -> tuple[Stance, ...]:
    """Return the stances of ``text``; ``sentences`` are its sentences' spans.

    A text of more than 300 sentences is taken in stretches of as many: what it costs grows with its length.
    """
    found: list[Stance] = []
    for first in range(0, len(sentences), _SENTENCES):
        own = sentences[first : first + _SENTENCES]
        start, end = own[0].start, own[-1].end
        given = tagger.tag(text[start:end], [each.moved(-start) for each in own])
        found += [replace(each, cue=each.cue.moved(start), scope=each.scope.moved(start)) for each in given]
    return tuple(found)


def stance_of(found: Sequence[Stance], span: Span) -> Stance | None:
    """Return the stance that covers most of ``span``; None unless stances cover at least half of it."""
    best = max(found, key=lambda each: each.scope.overlap(span), default=None)
    if best is None or not (shared := best.scope.overlap(span)):
        return None
    total = sum(each.scope.overlap(span) for each in found)
    return best if shared and 2 * total >= span.end - span.start else None
