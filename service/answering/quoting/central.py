"""The few sentences that carry an article: the one that opens it, and those nearest to what it says as a whole."""

from collections.abc import Callable, Sequence

import numpy as np

from index.embedding import Vectors
from index.types import Hit
from service.answering.types import ScoredSpan

_FEWEST_WORDS = 6
_MOST_SENTENCES = 120
_REPEATS = 0.5
_ENDS = (".", "!", "?", "”", '"', "’", "'", ")", "…")


def central_sentences(hits: Sequence[Hit], embed: Callable[[Sequence[str]], Vectors], *, most: int) -> list[ScoredSpan]:
    """Return at most ``most`` sentences of the article that ``hits`` are all passages of, in its order.

    Its first whole sentence opens it. The others are chosen one by one by their cosine to the mean of all sentences
    (Radev et al., 2004), less half of that to the nearest one that is chosen already (Carbonell and Goldstein, 1998).
    A sentence's confidence is its cosine to the mean. ``embed`` returns a vector of length 1 for each text.
    """
    sentences = _sentences(hits)
    if not sentences:
        return []
    vectors = embed([each.text for each in sentences])
    mean = vectors.mean(axis=0)
    central = vectors @ (mean / np.linalg.norm(mean))
    alike = vectors @ vectors.T
    chosen = [0]
    while len(chosen) < min(most, len(sentences)):
        worth = central - _REPEATS * alike[:, chosen].max(axis=1)
        worth[chosen] = -np.inf
        chosen.append(int(worth.argmax()))
    return [
        ScoredSpan(sentences[at].hit, sentences[at].span, float(np.clip(central[at], 0.0, 1.0)))
        for at in sorted(chosen)
    ]


def _sentences(hits: Sequence[Hit]) -> list[ScoredSpan]:
    """Return the whole sentences, each once, in the article's order: headings and short lines are left out."""
    found = {
        span: ScoredSpan(hit, span, 0.0)
        for hit in sorted(hits, key=lambda each: each.passage.start)
        for span in hit.passage.sentences
    }
    whole = [each for each in found.values() if len(each.text.split()) >= _FEWEST_WORDS]
    ended = [each for each in whole if each.text.rstrip().endswith(_ENDS)]
    return (ended or whole or list(found.values()))[:_MOST_SENTENCES]
