"""The interface of readers, which find the words that answer a question."""

from collections.abc import Sequence
from typing import Protocol

from index.types import Hit
from service.answering.types import ScoredSpan


class Reader(Protocol):
    """Find the words that answer a question, and how surely they do."""

    @property
    def threshold(self) -> float:
        """The confidence, in [0, 1], from which on a span counts as an answer, unless the user sets another."""

    @property
    def reads_apart(self) -> bool:
        """Whether what is found in a passage is the same whichever others are read with it."""

    def read(self, question: str, passages: Sequence[Hit]) -> list[ScoredSpan]:
        """Return spans of ``passages``, the most confident first; none for no passages.

        All candidates are returned, however low their confidence in [0, 1]: the caller applies a threshold.
        """
