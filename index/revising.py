"""Which words of an article stand in its next version, and where."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq

from index.sentences import split_sentences
from index.types import Kept, Span

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_WORDS = 30_000


def kept_words(old: str, new: str) -> tuple[Kept, ...]:
    """Give what of ``old`` stands in ``new``, in the order of ``old``.

    Whole sentences are found wherever they went; other words where they keep their order, by the longest common
    subsequence of words, or of lines in texts of more than 30,000.
    """
    if old == new:
        return (Kept(0, 0, len(old)),) if old else ()
    ordered = list(_in_order(old, new))
    moved = [run for run in _runs(old, new) if not any(each.span.holds(run.span) for each in ordered)]
    return tuple(sorted([*moved, *(each for each in ordered if not any(run.span.holds(each.span) for run in moved))]))


def _runs(old: str, new: str) -> Iterator[Kept]:
    """Give the runs of whole sentences that stand in ``new`` as they stood in ``old``."""
    start = end = now = 0
    for sentence in split_sentences(old):
        if start < end and new.startswith(old[end : sentence.end], now + end - start):
            end = sentence.end
            continue
        if start < end:
            yield Kept(start, now, end - start)
            now += end - start
        words = old[slice(*sentence)]
        # The same sentence may stand there more than once: the next one is the likelier.
        found = new.find(words, now)
        found = found if found >= 0 else new.find(words)
        start, end, now = (sentence.start, sentence.end, found) if found >= 0 else (0, 0, now)
    if start < end:
        yield Kept(start, now, end - start)


def _in_order(old: str, new: str) -> Iterator[Kept]:
    left, right = _pieces(_WORD, old), _pieces(_WORD, new)
    if max(len(left), len(right)) > _MOST_WORDS:
        left, right = _pieces(_LINE, old), _pieces(_LINE, new)
    codes: dict[str, int] = {}
    coded = [
        [codes.setdefault(text[slice(*each)], len(codes)) for each in pieces]
        for text, pieces in ((old, left), (new, right))
    ]
    for step in LCSseq.opcodes(*coded):
        if step.tag == "equal":
            start, end = left[step.src_start].start, left[step.src_end - 1].end
            yield Kept(start, right[step.dest_start].start, end - start)


def _pieces(pattern: re.Pattern[str], text: str) -> Sequence[Span]:
    return [Span(*match.span()) for match in pattern.finditer(text)]
