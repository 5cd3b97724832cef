"""How long ``/healthz`` takes, asked ten times a second: ``python -m benchmarks.health ADDRESS SECONDS``.

It runs in a process of its own: beside 64 askers in one interpreter it would measure how long these keep it waiting.
The last line printed is the seconds of all requests, in order of size, as JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


def watch(url: str, seconds: float) -> list[float]:
    """Return how many seconds each request took, the shortest first. Raises httpx.HTTPError where one fails."""
    until = time.monotonic() + seconds
    took: list[float] = []
    with httpx.Client(base_url=url, timeout=60, verify=False) as client:
        while time.monotonic() < until:
            began = time.perf_counter()
            client.get("/healthz").raise_for_status()
            took.append(time.perf_counter() - began)
            time.sleep(0.1)
    return sorted(took)


@contextmanager
def watching(url: str, seconds: float) -> Iterator[list[float]]:
    """Yield a list that has what ``watch`` returns once the block has ended."""
    took: list[float] = []
    command = [sys.executable, "-m", "benchmarks.health", url, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield took
        found = process.communicate()[0]
    if process.returncode:
        raise RuntimeError(f"/healthz failed under load: exit status {process.returncode}")
    took += json.loads(found)


if __name__ == "__main__":
    print(json.dumps(watch(sys.argv[1], float(sys.argv[2]))))
