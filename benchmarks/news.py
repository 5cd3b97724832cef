"""News: whether the answer is inside the first quote, or the first three, among thousands of articles.

``python -m benchmarks.news --data FOLDER [--limit N] [--store FOLDER] [--json]``

FOLDER holds ``articles.jsonl.gz`` and ``questions.jsonl``. Only questions whose answer is in some article are asked,
and only the first 350 characters of a quote count. "ranked" also counts the nearest passages after a refusal; "then"
asks questions that say "this week" or the like on the day of the quiz instead of today. With ``--limit``, only the
articles that answer the first N questions, and ten times as many others, are indexed. ``--store`` keeps the store for
another run.
"""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from benchmarks.common import Figures, Rows, empty_service, inside, read_rows, run, service_at
from index.types import Article
from service.answering.answer import PASSAGES_READ
from service.answering.question.time_scope import time_scope
from service.answering.types import Answer, Quote
from service.assembly import Services

QUOTE_CHARACTERS = 350
_OTHERS = 10


def measure(data: Path, limit: int | None = None, store: Path | None = None) -> Figures:
    """Return the figures of asking every question that has an answer."""
    questions, articles = load(data, limit)
    counts = dict.fromkeys(("first", "first_three", "ranked_first", "ranked_three"), 0)
    then = dict.fromkeys(("then_first", "then_first_three"), 0)
    searching: list[int] = []
    reading: list[int] = []
    with filled(articles, store) as services:
        passages = services.store.counts().passages
        for row in questions:
            answer = services.answerer.ask(row["question"], max_quotes=3)
            shown = answer.quotes or answer.nearest
            searching.append(answer.took_ms.search)
            reading.append(answer.took_ms.read)
            counts["first"] += within(row["answer"], answer.quotes[:1])
            counts["first_three"] += within(row["answer"], answer.quotes)
            counts["ranked_first"] += within(row["answer"], shown[:1])
            counts["ranked_three"] += within(row["answer"], shown)
            day = date.fromisoformat(row["asked"])
            if time_scope(row["question"], day):
                answer = services.answerer.ask(row["question"], max_quotes=3, today=day)
            then["then_first"] += within(row["answer"], answer.quotes[:1])
            then["then_first_three"] += within(row["answer"], answer.quotes)
    shares = {name: count / len(questions) for name, count in (counts | then).items()}
    return {
        "questions": len(questions),
        "articles": len(articles),
        "passages": passages,
        **shares,
        "search_median_ms": statistics.median(searching),
        "passages_read": PASSAGES_READ,
        "read_median_ms": statistics.median(reading),
    }


def score(questions: Rows, ask: Callable[..., Answer]) -> Figures:
    """Return the shares of questions whose answer stands in the first quote, and in the first three."""
    answers = [ask(row["question"], max_quotes=3).quotes for row in questions]
    first = [within(row["answer"], quotes[:1]) for row, quotes in zip(questions, answers, strict=True)]
    first_three = [within(row["answer"], quotes) for row, quotes in zip(questions, answers, strict=True)]
    return {"first": sum(first) / len(questions), "first_three": sum(first_three) / len(questions)}


def load(data: Path, limit: int | None = None) -> tuple[Rows, list[Article]]:
    """Return the answerable questions and the articles."""
    questions = [row for row in read_rows(data / "questions.jsonl") if row["answer_in"]][:limit]
    rows = read_rows(data / "articles.jsonl.gz")
    if limit:
        needed = {url for row in questions for url in row["answer_in"]}
        others = [row for row in rows if row["url"] not in needed][: _OTHERS * len(questions)]
        rows = [row for row in rows if row["url"] in needed] + others
    return questions, [article_of(row) for row in rows]


@contextmanager
def filled(articles: list[Article], store: Path | None = None) -> Iterator[Services]:
    """Yield the services over a store with the articles; those that it already holds are not embedded again."""
    with service_at(store) if store else empty_service() as services:
        for article in articles:
            services.ingester.add(article)
        yield services


def within(answer: str, quotes: tuple[Quote, ...]) -> bool:
    """Whether the first 350 characters of a quote have the answer."""
    return any(inside(answer, quote.text[:QUOTE_CHARACTERS]) for quote in quotes)


def article_of(row: dict[str, str]) -> Article:
    """Return the article of a row of the archive."""
    published = date.fromisoformat(row["published"][:10]) if row.get("published") else None
    return Article(key=row["url"], text=row["text"], title=row["title"], url=row["url"], published=published)


if __name__ == "__main__":
    run(__doc__, measure, keeps_store=True)
