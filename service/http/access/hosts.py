"""The names by which the service is called, and which of them it believes."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from fastapi import Request

# Names that nobody can point at this machine from outside: those without a dot (a container's, a machine's in the
# local network) and those in zones that the public DNS does not have (RFC 6761, 6762, 8375; ICANN on .internal).
_LOCAL = re.compile(r"[^.]+|.+\.(?:localhost|local|internal|home\.arpa|lan|home|corp|test)", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?", re.ASCII)


def split(address: str) -> SplitResult:
    """Return the parts of an address; none where it cannot be split."""
    try:
        return urlsplit(address)
    except ValueError:  # an unclosed bracket, say: no host that could be this one
        return urlsplit("")


def name_in(host: str) -> str:
    """Return the name or address in a Host header, without its port; "" where it is malformed."""
    return (split(f"//{host}").hostname or "").rstrip(".") if _HOST.fullmatch(host) else ""


def is_local(name: str) -> bool:
    """Whether a name is an address, or one that only the local network can give."""
    try:
        ip_address(name)
    except ValueError:
        return bool(_LOCAL.fullmatch(name))
    return True


def is_public(address: str) -> bool:
    """Whether a client's address is one of the internet."""
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def called(request: Request) -> list[str]:
    """Return the hosts that a request names: as a trusted proxy told it, if one did, and as it arrived."""
    arrived = getattr(request.state, "arrived_host", None)
    return [host for host in (request.headers.get("host"), arrived) if host]


def foreign_name(request: Request) -> str | None:
    """Return the name by which a request calls the service if anybody could have pointed that name at it, else None.

    A page can have its own host name resolve to this machine, and then call the service as if it were that page's own
    (DNS rebinding): the browser sees one origin, and the service a request from a reader's machine, its network, or
    the container's bridge. The name is all that gives it away. So, of callers with an address that is not public, the
    service answers only to addresses, to names of the local network, and to the hosts of PULLQUOTE_PUBLIC_URL and
    PULLQUOTE_CORS_ORIGINS. Programs are treated like browsers: no header tells them apart reliably.
    """
    settings = request.app.state.settings
    if "*" in settings.cors_origins or (request.client and is_public(request.client.host)):
        return None
    own = {split(each).hostname for each in (settings.public_url, *settings.cors_origins)}
    names = ((name_in(host), host) for host in called(request))
    return next((name or host for name, host in names if name not in own and not is_local(name)), None)


def base_url(request: Request) -> str:
    """Return the address with which links to this service begin, without a slash at the end.

    Without PULLQUOTE_PUBLIC_URL it is the one that was called, if nobody else can have chosen that name, or else the
    address that the call arrived at.
    """
    public = request.app.state.settings.public_url
    if public:
        return str(public).rstrip("/")
    host = request.headers.get("host", "")
    if not is_local(name_in(host)):
        address, port = request.scope.get("server") or ("localhost", None)
        host = (f"[{address}]" if ":" in address else address) + (f":{port}" if port else "")
    return f"{request.url.scheme}://{host}{request.scope.get('root_path', '')}".rstrip("/")
