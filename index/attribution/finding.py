"""Finding who said what in a whole article, however long."""

from collections.abc import Iterator, Sequence

from index.attribution.speakers import attribute
from index.attribution.tagger import Tagger
from index.types import Attributed, Attribution, Span

_SENTENCES = 300


def find_attributions(text: str, sentences: Sequence[Span], tagger: Tagger) -> Attributed:
    """Find who said what in ``text``; ``sentences`` are its sentences' spans.

    A text of more than 300 sentences is taken in stretches of as many: what it costs grows with its length, and nobody
    is meant by "he" who was named in another stretch.
    """
    found: list[Attribution] = []
    for first in range(0, len(sentences), _SENTENCES):
        found += _in_stretch(text, sentences[first : first + _SENTENCES], tagger)
    return Attributed(tagger.name, tuple(found))


def _in_stretch(text: str, sentences: Sequence[Span], tagger: Tagger) -> Iterator[Attribution]:
    start, end = sentences[0].start, sentences[-1].end
    piece = text[start:end]
    inside = [_moved(each, -start) for each in sentences]
    for each in attribute(piece, tagger.tag(piece, inside)):
        contents = tuple(_moved(content, start) for content in each.contents)
        source, cue = _moved(each.source, start), _moved(each.cue, start)
        yield Attribution(each.speaker, source, cue, contents, each.via, each.resolved)


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
