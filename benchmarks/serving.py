"""A real service in a process of its own, for benchmarks that ask it over HTTP."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_PATIENCE_SECONDS = 300


def command(*arguments: str) -> list[str]:
    """Return the command line of ``pullquote`` with these arguments."""
    return [sys.executable, "-m", "service", *arguments]


def environment(store: Path | str) -> dict[str, str]:
    """Return the environment in which a command uses a store: one in a folder, or at an address."""
    address = store if isinstance(store, str) else f"file:{store}"
    return {**os.environ, "PULLQUOTE_STORE": address, "PULLQUOTE_LOG_LEVEL": "warning"}


class Service:
    """A service over a store, which can be ended in every way."""

    def __init__(self, store: Path | str, **settings: str) -> None:
        """Take the store and environment variables; ``start`` starts it."""
        self._environment = {**environment(store), **settings}
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it is ready. Raises TimeoutError."""
        self._process = subprocess.Popen(
            command("serve", "--port", str(self._port)), env=self._environment, stderr=subprocess.DEVNULL
        )
        with httpx.Client(base_url=self.url, timeout=_PATIENCE_SECONDS) as client:
            _wait_until_ready(client)

    @property
    def process_id(self) -> int:
        """Its process."""
        assert self._process
        return self._process.pid

    def kill(self) -> None:
        """Kill it: it can do nothing more."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it as an operator does."""
        assert self._process
        self._process.terminate()
        self._process.wait()


@contextmanager
def serving(store: Path | str) -> Iterator[httpx.Client]:
    """Serve a store, and yield a client once the service is ready."""
    service = Service(store)
    try:
        service.start()
        with httpx.Client(base_url=service.url, timeout=_PATIENCE_SECONDS) as client:
            yield client
    finally:
        service.stop()


def ask(client: httpx.Client, question: str) -> float:
    """Ask a question, and return the seconds that the answer took."""
    began = time.perf_counter()
    client.post("/v1/ask", json={"question": question}).raise_for_status()
    return time.perf_counter() - began


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError(f"The service was not ready within {_PATIENCE_SECONDS} seconds.")
