"""An archive: the cost of adding it, and of asking it and checking quotations against it.

``python -m benchmarks.archive --data news [--limit N] [--store FOLDER] [--json]``

``pullquote add`` adds the first N articles (by default all) from a JSON lines file to an empty store. A ``pullquote
serve`` on a copy of it is asked questions that some article answers: first while nothing else runs, then while another
process adds 600 slightly changed articles. It also verifies sentences of articles, unchanged and with a word left out.
"""

import json
import random
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.common import Figures, Rows, read_rows, run
from benchmarks.serving import ask, command, environment, serving
from index.text.sentences import split_sentences

_ASKED = 100
_VERIFIED = 100
_MORE = 600
_SEED = 7


def measure(data: Path, limit: int | None = None, store: Path | None = None) -> Figures:
    """Return the figures of adding, asking, verifying, and asking while articles are added."""
    articles = read_rows(data / "articles.jsonl.gz", limit)
    questions = [row["question"] for row in read_rows(data / "questions.jsonl") if row["answer_in"]][: 2 * _ASKED]
    with tempfile.TemporaryDirectory() as scratch:
        added = _add(store or Path(scratch, "store"), articles)
        copy = Path(scratch, "copy")
        shutil.copytree(store or Path(scratch, "store"), copy)
        with serving(copy) as client:
            quiet = [ask(client, question) for question in questions[:_ASKED]]
            sentences = _sentences(articles)
            found = [_verify(client, sentence, "found") for sentence in sentences]
            altered = [_verify(client, _shorter(sentence), "altered") for sentence in sentences]
            busy = _ask_while_adding(copy, client, questions[_ASKED:], articles)
    return {
        **added,
        "asks": len(quiet),
        "ask_median_ms": 1000 * statistics.median(quiet),
        "ask_p95_ms": 1000 * statistics.quantiles(quiet, n=20)[-1],
        "ask_while_adding_median_ms": 1000 * statistics.median(busy),
        "ask_while_adding_ratio": statistics.median(busy) / statistics.median(quiet),
        "verify_found_median_ms": 1000 * statistics.median(seconds for seconds, _ in found),
        "verify_found": sum(right for _, right in found) / len(found),
        "verify_altered_median_ms": 1000 * statistics.median(seconds for seconds, _ in altered),
        "verify_altered": sum(right for _, right in altered) / len(altered),
    }


def _add(folder: Path, articles: Rows) -> Figures:
    with _written(articles) as path:
        said = subprocess.run(command("add", path, "--json"), env=environment(folder), check=True, capture_output=True)
    added = json.loads(said.stdout)
    return {
        "articles": len(articles),
        "passages": added["passages"],
        "add_s": added["seconds"],
        "passages_per_s": added["passages"] / added["seconds"],
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000,
        "store_mb": sum(path.stat().st_size for path in folder.iterdir()) / 1e6,
        "text_mb": sum(len(row["text"].encode()) for row in articles) / 1e6,
    }


@contextmanager
def _written(articles: Rows) -> Iterator[str]:
    """Write articles to a JSON lines file and return its path."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in articles)
        file.flush()
        yield file.name


def _ask_while_adding(folder: Path, client: httpx.Client, questions: Sequence[str], articles: Rows) -> list[float]:
    more = [{**row, "url": f"{row['url']}#more", "text": f"{row['text']}\n\nMore."} for row in articles[:_MORE]]
    with _written(more) as path:
        adding = subprocess.Popen(command("add", path, "--json"), env=environment(folder), stdout=subprocess.DEVNULL)
        before = _count(client)
        while _count(client) == before and adding.poll() is None:
            time.sleep(0.5)
        seconds: list[float] = []
        for question in questions:
            if adding.poll() is not None:
                break
            seconds.append(ask(client, question))
        adding.kill()
        adding.wait()
    return seconds


def _count(client: httpx.Client) -> int:
    return int(client.get("/readyz").json()["articles"])


def _sentences(articles: Rows) -> list[str]:
    """Return sentences of at least ten words, one from each article."""
    rng = random.Random(_SEED)  # noqa: S311
    chosen = []
    for row in rng.sample(articles, min(len(articles), 2 * _VERIFIED)):
        spans = [each for each in split_sentences(row["text"]) if 60 < each.end - each.start < 300]
        chosen += [row["text"][slice(*rng.choice(spans))]] if spans else []
    return chosen[:_VERIFIED]


def _shorter(sentence: str) -> str:
    """Return the sentence without its fifth word."""
    words = sentence.split()
    return " ".join(words[:4] + words[5:])


def _verify(client: httpx.Client, text: str, expected: str) -> tuple[float, bool]:
    """Return the seconds that verifying takes, and whether the verdict is as expected."""
    began = time.perf_counter()
    response = client.post("/v1/verify", json={"quotes": [{"text": text}]}).raise_for_status()
    return time.perf_counter() - began, response.json()["quotes"][0]["status"] == expected


if __name__ == "__main__":
    run(__doc__, measure, keeps_store=True)
