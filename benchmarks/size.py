"""Size: searching a million passages, compared with the exact index.

``python -m benchmarks.size --data news --store FOLDER [--limit N] [--json]``

FOLDER holds the news archive (as ``benchmarks.archive --store`` leaves it). A store of N passages (1,000,000) is made
of it: new articles whose passages are taken from the archive at random, word for word, each with a synthetic vector, a
mixture of two of the archive's with some noise. The questions are those of the news, with their own vectors.
``recall_at_10`` is the share of the exact index's ten best that the store finds; the ratios compare medians of one run.
``hnsw_…`` is the same for the other usual index, FAISS's HNSW graph, over the archive's own vectors.
"""

import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import faiss
import numpy as np

from benchmarks.common import Figures, read_rows, run
from index.embedding import SentenceTransformerEmbedder, Vectors
from index.errors import SettingsError
from index.store.sqlite.store import SqliteStore
from index.text.words import search_words
from index.types import Article, Filters, PassageSpan, Span

_PASSAGES = 1_000_000
_AN_ARTICLE = 100
_K = 20
_TIMED = 200
_NEIGHBOURS = 32
_SEARCHED = 256


def measure(data: Path, limit: int | None = None, store: Path | None = None) -> Figures:
    """Return the figures of filling, clustering and searching the store."""
    if store is None:
        raise SettingsError("There is no store with the news archive.", remedy="Name one with --store.")
    total = limit or _PASSAGES
    questions = [row["question"] for row in read_rows(data / "questions.jsonl") if row["answer_in"]]
    embedder = SentenceTransformerEmbedder()
    asked = np.stack([embedder.encode_query(question) for question in questions])
    with tempfile.TemporaryDirectory() as scratch:
        texts, own = _archive(store)
        figures = _hnsw(own, asked)
        large = SqliteStore(Path(scratch))
        large.bind(embedder.name, embedder.dimension)
        began = time.perf_counter()
        vectors = _fill(large, texts, own, total)
        filled = time.perf_counter() - began
        exact = faiss.IndexFlatIP(embedder.dimension)
        exact.add(vectors)
        best = exact.search(asked, 10)[1] + 1
        exactly = _timed(lambda at: exact.search(asked[at : at + 1], _K))
        large.refresh()
        began = time.perf_counter()
        large.save_caches()
        clustered = time.perf_counter() - began
        nothing: list[str] = []
        dense = [large.search(vector, nothing, k=_K, filters=Filters()).dense for vector in asked]
        found = [{passage_id for passage_id, _ in each[:10]} for each in dense]
        index = large._cache._index
        assert index is not None and index.clustered
        searching = _timed(lambda at: index.search(asked[at], k=4 * _K))
        densely = _timed(lambda at: large.search(asked[at], nothing, k=_K, filters=Filters()))
        wholly = _timed(lambda at: large.search(asked[at], search_words(questions[at]), k=_K, filters=Filters()))
        began = time.perf_counter()
        large.remove(7)
        large.search(asked[0], nothing, k=_K, filters=Filters())
        removed = time.perf_counter() - began
        large.close()
        again = SqliteStore(Path(scratch))
        began = time.perf_counter()
        again.refresh()
        loaded = time.perf_counter() - began
        again.close()
        cache = Path(scratch, "vectors.faiss").stat().st_size
    return {
        "passages": total,
        "recall_at_10": statistics.mean(len(a & set(b.tolist())) / 10 for a, b in zip(found, best, strict=True)),
        "exact_median_ms": 1000 * exactly[0],
        "index_median_ms": 1000 * searching[0],
        "index_to_exact": searching[0] / exactly[0],
        "dense_search_median_ms": 1000 * densely[0],
        "search_median_ms": 1000 * wholly[0],
        "search_p95_ms": 1000 * wholly[1],
        "exact_mb": vectors.nbytes / 1e6,
        "index_mb": cache / 1e6,
        "fill_s": filled,
        "cluster_s": clustered,
        "load_s": loaded,
        "remove_and_search_s": removed,
        **figures,
    }


def _timed(action: Callable[[int], object]) -> tuple[float, float]:
    """Return the median and the 95th percentile of the seconds that ``action`` takes for each of 200 questions."""
    seconds = []
    for at in range(_TIMED):
        began = time.perf_counter()
        action(at)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


def _archive(folder: Path) -> tuple[list[str], Vectors]:
    """Return the passages of the archive, and their vectors."""
    store = SqliteStore(folder)
    texts = []
    after = 0
    while page := store.articles(limit=500, after=after):
        after = page[-1].id
        for summary in page:
            text = store.article(summary.id).text
            texts += [text[each.start : each.end].strip() for each in store.passages(summary.id)]
    store.refresh()
    index = store._cache._index
    assert index is not None and not index.clustered
    vectors = faiss.downcast_index(index._index.index).reconstruct_n(0, len(index))
    store.close()
    return texts, vectors


def _fill(store: SqliteStore, texts: list[str], own: Vectors, total: int) -> Vectors:
    """Store the passages, and return all vectors in the order of the passages' ids."""
    rng, numbers = random.Random(7), np.random.default_rng(7)  # noqa: S311
    made = []
    for number in range(0, total, _AN_ARTICLE):
        count = min(_AN_ARTICLE, total - number)
        one, other = own[numbers.integers(len(own), size=count)], own[numbers.integers(len(own), size=count)]
        share = numbers.uniform(0.5, 0.9, size=(count, 1)).astype(np.float32)
        mixed = share * one + (1 - share) * other + numbers.normal(0, 0.02, one.shape).astype(np.float32)
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        passages = [f"{text}\n\n" for text in rng.choices(texts, k=count)]
        article = Article(key=f"made:{number}", text="".join(passages), title="")
        store.put(article, list(_spans(passages)), mixed)
        made.append(mixed)
    return np.concatenate(made)


def _spans(passages: list[str]) -> Iterator[PassageSpan]:
    ends = list(itertools.accumulate(map(len, passages)))
    for start, end in zip([0, *ends], ends, strict=False):
        yield PassageSpan(start, end, (Span(start, end - 2),))


def _hnsw(vectors: Vectors, asked: Vectors) -> Figures:
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)
    best = exact.search(asked, 10)[1]
    graph = faiss.IndexHNSWFlat(vectors.shape[1], _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    began = time.perf_counter()
    graph.add(vectors)
    made = time.perf_counter() - began
    graph.hnsw.efSearch = _SEARCHED
    found = graph.search(asked, 10)[1]
    exactly = _timed(lambda at: exact.search(asked[at : at + 1], _K))
    searching = _timed(lambda at: graph.search(asked[at : at + 1], _K))
    return {
        "hnsw_passages": len(vectors),
        "hnsw_recall_at_10": statistics.mean(len(set(a) & set(b)) / 10 for a, b in zip(found, best, strict=True)),
        "hnsw_to_exact": searching[0] / exactly[0],
        "hnsw_make_s": made,
    }


if __name__ == "__main__":
    run(__doc__, measure, keeps_store=True)
