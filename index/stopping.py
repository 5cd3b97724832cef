"""Stopping long work from outside: whoever started it may have gone, or its time may be over."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from index.errors import StoppedError

_current: ContextVar["Stop | None"] = ContextVar("stop", default=None)


class Stop:
    """A deadline in ``seconds``, and whether anybody still waits."""

    def __init__(self, seconds: float) -> None:
        """Begin to count."""
        self.seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._left = threading.Event()

    @property
    def remaining(self) -> float:
        """The seconds that are left; less than 0 once they are over."""
        return self._deadline - time.monotonic()

    def leave(self) -> None:
        """Note that nobody waits any more."""
        self._left.set()

    def check(self) -> None:
        """Raise StoppedError if nobody waits, or the time is over."""
        if self._left.is_set():
            raise StoppedError("Nobody waits for this any more.")
        if self.remaining < 0:
            raise StoppedError(
                f"This takes more than {self.seconds:g} seconds, the limit seconds of PULLQUOTE_LIMITS.",
                remedy="Ask for less at once, add long articles with `pullquote add`, or raise it.",
            )


@contextmanager
def stopped_by(stop: Stop) -> Iterator[None]:
    """Let ``stop`` stop the work that is done in this context, by threads that it is handed on to as well."""
    token = _current.set(stop)
    try:
        yield
    finally:
        _current.reset(token)


def check() -> None:
    """Raise StoppedError if the work at hand is to stop; to be called before each costly step."""
    stop = _current.get()
    if stop is not None:
        stop.check()
