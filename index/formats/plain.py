"""Plain text: the bytes as they stand, less a date line that newswire collections put before the text."""

import re
from dataclasses import replace
from datetime import date

from index.formats.decoding import decode
from index.formats.titles import derive_title
from index.types import Article

_DATE_HEADER = re.compile(r"\s*date[ \t]+(\d{4}-\d{2}-\d{2})(?:\s+|$)")


def read(data: bytes, *, name: str) -> Article:
    """Return the article in a plain text file; see ``from_text``. Raises FormatError."""
    decoded = decode(data, name=name)
    return replace(from_text(decoded.text), notes=decoded.notes)


def from_text(text: str) -> Article:
    """Return a text as an article.

    An opening ``date 2022-09-26`` is the publication date and not part of the text; where the date does not
    exist (``date 2022-13-40``) it is left standing as text.
    """
    published, start = _date_header(text)
    text = text[start:]
    return Article(text=text, title=derive_title(text), title_given=False, published=published)


def _date_header(text: str) -> tuple[date | None, int]:
    header = _DATE_HEADER.match(text)
    if not header:
        return None, 0
    try:
        return date.fromisoformat(header[1]), header.end()
    except ValueError:
        return None, 0
