"""Fetching an article from an address on the web, within limits."""

import ipaddress
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import httpx

from index.errors import FormatError, UnreachableError
from index.formats.collected.source import Source
from index.formats.newsroom import feeds, sitemaps
from index.formats.newsroom.announced import Announced
from index.formats.reading import FORMATS, Original
from index.waiting import within

LARGEST = 50_000_000
_SECONDS = 30.0
REDIRECTS = 5
_MAY_PASS = (408, 425, 429)
_SERVER_ERROR = 500
_CHECK = "Check it, or save its text."
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


class Reply(NamedTuple):
    """What an address answers: its status, its headers, its page (None with 304, errors and redirects), and where to.

    ``target`` is where it redirects to, or "".
    """

    status: int
    headers: Mapping[str, str]
    page: "Page | None" = None
    target: str = ""


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
    return Source(address, address, 1, lambda: original_of(fetch(address, public_only=public_only), origin=address))


def original_of(page: Page, *, origin: str, said: Announced | None = None) -> Original:
    """Return a page as an original, of the format that its content type says, or else the ending of its address.

    ``said`` is what a feed says of it. Raises FormatError, also for a feed: it holds many articles.
    """
    if feeds.is_feed(page.data) or sitemaps.is_sitemap(page.data):
        raise FormatError(f"{page.url} is a feed or a sitemap.", remedy="Add it with `pullquote add`.")
    ending = PurePosixPath(httpx.URL(page.url).path).suffix.lower()
    if page.kind not in _ANY or ending not in FORMATS:
        ending = _ENDINGS.get(page.kind, "")
    if not ending:
        raise FormatError(f"{page.url} is {page.kind or 'of no known kind'}.", remedy="Save its text and add that.")
    return Original(page.data, f"{page.url}{ending}", origin=origin, url=page.url, charset=page.charset, said=said)


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


def ask(address: str, *, headers: Mapping[str, str], public_only: bool, stopped: threading.Event) -> Reply:
    """Return what an address answers to GET with these headers besides ours; a redirect is not followed.

    Raises UnreachableError where it answers nothing, FormatError for an address or a page that cannot be used, and
    StoppedError.
    """
    try:
        return within(_SECONDS, lambda: _ask(address, headers, public_only), stopped=stopped)
    except TimeoutError as error:
        message = f"{address} takes more than {_SECONDS:g} seconds."
        raise UnreachableError(message, remedy="Try again, or save its text.") from error


def _ask(address: str, headers: Mapping[str, str], public_only: bool) -> Reply:
    with _translating_errors(address), _client(public_only) as client:
        return _answer(client, httpx.URL(address), public_only, time.monotonic() + _SECONDS, headers)


def _client(public_only: bool) -> httpx.Client:
    return httpx.Client(timeout=_SECONDS / 3, trust_env=not public_only)


def _fetch(address: str, public_only: bool) -> Page:
    deadline = time.monotonic() + _SECONDS
    with _translating_errors(address), _client(public_only) as client:
        url = httpx.URL(address)
        for _ in range(REDIRECTS + 1):
            reply = _answer(client, url, public_only, deadline)
            if not reply.target:
                return page_of(reply, str(url))
            url = httpx.URL(reply.target)
        raise too_many_redirects(address)


def page_of(reply: Reply, url: str) -> Page:
    """Return the page of a reply. Raises UnreachableError for an error that may pass, and FormatError for others."""
    if reply.page:
        return reply.page
    phrase = httpx.codes.get_reason_phrase(reply.status)
    kind = UnreachableError if reply.status in _MAY_PASS or reply.status >= _SERVER_ERROR else FormatError
    raise kind(f"{url} answers {reply.status} {phrase}".strip() + ".", remedy="Check it.")


def too_many_redirects(address: str) -> FormatError:
    """Return the error for an address that leads on and on."""
    return FormatError(f"{address} redirects more than {REDIRECTS} times.", remedy="Give the final address.")


def _answer(
    client: httpx.Client, url: httpx.URL, public_only: bool, deadline: float, headers: Mapping[str, str] | None = None
) -> Reply:
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise FormatError(f"{url} cannot be fetched.", remedy="Give one like https://example.org/article.")
    request = _request(client, url, public_only)
    request.headers.update(headers or {})
    with closing(client.send(request, stream=True)) as response:
        if response.has_redirect_location:
            target = str(url.join(response.headers["location"]))
            return Reply(response.status_code, response.headers, target=target)
        page = _page(response, url, deadline) if response.is_success else None
        return Reply(response.status_code, response.headers, page)


def _request(client: httpx.Client, url: httpx.URL, public_only: bool) -> httpx.Request:
    headers = {"User-Agent": _AGENT, "Accept": ", ".join([*_ENDINGS, "*/*;q=0.1"]), "Accept-Encoding": "identity"}
    if not public_only:
        return client.build_request("GET", url, headers=headers)
    if url.port not in _PORTS:
        raise FormatError(f"{url} is on port {url.port}.", remedy="Only those of HTTP and HTTPS are asked.")
    extensions: dict[str, Any] = {"sni_hostname": url.host}
    headers["Host"] = url.netloc.decode("ascii")
    return client.build_request(
        "GET", url.copy_with(host=public_address(url.host)), headers=headers, extensions=extensions
    )


def public_address(host: str) -> str:
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
    """Raise FormatError where the address cannot be fetched; UnreachableError where it may be later."""
    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, zlib.error) as error:
        raise FormatError(_why(address, error), remedy=_CHECK) from error
    except (httpx.HTTPError, OSError) as error:
        raise UnreachableError(_why(address, error), remedy=_CHECK) from error


def _why(address: str, error: Exception) -> str:
    return f"{address} cannot be fetched: {str(error) or type(error).__name__}."
