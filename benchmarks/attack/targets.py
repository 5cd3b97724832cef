"""What the fuzzers call: every reader of a format, and what is done with the text of an article and of a question."""

import io
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from index.attribution.finding import find_attributions
from index.attribution.rules import RuleTagger
from index.errors import FormatError, InputError
from index.formats import dates, docx, eml, html, json_lines, markdown, pdf, plain
from index.formats.newsroom import feeds, ninjs, sitemaps, xml
from index.formats.reading import parsed
from index.formats.saved import epub, mhtml, odt, rtf, wacz, warc
from index.formats.sources import sources_of
from index.text.chunking import chunk
from index.text.near_duplicates import bands
from index.text.revisions import kept_words
from index.text.sentences import split_sentences
from index.text.tables import words_as_read
from index.text.words import stems
from index.types import Article, Span
from service.http.chat.conversation import question_in
from service.http.chat.tasks import task_in

Target = Callable[[bytes], object]
_READERS = {
    "plain": plain.read,
    "markdown": markdown.read,
    "html": html.read,
    "pdf": pdf.read,
    "docx": docx.read,
    "eml": eml.read,
    "mhtml": mhtml.read,
    "odt": odt.read,
    "rtf": rtf.read,
    "epub": epub.read,
    "xml": xml.read,
    "ninjs": ninjs.read,
    "json_lines": json_lines.read,
}


def _reading(name: str) -> Target:
    """Return what reads a file as the service does, but lets whatever its reader stumbles over through."""
    reader = _READERS[name]

    def read(data: bytes) -> None:
        article = reader(data, name="a file")
        assert isinstance(article, Article)

    return read


def _feed(data: bytes) -> None:
    if feeds.is_feed(data):
        for entry in feeds.read_feed(data, name="a feed").entries[:5]:
            feeds.read(entry.row, name="an entry")
    if sitemaps.is_sitemap(data):
        sitemaps.read(data, name="a sitemap")
    for item in islice(xml.items_in(data) or (), 5):
        xml.read(item, name="an item")


def _archived(pages_of: Callable[..., Iterator[warc.Saved]]) -> Target:
    def read(data: bytes) -> None:
        for page in islice(pages_of(io.BytesIO(data), name="a web archive"), 3):
            assert isinstance(page.data, bytes)

    return read


def _zip(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.zip")
        path.write_bytes(data)
        for source in islice(sources_of(path), 5):
            try:
                parsed(source.load())
            except FormatError:
                continue


def _text(data: bytes) -> None:
    """Split and attribute a text, and require that every span is one of the text."""
    text = data.decode("utf-8", "replace")
    sentences = split_sentences(text)
    assert all(first.end <= second.start for first, second in zip(sentences, sentences[1:], strict=False))
    passages = chunk(text, sentences)
    assert "".join(text[each.start : each.end] for each in passages) == (text if passages else "")
    for each in find_attributions(text, sentences, RuleTagger()):
        spans = (each.source, each.cue, *each.contents)
        assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    words_as_read(text, Span(0, len(text)))
    bands(text)


def _revision(data: bytes) -> None:
    """Compare two texts, and require that what is kept stands in both."""
    old, _, new = data.decode("utf-8", "replace").partition("\0")
    for start, now, length in kept_words(old, new or old[::2]):
        assert old[start : start + length] == (new or old[::2])[now : now + length]


def _question(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    question_in(text)
    task_in(text)
    stems(text)


def _day(data: bytes) -> None:
    try:
        dates.day_from(data.decode("utf-8", "replace"))
    except ValueError:
        pass


TARGETS: dict[str, Target] = {
    **{name: _reading(name) for name in _READERS},
    "feed": _feed,
    "warc": _archived(warc.pages_of),
    "wacz": _archived(wacz.pages_of),
    "zip": _zip,
    "text": _text,
    "revision": _revision,
    "question": _question,
    "day": _day,
}
EXPECTED = (InputError,)
