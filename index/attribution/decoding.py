"""From a tagger's scores to statements."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.attribution.windows import Stretch
from index.types import Span, Statement

SIZE = 64
SCORES = 4 + 4 * SIZE
"""Scores of each token: that it begins a cue, continues one, belongs to a source, to a content (of any cue); then, as
vectors of SIZE, its queries as a cue for source and for content, and its keys as a part of either."""

_QUOTED = '“"‘«„'
Floats = NDArray[np.float32]


class Thresholds(NamedTuple):
    """From which score on a token begins a cue, goes on with one, is of its source, of its content."""

    begin: float = -2.0
    inside: float = -0.5
    source: float = -1.0
    content: float = -0.5


def statements(stretch: Stretch, scores: Floats, thresholds: Thresholds, text: str) -> Iterator[Statement]:
    """Yield the statements whose cue begins in the stretch's core; ``scores`` has shape ``(tokens, SCORES)``.

    A score above 0 means more likely than not. Statements without a source or content are left out.
    """
    tokens = len(stretch.ids) - 1
    own = scores[:, 2:4]
    queries = scores[:, 4 : 4 + 2 * SIZE].reshape(-1, 2, SIZE)
    keys = scores[:, 4 + 2 * SIZE :].reshape(-1, 2, SIZE)
    for at in range(stretch.first, stretch.last):
        if scores[at, 0] <= thresholds.begin:
            continue
        end = at + 1
        while end < tokens and scores[end, 1] > thresholds.inside and scores[end, 0] <= thresholds.begin:
            end += 1
        parts = own + np.einsum("pd,tpd->tp", queries[at], keys) / np.sqrt(SIZE)
        sources = _runs(stretch, np.flatnonzero(parts[1:tokens, 0] > thresholds.source), text)
        contents = _whole(_runs(stretch, np.flatnonzero(parts[1:tokens, 1] > thresholds.content), text), text)
        cue = _words(Span(stretch.places[at - 1][0], stretch.places[end - 2][1]), text)
        if sources and contents:
            yield Statement(min(sources, key=lambda each: _gap(each, cue)), cue, tuple(contents))


def _gap(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end)


def _whole(contents: list[Span], text: str) -> list[Span]:
    """Leave single words out that are not quoted, and the "that" at the beginning."""
    kept = []
    for start, end in contents:
        led_in = text.startswith("that ", start)
        if " " in text[start:end].strip() or text[start] in _QUOTED:
            kept.append(Span(start + 5 if led_in else start, end))
    return kept


def _runs(stretch: Stretch, tokens: Sequence[int] | NDArray[np.int64], text: str) -> list[Span]:
    """Join tokens next to each other, or with one between them, into spans of the text."""
    runs: list[Span] = []
    before = -9
    for token in tokens:
        start, end = stretch.places[token]
        if token - before <= 2 and "\n" not in text[runs[-1].end : start]:
            runs[-1] = Span(runs[-1].start, end)
        else:
            runs.append(Span(start, end))
        before = token
    return [_words(run, text) for run in runs if run.end - run.start > 1]


def _words(span: Span, text: str) -> Span:
    """Take in the rest of the words at either edge: tokens are pieces of words."""
    start, end = span
    while start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return Span(start, end)
