"""JSON lines: an article a line, as ``{"text", "title", "url", "author", "publisher", "published"}``."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from index.errors import FormatError
from index.formats import html
from index.formats.text import derive_title
from index.types import ANONYMOUS, Article

_TEXTS = ("title", "url", "author", "publisher")


def read(data: bytes, *, name: str) -> Article:
    """Read one line. Its ``url`` is its key, without one its content; ``html`` may stand in the place of ``text``.

    Names that mean nothing here are passed over. Raises FormatError.
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
    known: dict[str, Any] = {field: " ".join(row[field].split()) or None for field in _TEXTS if row.get(field)}
    key = known.get("url") or f"{ANONYMOUS}{hashlib.sha256(data).hexdigest()}"
    published = _day(row.get("published"), name=name)
    if row.get("html"):
        article = html.from_html(row["html"], name=name, key=key)
        own = {"title": article.title, "url": article.url, "author": article.author, "publisher": article.publisher}
        known = {**own, **{field: value for field, value in known.items() if value}}
        return Article(
            key=known["url"] or key,
            text=article.text,
            title_given=article.title_given or known["title"] != article.title,
            published=published or article.published,
            **known,
        )
    text = row.get("text") or ""
    title = known.pop("title", None)
    return Article(
        key=key,
        text=text,
        title=title or derive_title(text),
        title_given=title is not None,
        published=published,
        **known,
    )


def _day(value: str | None, *, name: str) -> date | None:
    if not value:
        return None
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError as error:
        raise FormatError(
            f"{name}: its published is {value[:80]!r}.", remedy="Write it as YYYY-MM-DD, with or without a time."
        ) from error
