"""What stands in quotation marks, and which statement it belongs to."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.types import Span, Statement

_OPENING, _CLOSING = "“«„", "”»"
_FEWEST_LEFT_OPEN = 20


def quotations(text: str) -> Iterator[Span]:
    """Yield what stands in quotation marks, marks included; a quotation left open ends with its paragraph."""
    for paragraph in re.finditer(r"[^\n]+", text):
        opened: int | None = None
        for at in range(*paragraph.span()):
            mark = text[at]
            if opened is None and (mark in _OPENING or mark == '"'):
                opened = at
            elif opened is not None and (mark in _CLOSING or mark == '"'):
                yield Span(opened, at + 1)
                opened = None
        if opened is not None and paragraph.end() - opened > _FEWEST_LEFT_OPEN:
            yield Span(opened, paragraph.end())


def continued(statements: Sequence[Statement], sentences: Sequence[Span], quoted: Sequence[Span]) -> list[Statement]:
    """Return the statements with each quotation whole, and with the wholly quoted sentences that follow it.

    “It is over. We lost,” she said. “Now we rest.” is one statement; so is a quotation over several paragraphs.
    """
    grown = [replace(each, contents=_grown(each.contents, quoted)) for each in statements]
    taken = [span for each in grown for span in each.contents]
    given = []
    for each in grown:
        contents = list(each.contents)
        if _touched(each.contents[-1], quoted):
            behind = max(each.cue.end, *(end for _, end in contents))
            for sentence in sentences:
                if sentence.start < behind:
                    continue
                if not _quoted_whole(sentence, quoted) or any(sentence.overlap(span) for span in taken):
                    break
                contents.append(sentence)
                taken.append(sentence)
        given.append(replace(each, contents=tuple(contents)))
    return given


def _touched(words: Span, quoted: Sequence[Span]) -> Sequence[Span]:
    """Return the quotations with characters of ``words``; they are in order and do not overlap."""
    first = bisect_right(quoted, words.start, key=lambda each: each.end)
    return quoted[first : max(first, bisect_left(quoted, words.end, key=lambda each: each.start))]


def _grown(contents: Sequence[Span], quoted: Sequence[Span]) -> tuple[Span, ...]:
    grown = []
    for content in contents:
        touched = _touched(content, quoted)
        both = [content, *touched]
        grown.append(Span(min(each.start for each in both), max(each.end for each in both)))
    return tuple(grown)


def _quoted_whole(sentence: Span, quoted: Sequence[Span]) -> bool:
    near = _touched(Span(sentence.start - 2, sentence.end + 2), quoted)
    return any(start <= sentence.start + 1 and sentence.end <= end + 2 for start, end in near)
