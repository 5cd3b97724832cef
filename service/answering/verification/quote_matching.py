"""Finding a quotation's words in a text, as the conventions of quoting allow them to differ."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

from rapidfuzz import fuzz

from index.text.normal_form import NormalText, normal
from index.types import Span

GAP = re.compile(r"\s*(?:\[\s*\.\.\.\s*\]|\(\s*\.\.\.\s*\)|\.(?: ?\.){2,3})\s*")
LETTER = re.compile(r"\[(\w)\](?=\w)")
_INSERTED = re.compile(r"\s*\[[^\]]{2,80}\]\s*|\s+\[\w\]\s+")
_LEFT_OUT = 600
_PUT_IN = 60
_WORD = re.compile(r"\S+")
# "5" is no part of "1.5", of "-5" or of "5,000", nor "can" of "can't".
_CUT_BEFORE = re.compile(r"(?:[^\W_]|\d[.,]|(?:^|\s)-)(?=\d)\d$|[^\W_][^\W_]$")
_CUT_BEHIND = re.compile(r"[^\W_][^\W_]|\d[.,]\d|[^\W\d_]'[^\W\d_]")
# A word with the marks inside it ("1,250", "don't"), but none at its edges.
_EDGED = re.compile(r"[$€£#@]?\w(?:[\w.,'’/%-]*[\w%])?")
_QUOTATION = re.compile(r'"([^"]{1,4000})"')
_LONGEST_ATTRIBUTION = 200
_MOST_STARTS = 1_000
_MOST_PIECES = 20
_FEWEST_WORDS = 2
_ALIKE = 72.0


def exact_spans(quotation: str, text: NormalText) -> Iterator[Span]:
    """Yield every place of ``text`` that has the quotation's words, whole and in order.

    Typography may differ, the case of the first letter, and a comma or full stop at the end. Dots stand for at most 600
    characters that are left out, brackets for at most 60 that are replaced ("[t]he": one letter). An attribution may
    interrupt the words. A quotation of more than 20 pieces is nowhere.
    """
    pieces = list(_pieces(normal(LETTER.sub(r"\1", quotation))))
    if not 0 < len(pieces) <= _MOST_PIECES or not any(re.search(r"\w", piece) for _, piece in pieces):
        return
    closing = normal(quotation)[-1:]
    found = list(_straight(pieces, text, closing))
    yield from found or _interrupted(pieces, text)


def _straight(pieces: Sequence[tuple[int, str]], text: NormalText, closing: str) -> Iterator[Span]:
    first = pieces[0][1]
    starts: dict[int, int] = {}
    for start in islice(_places(first, text.text), _MOST_STARTS):
        end = _end(pieces[1:], text.text, start + len(first))
        if end is not None and _is_whole(text.text, start, end):
            end += pieces[-1][1][-1:] != closing and closing in ",." and text.text.startswith(closing, end)
            starts[end] = start  # of two that end together the shorter is meant
    yield from (text.span(start, end) for end, start in starts.items())


def _places(words: str, text: str) -> Iterator[int]:
    """Yield where ``words`` stand, with a large or a small first letter."""
    other = words[0].swapcase()
    for form in dict.fromkeys((words, f"{other}{words[1:]}" if len(other) == 1 else words)):
        at = text.find(form)
        while at >= 0:
            yield at
            at = text.find(form, at + 1)


def _interrupted(pieces: Sequence[tuple[int, str]], text: NormalText) -> Iterator[Span]:
    """Yield the places where the words stand in several quotations with attributions between them.

    They are compared word by word with what those quotations hold together: “We won,” he said. “Nobody lost.”
    """
    asked = [(most, words) for most, piece in pieces if (words := _EDGED.findall(piece))]
    if sum(len(words) for _, words in asked) < _FEWEST_WORDS:
        return
    if not all(word in text.text for word in asked[0][1][1:]):
        return
    for speech in _speeches(text.text):
        spoken = f" {' '.join(text.text[start:end] for start, end in speech)} "
        needles = [(most, f" {' '.join(words)} ") for most, words in asked]
        for start in islice(_places(needles[0][1][1:], spoken[1:]), _MOST_STARTS):
            if spoken[start] != " ":
                continue
            end = start + len(needles[0][1]) - 1
            for most, needle in needles[1:]:
                at = spoken.find(needle, end, end + most + len(needle))
                end = at + len(needle) - 1 if at >= 0 else -1
                if end < 0:
                    break
            if end > 0:
                first, last = spoken.count(" ", 0, start), spoken.count(" ", 0, end) - 1
                yield text.span(speech[first][0], speech[last][1])


def _speeches(text: str) -> Iterator[list[tuple[int, int]]]:
    """Yield the words of each run of two or more quotations that only an attribution parts, by their places."""
    speech: list[tuple[int, int]] = []
    parts, before = 0, 0
    for quotation in _QUOTATION.finditer(text):
        if speech and quotation.start() - before > _LONGEST_ATTRIBUTION:
            if parts > 1:
                yield speech
            speech, parts = [], 0
        speech += [word.span() for word in _EDGED.finditer(text, *quotation.span(1))]
        parts, before = parts + 1, quotation.end()
    if parts > 1:
        yield speech


def _pieces(quotation: str) -> Iterator[tuple[int, str]]:
    """Yield the words between dots and brackets, each with how many characters may stand before it.

    A comma or full stop at the end is the quoting text's own.
    """
    parts = [part for part in GAP.split(quotation) if part.strip()]
    for number, part in enumerate(parts):
        words = re.sub(r"(?<=\w)[.,]$", "", part.strip()) if number == len(parts) - 1 else part
        for place, piece in enumerate(_INSERTED.split(words)):
            if piece.strip():
                yield (_PUT_IN if place else _LEFT_OUT if number else 0), piece.strip()


def _end(pieces: Sequence[tuple[int, str]], text: str, end: int) -> int | None:
    """Return where the last piece ends, if they follow each other from ``end`` on; each counts at its first place."""
    for most, piece in pieces:
        latest = end + most + len(piece)
        at = text.find(piece, end, latest)
        while at >= 0 and not _is_whole(text, at, at + len(piece)):
            at = text.find(piece, at + 1, latest)
        if at < 0:
            return None
        end = at + len(piece)
    return end


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut at either edge."""
    return not _CUT_BEFORE.search(text[max(0, start - 2) : start + 1]) and not _CUT_BEHIND.match(
        text[end - 1 : end + 2]
    )


def nearest_span(quotation: str, text: NormalText, *, at_least: float = 0.0) -> tuple[float, Span] | None:
    """Return how like the quotation the nearest whole words of ``text`` are, in (72, 100], and their place; or None.

    ``text`` ignores case. None also where they are less like it than ``at_least``. Likeness is rapidfuzz's partial
    ratio: of the quotation and the best stretch of its length.
    """
    wanted = normal(quotation).casefold()
    if len(wanted.split()) < _FEWEST_WORDS or len(text.text) < len(wanted) / 2:
        return None
    found = fuzz.partial_ratio_alignment(wanted, text.text, score_cutoff=max(_ALIKE, at_least))
    if found is None or found.dest_start >= found.dest_end:
        return None
    around = max(0, found.dest_start - len(wanted) // 2), found.dest_end + len(wanted) // 2
    return found.score, text.span(*_aligned(wanted, text.text, *around))


def _aligned(wanted: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Return, in a stretch of ``text``, the words from where the first of ``wanted`` falls to where the last does."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    words = [match for match in _WORD.finditer(text, start, end) if re.search(r"\w", match.group())]
    if not words:
        return start, min(end, len(text))
    asked = _WORD.findall(wanted)
    matcher = SequenceMatcher(a=asked, b=[each.group() for each in words])
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    first = max(0, blocks[0].b - blocks[0].a) if blocks else 0
    last = min(len(words), blocks[-1].b + len(asked) - blocks[-1].a) if blocks else len(words)
    return words[first].start(), words[last - 1].end()
