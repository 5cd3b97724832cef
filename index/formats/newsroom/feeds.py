"""RSS and Atom: the entries of a feed, each an article or the way to one."""

import io
import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from xml.sax import SAXException

from index.errors import FormatError
from index.formats import json_lines
from index.formats.newsroom.announced import Announced
from index.formats.newsroom.roots import root_of
from index.formats.page.furniture import without_furniture
from index.formats.page.layout import blocks_of
from index.formats.page.tidy import tidy
from index.formats.page.verdict import cut_off
from index.text.addresses import is_web_address
from index.types import Article, Verdict, hash_of

_ROOTS = ("rss", "feed", "rdf")
_LEAST_MORE = 1.5
_LONG = 2_000
_LARGEST = 10_000_000
_MOSTLY_LINKS = 0.3
_MINUTE = 60
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


@dataclass(frozen=True)
class Entry:
    """An entry of a feed: its ``url``, and its ``row`` in JSON. Where the feed has a summary only it is not whole.

    ``key`` is what the feed knows it by, ``mark`` a hash that changes with whatever the feed says of it (``said``).
    """

    url: str
    row: bytes
    is_whole: bool
    mark: str = ""
    key: str = ""
    said: Announced = Announced()


@dataclass(frozen=True)
class Feed:
    """The entries of a feed or a sitemap in its order, and the seconds after which it says that it changes; 0 if not.

    ``sitemaps`` are those that an index lists: the address of each, and when it changed or "".
    """

    entries: tuple[Entry, ...]
    every: float = 0.0
    sitemaps: tuple[tuple[str, str], ...] = ()


def is_feed(data: bytes) -> bool:
    """Whether bytes look like RSS or Atom."""
    return root_of(data) in _ROOTS


def read_feed(data: bytes, *, name: str, url: str = "", charset: str | None = None) -> Feed:
    """Return what a feed holds; of entries with one address or id, the first. Raises FormatError for a damaged one.

    Addresses in it are those that they are at ``url``. ``charset`` is the encoding that was declared beside it.
    """
    if len(data) > _LARGEST:
        raise FormatError(f"{name} is a feed of more than {_LARGEST // 1_000_000} MB.", remedy="Divide it.")
    try:
        return _parsed(data, name=name, url=url, charset=charset)
    except FormatError:
        raise
    # Beside its own, feedparser raises whatever a malformed element makes it stumble on.
    except Exception as error:  # noqa: BLE001
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise FormatError(f"{name} is no feed that can be read: {reason}.", remedy="Try again later.") from error


def read(data: bytes, *, name: str) -> Article:
    """Return the article in an entry whose text is whole. Raises FormatError."""
    return json_lines.read(data, name=name)


def read_summary(data: bytes, *, name: str) -> Article:
    """Return what a feed says of an article, as a part of it. Raises FormatError."""
    article = json_lines.read(data, name=name)
    return replace(article, verdict=Verdict("partial", "the feed holds only its summary"))


def fingerprint(*parts: str) -> str:
    """Return 16 digits of a hash of what is said of an entry."""
    return hash_of("\0".join(parts).encode("utf-8", "surrogatepass"))[:16]


def _parsed(data: bytes, *, name: str, url: str, charset: str | None) -> Feed:
    # Imported here because most articles come from no feed.
    import feedparser

    headers = {"content-type": f"application/xml; charset={charset}" if charset else "application/xml"}
    feed: Any = feedparser.parse(
        io.BytesIO(data), response_headers={**headers, **({"content-location": url} if url else {})}
    )
    if isinstance(feed.get("bozo_exception"), SAXException) and not feed.entries:
        reason = " ".join(str(feed.bozo_exception).split())[:200]
        raise FormatError(f"{name} is no feed that can be read: {reason}.", remedy="Try again later.")
    entries: dict[str, Entry] = {}
    for each in feed.entries:
        entry = _entry(each, publisher=_of(feed.feed, "title"))
        entries.setdefault(entry.url or entry.key or entry.mark, entry)
    return Feed(tuple(entries.values()), _every(feed.feed))


def _of(known: Any, name: str) -> str:  # noqa: ANN401 - feedparser has no types
    value = known.get(name)
    return value if isinstance(value, str) else ""


def _entry(entry: Any, *, publisher: str) -> Entry:  # noqa: ANN401 - feedparser has no types
    content = max((_of(each, "value") for each in entry.get("content") or ()), key=len, default="")
    summary = _of(entry, "summary")
    markup = content if len(content) > len(summary) else summary
    said = Announced(
        title=_title(entry),
        author=", ".join(_of(each, "name") for each in entry.get("authors") or () if _of(each, "name")),
        publisher=_line(_of(entry.get("source") or {}, "title") or publisher),
        published=_day(entry),
        paragraphs=_paragraphs(markup),
    )
    url = _of(entry, "link") if is_web_address(_of(entry, "link")) else ""
    row = {
        "html": markup,
        "title": said.title,
        "url": url,
        "author": said.author,
        "publisher": said.publisher,
        "published": said.published.isoformat() if said.published else "",
    }
    written = json.dumps(row)
    return Entry(
        url,
        written.encode(),
        is_whole=_is_whole(said.paragraphs, _paragraphs(summary) if content else ()),
        mark=fingerprint(written, str(dict.get(entry, "updated", ""))),
        key=_of(entry, "id").strip(),
        said=said,
    )


def _title(entry: Any) -> str:  # noqa: ANN401
    """Return an entry's title without the markup that it may have."""
    title, kind = _of(entry, "title"), _of(entry.get("title_detail") or {}, "type")
    return _line(" ".join(_paragraphs(title)) or title if kind.endswith("html") and "<" in title else title)


def _is_whole(paragraphs: tuple[str, ...], summary: tuple[str, ...]) -> bool:
    """Whether an entry holds its article: much more than its summary, or much; and not cut off."""
    length, shorter = sum(map(len, paragraphs)), sum(map(len, summary))
    if not paragraphs or cut_off(paragraphs[-1]):
        return False
    return length > _LONG or (0 < shorter and length > _LEAST_MORE * shorter)


def _paragraphs(source: str) -> tuple[str, ...]:
    """Return the paragraphs of an entry's markup, but for those that are mostly links ("Continue reading")."""
    import lxml.html
    from lxml import etree

    try:
        tree: Any = lxml.html.fromstring(f"<html><body>{source}</body></html>")
    except (etree.ParserError, ValueError):
        return ()
    tidy(tree)
    blocks = [block for block in blocks_of(tree) if block.linked <= _MOSTLY_LINKS]
    return tuple(block.text for block in without_furniture(blocks))


def _day(entry: Any) -> date | None:  # noqa: ANN401
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return date(*parsed[:3]) if parsed else None
    except ValueError:
        return None


def _every(known: Any) -> float:  # noqa: ANN401
    """Return the seconds between two changes of a feed, by its ``ttl`` or its ``sy:updatePeriod``; 0 without both."""
    try:
        minutes = float(known.get("ttl", 0) or 0)
        times = float(known.get("sy_updatefrequency", 1) or 1)
    except (TypeError, ValueError):
        return 0.0
    period = _PERIODS.get(str(known.get("sy_updateperiod", "")).strip().lower(), 0)
    return max(0.0, minutes * _MINUTE, period / times if times > 0 else 0.0)


def _line(value: str) -> str:
    return " ".join(value.split())
