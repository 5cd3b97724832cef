"""Speed: from process start to ready, and an ask over HTTP on a warm service.

``python -m benchmarks.speed --data seed_questions.jsonl [--limit N] [--json]``

A real ``pullquote serve`` in a process of its own is started on an empty store and asked over loopback, one question at
a time. Seconds on one machine say little on another, so both figures also stand as ratios against what cannot be
avoided: importing sentence-transformers, and embedding the question. ``first_byte_share`` is the share of a streamed
answer's time that passes before its first byte, from ``/v1/ask`` and ``/v1/chat/completions``.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from benchmarks.common import Figures, read_rows, run
from index.embedding import SentenceTransformerEmbedder

_ROUNDS = 5
_PATIENCE_SECONDS = 120


def measure(data: Path, limit: int | None = None) -> Figures:
    """Start the service, ask every question five times, and time what each is compared with."""
    questions = [row["question"] for row in read_rows(data, limit)]
    importing = _seconds(lambda: subprocess.run([sys.executable, "-c", "import sentence_transformers"], check=True))
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
        environment = {**os.environ, "PULLQUOTE_STORE": f"file:{folder}", "PULLQUOTE_LOG_LEVEL": "warning"}
        began = time.perf_counter()
        server = subprocess.Popen(command, env=environment)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
                _wait_until_ready(client)
                ready = time.perf_counter() - began
                # Every round asks differently, so that no vector is found in a cache.
                asks = [
                    _seconds(lambda asked=f"{question} {'?' * number}": _ask(client, asked))  # type: ignore[misc]
                    for number in range(_ROUNDS)
                    for question in questions
                ]
                shares = [
                    _share_before_first_byte(client, path, body)
                    for question in questions
                    for path, body in (
                        ("/v1/ask", {"question": f"{question} !"}),
                        ("/v1/chat/completions", {"messages": [{"role": "user", "content": f"{question} !!"}]}),
                    )
                ]
        finally:
            server.terminate()
            server.wait()
    embedder = SentenceTransformerEmbedder()
    embedder.encode_query("warm up")
    embeddings = [_seconds(lambda asked=question: embedder.encode_query(asked)) for question in questions]  # type: ignore[misc]
    ask, embedding = statistics.median(asks), statistics.median(embeddings)
    return {
        "asks": len(asks),
        "ask_median_ms": 1000 * ask,
        "ask_p95_ms": 1000 * statistics.quantiles(asks, n=20)[-1],
        "ask_to_embedding_ratio": ask / embedding,
        "first_byte_share_median": statistics.median(shares),
        "first_byte_share_worst": max(shares),
        "start_to_ready_s": ready,
        "start_to_import_ratio": ready / importing,
    }


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _ask(client: httpx.Client, question: str) -> None:
    client.post("/v1/ask", json={"question": question}).raise_for_status()


def _share_before_first_byte(client: httpx.Client, path: str, body: Mapping[str, object]) -> float:
    """Give the share of a streamed answer's time that passes before its first byte."""
    began = time.perf_counter()
    with client.stream("POST", path, json={**body, "stream": True}) as response:
        response.raise_for_status()
        parts = response.iter_raw()
        next(parts)
        first = time.perf_counter() - began
        for _ in parts:
            pass
    return first / (time.perf_counter() - began)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(client: httpx.Client) -> None:
    for _ in range(_PATIENCE_SECONDS * 20):
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError(f"The service was not ready within {_PATIENCE_SECONDS} seconds.")


if __name__ == "__main__":
    run(__doc__, measure)
