"""Who calls, what their key allows, and protection against calls from other sites' pages."""

from collections.abc import Callable
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from index.errors import PullquoteError
from service.http.access.hosts import foreign_name, split
from service.keys import Key, Scope

bearer = HTTPBearer(
    auto_error=False, description="A key of PULLQUOTE_API_KEYS, PULLQUOTE_ADMIN_KEYS or PULLQUOTE_KEYS_FILE"
)
"""Return the key that a request carries, or None."""

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


class UnauthorizedError(PullquoteError):
    """The call needs a key, and has none or an unknown one."""


class ForbiddenError(PullquoteError):
    """The call's key, or the page it comes from, does not allow this; ``scope`` is what a key lacks."""

    def __init__(self, what: str, *, remedy: str = "", scope: Scope | None = None) -> None:
        """Say what is forbidden, and the scope that a key needs for it."""
        super().__init__(what, remedy=remedy)
        self.scope = scope


class Caller(NamedTuple):
    """Who calls: by the name of their key, or where they have none by their address."""

    name: str
    key: Key | None


def caller_of(request: Request, credentials: HTTPAuthorizationCredentials | None) -> Caller:
    """Return who sent the request; an unknown key is none. The keys are asked once, when it arrives."""
    if (known := getattr(request.state, "caller", None)) is None:
        # Headers are decoded as Latin-1: encoding them again gives the bytes that were sent.
        key = request.app.state.keys.key_of(credentials.credentials.encode("latin-1")) if credentials else None
        known = Caller(key.name if key else (request.client.host if request.client else "unknown"), key)
        request.state.caller = known
    assert isinstance(known, Caller)
    return known


def is_known(request: Request, caller: Caller) -> None:
    """Raise UnauthorizedError where reading needs a key and the caller has none, ForbiddenError for DNS rebinding."""
    if caller.key:
        return
    if request.app.state.keys.is_needed_to_ask:
        raise _lacks_a_key()
    _is_named(request)


def _lacks_a_key() -> UnauthorizedError:
    return UnauthorizedError(
        "This service needs a key.", remedy="Send the header `Authorization: Bearer KEY` with one that is valid."
    )


def _is_named(request: Request) -> None:
    if name := foreign_name(request):
        raise ForbiddenError(
            f"{name[:100]} is not a name of this service.", remedy="Set PULLQUOTE_PUBLIC_URL to its address if it is."
        )


def may_read(request: Request, credentials: Credentials) -> None:
    """Raise ForbiddenError unless the call's key allows asking, or no keys are set; UnauthorizedError without a key.

    A route that writes needs ``may_write`` alone: a key that only delivers articles reads nothing.
    """
    caller = caller_of(request, credentials)
    is_known(request, caller)
    if caller.key and not writes(request.scope.get("route")) and not caller.key.allows("ask"):
        raise ForbiddenError("Asking and reading need a key with the scope `ask`.", remedy="Send one.", scope="ask")


def may_write(request: Request, credentials: Credentials) -> None:
    """Raise ForbiddenError unless the key allows writing or none is needed, or if another site's page sent the call."""
    not_from_elsewhere(request)
    key = caller_of(request, credentials).key
    if request.app.state.keys.is_needed_to_write and not (key and key.allows("write")):
        raise ForbiddenError(
            "Adding, changing and removing need an admin key, or one with the scope `write`.",
            remedy="Send one as bearer token.",
            scope="write",
        )


def writes_too(request: Request, credentials: Credentials) -> bool:
    """Whether the call's key allows writing, or none is needed for it."""
    key = caller_of(request, credentials).key
    return not request.app.state.keys.is_needed_to_write or bool(key and key.allows("write"))


def may_measure(request: Request, credentials: Credentials) -> None:
    """Raise UnauthorizedError without a key for the metrics, ForbiddenError with another, unless none is needed."""
    key = caller_of(request, credentials).key
    if request.app.state.keys.is_needed_to_measure:
        if key is None:
            raise _lacks_a_key()
        if not key.allows("metrics"):
            raise ForbiddenError(
                "The metrics need an admin key, or one with the scope `metrics`.", remedy="Send one.", scope="metrics"
            )
    elif key is None:
        _is_named(request)


def writes(route: object) -> bool:
    """Whether a route needs ``may_write``."""
    return isinstance(route, APIRoute) and _depends(route.dependant, may_write)


def changes(request: Request) -> bool:
    """Whether a request is to change something: its route writes, or keeps what other sites' pages may not send."""
    route = request.scope.get("route")
    guarded = writes(route) or (isinstance(route, APIRoute) and _depends(route.dependant, not_from_elsewhere))
    return guarded and request.method not in ("GET", "HEAD")


def _depends(dependant: Dependant, call: Callable[..., object]) -> bool:
    return any(each.call is call or _depends(each, call) for each in dependant.dependencies)


def not_from_elsewhere(request: Request) -> None:
    """Raise ForbiddenError if a page of another site sent the request, unless that site is an allowed origin.

    A form of any site can send a file to a service on its reader's machine, without a question. Browsers say where a
    request comes from (Fetch Metadata, W3C); for those that do not, the origin's host is compared with the one called.
    """
    settings = request.app.state.settings
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if "*" in settings.cors_origins or origin in settings.cors_origins:
        return
    own = {request.headers.get("host", ""), split(settings.public_url).netloc} - {""}
    elsewhere = site not in (None, "same-origin", "none") or (
        site is None and origin is not None and split(origin).netloc not in own
    )
    if elsewhere:
        raise ForbiddenError(
            f"A page of {(origin or 'another site')[:100]} may not do this.",
            remedy="Name it in PULLQUOTE_CORS_ORIGINS.",
        )
