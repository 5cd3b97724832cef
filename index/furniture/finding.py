"""Finds the lines of an article that stand beside it, and those that may."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from index.furniture.lines import LONGEST_LINE, furniture_score, weights_name
from index.types import FurnitureLine, Span

SURE = 0.9
LIKELY = 0.5
_NEVER = 0.02
_FEWEST_WORDS = 5
_FEWEST_LONG = 4
_ELSEWHERE = 0.25
_LINE = re.compile(r"[^\r\n\u2029]+")
# Those that grammar needs are shorter, in most languages.
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_BEGINNING = 6
_QUOTED = re.compile(r"[“\"«„]")
_LETTERS = re.compile(r"[^\W_]+")


def finder_name() -> str:
    """Return the name of how lines are found: what others found is found anew."""
    return f"furniture-{weights_name()}"


def find_furniture(text: str, sentences: Sequence[Span]) -> tuple[FurnitureLine, ...]:
    """Return the lines of ``text`` that are, or may be, furniture, in order; ``sentences`` are its sentences' spans.

    A line is a paragraph, or a sentence of one that is not itself furniture and quotes nobody. It is ``sure`` by its
    words; else it may be, by its words or since they stand nowhere else in the article, and is so where other articles
    of the site have it.
    """
    counts = Counter(_beginnings(text))
    found: list[FurnitureLine] = []
    at = 0
    for span in _lines(text):
        own: list[Span] = []
        while at < len(sentences) and sentences[at].start < span.end:
            own.append(sentences[at])
            at += 1
        line = _judged(text, span, counts)
        if line and line.sure or len(own) < 2:  # noqa: PLR2004 - a paragraph of one sentence
            found += [line] if line else []
            continue
        parts: list[FurnitureLine] = []
        if not _QUOTED.search(text, span.start, span.end):
            parts = [each for each in (_judged(text, sentence, counts) for sentence in own) if each and each.sure]
        found += parts or ([line] if line else [])
    return tuple(found)


def _lines(text: str) -> Iterator[Span]:
    """Yield the paragraphs of a text; lines that go on in small letters were broken by their width, and are one."""
    start = end = 0
    for match in _LINE.finditer(text):
        line = match.group().strip()
        if not line:
            continue
        begins = match.start() + len(match.group()) - len(match.group().lstrip())
        if end and line[0].islower() and "\n\n" not in text[end:begins].replace("\r\n", "\n").replace(" ", ""):
            end = begins + len(line)
            continue
        if end:
            yield Span(start, end)
        start, end = begins, begins + len(line)
    if end:
        yield Span(start, end)


def _judged(text: str, span: Span, counts: Counter[str]) -> FurnitureLine | None:
    if span.end - span.start > LONGEST_LINE:
        return None
    line = " ".join(text[span.start : span.end].split())
    score = furniture_score(line)
    if score < SURE and (
        len(_LETTERS.findall(line)) < _FEWEST_WORDS or score < (LIKELY if not _is_foreign(line, counts) else _NEVER)
    ):
        return None
    return FurnitureLine(span.start, span.end, block_of(line), score >= SURE)


def _is_foreign(line: str, counts: Counter[str]) -> bool:
    """Whether hardly any of a line's longer words stand elsewhere in its article."""
    own = Counter(_beginnings(line))
    elsewhere = sum(counts[each] > times for each, times in own.items())
    return len(own) >= _FEWEST_LONG and elsewhere <= _ELSEWHERE * len(own)


def _beginnings(text: str) -> list[str]:
    return [each[:_BEGINNING] for each in _LONG_WORD.findall(text.casefold())]


def block_of(line: str) -> int:
    """Return what lines of the same letters and digits have in common, 64 bits, signed."""
    letters = "".join(_LETTERS.findall(unicodedata.normalize("NFKC", line).casefold()))
    return int.from_bytes(blake2b(letters.encode(), digest_size=8).digest(), "big", signed=True)
