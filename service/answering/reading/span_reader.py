"""Reading by a span model: the best span of every sentence, against the case that the passage has no answer."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.text.tables import AsRead, as_read
from index.text.words import search_words, shared, stem, stems
from index.types import Hit, Span
from service.answering.reading.span_model import SpanModel, Window
from service.answering.types import ScoredSpan

_LONGEST_ANSWER = 40
_JOINER = "\u200d"

Evidence = tuple[float, float, float]


class _Best(NamedTuple):
    """The best span of a sentence, or of two sentences next to each other, and its score."""

    first: int
    last: int
    span: Span
    score: float


class SpanReader:
    """Turn a span model's scores into sentences with a confidence and the short answer lit up.

    A span's score is what its start and its end score together, less what "no answer here" scores in the same
    window. A sentence has its best span's score. Two neighbours are one quote only where the best span of both
    crosses from one to the other.
    """

    reads_apart = True

    def __init__(self, model: SpanModel) -> None:
        """Take the model."""
        self._model = model

    @property
    def threshold(self) -> float:
        """See ``Reader.threshold``."""
        return self._model.calibration.threshold

    def read(self, question: str, passages: Sequence[Hit]) -> list[ScoredSpan]:
        """See ``Reader.read``; equal scores keep the order of the passages."""
        return sorted((span for span, _ in self.evidence(question, passages)), key=lambda each: -each.confidence)

    def evidence(self, question: str, passages: Sequence[Hit]) -> Iterator[tuple[ScoredSpan, Evidence]]:
        """Yield every sentence with the evidence for it, in the order of ``Calibration.weights``."""
        read = [_as_quotable(hit) for hit in passages]
        texts = [(hit.article.given_title, each.text) for hit, each in zip(passages, read, strict=True)]
        asked = {stem(word) for word in search_words(question)}
        scored = self._model.score(question, texts)
        for hit, view, text, windows in zip(passages, read, texts, scored, strict=True):
            sentences = hit.passage.sentences
            around = _share(asked, " ".join(text))
            for best in _best_spans([_placed(each, view) for each in windows], sentences, apart=_apart(hit)):
                quoted = Span(sentences[best.first].start, sentences[best.last].end)
                evidence = (best.score, _share(asked, hit.article.text[quoted.start : quoted.end]), around)
                lit = _cut(_whole(hit.article.text, best.span), quoted)
                confidence = self._model.calibration.confidence(evidence)
                yield ScoredSpan(hit, quoted, confidence, (lit,)), evidence


def _as_quotable(hit: Hit) -> AsRead:
    """Return a passage's words as they are read, without those that are in no sentence and so can't be quoted."""
    view = as_read(hit.article.text, hit.passage.span)
    if not _apart(hit):
        return view
    kept = [
        (letter, at)
        for letter, at in zip(view.text, view.places, strict=True)
        if at is None or letter.isspace() or any(start <= at < end for start, end in hit.passage.sentences)
    ]
    return AsRead("".join(letter for letter, _ in kept), tuple(at for _, at in kept))


def _apart(hit: Hit) -> set[int]:
    """Return the numbers of the sentences before which words stand that are in none; the last number is the end's."""
    starts = [each.start for each in hit.passage.sentences] + [hit.passage.end]
    ends = [hit.passage.start] + [each.end for each in hit.passage.sentences]
    text = hit.article.text
    between = zip(ends, starts, strict=True)
    return {number for number, (end, start) in enumerate(between) if text[end:start].strip()}


def _placed(window: Window, view: AsRead) -> Window:
    """Return a window without the tokens that were put in for reading, its offsets those of the article."""
    own = [
        number
        for number, (start, end) in enumerate(window.offsets)
        if view.places[start] is not None and view.places[end - 1] is not None
    ]
    offsets = [(view.places[start], (view.places[end - 1] or 0) + 1) for start, end in window.offsets[own]]
    return window._replace(
        starts=window.starts[own], ends=window.ends[own], offsets=np.array(offsets, dtype=np.int64).reshape(-1, 2)
    )


def _share(asked: set[str], text: str) -> float:
    return shared(asked, stems(text)) / max(len(asked), 1)


def _best_spans(windows: Sequence[Window], sentences: Sequence[Span], *, apart: set[int]) -> Iterator[_Best]:
    """Yield the best span of each sentence; where a better one crosses into the next sentence, that one for both.

    None crosses into a sentence of ``apart``.
    """
    best: dict[tuple[int, int], _Best] = {}
    starts = np.array([each.start for each in sentences])
    for window in windows:
        if not len(window.starts):
            continue
        of = np.clip(np.searchsorted(starts, window.offsets[:, 0], side="right") - 1, 0, None)
        for at, upto, score in _spans(window, of):
            key = (int(of[at]), int(of[upto]))
            if key[0] != key[1] and key[1] in apart:
                continue
            if key not in best or score > best[key].score:
                span = Span(int(window.offsets[at, 0]), int(window.offsets[upto, 1]))
                best[key] = _Best(*key, span, score)
    taken: set[int] = set()
    for key, each in sorted(best.items(), key=lambda item: -item[1].score):
        alone = [best[one, one].score for one in key if (one, one) in best]
        if key[0] != key[1] and taken.isdisjoint(key) and each.score > max(alone, default=-np.inf):
            taken.update(key)
            yield each
    yield from (each for (first, last), each in best.items() if first == last and first not in taken)


def _spans(window: Window, of: NDArray[np.int64]) -> Iterator[tuple[int, int, float]]:
    """Yield the best span (first token, last token, score) of each sentence and of each pair of neighbours."""
    tokens = len(window.starts)
    table = window.starts[:, None] + window.ends[None, :] - window.null
    lengths = np.arange(tokens)[None, :] - np.arange(tokens)[:, None]
    table[(lengths < 0) | (lengths > _LONGEST_ANSWER)] = -np.inf
    for sentence in np.unique(of):
        rows = np.flatnonzero(of == sentence)
        for columns in (rows, np.flatnonzero(of == sentence + 1)):
            if len(columns):
                part = table[np.ix_(rows, columns)]
                row, column = divmod(int(part.argmax()), len(columns))
                if np.isfinite(part[row, column]):
                    yield int(rows[row]), int(columns[column]), float(part[row, column])


def _whole(text: str, span: Span) -> Span:
    """Take in the accents and joiners behind the last letter, which tokenizers leave out."""
    end = span.end
    while end < len(text) and (unicodedata.category(text[end])[0] == "M" or text[end] == _JOINER):
        end += 1
    return Span(span.start, end)


def _cut(span: Span, other: Span) -> Span:
    # One token may be longer than a sentence: a word of more than 1,000 characters is cut into sentences.
    return Span(max(span.start, other.start), min(span.end, other.end))
