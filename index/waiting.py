"""Waiting for work no longer than a limit, whatever the work itself waits for."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from index.errors import StoppedError

_TICK_SECONDS = 0.2
_T = TypeVar("_T")


def within(seconds: float, work: Callable[[], _T], *, stopped: threading.Event | None = None) -> _T:
    """Return what ``work`` returns, or raise what it raises. Raises TimeoutError after ``seconds``.

    Raises StoppedError soon after ``stopped`` is set.

    A server that sends a byte now and then would hold up whoever asked; so the work has a thread of its own, which can
    be left behind.
    """
    came: Future[_T] = Future()

    def do() -> None:
        try:
            came.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed on to whoever waits for it
            came.set_exception(error)

    threading.Thread(target=do, daemon=True, name=f"within {seconds:g} seconds").start()
    deadline = time.monotonic() + seconds
    while not came.done():
        left = deadline - time.monotonic()
        if stopped and stopped.is_set():
            raise StoppedError("Nobody waits for this any more.")
        if left < 0:
            raise TimeoutError
        wait([came], min(_TICK_SECONDS, left) if stopped else left)
    return came.result()
