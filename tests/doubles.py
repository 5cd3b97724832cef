"""Stand-ins that need no model: an embedder that counts words, and small articles."""

import hashlib
from collections.abc import Sequence

import numpy as np

from index.embedding import Vectors
from index.text.sentences import split_sentences
from index.text.words import stems
from index.types import Article, Attribution, Hit, Passage


class WordEmbedder:
    """A deterministic stand-in for a model: texts with the same words have near vectors. For unit tests only."""

    dimension = 32

    def __init__(self, name: str = "words") -> None:
        self.name = name

    def encode_query(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in stems(text):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        return vector / np.linalg.norm(vector)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        rows = [self.encode_query(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimension), dtype=np.float32)


def make_article(text: str = "A cat sat. A dog ran.", key: str = "", **known: object) -> Article:
    title = str(known.pop("title", "Pets"))
    return Article(key=key or f"test:{hash(text)}", text=text, title=title, **known)  # type: ignore[arg-type]


def hit_of(article: Article, *attributions: Attribution) -> Hit:
    """Return the whole article as a passage that was found, its sentences as they are split."""
    sentences = tuple(split_sentences(article.text))
    passage = Passage(0, len(article.text), sentences, None, article.id or 1, article.id)
    return Hit(article, passage, None, None, 1.0, attributions)
