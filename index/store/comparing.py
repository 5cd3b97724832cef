"""What comparing a new text with stored ones yields: computed once, before the write lock is taken."""

from index.text.near_duplicates import alike, bands
from index.text.revisions import kept_words
from index.types import Kept, hash_of


class Comparison:
    """A new text's hash and bands, likeness to other texts, and what it keeps of the text that it replaces.

    Comparing long texts takes seconds. So a writer compares first, with what it finds in a read, and asks again inside
    its transaction: only what has changed in between is computed there.
    """

    def __init__(self, text: str) -> None:
        """Compute the bands of ``text``."""
        self.bands = bands(text)
        self.sha256 = hash_of(text.encode())
        self._text = text
        self._alike: dict[str, bool] = {}
        self._kept: dict[str, tuple[Kept, ...]] = {}

    def alike(self, other: str) -> bool:
        """Whether the text is nearly the same as ``other``."""
        if other not in self._alike:
            self._alike[other] = other == self._text or alike(other, self._text)
        return self._alike[other]

    def kept_of(self, old: str) -> tuple[Kept, ...]:
        """Return what of ``old`` stands in the text."""
        if old not in self._kept:
            self._kept[old] = kept_words(old, self._text)
        return self._kept[old]
