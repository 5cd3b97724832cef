"""Where a quote stands: offsets, the words around it, and links to it."""

from typing import NamedTuple
from urllib.parse import quote as percent_encode

from index.text.addresses import web_address
from index.types import Article, Span

CONTEXT_CHARACTERS = 32
HASH_DIGITS = 16
"""How many digits of an article's hash a link has: enough to tell its versions apart."""

_WHOLE_FRAGMENT = 120
_END_WORDS = 5


class Position(NamedTuple):
    """Where a quote stands, in every measure that a reader of the article may need."""

    start_utf16: int
    end_utf16: int
    prefix: str
    suffix: str
    occurrence: int


def position(article: Article, span: Span) -> Position:
    """Return where ``span`` stands: UTF-16 offsets, 32 characters on either side, and which occurrence it is.

    ``occurrence`` counts the places up to and with this one where the article has the same words, from 1.
    """
    text = article.text
    start_utf16 = _utf16_length(text[: span.start])
    exact = text[span.start : span.end]
    occurrence, at = 0, text.find(exact)
    while 0 <= at <= span.start:
        occurrence += 1
        at = text.find(exact, at + 1)
    return Position(
        start_utf16=start_utf16,
        end_utf16=start_utf16 + _utf16_length(exact),
        prefix=text[max(0, span.start - CONTEXT_CHARACTERS) : span.start],
        suffix=text[span.end : span.end + CONTEXT_CHARACTERS],
        occurrence=occurrence,
    )


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def on_pages(article: Article, span: Span) -> str:
    """Return the pages that words stand on: "p. 3", "pp. 3–4"; "" where the article has no pages."""
    return pages_named(*(article.pages_of(span) or (None, None)))


def pages_named(first: int | None, last: int | None) -> str:
    """Return a first and last page as they are cited; "" where they are None."""
    if first == last:
        return f"p. {first}" if first else ""
    return f"pp. {first}–{last}"


def reader_link(article: Article, span: Span) -> str:
    """Return the address, on this service, of the article opened at its quoted words.

    Version and hash tell whether the article has changed since.
    """
    return f"/articles/{article.id}#q={span.start}-{span.end}&v={article.version}&h={article.sha256[:HASH_DIGITS]}"


def source_link(article: Article, span: Span) -> str | None:
    """Return the publisher's page opened at the quoted words, as a URL text fragment; None where no page is known.

    A long quote, or one across lines, is named by its first and last five words, if it has ten. Source: the WICG
    draft "URL Fragment Text Directives".
    """
    known = web_address(article.url)
    if known is None:
        return None
    text = article.text[span.start : span.end]
    words = text.split()
    is_short = len(text) <= _WHOLE_FRAGMENT and "\n" not in text
    if is_short or len(words) < 2 * _END_WORDS:
        directive = _fragment(" ".join(words))
    else:
        directive = ",".join(_fragment(" ".join(end)) for end in (words[:_END_WORDS], words[-_END_WORDS:]))
    page, _, fragment = known.partition("#")
    return f"{page}#{fragment}:~:text={directive}"


def _fragment(words: str) -> str:
    # The directive's own syntax uses the dash, the comma and the ampersand.
    return percent_encode(words, safe="").replace("-", "%2D")
