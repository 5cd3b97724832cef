"""Fetching an article from an address on the web, within limits."""

import ipaddress
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import httpx

from index.errors import FormatError
from index.formats.collected.source import Source
from index.formats.newsroom import feeds
from index.formats.reading import FORMATS, Original
from index.waiting import within

LARGEST = 50_000_000
_SECONDS = 30.0
_REDIRECTS = 5
_POLITE_SECONDS = 1.0
_AT_A_TIME = 1_000_000
_PORTS = (None, 80, 443)
_AGENT = "pullquote (+https://pypi.org/project/pullquote/)"
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/epub+zip": ".epub",
    "message/rfc822": ".eml",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/xml": ".xml",
    "text/xml": ".xml",
}
_ANY = ("", "application/octet-stream", "binary/octet-stream", "text/plain")
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
# Its parts that stand for IPv4 addresses or are reserved; of IPv4, what IANA's registry of special addresses has and
# Python counts as global all the same, and where clouds serve the secrets of their machines.
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"),
    )
)


class Page(NamedTuple):
    """A fetched page: its bytes, its address after redirects, its media type and its character encoding."""

    data: bytes
    url: str
    kind: str
    charset: str | None


def is_address(path: str) -> bool:
    """Whether ``path`` is an address on the web."""
    return path.lower().startswith(("http://", "https://"))


def fetched(address: str, *, public_only: bool = False) -> Source:
    """Return an address as a source, which is fetched when it is loaded; see ``fetch``."""
    return Source(address, address, 1, lambda: _original(fetch(address, public_only=public_only), origin=address))


def fetched_all(address: str) -> Iterator[Source]:
    """Yield what an address leads to: an article; of a feed every entry, or the page of one that is not whole there.

    What cannot be fetched is a source that raises FormatError when it is loaded.
    """
    try:
        page = fetch(address)
    except FormatError as error:
        yield Source(address, address, 1, partial(_fail, error))
        return
    if not feeds.is_feed(page.data):
        yield Source(address, address, 1, lambda: _original(page, origin=address))
        return
    for entry in feeds.entries_of(page.data):
        if entry.is_whole:
            load = partial(Original, entry.row, entry.url, origin=entry.url, parse=feeds.read)
            yield Source(entry.url, entry.url, 0, load)
        elif is_address(entry.url):
            time.sleep(_POLITE_SECONDS)
            yield fetched(entry.url)


def _fail(error: FormatError) -> Original:
    raise error


def _original(page: Page, *, origin: str) -> Original:
    """Return a page as an original, of the format that its content type says, or else the ending of its address."""
    ending = PurePosixPath(httpx.URL(page.url).path).suffix.lower()
    if page.kind not in _ANY or ending not in FORMATS:
        ending = _ENDINGS.get(page.kind, "")
    if not ending:
        raise FormatError(f"{page.url} is {page.kind or 'of no known kind'}.", remedy="Save its text and add that.")
    return Original(page.data, f"{page.url}{ending}", origin=origin, url=page.url, charset=page.charset)


def fetch(address: str, *, public_only: bool = False) -> Page:
    """Fetch an address with GET, following at most 5 redirects, for at most 30 seconds and 50 MB.

    With ``public_only``, it connects to public addresses only, on the ports of HTTP and HTTPS, redirects included; each
    name is looked up once, so that the address checked is the address used. Raises FormatError.
    """
    try:
        return within(_SECONDS, lambda: _fetch(address, public_only))
    except TimeoutError as error:
        message = f"{address} takes more than {_SECONDS:g} seconds."
        raise FormatError(message, remedy="Try again, or save its text.") from error


def _fetch(address: str, public_only: bool) -> Page:
    deadline = time.monotonic() + _SECONDS
    with _translating_errors(address), httpx.Client(timeout=_SECONDS / 3, trust_env=not public_only) as client:
        url = httpx.URL(address)
        for _ in range(_REDIRECTS + 1):
            if url.scheme not in ("http", "https") or not url.host or url.userinfo:
                raise FormatError(f"{url} cannot be fetched.", remedy="Give one like https://example.org/article.")
            with closing(client.send(_request(client, url, public_only), stream=True)) as response:
                if not response.has_redirect_location:
                    return _page(response, url, deadline)
                url = url.join(response.headers["location"])
        raise FormatError(f"{address} redirects more than {_REDIRECTS} times.", remedy="Give the final address.")


def _request(client: httpx.Client, url: httpx.URL, public_only: bool) -> httpx.Request:
    headers = {"User-Agent": _AGENT, "Accept": ", ".join([*_ENDINGS, "*/*;q=0.1"]), "Accept-Encoding": "identity"}
    if not public_only:
        return client.build_request("GET", url, headers=headers)
    if url.port not in _PORTS:
        raise FormatError(f"{url} is on port {url.port}.", remedy="Only those of HTTP and HTTPS are asked.")
    extensions: dict[str, Any] = {"sni_hostname": url.host}
    headers["Host"] = url.netloc.decode("ascii")
    return client.build_request("GET", url.copy_with(host=_public(url.host)), headers=headers, extensions=extensions)


def _public(host: str) -> str:
    """Return the address of ``host``. Raises FormatError unless all of its addresses are public."""
    found = {str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    for each in found:
        if not _is_public(ipaddress.ip_address(each)):
            raise FormatError(f"{host} is at {each}, which is no public address.", remedy="Send the text itself.")
    return sorted(found, key=lambda each: ":" in each)[0]


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    routed = not address.is_multicast if isinstance(address, ipaddress.IPv4Address) else address in _PUBLIC_IPV6
    return routed and address.is_global and not any(address in part for part in _NOT_PUBLIC)


def _page(response: httpx.Response, url: httpx.URL, deadline: float) -> Page:
    if response.is_error:
        raise FormatError(f"{url} answers {response.status_code} {response.reason_phrase}.", remedy="Check it.")
    data = bytearray()
    for part in _unpacked(response, url):
        data += part
        if len(data) > LARGEST:
            raise FormatError(f"{url} has more than {LARGEST // 1_000_000} MB.", remedy="Save it and add the file.")
        if time.monotonic() > deadline:
            raise FormatError(f"{url} takes more than {_SECONDS:g} seconds.", remedy="Try again, or save its text.")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Page(bytes(data), str(url), kind, response.charset_encoding)


def _unpacked(response: httpx.Response, url: httpx.URL) -> Iterator[bytes]:
    """Yield the parts of a body; gzip is decompressed 1 MB at a time. Raises FormatError for other encodings."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing == "identity":
        yield from response.iter_raw()
    elif packing == "gzip":
        unpacking = zlib.decompressobj(wbits=31)
        for part in response.iter_raw():
            yield unpacking.decompress(part, _AT_A_TIME)
            while unpacking.unconsumed_tail:
                yield unpacking.decompress(unpacking.unconsumed_tail, _AT_A_TIME)
    else:
        raise FormatError(f"{url} is packed by {packing!r}.", remedy="Save it and add the file.")


@contextmanager
def _translating_errors(address: str) -> Iterator[None]:
    """Raise FormatError where the address cannot be fetched."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, zlib.error) as error:
        reason = str(error) or type(error).__name__
        raise FormatError(f"{address} cannot be fetched: {reason}.", remedy="Check it, or save its text.") from error
