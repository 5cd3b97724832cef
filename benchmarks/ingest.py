"""Adding articles: what finding who said what costs, in one run.

``python -m benchmarks.ingest --data news [--limit N] [--json]``

The first N articles (100) are added to an empty store without looking for speakers, with the rules, and with the tagger
that is set, in batches that take turns, so that whatever else the machine does slows all alike.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.common import Figures, empty_service, read_rows, run
from benchmarks.news import article_of
from index.attribution.opening import open_tagger
from index.ingest import Ingester
from index.types import Span, Statement
from service.settings import load_settings

_ARTICLES = 100
_BATCH = 5


class _Nobody:
    """A tagger that does not look."""

    name = "none"

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        return []


def measure(data: Path, limit: int | None = None) -> Figures:
    """Add the articles three times."""
    articles = [article_of(row) for row in read_rows(data / "articles.jsonl.gz", limit or _ARTICLES)]
    taggers = {"none": _Nobody(), "rules": open_tagger("rules"), "set": open_tagger(load_settings().attribution_model)}
    seconds = dict.fromkeys(taggers, 0.0)
    with ExitStack() as stack:
        parts = {name: stack.enter_context(empty_service()) for name in taggers}
        ingesters = {name: Ingester(parts[name].store, parts["none"].embedder, each) for name, each in taggers.items()}
        for start in range(0, len(articles), _BATCH):
            for name, ingester in ingesters.items():
                began = time.perf_counter()
                for article in articles[start : start + _BATCH]:
                    ingester.add(article)
                seconds[name] += time.perf_counter() - began
        passages = parts["none"].store.counts().passages
    return {
        "articles": len(articles),
        "passages": passages,
        "passages_per_s_without_speakers": passages / seconds["none"],
        "slower_with_rules": seconds["rules"] / seconds["none"] - 1,
        "slower_with_speakers": seconds["set"] / seconds["none"] - 1,
    }


if __name__ == "__main__":
    run(__doc__, measure)
