"""Turns a stance tagger's scores into stances."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from index.text.words import is_function_word
from index.types import Span, Stance, StanceKind

KINDS = ("asserted", "denied", "doubted", "conditional", "asked", "fictional", "retracted", "reported")
"""The kinds that a token is scored for, in the order of its scores; the last score is of being part of a cue."""

SCORES = len(KINDS) + 1
Floats = NDArray[np.float32]
_GAP = 2
_ALONE = 0.8
"""The least probability of not being asserted for a single word between asserted ones."""

_FAINT = 0.2
_REPLIED = ("denied", "doubted", "retracted")


class Margins(NamedTuple):
    """The least probabilities of a word not being asserted, of one beside such a word, and of being part of a cue."""

    other: float = 0.5
    edge: float = 0.25
    cue: float = 0.5


class Word(NamedTuple):
    """A word or mark of the text, with the probability of each of ``KINDS`` and of being part of a cue."""

    span: Span
    kinds: Floats
    cue: float


def words(text: str, places: Sequence[tuple[int, int]], scores: Floats) -> list[Word]:
    """Return the words that tokens are pieces of. ``scores`` has shape ``(tokens, SCORES)``."""
    shifted = np.exp(scores[:, :-1] - scores[:, :-1].max(axis=1, keepdims=True))
    kinds = shifted / shifted.sum(axis=1, keepdims=True)
    cues = 1 / (1 + np.exp(-scores[:, -1]))
    firsts = [
        at
        for at, (start, end) in enumerate(places)
        if start < end and not (at and places[at - 1][1] == start and text[start - 1 : start + 1].isalnum())
    ]
    if not firsts:
        return []
    ends = [*firsts[1:], len(places)]
    means = np.add.reduceat(kinds, firsts) / np.subtract(ends, firsts)[:, None]
    highest = np.maximum.reduceat(cues, firsts)
    spans = [Span(places[first][0], places[end - 1][1]) for first, end in zip(firsts, ends, strict=True)]
    return [Word(*each) for each in zip(spans, means, highest.tolist(), strict=True)]


def stances(text: str, found: Sequence[Word], sentences: Sequence[Span], margins: Margins) -> list[Stance]:
    """Return the stances of a text's words in order. Each lies within a sentence and has the nearest cue."""
    inside = list(_by_sentence(found, sentences))
    cues = [list(_cues(own, margins)) for own in inside]
    given = []
    for at, own in enumerate(inside):
        beside = [cue for each in (at - 1, at + 1) if 0 <= each < len(inside) for cue in cues[each]]
        for scope in _scopes(own, margins):
            given.append(Stance(scope.kind, _cue_of(scope, text, own, cues[at], beside), scope.span))
    return given


class _Scope(NamedTuple):
    kind: StanceKind
    span: Span


def _cue_of(scope: _Scope, text: str, own: Sequence[Word], cues: Sequence[Span], beside: Sequence[Span]) -> Span:
    """Return the nearest cue of the same sentence; failing that a weak one there, or one of a neighbouring sentence.

    A reply ("Haddad disagreed.") takes back what was said before, and comes before a weak cue that is a function word.
    """
    span = scope.span
    found = [cue for cue in cues if not span.overlap(cue)] or cues
    if not found:
        best = max(own, key=lambda word: word.cue * (0.5 if span.overlap(word.span) else 1))
        replies = [cue for cue in beside if cue.start > span.end and scope.kind in _REPLIED]
        if best.cue < _FAINT or is_function_word(text[slice(*best.span)]):
            found = replies or (list(beside) if best.cue < _FAINT else [])
        found = found or [best.span]
    return min(found, key=lambda cue: max(cue.start - span.end, span.start - cue.end, 0))


def _by_sentence(found: Sequence[Word], sentences: Sequence[Span]) -> Iterator[list[Word]]:
    at = 0
    for sentence in sentences:
        own = []
        while at < len(found) and found[at].span.start < sentence.end:
            own.append(found[at])
            at += 1
        yield own


def _scopes(own: Sequence[Word], margins: Margins) -> Iterator[_Scope]:
    """Yield the runs of words that are not asserted."""
    labels = [_label(word, margins.other) for word in own]
    _widen(own, labels, margins.edge)
    for other, run in groupby(range(len(own)), key=lambda at: bool(labels[at])):
        places = list(run)
        if not other:
            continue
        for piece in _pieces(places, labels):
            span = Span(own[piece[0]].span.start, own[piece[-1]].span.end)
            kinds = np.sum([own[each].kinds for each in piece], axis=0)
            if span.end - span.start > 1 and (len(piece) > 1 or kinds[0] < 1 - _ALONE):
                yield _Scope(cast(StanceKind, KINDS[1 + int(kinds[1:].argmax())]), span)


def _pieces(places: list[int], labels: list[int]) -> list[list[int]]:
    """Split a run where its kind changes, with at least three words on both sides."""
    pieces = [list(piece) for _, piece in groupby(places, key=lambda at: labels[at])]
    joined: list[list[int]] = []
    for piece in pieces:
        if joined and (len(piece) <= _GAP or len(joined[-1]) <= _GAP):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _label(word: Word, margin: float) -> int:
    return 0 if 1 - word.kinds[0] < margin else 1 + int(word.kinds[1:].argmax())


def _widen(own: Sequence[Word], labels: list[int], edge: float) -> None:
    """Extend runs over uncertain words beside them, and over one or two words between two runs of a kind."""
    order = range(len(own))
    for places, step in ((order, -1), (reversed(order), 1)):
        for at in places:
            beside = at + step
            if not labels[at] and 0 <= beside < len(own) and labels[beside]:
                labels[at] = labels[beside] if own[at].kinds[0] <= 1 - edge else 0
    for at in order:
        before = labels[at - 1] if at else 0
        if before and not labels[at] and before in labels[at + 1 : at + 1 + _GAP]:
            labels[at] = before


def _cues(own: Sequence[Word], margins: Margins) -> Iterator[Span]:
    for is_cue, run in groupby(own, key=lambda word: word.cue >= margins.cue):
        if is_cue:
            places = list(run)
            yield Span(places[0].span.start, places[-1].span.end)
