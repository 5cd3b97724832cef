"""Speed: from process start to ready, and an ask over HTTP on a warm service.

``python -m benchmarks.speed --data seed_questions.jsonl [--limit N] [--json]``

``pullquote serve`` is started on an empty store and asked over loopback, one question at a time. Seconds on one machine
say little about another, so both figures are also given as ratios to what cannot be avoided: importing
sentence-transformers, and embedding the question. ``first_byte_share`` is the share of a streamed
answer's time that passes before its first byte, from ``/v1/ask`` and ``/v1/chat/completions``.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from benchmarks.common import Figures, read_rows, run
from benchmarks.serving import ask, serving
from index.embedding import SentenceTransformerEmbedder

_ROUNDS = 5


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the seconds to start and to answer every question five times, and those of the unavoidable parts."""
    questions = [row["question"] for row in read_rows(data, limit)]
    importing = _seconds(lambda: subprocess.run([sys.executable, "-c", "import sentence_transformers"], check=True))
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with serving(Path(folder)) as client:
            ready = time.perf_counter() - began
            # Every round words the question differently, so that no cache has its vector.
            asks = [ask(client, f"{question} {'?' * number}") for number in range(_ROUNDS) for question in questions]
            shares = [
                _share_before_first_byte(client, path, body)
                for question in questions
                for path, body in (
                    ("/v1/ask", {"question": f"{question} !"}),
                    ("/v1/chat/completions", {"messages": [{"role": "user", "content": f"{question} !!"}]}),
                )
            ]
    embedder = SentenceTransformerEmbedder()
    embedder.encode_query("warm up")
    embeddings = [_seconds(lambda asked=question: embedder.encode_query(asked)) for question in questions]  # type: ignore[misc]
    asking, embedding = statistics.median(asks), statistics.median(embeddings)
    return {
        "asks": len(asks),
        "ask_median_ms": 1000 * asking,
        "ask_p95_ms": 1000 * statistics.quantiles(asks, n=20)[-1],
        "ask_to_embedding_ratio": asking / embedding,
        "first_byte_share_median": statistics.median(shares),
        "first_byte_share_worst": max(shares),
        "start_to_ready_s": ready,
        "start_to_import_ratio": ready / importing,
    }


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _share_before_first_byte(client: httpx.Client, path: str, body: Mapping[str, object]) -> float:
    """Return the share of a streamed answer's time that passes before its first byte."""
    began = time.perf_counter()
    with client.stream("POST", path, json={**body, "stream": True}) as response:
        response.raise_for_status()
        parts = response.iter_raw()
        next(parts)
        first = time.perf_counter() - began
        for _ in parts:
            pass
    return first / (time.perf_counter() - began)


if __name__ == "__main__":
    run(__doc__, measure)
