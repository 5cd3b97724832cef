"""A reader that scores sentences by a few features: fast, and good enough for one article."""

import math
import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index.embedding import Embedder, Vectors
from index.text.words import content_words, shared, stem, stems
from index.types import Hit, Span
from service.answering.question import answer_type
from service.answering.types import ScoredSpan

_CACHED_PASSAGES = 5_000
_ASKS = re.compile(r"[?？؟][\"'”’»)]*\Z")


class _Sentences(NamedTuple):
    """What is kept of a passage between questions. ``vectors`` has shape ``(sentences, dimension)``."""

    vectors: Vectors
    stems: list[set[str]]
    all_stems: set[str]


class SimpleReader:
    """Score every sentence by a logistic model on a few features of question and sentence.

    The features, in the order of WEIGHTS: the cosine of the two embeddings; the share of the question's content
    words that the sentence has; 1 if the question names something (a capitalised word or a number) that neither
    passage nor title mentions; 1 if the question asks for a number, a date, a person or a place and the sentence has
    none. ``training/simple_reader.py`` fits the weights. A sentence that asks something is next to never an answer,
    however many words it shares with the question; there are too few of these in the data to fit their weight.
    """

    ASKS = -6.0
    WEIGHTS = (5.37, 1.84, -2.05, -1.02)
    BIAS = -3.98
    threshold = 0.25

    reads_apart = False  # which numbers are lit up depends on all of them

    def __init__(self, embedder: Embedder) -> None:
        """Take the embedder that sentences and questions are compared with."""
        self._embedder = embedder
        self._cache: LRUCache[tuple[int, str, tuple[Span, ...]], _Sentences] = LRUCache(_CACHED_PASSAGES)
        self._lock = threading.Lock()

    def read(self, question: str, passages: Sequence[Hit]) -> list[ScoredSpan]:
        """See ``Reader.read``; equal scores keep the order of the passages."""
        weights = np.array(self.WEIGHTS)
        scored = []
        for hit, features in zip(passages, self.features(question, passages), strict=True):
            for span, values in zip(hit.passage.sentences, features, strict=True):
                asks = self.ASKS * bool(_ASKS.search(hit.article.text[span.start : span.end]))
                confidence = 1 / (1 + math.exp(-(float(values @ weights) + self.BIAS + asks)))
                scored.append(ScoredSpan(hit, span, confidence))
        return sorted(_lit_up(question, scored), key=lambda each: -each.confidence)

    def features(self, question: str, passages: Sequence[Hit]) -> list[NDArray[np.float64]]:
        """Return the features of each passage, of shape ``(sentences, len(WEIGHTS))``."""
        if not passages:
            return []
        asked = stems(question)
        named = _named(question)
        kind = answer_type.expected(question)
        vector = self._embedder.encode_query(question)
        rows = []
        for hit, known in zip(passages, self._sentences(passages), strict=True):
            title = stems(hit.article.given_title)
            stranger = float(shared(named, known.all_stems | title) < len(named))
            cosines = known.vectors @ vector
            rows.append(
                np.array(
                    [
                        (
                            cosine,
                            shared(asked, words) / max(len(asked), 1),
                            stranger,
                            float(_lacks(kind, hit.article.text, span)),
                        )
                        for cosine, words, span in zip(cosines, known.stems, hit.passage.sentences, strict=True)
                    ]
                )
            )
        return rows

    def _sentences(self, passages: Sequence[Hit]) -> list[_Sentences]:
        """Look up the passages' sentences and embed those not seen before, all in one batch."""
        keys = [(hit.passage.id, hit.article.sha256, hit.passage.sentences) for hit in passages]
        with self._lock:
            known = {key: self._cache[key] for key in keys if key in self._cache}
        new = [hit for key, hit in zip(keys, passages, strict=True) if key not in known]
        texts = [[hit.article.text[start:end] for start, end in hit.passage.sentences] for hit in new]
        vectors = self._embedder.encode_passages([text for group in texts for text in group])
        at = 0
        for hit, group in zip(new, texts, strict=True):
            words = [stems(text) for text in group]
            entry = _Sentences(vectors[at : at + len(group)], words, set().union(*words))
            at += len(group)
            known[hit.passage.id, hit.article.sha256, hit.passage.sentences] = entry
        with self._lock:
            self._cache.update({key: known[key] for key in keys})
        return [known[key] for key in keys]


def _named(question: str) -> set[str]:
    """Return the stems of the question's numbers and capitalised words, except its first word."""
    start = re.match(r"\W*", question)
    first = question[start.end() :] if start else question
    return {
        stem(word)
        for word in content_words(question)
        if word[0].isdigit() or (word[0].isupper() and not first.startswith(word))
    }


def _lacks(kind: answer_type.AnswerType | None, text: str, span: Span) -> bool:
    return kind is not None and not answer_type.find(kind, text[span.start : span.end])


def _lit_up(question: str, spans: list[ScoredSpan]) -> list[ScoredSpan]:
    """Highlight numbers and dates where the question asks for them; this reader finds no other short answers.

    Of all numbers, those of what is counted are lit up, where any span has one: in "261,000 men in four days" the
    first, if men are asked for, and then nothing in a sentence that counts something else.
    """
    kind = answer_type.expected(question)
    if kind not in ("number", "date"):
        return spans
    found = [_shifted(answer_type.find(kind, each.text), each.span.start) for each in spans]
    if kind == "number":
        asked = stems(question)
        counting = [
            [number for number in numbers if asked & stems(" ".join(_after(each, number).split()[:2]))]
            for each, numbers in zip(spans, found, strict=True)
        ]
        found = counting if any(counting) else found
    return [replace(each, highlights=tuple(lit)) for each, lit in zip(spans, found, strict=True)]


def _shifted(spans: list[Span], by: int) -> list[Span]:
    return [Span(start + by, end + by) for start, end in spans]


def _after(scored: ScoredSpan, number: Span) -> str:
    return scored.article.text[number.end : scored.span.end]
