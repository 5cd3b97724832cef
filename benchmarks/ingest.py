"""Adding articles: the cost of splitting, attributing and storing, compared with embedding alone.

``python -m benchmarks.ingest --data news [--limit N] [--json]``

The passages of the first N articles (by default 200) are embedded by the bare model, in the batches that
sentence-transformers makes and the same number format. The articles are also added to an empty store: without
annotations, with the rules, with the speaker tagger of the settings, and with speakers and stances. These take turns at
parts of 40 articles, so that other load on the machine slows all alike. ``embedding_to_bare`` is the rate of embedding
within adding, over that of the bare model; ``stances_to_speakers`` the time of adding with stances, over that without.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from sentence_transformers import SentenceTransformer

from benchmarks.common import Figures, Rows, empty_service, read_rows, run
from benchmarks.news import article_of
from index.annotator import Annotator, open_annotator
from index.attribution.factory import open_tagger
from index.embedding import Embedder, Vectors, packaged_path, short_numbers
from index.formats import json_lines
from index.formats.collected.source import Source
from index.formats.reading import Original
from index.ingest import Ingester, embedding_texts
from index.pipeline import add_all
from index.text.chunking import chunk
from index.text.sentences import split_sentences
from index.types import Span, Statement
from service.settings import load_settings

_ARTICLES = 200
_PART = 40


class _Nobody:
    """A tagger that finds nothing."""

    name = "none"

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        return []


class _Timed:
    """An embedder that sums the seconds that it takes."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.dimension = embedder.name, embedder.dimension
        self.seconds = 0.0

    def encode_query(self, text: str) -> Vectors:
        return self._embedder.encode_query(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        began = time.perf_counter()
        vectors = self._embedder.encode_passages(texts)
        self.seconds += time.perf_counter() - began
        return vectors


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the rates of embedding the passages, and of adding the articles in four ways."""
    rows = read_rows(data / "articles.jsonl.gz", limit or _ARTICLES)
    model = SentenceTransformer(packaged_path(), device="cpu", local_files_only=True)
    settings = load_settings()
    taggers = {
        "none": Annotator(_Nobody()),
        "rules": Annotator(open_tagger("rules")),
        "speakers": Annotator(open_tagger(settings.attribution_model)),
        "set": open_annotator(settings.attribution_model, settings.stance_model),
    }
    seconds = dict.fromkeys(("bare", *taggers), 0.0)
    with ExitStack() as stack:
        services = {name: stack.enter_context(empty_service()) for name in taggers}
        timed = {name: _Timed(services["none"].embedder) for name in taggers}
        ingesters = {name: Ingester(services[name].store, timed[name], each) for name, each in taggers.items()}
        for start in range(0, len(rows), _PART):
            some = rows[start : start + _PART]
            texts = _texts(some)
            began = time.perf_counter()
            with short_numbers():
                model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)
            seconds["bare"] += time.perf_counter() - began
            for name, ingester in ingesters.items():
                began = time.perf_counter()
                for outcome in add_all(ingester, _sources(some)):
                    assert outcome.stored
                seconds[name] += time.perf_counter() - began
        passages = services["none"].store.counts().passages
    return {
        "articles": len(rows),
        "passages": passages,
        "bare_passages_per_s": passages / seconds["bare"],
        "embedding_to_bare": seconds["bare"] / timed["none"].seconds,
        "adding_without_speakers_to_bare": seconds["bare"] / seconds["none"],
        "adding_to_bare": seconds["bare"] / seconds["set"],
        "slower_with_rules": seconds["rules"] / seconds["none"] - 1,
        "slower_with_speakers": seconds["speakers"] / seconds["none"] - 1,
        "stances_to_speakers": seconds["set"] / seconds["speakers"],
    }


def _texts(rows: Rows) -> list[str]:
    articles = [article_of(row) for row in rows]
    return [text for each in articles for text in embedding_texts(each, chunk(each.text, split_sentences(each.text)))]


def _sources(rows: Rows) -> Iterator[Source]:
    for row in rows:
        line, url = json.dumps(row).encode(), row["url"]
        yield Source(url, url, 1, partial(Original, line, url, origin=url, parse=json_lines.read))


if __name__ == "__main__":
    run(__doc__, measure)
