"""From a text to the stretches of tokens that the tagger reads."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tokenizers import Tokenizer

from index.types import Span

CORE = 208
CONTEXT = 16


class Stretch(NamedTuple):
    """Tokens of a text: ``[CLS]``, those of whole sentences with a few on either side, ``[SEP]``.

    ``places`` has the characters of each token but the first and last, which are marks. Cues are looked for at the
    tokens from ``first`` to ``last``, exclusive, counted in ``ids``; the others are context.
    """

    ids: list[int]
    places: list[tuple[int, int]]
    first: int
    last: int


def stretches(tokenizer: Tokenizer, text: str, sentences: Sequence[Span]) -> Iterator[Stretch]:
    """Yield ``text`` in stretches of at most 208 tokens, with 16 more on either side; each token is in one of them.

    A sentence is cut only where it is longer than that.
    """
    begin, end = tokenizer.encode("").ids
    ids: list[int] = []
    places: list[tuple[int, int]] = []
    cuts = [0]
    for start, stop in sentences:
        coded = tokenizer.encode(text[start:stop], add_special_tokens=False)
        for at in range(0, len(coded.ids), CORE):
            ids += coded.ids[at : at + CORE]
            places += [(start + left, start + right) for left, right in coded.offsets[at : at + CORE]]
            cuts.append(len(ids))
    first = 0
    while first < len(ids):
        last = max(cut for cut in cuts if cut - first <= CORE)
        left, right = max(0, first - CONTEXT), min(len(ids), last + CONTEXT)
        yield Stretch([begin, *ids[left:right], end], places[left:right], first - left + 1, last - left + 1)
        first = last
