"""From bytes to an article: the one way in, whatever the format and wherever the bytes came from."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Protocol

from index.errors import FormatError
from index.formats import docx, eml, html, markdown, pdf, plain
from index.formats.decoding import decode
from index.formats.newsroom import ninjs, xml
from index.formats.newsroom.announced import Announced, compared
from index.formats.saved import epub, mhtml, odt, rtf
from index.text.addresses import is_web_address
from index.types import ANONYMOUS, Article, hash_of

_log = logging.getLogger(__name__)


class Format(Protocol):
    """Parse a file's bytes into an article without a key; ``name`` is for messages."""

    def __call__(self, data: bytes, *, name: str) -> Article: ...  # noqa: D102


FORMATS: dict[str, Format] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".pdf": pdf.read,
    ".docx": docx.read,
    ".eml": eml.read,
    ".mhtml": mhtml.read,
    ".mht": mhtml.read,
    ".odt": odt.read,
    ".rtf": rtf.read,
    ".epub": epub.read,
    ".xml": xml.read,
    ".json": ninjs.read,
}
KINDS = ("text", "page", "pdf", "document", "email", "wire", "lines")
"""What people tell articles' formats apart by; "wire" is what agencies and feeds send, "lines" JSON lines."""
_KINDS = {
    "plain": "text",
    "markdown": "text",
    "html": "page",
    "mhtml": "page",
    "pdf": "pdf",
    "docx": "document",
    "odt": "document",
    "rtf": "document",
    "epub": "document",
    "eml": "email",
    "xml": "wire",
    "ninjs": "wire",
    "feeds": "wire",
    "json_lines": "lines",
}
_TEXTS = (".html", ".htm", ".xhtml", ".txt", ".text", ".md", ".markdown")


@dataclass(frozen=True)
class Original:
    """An article's bytes as they came, and what is known about them before they are read.

    ``name`` is for messages; its ending decides the format, unless ``parse`` is given. ``origin`` is the URI where the
    bytes stand. ``url`` and ``key`` count only where the article gives no address of its own; without either it is
    known by its content. ``charset`` is the encoding that was declared beside the bytes, for formats that are text.
    ``said`` is what a feed or a sitemap says of the article.
    """

    data: bytes
    name: str
    origin: str | None = None
    key: str | None = None
    url: str | None = None
    charset: str | None = None
    parse: Format | None = None
    said: Announced | None = None

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hash_of(self.data)


Parser = Callable[[Original], Article]
"""Parse an original, as ``parsed`` does."""


def read(original: Original, parse: Parser | None = None, **stated: Any) -> Article:  # noqa: ANN401 - fields' values
    """Return the article in ``original``; ``stated`` fields count more than what it says of itself.

    Its key is the one that an agency gave it, or its address, or else the original's key, or else a hash of its
    bytes. ``parse`` takes the place of ``parsed``. Raises FormatError.
    """
    article = _with_web_address((parse or parsed)(original))
    if original.said:
        article = compared(article, original.said, page=original.data)
    article = article.known_as(**stated)
    url = article.url or original.url
    key = article.key or url or original.key or f"{ANONYMOUS}{original.sha256}"
    kind = _kind_of(original)
    return replace(article, key=key, url=url, origin=original.origin, original=original.sha256, kind=kind)


def _kind_of(original: Original) -> str | None:
    """Return the kind that an original is of by the function that reads it; None for a format from elsewhere."""
    parse = format_of(original)
    parse = parse.func if isinstance(parse, partial) else parse
    if parse in (read_page, read_text):
        return "page" if parse is read_page else "text"
    return _KINDS.get(str(getattr(parse, "__module__", "")).rpartition(".")[2])


def _with_web_address(article: Article) -> Article:
    """Return an article without the address that its file gives it, where that is none of the web; a note says so."""
    if article.url is None or is_web_address(article.url):
        return article
    note = f"Its address {article.url[:100]!r} is none of the web, and was left out."
    key = "" if article.key == article.url else article.key
    return replace(article, url=None, key=key, notes=(*article.notes, note))


def read_file(path: Path) -> Article:
    """Return the article in a file. Raises FormatError."""
    return read(file_original(path))


def file_original(path: Path) -> Original:
    """Return a file's bytes; its absolute path, as a URI, is origin and key. Raises FormatError."""
    place = path.resolve().as_uri()
    try:
        return Original(path.read_bytes(), path.name, origin=place, key=place)
    except OSError as error:
        raise FormatError(f"{path} cannot be opened: {error.strerror}.", remedy="Check the path.") from error


def format_of(original: Original) -> Format | None:
    """Return the format that an original names or has by its ending; None if it is of none that is read."""
    return original.parse or FORMATS.get(Path(original.name).suffix.lower())


def read_page(data: bytes, *, name: str) -> Article:
    """Return the article on a page that is UTF-8, whatever it declares. Raises FormatError."""
    return html.from_html(data.decode(), name=name)


def read_text(data: bytes, *, name: str) -> Article:  # noqa: ARG001 - a text has nothing to complain of
    """Return the article that a text in UTF-8 is."""
    return plain.from_text(data.decode())


def as_draft(original: Original) -> Original:
    """Return an original that is read as a draft: Markdown's block quotations stay marked as such."""
    is_markdown = format_of(original) is markdown.read
    return replace(original, parse=markdown.read_draft) if is_markdown else original


def parsed(original: Original) -> Article:
    """Return the article in ``original`` without what is known beside it. Raises FormatError."""
    name, data, ending = original.name, original.data, Path(original.name).suffix.lower()
    parse = format_of(original)
    if parse is None:
        raise FormatError(
            f"{name} cannot be read: files that end in {ending or 'nothing'!r} are not supported.",
            remedy=f"Supported are {', '.join(FORMATS)}.",
        )
    notes: tuple[str, ...] = ()
    if original.charset and ending in _TEXTS:
        text, notes = decode(data, name=name, declared=[original.charset])
        data = text.encode()
    try:
        article = parse(data, name=name)
    except FormatError:
        raise
    # The one place where files from anywhere meet libraries that raise whatever a malformed part makes them stumble on.
    except Exception as error:  # noqa: BLE001
        _log.debug("%s cannot be read", name, exc_info=error)
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        wrong = "cannot be read" if original.parse else f"is damaged, or not what its ending {ending!r} says"
        raise FormatError(f"{name} {wrong} ({reason}).", remedy="Save it anew, or as plain text.") from error
    return replace(article, notes=(*notes, *article.notes))
