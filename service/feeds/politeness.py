"""Asking hosts as a polite robot does: one request at a time, with pauses, and only for what robots.txt allows."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.request import getproxies

import httpx

from index.errors import FormatError, StoppedError, UnreachableError
from service.feeds.schedule import retry_after
from service.fetching import REDIRECTS, Reply, ask, public_address, too_many_redirects

AGENT = "pullquote"
PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
_RULES_SECONDS = 86_400.0
_NO_RULES_SECONDS = 300.0
_MOST_RULES = 500_000
_OK, _FOUND, _CLIENT_ERROR, _SERVER_ERROR, _TOO_MANY, _BUSY = 200, 300, 400, 500, 429, 503


@dataclass
class _Host:
    """A host: when it may be asked again, its robots.txt, and until when that counts (monotonic seconds)."""

    free: float = 0.0
    resting: float = 0.0
    rules: Any = None
    rules_until: float = 0.0
    fault: str = ""
    pause: float = field(default_factory=lambda: PAUSE_SECONDS)


class Polite:
    """Asks addresses for whoever follows links. Requests come one after another; ``stopped`` ends every wait."""

    def __init__(self) -> None:
        """Know no host yet."""
        self.stopped = threading.Event()
        self._hosts: dict[str, _Host] = {}

    def ask(self, address: str, *, headers: Mapping[str, str] | None = None, public_only: bool = False) -> "Answered":
        """Return what an address answers in the end, following at most 5 redirects.

        Raises UnreachableError where a host cannot be reached, or asked to be left alone for a while, FormatError for
        what its robots.txt forbids, and StoppedError.
        """
        url = moved = address
        is_permanent = True
        for _ in range(REDIRECTS + 1):
            reply = self._turn(url, headers or {}, public_only)
            if not reply.target:
                return Answered(reply, url, moved)
            url = reply.target
            is_permanent = is_permanent and reply.status in (301, 308)
            moved = url if is_permanent else moved
        raise too_many_redirects(address)

    def _turn(self, url: str, headers: Mapping[str, str], public_only: bool) -> Reply:
        """Ask an address once its host may be asked, if the host allows it at all."""
        place = _place(url)
        host = self._hosts.setdefault(place, _Host())
        if host.resting > time.monotonic():
            raise UnreachableError(f"{url} is not asked: its host asked for a pause.", remedy="Try again later.")
        self._learn_rules(host, place, public_only)
        if host.fault:
            raise UnreachableError(f"{url} is not asked: {host.fault}", remedy="Try again later.")
        if host.rules is not None and not host.rules.can_fetch(url, AGENT):
            raise FormatError(f"{url} is not for robots, says {place}/robots.txt.", remedy="Save it and add the file.")
        return self._asked(host, url, headers, public_only)

    def _asked(self, host: _Host, url: str, headers: Mapping[str, str], public_only: bool) -> Reply:
        if self.stopped.wait(max(0.0, host.free - time.monotonic())):
            raise StoppedError("Nobody waits for this any more.")
        try:
            reply = ask(url, headers=headers, public_only=public_only, stopped=self.stopped)
        finally:
            host.free = time.monotonic() + host.pause
        if reply.status in (_TOO_MANY, _BUSY):
            host.resting = time.monotonic() + retry_after(reply.headers)
        return reply

    def _learn_rules(self, host: _Host, place: str, public_only: bool) -> None:
        """Read robots.txt, once a day (RFC 9309): without one all is allowed; if it cannot be had, nothing for now."""
        if host.rules_until > time.monotonic():
            return
        # Imported here because only who follows links needs it.
        from protego import Protego

        host.fault, host.rules, host.rules_until = "", None, time.monotonic() + _RULES_SECONDS
        try:
            reply, url = Reply(_FOUND, {}, target=f"{place}/robots.txt"), ""
            for _ in range(REDIRECTS + 1):
                if reply.target:
                    url = reply.target
                    reply = self._asked(host, url, {}, public_only)
        except FormatError as error:
            host.fault = error.what
        if not host.fault and (reply.status >= _SERVER_ERROR or reply.status == _TOO_MANY):
            host.fault = f"{place}/robots.txt answers {reply.status}."
        if host.fault:
            host.rules_until = time.monotonic() + _NO_RULES_SECONDS
        elif reply.page:
            host.rules = Protego.parse(reply.page.data[:_MOST_RULES].decode("utf-8", "replace"))
            host.pause = max(PAUSE_SECONDS, min(host.rules.crawl_delay(AGENT) or 0.0, _LONGEST_PAUSE_SECONDS))


@dataclass(frozen=True)
class Answered:
    """The last reply, the address that gave it, and the one that permanent redirects lead to: to be asked next time."""

    reply: Reply
    url: str
    moved: str


@lru_cache(maxsize=100)
def is_public(address: str) -> bool:
    """Whether an address is one of the public web, as far as this machine can tell; behind a proxy it cannot."""
    if getproxies():
        return False
    try:
        public_address(httpx.URL(address).host)
    except (FormatError, OSError, UnicodeError, httpx.InvalidURL):
        return False
    return True


def _place(url: str) -> str:
    """Return scheme, host and port of an address: what one robots.txt is for. Raises FormatError."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise FormatError(f"{url[:200]} is no address: {error}.", remedy="Check it.") from error
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii')}"
