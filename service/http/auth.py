"""Bearer keys, and protection against calls from other sites' pages."""

import secrets
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from index.errors import PullquoteError

bearer = HTTPBearer(auto_error=False, description="A key of PULLQUOTE_API_KEYS or PULLQUOTE_ADMIN_KEYS")
"""Return the key that a request carries, or None."""

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


class UnauthorizedError(PullquoteError):
    """The call needs a key, and has none or an unknown one."""


class ForbiddenError(PullquoteError):
    """The call's key, or the page it comes from, does not allow this."""


def may_read(request: Request, credentials: Credentials) -> None:
    """Raise UnauthorizedError unless the call has an API or admin key, or no API keys are set."""
    settings = request.app.state.settings
    if settings.api_keys and not _known(credentials, (*settings.api_keys, *settings.admin_keys)):
        raise UnauthorizedError(
            "This service needs a key.", remedy="Send the header `Authorization: Bearer KEY` with one that is valid."
        )


def may_write(request: Request, credentials: Credentials) -> None:
    """Raise ForbiddenError unless the call has an admin key, or none are set; and if another site's page sent it."""
    not_from_elsewhere(request)
    settings = request.app.state.settings
    if settings.admin_keys and not _known(credentials, settings.admin_keys):
        raise ForbiddenError("Adding and removing articles needs an admin key.", remedy="Send one as bearer token.")


def not_from_elsewhere(request: Request) -> None:
    """Raise ForbiddenError if a page of another site sent the request, unless that site is an allowed origin.

    A form of any site can send a file to a service on its reader's machine, without a question. Browsers say where a
    request comes from (Fetch Metadata, W3C); for those that do not, the origin's host is compared with the one called.
    Without keys, another host's name that resolves to this machine is refused as well (DNS rebinding). Behind a proxy
    PULLQUOTE_PUBLIC_URL says which name is right: a page could send the headers that proxies add.
    """
    settings = request.app.state.settings
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if "*" in settings.cors_origins or origin in settings.cors_origins:
        return
    host, public = request.headers.get("host", ""), urlsplit(settings.public_url).netloc
    elsewhere = site not in (None, "same-origin", "none") or (
        site is None and origin is not None and _split(origin).netloc not in {host, public} - {""}
    )
    if elsewhere:
        raise ForbiddenError(
            f"A page of {origin or 'another site'} may not do this.", remedy="Name it in PULLQUOTE_CORS_ORIGINS."
        )
    if origin is None or settings.api_keys or host == public:
        return
    name = _split(f"//{host}").hostname or ""
    if request.client and _is_loopback(request.client.host) and not _is_loopback(name):
        raise ForbiddenError(f"{name} is not this machine's name.", remedy="Set PULLQUOTE_PUBLIC_URL if it is.")


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # an unclosed bracket, say: no host that could be this one
        return urlsplit("")


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or name.endswith(".localhost") or ip_address(name).is_loopback
    except ValueError:
        return False


def _known(credentials: HTTPAuthorizationCredentials | None, keys: Iterable[str]) -> bool:
    # Headers are decoded as Latin-1: encoding them again gives the bytes that were sent.
    given = credentials.credentials.encode("latin-1") if credentials else b""
    # Every key is compared, each in constant time, so that the time taken reveals nothing.
    return any([secrets.compare_digest(given, key.encode()) for key in keys])
