"""What a reader is: it chooses the words that answer a question, and says how surely."""

from collections.abc import Sequence
from typing import Protocol

from index.types import Hit
from service.answering.types import ScoredSpan


class Reader(Protocol):
    """Choose the words that answer a question."""

    @property
    def threshold(self) -> float:
        """The confidence, in [0, 1], from which on a span counts as an answer, unless the user sets another."""

    def read(self, question: str, passages: Sequence[Hit]) -> list[ScoredSpan]:
        """Give spans inside ``passages``, the most confident first; none for no passages.

        Whether a span is good enough to be shown is not the reader's to say: that is a threshold on the
        confidence, in [0, 1].
        """
