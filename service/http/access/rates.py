"""How often one caller may call."""

import time
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import NamedTuple

from cachetools import TTLCache

from index.errors import PullquoteError
from service.settings import Rate

_MOST_CALLERS = 50_000
_POLICY = "default"
"""The name of the only policy in the header fields."""


class TooManyRequestsError(PullquoteError):
    """The caller has used up what it may ask in this span of time; ``left`` says when it may again."""

    def __init__(self, rate: Rate, left: "Left") -> None:
        """Say what the limit is."""
        super().__init__(f"This caller has sent more than {rate} requests.", remedy=f"Try again in {left.seconds} s.")
        self.policy = _POLICY
        self.headers = {**headers_of(rate, left), "Retry-After": str(left.seconds)}


class Left(NamedTuple):
    """How many requests a caller has left, and in how many seconds it has all of them again."""

    requests: int
    seconds: int


class _Window:
    """A span of time that began with a caller's first request."""

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.count = 0


class RateLimiter:
    """Count the requests of each caller. For one event loop.

    It keeps the counts of the 50,000 callers that called last, in this process: each replica counts for itself.
    ``cachetools`` forgets them: the storage of the library ``limits`` has no bound, and goes through all counts in a
    thread of its own for every request.
    """

    def __init__(self, rate: Rate) -> None:
        """Begin with nobody counted."""
        self.rate = rate
        self._windows: TTLCache[str, _Window] = TTLCache(_MOST_CALLERS, rate.seconds)

    def count(self, caller: str) -> Left:
        """Count one request, and return what is left. Raises TooManyRequestsError where it is one too many."""
        now = time.monotonic()
        window = self._windows.get(caller)
        if window is None or window.ends <= now:
            window = self._windows[caller] = _Window(now + self.rate.seconds)
        left = Left(max(0, self.rate.requests - window.count - 1), max(1, ceil(window.ends - now)))
        if window.count >= self.rate.requests:
            raise TooManyRequestsError(self.rate, left)
        window.count += 1
        return left


def headers_of(rate: Rate, left: Left) -> dict[str, str]:
    """Return the header fields of the draft "RateLimit header fields for HTTP" (IETF, draft 11)."""
    return {
        "RateLimit-Policy": f'"{_POLICY}";q={rate.requests};w={rate.seconds}',
        "RateLimit": f'"{_POLICY}";r={left.requests};t={left.seconds}',
    }


def network_of(address: str) -> str:
    """Return what stands for an address: itself, or an IPv6 address's /64, of which one client has all."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address
