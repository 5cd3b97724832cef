"""What finds statements in a text."""

from collections.abc import Sequence
from typing import Protocol

from index.types import Span, Statement


class Tagger(Protocol):
    """Find the words that an article gives as someone's, who said them, and how it tells so."""

    @property
    def name(self) -> str:
        """Name the tagger and its version: what another version found is found anew."""

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        """Give the statements of ``text`` in the order of their cues; ``sentences`` are its sentences' spans."""
