"""From sentence spans to passage spans that tile the article."""

from collections.abc import Sequence

from index.types import PassageSpan, Span

PASSAGE_CHARACTERS = 700


def chunk(text: str, sentences: Sequence[Span]) -> list[PassageSpan]:
    """Group ``sentences`` into passages of at most 700 characters, or of one sentence where that is longer.

    Passages tile ``text``: the first starts at 0, each ends where the next starts, the last ends with the text.
    A boundary stands where a sentence starts, never inside one. 700 characters are about 120 words, 155 tokens:
    inside the window of every common embedding model. Text without sentences gives an empty list.
    """
    groups: list[list[Span]] = []
    for sentence in sentences:
        if groups and sentence.end - groups[-1][0].start <= PASSAGE_CHARACTERS:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    if not groups:
        return []
    starts = [0, *(group[0].start for group in groups[1:])]
    ends = [*starts[1:], len(text)]
    return [PassageSpan(start, end, tuple(group)) for start, end, group in zip(starts, ends, groups, strict=True)]
