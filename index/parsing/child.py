"""The program of a parser's process: reads a file, answers with its article, and waits for the next."""

import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from index.formats import docx, eml, html, json_lines, markdown, pdf, plain  # noqa: F401 - loaded before the limits
from index.formats.newsroom import feeds, ninjs, story  # noqa: F401
from index.formats.saved import epub, mhtml, odt, rtf, warc  # noqa: F401
from index.parsing.messages import LENGTH, original_of, reply_of

_LESS_URGENT = 5
_ALMOST = 0.95


def main() -> None:
    """Answer until the input ends. Arguments: the seconds of processor time and the megabytes that a file may take."""
    seconds, megabytes = float(sys.argv[1]), int(sys.argv[2])
    # What a library prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _warm_up()
    most = _limit_memory(megabytes)
    files = sys.stdin.buffer
    answers.write(b"r")
    answers.flush()
    while (head := _frame(files)) is not None and (data := _frame(files)) is not None:
        original = original_of(head, data)
        # The kernel ends the process, whatever holds the interpreter: a handler in Python would never be called.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answers.write(reply_of(original, lambda: _memory_taken() > _ALMOST * most > 0))
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.flush()


def _warm_up() -> None:
    """Load what formats import when they are first used: it takes a second and is no file's fault."""
    html.from_html("<p>A first page, so that all is loaded.</p>", name="")


def _limit_memory(megabytes: int) -> int:
    """Let the process take so much more than it has now; return the limit in bytes, 0 where there can be none."""
    try:
        import resource

        os.nice(_LESS_URGENT)
        now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        most = now + megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return most
    except (ImportError, OSError, ValueError):
        return 0


def _memory_taken() -> int:
    """Return the most bytes of addresses that the process ever had; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except (OSError, MemoryError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmPeak:")), 0)


def _frame(files: BinaryIO) -> bytes | None:
    length = files.read(LENGTH)
    return files.read(int.from_bytes(length, "big")) if len(length) == LENGTH else None


if __name__ == "__main__":
    main()
