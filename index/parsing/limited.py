"""A parser with limits: files are read in processes that wait for them, and are ended if they take too much."""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from index.errors import FormatError, ModelError
from index.formats.reading import Original, format_of, parsed
from index.parsing.messages import LENGTH, MOST_BYTES, article_of, error_of, name_of, request_of
from index.types import Article

SECONDS = 30.0
MEGABYTES = 1_000
_ROOT = Path(__file__).parents[2]
_START_SECONDS = 120.0
_MOST_WAITED = 4
"""How many times its processor time a file may take by the clock: other work has its turn too."""
_MOST_FILES = 1_000
_AT_A_TIME = 1 << 16


class LimitedParser:
    """Parse files in processes of their own; as many at once as there are threads that ask, but at most ``most``.

    A process is kept for the next file, and replaced after one that it did not survive. A file may take so many seconds
    of processor time, four times as many by the clock, and so many megabytes beyond what an empty process has.
    """

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES, most: int = 2) -> None:
        """Set the limits; the first process starts with the first file."""
        self._seconds, self._megabytes = seconds, megabytes
        self._free = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._closed = False

    def __call__(self, original: Original) -> Article:
        """Return the article of a file, as ``reading.parsed`` does. Raises FormatError, also where a limit is met."""
        name = name_of(format_of(original))
        if name is None:
            return parsed(original)
        with self._free:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child and not child.is_alive():
                child.end()
                child = None
            child = child or _Child(self._seconds, self._megabytes)
            try:
                reply = json.loads(child.ask(request_of(original, name)))
            except BaseException as error:
                ended = child.end()
                if isinstance(error, (TimeoutError, EOFError, OSError)):
                    raise self._limit_met(original, ended, late=isinstance(error, TimeoutError)) from error
                raise
            if "limit" in reply:  # what it took it may not give back
                child.end()
            else:
                self._keep(child)
        if "article" in reply:
            return article_of(reply)
        if "limit" in reply:
            raise self._too_much_memory(original)
        raise error_of(reply)

    def close(self) -> None:
        """End the processes that wait; one that is at work ends with its file."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _keep(self, child: "_Child") -> None:
        with self._lock:
            if not self._closed and child.files < _MOST_FILES:
                self._idle.append(child)
                return
        child.end()

    def _limit_met(self, original: Original, ended: int, *, late: bool) -> FormatError:
        if late or ended == -signal.SIGPROF:
            return FormatError(
                f"{original.name} takes more than {self._seconds:g} seconds to read, the limit file_seconds.",
                remedy="Save its text and add that, or raise it in PULLQUOTE_LIMITS.",
            )
        if ended in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGTRAP, -signal.SIGBUS):
            return self._too_much_memory(original)
        return FormatError(f"{original.name} made the parser stop (status {ended}).", remedy="Save its text instead.")

    def _too_much_memory(self, original: Original) -> FormatError:
        return FormatError(
            f"{original.name} is damaged, or needs more than {self._megabytes:,} MB to read, the limit file_mb.",
            remedy="Save its text and add that, or raise it in PULLQUOTE_LIMITS.",
        )


class _Child:
    """A process that parses one file at a time."""

    def __init__(self, seconds: float, megabytes: int) -> None:
        """Start it. It gets no secrets: whoever takes it over by a file finds none. Raises ModelError."""
        self.files = 0
        self._longest = seconds * _MOST_WAITED
        path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "index.parsing.child", str(seconds), str(megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # else Ctrl-C would reach it as well
            env={**environment, "PYTHONPATH": os.pathsep.join(path)},
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        try:
            self._received(1, time.monotonic() + _START_SECONDS)
        except (TimeoutError, EOFError, OSError) as error:
            self.end()
            raise ModelError("The process that reads files does not start.", remedy="Look in the log.") from error

    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, message: bytes) -> bytes:
        """Return the reply to a message. Raises TimeoutError, and EOFError or OSError where the process ends."""
        self.files += 1
        deadline = time.monotonic() + self._longest
        self._send(memoryview(message), deadline)
        length = int.from_bytes(self._received(LENGTH, deadline), "big")
        if length > MOST_BYTES:
            raise EOFError
        return self._received(length, deadline)

    def end(self) -> int:
        """End it, at once; return its exit status, or less than 0 where a signal ended it before."""
        for _ in range(20):  # one that ended itself is given the time to say how
            if self._process.poll() is not None or not self._is_closed():
                break
            time.sleep(0.01)
        ended = self._process.poll()
        if ended is None:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        return self._process.wait() if ended is None else ended

    def _is_closed(self) -> bool:
        with selectors.DefaultSelector() as ready:
            ready.register(self._out, selectors.EVENT_READ)
            return bool(ready.select(0))

    def _send(self, message: memoryview, deadline: float) -> None:
        while message:
            self._wait(self._in, selectors.EVENT_WRITE, deadline)
            message = message[os.write(self._in, message[:_AT_A_TIME]) :]

    def _received(self, length: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < length:
            self._wait(self._out, selectors.EVENT_READ, deadline)
            part = os.read(self._out, min(length - len(data), _AT_A_TIME))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(pipe, event)
            if not ready.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
