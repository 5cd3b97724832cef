"""Sitemaps: where the pages of a site are, and what a news sitemap says of them (sitemaps.org, Google's schema)."""

from datetime import date
from typing import Any

from index.errors import FormatError
from index.formats.dates import day_from
from index.formats.newsroom.announced import Announced
from index.formats.newsroom.feeds import Entry, Feed, fingerprint
from index.formats.newsroom.roots import root_of

_ROOTS = ("urlset", "sitemapindex")


def is_sitemap(data: bytes) -> bool:
    """Whether bytes look like a sitemap or an index of such."""
    return root_of(data) in _ROOTS


def read(data: bytes, *, name: str) -> Feed:
    """Return what a sitemap lists, each address once. Raises FormatError for one that is damaged."""
    from lxml import etree

    try:
        root: Any = etree.fromstring(data.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{name} is no sitemap that can be read: {error}.", remedy="Try again later.") from error
    places = {}
    for each in root:
        address = _text(each, "loc")
        if address and address not in places:
            places[address] = each
    if root_of(data) == "sitemapindex":
        return Feed((), sitemaps=tuple((address, _text(each, "lastmod")) for address, each in places.items()))
    return Feed(tuple(_entry(address, each) for address, each in places.items()))


def _entry(address: str, element: Any) -> Entry:  # noqa: ANN401 - elements of lxml have no types
    news = next((each for each in element if _tag(each) == "news"), None)
    if news is None:
        return Entry(address, b"", is_whole=False, mark=fingerprint(address, _text(element, "lastmod")))
    publication = next((each for each in news if _tag(each) == "publication"), None)
    said = Announced(
        title=_text(news, "title"),
        publisher=_text(publication, "name") if publication is not None else "",
        published=_day(_text(news, "publication_date")),
    )
    mark = fingerprint(address, _text(element, "lastmod"), said.title, _text(news, "publication_date"))
    return Entry(address, b"", is_whole=False, mark=mark, said=said)


def _tag(element: Any) -> str:  # noqa: ANN401
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: Any, tag: str) -> str:  # noqa: ANN401
    found = next((each for each in element if _tag(each) == tag), None)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _day(value: str) -> date | None:
    try:
        return day_from(value)
    except ValueError:
        return None
