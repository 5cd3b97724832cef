"""What finds stances in a text."""

from collections.abc import Sequence
from typing import Protocol

from index.types import Span, Stance


class StanceTagger(Protocol):
    """Find the words that an article does not plainly assert, what it does with them, and by which words."""

    @property
    def name(self) -> str:
        """Return the name of the tagger and its version: what another version found is found anew."""

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Stance]:
        """Return the stances of ``text`` in the order of their scopes; ``sentences`` are its sentences' spans."""
