"""What finds statements in a text."""

from collections.abc import Sequence
from typing import Protocol

from index.types import Span, Statement


class Tagger(Protocol):
    """Find the words that an article reports as someone's, who said them, and the cue that says so."""

    @property
    def name(self) -> str:
        """The tagger's name and version; articles tagged by another version are tagged again."""

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        """Return the statements of ``text`` in the order of their cues; ``sentences`` are its sentences' spans."""
