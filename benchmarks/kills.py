"""Kills: a process that writes to a store is killed at random moments, again and again, and nothing may be lost.

``python -m benchmarks.kills [--kills N] [--victim writer|server|both] [--json]``

With ``server`` or ``both`` the store is a PostgreSQL database: its server is killed, or server and writer in turn.
After the server was started again, the writer must go on by itself, before it is killed too.

A process adds, replaces and removes articles as fast as it can, saves the caches now and then, and prints each commit;
after up to a second it gets SIGKILL. Then the store must be sound (``pullquote check``) and hold every article as it
was when its commit was printed, except for the one commit that may not have been printed any more. Each article must be
whole: its text, its passages, and their words and vectors. The next process goes on in the same store. The vectors are
made of hashes of words, since their meaning makes no difference to a store.
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.common import Figures
from benchmarks.postgres_server import PostgresServer
from index.embedding import Vectors
from index.ingest import Ingester, embedding_texts
from index.store.base import Store
from index.store.factory import open_store
from index.types import Article, Filters

_DIMENSION = 64
_KILLS = 120
_KEYS = 60
_SAVED_EVERY = 25
_LONGEST_SECONDS = 1.0
_PATIENCE_SECONDS = 30.0
_GONE = ("", 0)


class _HashEmbedder:
    """An embedder that gives texts with the same words the same vector."""

    name, dimension = "hashes", _DIMENSION

    def encode_query(self, text: str) -> Vectors:
        digest = hashlib.shake_256(text.encode()).digest(4 * _DIMENSION)
        vector = np.frombuffer(digest, dtype="<i4").astype(np.float32)
        return vector / np.linalg.norm(vector)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.encode_query(text) for text in texts])


def measure(data: Path | None = None, limit: int | None = None, victim: str = "") -> Figures:
    """Return what was lost in ``limit`` kills (by default 120); no data is needed."""
    kills = limit or _KILLS
    rng = random.Random(7)  # noqa: S311
    lost = halves = unsound = commits = stuck = 0
    with _address(victim) as (address, server):
        expected: dict[str, int] = {}
        for number in range(kills):
            killed = server if victim == "server" or number % 2 else None
            said = _until_killed(address, number, seconds=rng.uniform(0, _LONGEST_SECONDS), server=killed)
            commits += len(said)
            stuck += bool(killed) and said[-1] == _GONE
            said = [each for each in said if each != _GONE]
            for key, version in said:
                expected[key] = version
            store = open_store(address)
            store.bind(_HashEmbedder.name, _DIMENSION)
            faults = store.check()
            unsound += bool(faults)
            found = {each.key: store.article(each.id) for each in store.articles(limit=10 * _KEYS)}
            halves += sum(not _whole(store, article) for article in found.values())
            stands = {key: _version_of(found[key]) if key in found else 0 for key in {*expected, *found}}
            # The last commit may not have been printed any more.
            off = [key for key, version in stands.items() if version != expected.get(key, 0)]
            lost += max(0, len(off) - 1)
            expected = {key: version for key, version in stands.items() if version}
            store.close()
            print(f"{number + 1} kills, {commits} commits, {lost} lost, {halves} halves, {unsound} unsound", flush=True)
    figures: Figures = {"kills": kills, "commits": commits, "lost": lost, "halves": halves, "unsound": unsound}
    return {**figures, "stuck": stuck} if victim in ("server", "both") else figures


@contextmanager
def _address(victim: str) -> Iterator[tuple[str, PostgresServer | None]]:
    """Yield the address of an empty store, and its server if it has one."""
    if victim in ("server", "both"):
        with PostgresServer.running() as server, server.database() as address:
            yield address, server
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"file:{folder}", None


def _until_killed(address: str, number: int, *, seconds: float, server: PostgresServer | None) -> list[tuple[str, int]]:
    """Start a writing process, kill it that many seconds after its first commit, and return what it printed.

    A ``server`` is killed before it and started again; ``_GONE`` comes last if the writer did not go on then.
    """
    command = [sys.executable, "-m", "benchmarks.kills", "--write-to", address, "--seed", str(number)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    said: list[bytes] = []
    listening = threading.Thread(target=said.extend, args=(writer.stdout,))
    listening.start()
    _wait_for(said, 1)
    time.sleep(seconds)
    went_on = True
    if server:
        server.kill()
        server.start()
        went_on = _wait_for(said, len(said) + 1)
    writer.kill()
    writer.wait()
    listening.join()
    # The kill may have cut the last line short.
    lines = [line for line in said if line.endswith(b"\n")]
    found = [(key, int(version)) for key, version in (line.decode().split() for line in lines)]
    return found if went_on else [*found, _GONE]


def _wait_for(said: Sequence[bytes], count: int) -> bool:
    """Wait until so many lines were said; return whether they were."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while len(said) < count and time.monotonic() < deadline:
        time.sleep(0.001)
    return len(said) >= count


def _write(address: str, seed: int) -> None:
    """Write articles until killed, printing each commit."""
    rng = random.Random(seed)  # noqa: S311
    store = open_store(address)
    ingester = Ingester(store, _HashEmbedder())
    ids = {each.key: each.id for each in store.articles(limit=10 * _KEYS)}
    for number in range(sys.maxsize):
        key = f"key{rng.randrange(_KEYS)}"
        if key in ids and rng.random() < 0.2:
            store.remove(ids.pop(key))
            print(key, 0, flush=True)
        else:
            version = seed * 100_000 + number + 1
            ids[key] = ingester.add(_article(key, version)).id
            print(key, version, flush=True)
        if number % _SAVED_EVERY == _SAVED_EVERY - 1:
            store.save_caches()


def _article(key: str, version: int) -> Article:
    rng = random.Random(f"{key} {version}")  # noqa: S311
    sentences = [
        f"In version {version} of {key}, bridge {rng.randrange(10**6)} was {rng.choice(['opened', 'painted'])} by"
        f" {rng.choice(['the mayor', 'the council', 'nobody'])} on day {at}."
        for at in range(rng.randrange(5, 60))
    ]
    return Article(key=key, text=" ".join(sentences), title=f"Version {version}")


def _version_of(article: Article) -> int:
    return int(article.title.rpartition(" ")[2])


def _whole(store: Store, article: Article) -> bool:
    """Whether an article is as it was written, and is found by the vector and the words of each passage."""
    if article.text != _article(article.key, _version_of(article)).text:
        return False
    passages = store.passages(article.id)
    vectors = _HashEmbedder().encode_passages(embedding_texts(article, passages))
    for passage, vector in zip(passages, vectors, strict=True):
        words = article.text[passage.start : passage.end].split()
        found = store.search(vector, [words[4], words[6].strip(",")], k=3, filters=Filters(article_ids=(article.id,)))
        if not found.dense or found.dense[0][0] != passage.id or not found.lexical:
            return False
    return "".join(article.text[each.start : each.end] for each in passages) == article.text


def main() -> None:
    """Run the benchmark, or write in the process that it kills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=_KILLS)
    parser.add_argument("--json", action="store_true", help="print one JSON object of figures as the last line")
    parser.add_argument("--victim", choices=["writer", "server", "both"], default="writer")
    parser.add_argument("--write-to", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write_to:
        _write(options.write_to, options.seed)
    figures = measure(limit=options.kills, victim=options.victim)
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
