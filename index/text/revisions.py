"""Which words of an article stand in its next version, and where."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from rapidfuzz.distance import LCSseq

from index.text.sentences import split_sentences
from index.types import Kept, Span

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_COMPARED = 10_000
_TAKEN = 0.8


def kept_words(old: str, new: str) -> tuple[Kept, ...]:
    """Return what of ``old`` stands in ``new``, in the order of ``old``; no piece ends inside a word or number there.

    Whole sentences are found wherever they went; other words where they keep their order, by the longest common
    subsequence of words, or of lines where more than 10,000 words lie between what both begin and end with. Where
    there are more lines than that, only sentences are found.
    """
    if old == new:
        return (Kept(0, 0, len(old)),) if old else ()
    ordered = sorted(kept for each in _in_order(old, new) if (kept := _uncut(each, old, new)).length)
    moved = [run for run in _runs(old, new) if not _is_held(run, ordered) and not _is_taken(run, ordered)]
    return tuple(sorted([*moved, *(each for each in ordered if not _is_held(each, moved))]))


def _is_taken(run: Kept, ordered: Sequence[Kept]) -> bool:
    """Whether other words of ``old`` became most of those that ``run`` would have moved to.

    A sentence such as "He declined to comment." may be about somebody else there.
    """
    place = Span(run.now, run.now + run.length)
    first = max(0, bisect_right(ordered, place.start, key=lambda each: each.now) - 1)
    near = takewhile(lambda each: each.now < place.end, islice(ordered, first, None))
    others = (each for each in near if each.now - each.start != run.now - run.start)
    return sum(place.overlap(Span(each.now, each.now + each.length)) for each in others) > _TAKEN * run.length


def _runs(old: str, new: str) -> Iterator[Kept]:
    """Yield the runs of whole sentences that stand in ``new`` as they stood in ``old``."""
    places: dict[str, list[int]] = defaultdict(list)
    for sentence in split_sentences(new):
        places[new[slice(*sentence)]].append(sentence.start)
    run: Kept | None = None
    for sentence in split_sentences(old):
        starts = places.get(old[slice(*sentence)], [])
        if run and _has(starts, run.now + sentence.start - run.start):
            longer = Kept(run.start, run.now, sentence.end - run.start)
            if new.startswith(old[run.span.end : sentence.end], run.now + run.length):
                run = longer
                continue
        if run:
            yield run
        # The same sentence may stand there more than once: the next one is the likelier.
        behind = run.now + run.length if run else 0
        at = bisect_left(starts, behind)
        now = starts[at if at < len(starts) else 0] if starts else None
        run = Kept(sentence.start, now, sentence.end - sentence.start) if now is not None else None
    if run:
        yield run


def _has(starts: Sequence[int], start: int) -> bool:
    """Whether ``start`` is one of ``starts``, which are in order."""
    at = bisect_left(starts, start)
    return at < len(starts) and starts[at] == start


def _in_order(old: str, new: str) -> Iterator[Kept]:
    for pattern in (_WORD, _LINE):
        left, right = (list(pattern.finditer(text)) for text in (old, new))
        codes: dict[str, int] = {}
        coded = [[codes.setdefault(each.group(), len(codes)) for each in pieces] for pieces in (left, right)]
        first = _in_common(*coded)
        last = _in_common(*(side[first:][::-1] for side in coded))
        between = [side[first : len(side) - last] for side in coded]
        if first:
            yield Kept(0, 0, left[first - 1].end())
        if last:
            start, now = left[-last].start(), right[-last].start()
            yield Kept(start, now, len(old) - start)
        if max(map(len, between)) <= _MOST_COMPARED:
            for step in LCSseq.opcodes(*between):
                if step.tag == "equal":
                    start, end = left[first + step.src_start].start(), left[first + step.src_end - 1].end()
                    yield Kept(start, right[first + step.dest_start].start(), end - start)
            return


def _in_common(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many pieces both begin with."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))


def _uncut(kept: Kept, old: str, new: str) -> Kept:
    """Return a piece without a first or last word that is longer in ``new``, such as the 15 of what is now 15.5."""
    start, now, length = kept
    while length and _cuts(new, now + length) and not _cuts(old, start + length):
        length = max((match.start() for match in _WORD.finditer(old[start : start + length])), default=0)
    while length and _cuts(new, now) and not _cuts(old, start):
        first = _WORD.match(old, start, start + length)
        skipped = first.end() - start if first else length
        start, now, length = start + skipped, now + skipped, length - skipped
    return Kept(start, now, length)


def _cuts(text: str, at: int) -> bool:
    """Whether ``at`` lies inside a word or a number."""
    before, behind = text[max(0, at - 2) : at], text[at : at + 2]
    if before[-1:].isalnum() and behind[:1].isalnum():
        return True
    return bool(re.fullmatch(r".?\d", before) and re.fullmatch(r"[.,]\d", behind)) or bool(
        re.fullmatch(r"\d[.,]", before) and behind[:1].isdigit()
    )


def _is_held(kept: Kept, others: Sequence[Kept]) -> bool:
    """Whether one of ``others``, which are in order and do not overlap, holds all of ``kept``."""
    at = bisect_right(others, kept.start, key=lambda each: each.start) - 1
    return at >= 0 and others[at].span.holds(kept.span)
