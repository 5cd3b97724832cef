"""Passages near a question that lack its answer, by shared words: what a search brings beside the right one.

By words, as an index of 60,000 vectors takes two cores half an hour to embed, and this one seconds.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from training.examples import Example

_NEAREST = 24
_KEPT = 6


class Neighbours:
    """The passages of some examples, to be searched by question."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Index the passages."""
        self._passages = list({each.passage: each for each in examples}.values())
        self._weigh = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
        self._columns = self._weigh.fit_transform([f"{each.title} {each.passage}" for each in self._passages]).T.tocsr()

    def of(self, example: Example) -> list[Example]:
        """Return the at most six passages nearest to the example's question that lack its answers' words."""
        scores = (self._weigh.transform([example.question]) @ self._columns).tocoo()
        nearest = scores.col[np.argsort(-scores.data)[:_NEAREST]]
        answers = {example.passage[span.start : span.end].lower() for span in example.answers}
        others = (self._passages[at] for at in nearest)
        return [
            other
            for other in others
            if other.passage != example.passage and not any(each in other.passage.lower() for each in answers)
        ][:_KEPT]
