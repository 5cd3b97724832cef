"""The service ends as an operator ends it: with the answers that are on their way, and at any time before."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
PLAIN = {
    "PULLQUOTE_READER_MODEL": "simple",
    "PULLQUOTE_ATTRIBUTION_MODEL": "rules",
    "PULLQUOTE_STANCE_MODEL": "none",
    "PULLQUOTE_LOG_LEVEL": "warning",
}


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield a service that has just been started, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", str(port)],
        env={**os.environ, **PLAIN, "PULLQUOTE_STORE": f"file:{folder}"},
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        assert process.stderr
        process.stderr.close()


def test_a_service_that_is_told_to_end_ends_its_answers_first(folder: Path) -> None:
    with served(folder) as (process, url):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{url}/readyz", timeout=60).is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        answers: list[int] = []
        text = "\n\n".join(f"The mayor said that bridge {number} was opened." for number in range(600))

        def add() -> None:
            answers.append(httpx.post(f"{url}/v1/articles", json={"text": text}, timeout=120).status_code)

        adding = threading.Thread(target=add)
        adding.start()
        time.sleep(0.2)
        assert not answers, "it is at work"
        process.send_signal(signal.SIGTERM)
        adding.join()
        assert answers == [201]
        assert process.wait(60) == 0


def test_a_service_that_is_loading_ends_at_once(folder: Path) -> None:
    with served(folder) as (process, _):
        assert process.stderr
        assert "Loading the model" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
