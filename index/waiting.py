"""Waiting for work no longer than a limit, whatever the work itself waits for."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_T = TypeVar("_T")


def within(seconds: float, work: Callable[[], _T]) -> _T:
    """Return what ``work`` returns, or raise what it raises. Raises TimeoutError after ``seconds``.

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
    return came.result(seconds)
