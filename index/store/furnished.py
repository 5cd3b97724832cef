"""Which lines of a passage stand beside its article, and what of the passage is left to be quoted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from index.store.base import Candidates
from index.types import Passage, Span

SEVERAL = 3
"""In so many different articles of a site a block is none of theirs."""
LOOKED_AT = 100
"""Of how many articles with a block the stories are compared."""


def site_of(url: str | None, publisher: str | None) -> str:
    """Return the site that an article is of: the host of its address, or else its publisher; "" for neither."""
    host = urlsplit(url).hostname if url else None
    return (host or publisher or "").casefold().removeprefix("www.")


def quotable(candidates: Candidates, furniture: Mapping[int, Sequence[Span]]) -> Candidates:
    """Return the candidates without furniture, given by passage id: no sentence holds any, no passage is only that.

    The passages keep their place and their words.
    """
    left = {number: _without(each, furniture.get(number, ())) for number, each in candidates.passages.items()}
    gone = {number for number, each in left.items() if not each.sentences and candidates.passages[number].sentences}
    return replace(
        candidates,
        dense=[each for each in candidates.dense if each[0] not in gone],
        lexical=[each for each in candidates.lexical if each[0] not in gone],
        passages={number: each for number, each in left.items() if number not in gone},
        left_out=len(gone),
    )


def _without(passage: Passage, furniture: Sequence[Span]) -> Passage:
    if not furniture:
        return passage
    return replace(passage, sentences=tuple(part for each in passage.sentences for part in _parts(each, furniture)))


def _parts(sentence: Span, furniture: Sequence[Span]) -> Iterator[Span]:
    """Yield what furniture, in order, leaves of a sentence."""
    start = sentence.start
    for each in furniture:
        if each.overlap(sentence):
            if start < each.start:
                yield Span(start, each.start)
            start = max(start, each.end)
    if start < sentence.end:
        yield Span(start, sentence.end)
