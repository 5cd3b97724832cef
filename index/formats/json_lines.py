"""JSON lines: an article a line, as ``{"text", "title", "url", "author", "publisher", "published"}``."""

import json
from datetime import date, datetime

from index.errors import FormatError
from index.formats import html
from index.formats.titles import derive_title
from index.types import Article

_TEXTS = ("title", "url", "author", "publisher")


def read(data: bytes, *, name: str) -> Article:
    """Return the article in one line; ``html`` may take the place of ``text``, and unknown names are ignored.

    Raises FormatError.
    """
    try:
        row = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name} is not JSON: {error}.", remedy="Write one object a line.") from error
    if not isinstance(row, dict):
        raise FormatError(f"{name} is no JSON object.", remedy='Write one a line: {"title": "…", "text": "…"}.')
    for field in ("text", "html", "published", *_TEXTS):
        if not isinstance(row.get(field), str | None):
            raise FormatError(f"{name}: its {field} is {str(row[field])[:80]!r}.", remedy="Write a string, or null.")
    text = row.get("text") or ""
    if text and row.get("html"):
        raise FormatError(f"{name} has both text and html.", remedy="Write one of the two.")
    if row.get("html"):
        article = html.from_html(row["html"], name=name)
    else:
        article = Article(text=text, title=derive_title(text), title_given=False)
    known = {field: row.get(field) for field in _TEXTS}
    return article.known_as(**known, published=_day(row.get("published"), name=name))


def _day(value: str | None, *, name: str) -> date | None:
    if not value:
        return None
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError as error:
        raise FormatError(
            f"{name}: its published is {value[:80]!r}.", remedy="Write it as YYYY-MM-DD, with or without a time."
        ) from error
