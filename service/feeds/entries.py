"""From the page of a feed or a sitemap to the sources of its articles."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from index.errors import FormatError
from index.formats.collected.source import Source, failing
from index.formats.newsroom import feeds, sitemaps
from index.formats.newsroom.feeds import Entry, Feed
from index.formats.reading import Original
from service.feeds.politeness import Polite, is_public
from service.fetching import LARGEST, Page, fetch, is_address, original_of, page_of

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Listed:
    """What a feed lists: ``mark`` names it with all that is said of it, ``source`` leads to it.

    Without a source it is a sitemap of an index, all of which was listed before.
    """

    mark: str
    source: Source | None


def fetched_all(address: str) -> Iterator[Source]:
    """Yield what an address leads to: an article; of a feed every entry, or the page of one that is not whole there.

    What cannot be fetched is a source that raises FormatError when it is loaded.
    """
    try:
        page = unpacked(fetch(address))
        feed = feed_in(page)
        if feed is None:
            yield Source(address, address, 1, lambda: original_of(page, origin=address))
            return
        if not feed.entries and not feed.sitemaps:
            raise FormatError(f"{address} is a feed without entries.", remedy="Follow it with --watch.")
        for listed in listed_in(feed, page.url, Polite()):
            if listed.source:
                yield listed.source
    except FormatError as error:
        yield failing(address, address, error, weight=1)


def feed_in(page: Page) -> Feed | None:
    """Return the feed or the sitemap that a page is; None if it is neither. Raises FormatError for a damaged one."""
    if feeds.is_feed(page.data):
        return feeds.read_feed(page.data, name=page.url, url=page.url, charset=page.charset)
    return sitemaps.read(page.data, name=page.url) if sitemaps.is_sitemap(page.data) else None


def unpacked(page: Page) -> Page:
    """Return a page that is a gzip file (sitemap.xml.gz) as what is in it. Raises FormatError."""
    if not page.data.startswith(_GZIP):
        return page
    unpacking = zlib.decompressobj(wbits=31)
    try:
        data = unpacking.decompress(page.data, LARGEST + 1)
    except zlib.error as error:
        raise FormatError(f"{page.url} is no gzip file that can be read: {error}.", remedy="Check it.") from error
    if len(data) > LARGEST:
        raise FormatError(f"{page.url} unpacks to more than {LARGEST // 1_000_000} MB.", remedy="Divide it.")
    if not unpacking.eof:
        raise FormatError(f"{page.url} is cut off.", remedy="Try again later.")
    return page._replace(data=data)


def listed_in(
    feed: Feed, url: str, polite: Polite, *, is_known: Callable[[str], bool] = lambda mark: False
) -> Iterator[Listed]:
    """Yield what a feed at an address lists, without what is known by its mark.

    The sitemaps of an index are fetched as they are reached; one that cannot be is a source that fails.
    """
    yield from _wanted(feed, url, polite, is_known)
    for address, changed in feed.sitemaps:
        mark = feeds.fingerprint(address, changed)
        if changed and is_known(mark):
            continue
        try:
            yield from _wanted(_inner(address, url, polite), address, polite, is_known)
            yield Listed(mark, None)
        except FormatError as error:
            yield Listed(mark, failing(address, address, error))


def _inner(address: str, outer: str, polite: Polite) -> Feed:
    answered = polite.ask(address, public_only=_public_only(address, outer))
    page = unpacked(page_of(answered.reply, answered.url))
    feed = feed_in(page)
    if feed is None:
        raise FormatError(f"{address} is no sitemap, as {outer} says.", remedy="Check it.")
    if feed.sitemaps:
        raise FormatError(f"{address} is an index within an index.", remedy="Add its sitemaps.")
    return feed


def _wanted(feed: Feed, url: str, polite: Polite, is_known: Callable[[str], bool]) -> Iterator[Listed]:
    for entry in feed.entries:
        if not is_known(entry.mark):
            yield Listed(entry.mark, _source(entry, url, polite))


def _source(entry: Entry, feed: str, polite: Polite) -> Source:
    """Return what leads to an entry: its text where it is whole, or has no address; else the page at its address."""
    if not entry.is_whole and is_address(entry.url):
        return Source(entry.url, entry.url, 0, partial(_linked, entry, feed, polite))
    key = f"{feed}#{entry.key}" if entry.key else None
    name, origin = entry.url or f"{feed} {entry.said.title or entry.key}".strip(), entry.url or key or feed
    parse = feeds.read if entry.is_whole else feeds.read_summary
    return Source(name, origin, 0, partial(Original, entry.row, name, origin=origin, key=key, parse=parse))


def _linked(entry: Entry, feed: str, polite: Polite) -> Original:
    answered = polite.ask(entry.url, public_only=_public_only(entry.url, feed))
    return original_of(page_of(answered.reply, answered.url), origin=entry.url, said=entry.said)


def _public_only(address: str, feed: str) -> bool:
    """Whether an address must be public: a feed of the public web must not lead into the network of its reader."""
    return urlsplit(address).hostname != urlsplit(feed).hostname and is_public(feed)
