"""What proxies say of the requests that they pass on, believed only of those that are trusted."""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.access.hosts import name_in

_SCHEMES = ("http", "https")


class TrustedProxies:
    """ASGI middleware that takes client, scheme and host from a trusted proxy's headers; from nobody else's.

    Each proxy adds the address of its own caller at the end of ``X-Forwarded-For`` (or, where that is missing, of
    ``Forwarded``, RFC 7239). Read from the end, the first that is no trusted proxy is the client: what stands before
    it may be made up.
    """

    def __init__(self, app: ASGIApp, *, trusted: Sequence[str]) -> None:
        """Wrap ``app``; ``trusted`` are addresses and networks."""
        self._app = app
        self._trusted = [ip_network(each, strict=False) for each in trusted]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as its client sent it to the proxy."""
        if scope["type"] == "http" and scope["client"] and self._is_trusted(_address(scope["client"][0])):
            self._believe(scope)
        await self._app(scope, receive, send)

    def _is_trusted(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)

    def _believe(self, scope: Scope) -> None:
        headers = MutableHeaders(scope=scope)
        told = _values(headers, "x-forwarded-for")
        elements = [] if told else [_pairs(each) for each in _values(headers, "forwarded")]
        client = self._client(told or [each.get("for", "") for each in elements])
        if client:
            scope["client"] = (str(client), 0)
        last = elements[-1] if elements else {}
        scheme = _last(headers, "x-forwarded-proto") or last.get("proto", "")
        if scheme.lower() in _SCHEMES:
            scope["scheme"] = scheme.lower()
        host = _last(headers, "x-forwarded-host") or last.get("host", "")
        if name_in(host):
            scope.setdefault("state", {})["arrived_host"] = headers.get("host")
            headers["host"] = host

    def _client(self, told: Iterable[str]) -> IPv4Address | IPv6Address | None:
        """Return the last address that is no trusted proxy's, or the first; None where the last cannot be read."""
        client = None
        for each in reversed(list(told)):
            address = _address(each)
            if address is None:
                break
            client = address
            if not self._is_trusted(address):
                break
        return client


def _values(headers: Headers, name: str) -> list[str]:
    return [part.strip() for value in headers.getlist(name) for part in value.split(",") if part.strip()]


def _last(headers: Headers, name: str) -> str:
    return next(reversed(_values(headers, name)), "")


def _pairs(element: str) -> dict[str, str]:
    """Return the parameters of one element of ``Forwarded``."""

    def read() -> Iterator[tuple[str, str]]:
        for pair in element.split(";"):
            name, _, value = pair.partition("=")
            yield name.strip().lower(), value.strip().strip('"')

    return dict(read())


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, with or without a port; None for what is none, such as ``unknown``."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    for each in (bare, bare.rpartition(":")[0]):
        try:
            found = ip_address(each)
        except ValueError:
            continue
        return getattr(found, "ipv4_mapped", None) or found
    return None
