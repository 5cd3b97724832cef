"""JSON lines: an article a line, as ``{"text", "title", "url", "author", "publisher", "published"}`` or other names."""

import html as entities
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from index.errors import FormatError, NoArticleError
from index.formats import html
from index.formats.dates import AmbiguousDayError, day_from
from index.formats.newsroom import ninjs
from index.formats.page.verdict import judge_text
from index.formats.titles import derive_title
from index.types import Article

FIELDS = ("text", "html", "title", "url", "author", "publisher", "published")
# What archives and news APIs call these fields, by preference; a name of ours comes first.
_KNOWN_AS = {
    "text": ("maintext", "body_text", "articleBody", "article_text", "full_text", "fulltext", "content", "body"),
    "html": ("body_html", "body_xhtml", "content_html", "raw_html"),
    "title": ("headline", "title_page", "name"),
    "url": ("link", "canonical_url", "source_url", "web_url", "webUrl"),
    "author": ("authors", "byline", "creator", "by"),
    "publisher": ("source_name", "site_name", "publication", "outlet", "source_domain", "source"),
    "published": (
        "date_publish", "published_at", "publishedAt", "datePublished", "date_published", "publication_date",
        "pub_date", "pubDate", "webPublicationDate", "firstcreated", "versioncreated", "date", "timestamp",
    ),
}  # fmt: skip
_MARKUP = re.compile(r"\s*<(?:p|div|article|h[1-6]|html|!doctype|section|span|br|ul|figure)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)


def read(data: bytes, *, name: str, names: Mapping[str, str] | None = None) -> Article:
    """Return the article in one line; ``html`` may take the place of ``text``, and unknown names are ignored.

    ``names`` says which of the line's names a field has; the common ones of archives are known. Raises FormatError.
    """
    try:
        row = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name} is not JSON: {error}.", remedy="Write one object a line.") from error
    if not isinstance(row, dict):
        raise FormatError(f"{name} is no JSON object.", remedy='Write one a line: {"title": "…", "text": "…"}.')
    return from_row(row, name=name, names=names)


def from_row(row: Mapping[str, Any], *, name: str, names: Mapping[str, str] | None = None) -> Article:
    """Return the article in an object of JSON; see ``read``. Raises FormatError."""
    if not names and ninjs.is_ninjs(row):
        return judged(ninjs.from_row(row, name=name), name=name)
    given = {field: _value(row, field, names=names or {}) for field in FIELDS}
    text, page = (_string(given[field], field, name=name) for field in ("text", "html"))
    if text and page:
        if row.get("text") and row.get("html"):
            raise FormatError(f"{name} has both text and html.", remedy="Write one of the two.")
        page = ""
    if text and _MARKUP.match(text):
        text, page = "", text
    if page:
        article = html.from_html(page, name=name)
    else:
        article = Article(text=text, title=derive_title(text), title_given=False)
    known = {field: _line(given[field], field, name=name) for field in ("title", "url", "author", "publisher")}
    try:
        published = day_from(given["published"])
    except AmbiguousDayError as error:
        published = None
        article = replace(article, notes=(*article.notes, f"Its day, {error}, may be one of two; it was left out."))
    except ValueError as error:
        raise FormatError(
            f"{name}: its published is {str(given['published'])[:80]!r}.",
            remedy="Write it as YYYY-MM-DD, with or without a time.",
        ) from error
    article = article.known_as(**known, published=published)
    return article if page else judged(article, name=name)


def judged(article: Article, *, name: str) -> Article:
    """Return an article that somebody else extracted with the verdict on it. Raises NoArticleError for a wall."""
    verdict = judge_text(article.text, article.given_title)
    if verdict.kind == "no_article":
        raise NoArticleError(
            f"{name} holds no article text: {verdict.reason}.", remedy="Extract it anew, or leave it out."
        )
    return replace(article, verdict=verdict)


def _value(row: Mapping[str, Any], field: str, *, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """Return what a row holds of a field: by the name that was given for it, its own, or a common one."""
    if field in names:
        return row.get(names[field])
    return next(
        (row[each] for each in (field, *_KNOWN_AS[field]) if row.get(each) not in (None, "", [])), row.get(field)
    )


def _string(value: object, field: str, *, name: str) -> str:
    if isinstance(value, list) and field == "text" and all(isinstance(each, str) for each in value):
        return "\n\n".join(value)  # its paragraphs
    if not isinstance(value, str | None):
        raise FormatError(f"{name}: its {field} is {str(value)[:80]!r}.", remedy="Write a string, or null.")
    return value or ""


def _line(value: object, field: str, *, name: str) -> str:
    """Return a field of one line; several authors are set apart by commas, {"name": …} is its name."""
    if isinstance(value, list) and field == "author":
        return ", ".join(filter(None, (_line(each, field, name=name) for each in value)))
    if isinstance(value, dict) and field in ("author", "publisher") and isinstance(value.get("name"), str):
        value = value["name"]
    text = _string(value, field, name=name)
    return entities.unescape(text) if _ENTITY.search(text) and field != "url" else text
