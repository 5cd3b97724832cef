"""PostgreSQL against one machine: what both find, and how long it takes, by how much is filtered.

``python -m benchmarks.postgres --data news [--limit N] [--json]``

The passages of the first N articles (by default all: 95,000 passages) are written to a store on one machine, which
``pullquote copy`` then copies to a PostgreSQL server of its own. Their vectors are made of their words, by a random
direction for each, weighted by its rarity: no model's, but they take no hours, and what has words in common is near.
Publishers are given out so that a filter lets 100%, 10%, 1% or 0.1% of the articles through. The quiz's questions are
searched for in both, one after the other; what is nearest is computed by comparing all vectors.
"""

import re
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
import psycopg

from benchmarks.common import Figures, read_rows, run
from benchmarks.postgres_server import PostgresServer
from index import copying
from index.embedding import Vectors
from index.store.base import Given, Record, Store
from index.store.factory import open_store
from index.text.chunking import chunk
from index.text.sentences import split_sentences
from index.text.words import search_words
from index.types import Annotations, Article, Filters, Passage

_WORD = re.compile(r"\w{3,}")
_T = TypeVar("_T")
_DIMENSION = 384
_QUESTIONS = 60
_K = 20
_TOGETHER = 100
_NEAREST = 10
# One in how many articles each publisher has, and how many of these publishers a filter names.
_SHARES = {"thousandth": 1_000, "hundredth": 100, "tenth": 10}
_FILTERS = {"100": 0, "10": 3, "1": 2, "0.1": 1}
_SETTINGS = ("shared_buffers = 1GB", "maintenance_work_mem = 1GB", "max_parallel_maintenance_workers = 2")


class WordVectors:
    """Vectors made of words: each has a random direction."""

    def __init__(self) -> None:
        """Begin without having counted any words."""
        self._passages = 0
        self._standing: dict[str, int] = {}

    def count(self, texts: Sequence[str]) -> None:
        """Count in how many texts each word stands."""
        self._passages += len(texts)
        for text in texts:
            for each in _words(text):
                self._standing[each] = self._standing.get(each, 0) + 1

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of length 1, shape ``(len(texts), 384)``."""
        made: Vectors = np.stack([self._encode(text) for text in texts])
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return made

    def _encode(self, text: str) -> Vectors:
        words = sorted(_words(text)) or [""]
        rarity = [np.log(1 + self._passages / self._standing.get(each, 1)) for each in words]
        found: Vectors = np.asarray(rarity, dtype=np.float32) @ np.stack([_direction(each) for each in words])
        return found


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return what both stores find and how long they take."""
    questions = [row["question"] for row in read_rows(data / "questions.jsonl")][:: 615 // _QUESTIONS][:_QUESTIONS]
    with (
        tempfile.TemporaryDirectory() as folder,
        PostgresServer.running(settings=_SETTINGS) as server,
        server.database() as address,
    ):
        local, remote = open_store(f"file:{folder}"), open_store(address)
        vectors, figures = _filled(local, data, limit)
        figures |= _copied(local, remote, address)
        asked = list(zip(vectors.encode(questions), [search_words(each) for each in questions], strict=True))
        for share, first in _FILTERS.items():
            filters = Filters(publishers=tuple(_SHARES)[:first])
            figures |= _compared(local, remote, asked, share=share, filters=filters)
        local.close()
        remote.close()
    return figures


def _filled(store: Store, data: Path, limit: int | None) -> tuple[WordVectors, Figures]:
    """Write the articles with their vectors, by id; return what made the vectors."""
    store.bind("words", _DIMENSION)
    articles = [
        Article(row["text"], row.get("title") or "", key=row["url"], id=number, version=1, publisher=_publisher(number))
        for number, row in enumerate(read_rows(data / "articles.jsonl.gz", limit), start=1)
    ]
    spans = {each.id: chunk(each.text, split_sentences(each.text)) for each in articles}
    vectors = WordVectors()
    for article in articles:
        vectors.count([article.text[each.start : each.end] for each in spans[article.id]])
    last = 0

    def records() -> Iterator[Record]:
        nonlocal last
        for article in articles:
            passages = [
                Passage(each.start, each.end, each.sentences, None, last + at, article.id)
                for at, each in enumerate(spans[article.id], start=1)
            ]
            last += len(passages)
            made = vectors.encode([article.text[each.start : each.end] for each in passages])
            yield Record(article, tuple(passages), made, Annotations(""), (), None)

    transfer = store.transfer()
    transfer.begin("the benchmark")
    waiting = records()
    while batch := list(islice(waiting, _TOGETHER)):
        transfer.write(batch)
    transfer.finish(Given(len(articles), last))
    store.save_caches()
    return vectors, {"articles": len(articles), "passages": last}


def _copied(local: Store, remote: Store, address: str) -> Figures:
    began = time.perf_counter()
    done = copying.copy(local, remote, name="the benchmark")
    seconds = time.perf_counter() - began
    assert not done.faults, done.faults
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        sizes = {
            table: connection.execute(f"SELECT pg_total_relation_size('{table}')").fetchone()
            for table in ("articles", "passages", "vectors", "words", "terms", "bands")
        }
        indexed = connection.execute(
            "SELECT pg_relation_size(indexname::regclass) FROM pg_indexes WHERE indexdef LIKE '%USING hnsw%'"
        ).fetchone()
        rebuilt = time.perf_counter()
        connection.execute("REINDEX TABLE vectors")
        reindexed = time.perf_counter() - rebuilt
    passages = remote.counts().passages
    total = sum(size[0] for size in sizes.values() if size)
    return {
        "copy_s": seconds,
        "copied_passages_per_s": passages / seconds,
        "hnsw_build_s": reindexed,
        "bytes_a_passage": total / passages,
        **{f"{table}_bytes_a_passage": size[0] / passages for table, size in sizes.items() if size},
        "hnsw_bytes_a_passage": indexed[0] / passages if indexed else 0,
    }


def _compared(
    local: Store, remote: Store, asked: Sequence[tuple[Vectors, list[str]]], *, share: str, filters: Filters
) -> Figures:
    """Return, for one filter, how much of what is nearest is found, whether words agree, and the times."""
    exact = _exactly(local, [vector for vector, _ in asked], filters=filters)
    recalls: dict[str, list[float]] = {"local": [], "postgres": []}
    seconds: dict[str, list[float]] = {}
    agree = 0
    for (vector, words), nearest in zip(asked, exact, strict=True):
        ranked = []
        for name, store in (("local", local), ("postgres", remote)):
            for kind, wanted in (("search", words), ("dense", [])):
                took, found = _timed(lambda: store.search(vector, wanted, k=_K, filters=filters))  # noqa: B023
                seconds.setdefault(f"{name}_{kind}", []).append(took)
                if kind == "search":
                    ranked.append([passage for passage, _ in found.lexical])
                    best = {passage for passage, _ in found.dense[:_NEAREST]}
                    recalls[name].append(len(best & nearest) / max(len(nearest), 1))
        agree += ranked[0] == ranked[1]
    medians = {name: 1000 * statistics.median(times) for name, times in seconds.items()}
    return {
        **{f"recall_at_10_{name}_{share}%": statistics.mean(each) for name, each in recalls.items()},
        f"words_ranked_alike_{share}%": agree / len(asked),
        **{f"{name}_ms_{share}%": each for name, each in medians.items()},
        f"search_to_local_{share}%": medians["postgres_search"] / medians["local_search"],
    }


def _exactly(store: Store, asked: Sequence[Vectors], *, filters: Filters) -> list[set[int]]:
    """Return the ids of the ten passages nearest to each vector, found by comparing all."""
    ids: list[int] = []
    rows: list[Vectors] = []
    transfer = store.transfer()
    after = 0
    while page := store.articles(limit=500, after=after):
        after = page[-1].id
        for each in page:
            if not filters.publishers or each.publisher in filters.publishers:
                record = transfer.record(each.id)
                ids += [passage.id for passage in record.passages]
                rows.append(record.vectors)
    scores = np.concatenate(rows) @ np.stack(asked).T
    return [{ids[row] for row in np.argsort(-scores[:, number])[:_NEAREST]} for number in range(len(asked))]


def _timed(work: Callable[[], _T]) -> tuple[float, _T]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _publisher(number: int) -> str:
    return next((name for name, every in _SHARES.items() if number % every == every // 2), "most")


@lru_cache(100_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


@lru_cache(200_000)
def _direction(word: str) -> Vectors:
    made: Vectors = np.random.default_rng(zlib.crc32(word.encode())).standard_normal(_DIMENSION, dtype=np.float32)
    return made


if __name__ == "__main__":
    run(__doc__, measure)
