"""What agencies and publishers send in XML: feeds with their entries, messages with their stories."""

from collections.abc import Iterator
from functools import partial

from index.errors import FormatError
from index.formats.collected.source import Source, failing
from index.formats.newsroom import feeds, sitemaps, xml
from index.formats.reading import Format, Original

ENDINGS = (".xml", ".rss", ".atom")


def sources_in(whole: Source) -> Iterator[Source]:
    """Yield the entries of a feed, the stories of a message, or the file itself where it holds one."""
    try:
        data = whole.load().data
        if feeds.is_feed(data):
            yield from _entries(whole, data)
        elif sitemaps.is_sitemap(data):
            raise FormatError(f"{whole.name} is a sitemap.", remedy="Add its address, so that its pages are fetched.")
        elif items := xml.items_in(data):
            yield from (_item(whole, number, item, xml.read) for number, item in enumerate(items, start=1))
        else:
            yield whole
    except FormatError as error:
        yield failing(whole.name, whole.origin, error, weight=whole.weight)


def _entries(whole: Source, data: bytes) -> Iterator[Source]:
    entries = feeds.read_feed(data, name=whole.name).entries
    if not entries:
        raise FormatError(f"{whole.name} is a feed without entries.", remedy="Add it once it has some.")
    for number, entry in enumerate(entries, start=1):
        yield _item(whole, number, entry.row, feeds.read if entry.is_whole else feeds.read_summary)


def _item(whole: Source, number: int, data: bytes, parse: Format) -> Source:
    name = f"{whole.name} item {number}"
    return Source(name, whole.origin, 0, partial(Original, data, name, origin=whole.origin, parse=parse))
