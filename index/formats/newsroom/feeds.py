"""RSS and Atom: the entries of a feed, each an article or the way to one; and news sitemaps."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from index.formats import json_lines
from index.types import Article, Verdict

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_LEAST_MORE = 1.5
_OPENING = 2_000


class Entry(NamedTuple):
    """An entry of a feed: its ``url``, and its ``row`` in JSON. Where the feed has a summary only it is not whole."""

    url: str
    row: bytes
    is_whole: bool


def is_feed(data: bytes) -> bool:
    """Whether bytes look like RSS, Atom or a sitemap."""
    opening = data[:_OPENING].lower()
    return any(mark in opening for mark in (b"<rss", b"<feed", b"<rdf:rdf", b"<urlset"))


def entries_of(data: bytes) -> Iterator[Entry]:
    """Yield the entries of a feed in its order; those of a sitemap have an address only."""
    if b"<urlset" in data[:_OPENING].lower():
        yield from (Entry(url, b"", is_whole=False) for url in _addresses(data))
        return
    # Imported here because most articles come from no feed.
    import feedparser

    feed: Any = feedparser.parse(data)
    for entry in feed.entries:
        content = max((each.get("value", "") for each in entry.get("content", ())), key=len, default="")
        summary = entry.get("summary", "")
        row = {
            "html": content or summary,
            "title": entry.get("title", ""),
            "url": entry.get("link", ""),
            "author": [each["name"] for each in entry.get("authors", ()) if each.get("name")],
            "publisher": entry.get("source", {}).get("title") or feed.feed.get("title", ""),
            "published": _day(entry),
        }
        yield Entry(
            row["url"],
            json.dumps(row).encode(),
            is_whole=len(content) > _LEAST_MORE * len(summary) or _is_long(content),
        )


def read(data: bytes, *, name: str) -> Article:
    """Return the article in an entry whose text is whole. Raises FormatError."""
    return json_lines.read(data, name=name)


def read_summary(data: bytes, *, name: str) -> Article:
    """Return what a feed says of an article, as a part of it. Raises FormatError."""
    article = json_lines.read(data, name=name)
    return replace(article, verdict=Verdict("partial", "the feed holds only its summary"))


def _is_long(content: str) -> bool:
    return len(content) > _OPENING


def _day(entry: Any) -> str:  # noqa: ANN401 - feedparser has no types
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    return "{:04}-{:02}-{:02}".format(*parsed[:3]) if parsed else ""


def _addresses(data: bytes) -> list[str]:
    from lxml import etree

    try:
        root: Any = etree.fromstring(data.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return []
    return [(each.text or "").strip() for each in root.iter(f"{_SITEMAP}loc")]
