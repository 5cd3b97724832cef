"""Whether an article is the draft itself: nothing vouches for itself."""

import re
from collections.abc import Iterator, Sequence

from index.types import Article, Span

_RUN = 5
_PROBES = 12
_PROBED = 24
_FEWEST_WORDS = 30
_SAME = 0.9
_SHORTER = 0.75


class OwnText:
    """A draft's own words, by which it is known again among articles."""

    def __init__(self, text: str, quoted: Sequence[Span]) -> None:
        """Take the draft, and where it quotes others; of a draft that only quotes everything counts."""
        prose = "".join(_outside(text, quoted))
        self._length = len(text)
        self._prose = prose if len(prose.split()) >= _FEWEST_WORDS else text
        step = max(1, len(self._prose) // _PROBES)
        self._probes = [piece for at in range(0, len(self._prose), step) if (piece := self._probe(at))]
        self._known: dict[int, bool] = {}
        self._found: list[Article] = []

    def _probe(self, at: int) -> str:
        piece = self._prose[at : at + _PROBED]
        return piece if len(piece) == _PROBED and "\0" not in piece and "\n" not in piece else ""

    def is_other(self, article: Article) -> bool:
        """Whether an article is not the draft: another length, or not nine tenths of the draft's prose."""
        if article.id not in self._known:
            self._known[article.id] = not self._is_same(article.text)
            if not self._known[article.id]:
                self._found.append(article)
        return self._known[article.id]

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence for each article that was taken for the draft so far."""
        return tuple(
            f"Article {each.id} of the archive is this draft itself, or nearly: it was not taken as a source."
            for each in self._found
        )

    def _is_same(self, text: str) -> bool:
        if not _SHORTER * self._length < len(text) < self._length / _SHORTER:
            return False
        if not self._probes or 2 * sum(probe in text for probe in self._probes) < len(self._probes):
            return False
        own, there = _runs(self._prose), _runs(text)
        if len(own) < _FEWEST_WORDS - _RUN:
            return False
        return len(own & there) >= _SAME * len(own)


def _outside(text: str, quoted: Sequence[Span]) -> Iterator[str]:
    at = 0
    for span in sorted(quoted):
        if span.start >= at:
            yield text[at : span.start]
            yield "\0"
            at = span.end
    yield text[at:]


def _runs(text: str) -> set[tuple[str, ...]]:
    found = set()
    for piece in text.split("\0"):
        words = re.findall(r"\w+", piece.casefold())
        found |= set(zip(*(words[at:] for at in range(_RUN)), strict=False))
    return found
