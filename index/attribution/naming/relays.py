"""Statements about what another said: "Ege recalled Krag saying: “…”", "she would never say “…”"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.attribution.quotations import quotations
from index.types import Span, Statement

# What somebody may, must or never does say, nobody has said by that.
_NOT_SAID = re.compile(
    r"\b(?:to|not|never|would|could|should|must|may|might|can|cannot|will)"
    r" (?:say|shout|answer|reply|write|tell \w+),?:?\s*$"
)


def untangled(text: str, statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the statements, those within others with sources of their own, and without words that nobody has said."""
    statements = list(statements)
    quoted = list(quotations(text))
    for each in statements:
        inner = next((other for other in statements if _is_told_of(other, by=each)), None)
        outer = next((other for other in statements if _is_told_of(each, by=other)), None)
        if inner:
            each = replace(each, contents=(Span(each.cue.end, max(words.end for words in each.contents)),))
        if outer and outer.cue.start >= each.source.start:
            each = replace(each, source=Span(outer.cue.end, max(each.source.end, outer.cue.end)))
        contents = [part for words in each.contents for part in _said_part(text, words, each, quoted)]
        if contents:
            yield replace(each, contents=tuple(contents))


def _is_told_of(inner: Statement, *, by: Statement) -> bool:
    """Whether a statement is what another one tells of: its cue stands behind the other's, before the same words."""
    return (
        inner is not by
        and inner.contents == by.contents
        and by.cue.end <= inner.cue.start
        and by.cue.end < inner.source.end <= inner.cue.start
        and inner.cue.end <= inner.contents[0].start
    )


def _said_part(text: str, words: Span, statement: Statement, quoted: Sequence[Span]) -> Iterator[Span]:
    """Yield what remains of ``words`` without a quotation that ends them and that nobody is told to have said."""
    for each in quoted:
        behind_cue = each.start >= words.start and statement.cue.end <= words.start
        if words.holds(each) and behind_cue and not text[each.end : words.end].strip(" .,"):
            said = _NOT_SAID.search(text, words.start, each.start)
            if said:
                yield Span(words.start, words.start + len(text[words.start : said.start()].rstrip()))
                return
    yield words
