"""Finding who said what in a whole article, however long."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index import stopping
from index.attribution.layout import layout_statements
from index.attribution.naming.speakers import attribute
from index.attribution.tagger import Tagger
from index.types import Attribution, Span, Statement

_SENTENCES = 300
# Each is compared with each; articles have fewer.
_STATEMENTS = 200
_MARKS = 400
_MARK = re.compile(r"[“”„«»\"]")


def find_attributions(text: str, sentences: Sequence[Span], tagger: Tagger) -> tuple[Attribution, ...]:
    """Return who said what in ``text``; ``sentences`` are its sentences' spans.

    A longer text is taken in stretches of 300 sentences or of 400 quotation marks, so that the cost grows with its
    length; "he" refers to nobody who was named in another stretch. Raises StoppedError.
    """
    found: list[Attribution] = []
    for stretch in _stretches(text, sentences):
        stopping.check()
        found += _in_stretch(text, stretch, tagger)
    return tuple(found)


def _stretches(text: str, sentences: Sequence[Span]) -> Iterator[Sequence[Span]]:
    first = marks = 0
    for at, sentence in enumerate(sentences):
        own = len(_MARK.findall(text, *sentence))
        if at > first and (at - first >= _SENTENCES or marks + own > _MARKS):
            yield sentences[first:at]
            first, marks = at, 0
        marks += own
    if sentences:
        yield sentences[first:]


def _in_stretch(text: str, sentences: Sequence[Span], tagger: Tagger) -> Iterator[Attribution]:
    start, end = sentences[0].start, sentences[-1].end
    piece = text[start:end]
    inside = [each.moved(-start) for each in sentences]
    statements = _with_layout(piece, tagger.tag(piece, inside))
    groups = [statements[first : first + _STATEMENTS] for first in range(0, len(statements), _STATEMENTS)]
    for each in (found for group in groups for found in attribute(piece, group)):
        contents = tuple(content.moved(start) for content in each.contents)
        yield replace(each, source=each.source.moved(start), cue=each.cue.moved(start), contents=contents)


def _with_layout(text: str, statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements with those told by layout, which come before all others about their words."""
    told = layout_statements(text)
    return [*(each for each in statements if not any(_contradicts(each, other) for other in told)), *told]


def _contradicts(statement: Statement, told: Statement) -> bool:
    """Whether a statement is about words that layout gives to somebody, and is not one inside them."""
    around = [words for words in told.contents if any(words.overlap(each) for each in statement.contents)]
    return bool(around) and not any(words.holds(statement.source) for words in around)
