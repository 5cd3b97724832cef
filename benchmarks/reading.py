"""Reading comprehension: the short answer in its own paragraph, and the quote among all paragraphs.

``python -m benchmarks.reading --data xquad_en.jsonl.gz [--limit N] [--json]``

With the gold paragraph, read as one passage: exact match and F1 of the best quote's highlighted words. Open: every
paragraph is an article, and every question is asked of them all.

Where the data has ``impossible`` questions, SQuAD 2.0's own figures are given too: exact match and F1 over all
questions, 1 for an impossible one that is refused and 0 for any other that is; at our threshold, and at the best one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.abstention import refusal_auroc
from benchmarks.common import Figures, Rows, empty_service, inside, read_rows, run
from benchmarks.spans import exact_match, f1
from index.text.sentences import split_sentences
from index.types import Article, Filters, Hit, Passage
from service.answering.types import Answer, ScoredSpan
from service.assembly import Services


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the figures of reading gold paragraphs, and of asking over all paragraphs."""
    rows = read_rows(data, limit)
    with empty_service() as services:
        contexts = {row["context"]: None for row in rows}
        ids = {context: services.ingester.add(_article(context)).id for context in contexts}
        figures = _with_paragraph(services, rows, ids)
        figures |= _open(services, [row for row in rows if _answerable(row)])
    return figures


def _with_paragraph(services: Services, rows: Rows, ids: dict[str, int]) -> Figures:
    exact, overlap, confidence = [], [], []
    threshold = services.reader.threshold
    for row in rows:
        hits = services.searcher.search(row["question"], filters=Filters(article_ids=(ids[row["context"]],))).hits
        best = services.reader.read(row["question"], [_whole(hits)])[0]
        confidence.append(best.confidence)
        if _answerable(row):
            golds = [each["text"] for each in row["answers"]]
            exact.append(max(exact_match(_words(best), gold) for gold in golds))
            overlap.append(max(f1(_words(best), gold) for gold in golds))
    figures: Figures = {"questions": len(rows)}
    if exact:
        figures |= {"exact_match": sum(exact) / len(exact), "f1": sum(overlap) / len(overlap)}
    answerable = [_answerable(row) for row in rows]
    if len(set(answerable)) > 1:
        refused = [each < threshold for each, could in zip(confidence, answerable, strict=True) if not could]
        figures |= {
            "refusal_auroc": refusal_auroc(answerable, confidence),
            "impossible_refused": sum(refused) / len(refused),
            **_official("exact", answerable, confidence, exact, threshold),
            **_official("f1", answerable, confidence, overlap, threshold),
        }
    return figures


def _official(
    name: str, answerable: Sequence[bool], confidence: Sequence[float], scores: Sequence[float], threshold: float
) -> Figures:
    """Return SQuAD 2.0's figure at ``threshold`` and at the best one; ``scores`` are of the answerable questions."""
    given = iter(scores)
    # What each question is worth if it is answered, and if it is refused.
    worth = [(next(given), 0.0) if could else (0.0, 1.0) for could in answerable]

    def at(least: float) -> float:
        pairs = zip(worth, confidence, strict=True)
        return sum(answered if sure >= least else refused for (answered, refused), sure in pairs) / len(worth)

    return {
        f"official_{name}": at(threshold),
        f"official_best_{name}": max(at(least) for least in (*sorted(set(confidence)), 1.1)),
    }


def _open(services: Services, rows: Rows) -> Figures:
    """Return the shares of answers in the quotes; "ranked" also counts the nearest passages after a refusal."""
    if not rows:
        return {}
    counts = dict.fromkeys(("open_first", "open_first_three", "open_ranked_first", "open_ranked_three"), 0)
    for row in rows:
        answer = services.answerer.ask(row["question"], max_quotes=3)
        golds = [each["text"] for each in row["answers"]]
        counts["open_first"] += _has(answer, golds, 1, refused_too=False)
        counts["open_first_three"] += _has(answer, golds, 3, refused_too=False)
        counts["open_ranked_first"] += _has(answer, golds, 1, refused_too=True)
        counts["open_ranked_three"] += _has(answer, golds, 3, refused_too=True)
    return {name: count / len(rows) for name, count in counts.items()}


def _has(answer: Answer, golds: list[str], most: int, *, refused_too: bool) -> bool:
    quotes = answer.quotes or (answer.nearest if refused_too else ())
    return any(inside(gold, quote.text) for gold in golds for quote in quotes[:most])


def _whole(hits: list[Hit]) -> Hit:
    """Return an article's hits as one passage, with the score of the best one."""
    article = hits[0].article
    sentences = tuple(split_sentences(article.text))
    dense = max(hit.dense or 0.0 for hit in hits)
    return Hit(article, Passage(0, len(article.text), sentences), dense, None, 0.0)


def _answerable(row: dict[str, Any]) -> bool:
    return not row.get("impossible", not row["answers"])


def _words(span: ScoredSpan) -> str:
    start, end = span.highlights[0] if span.highlights else span.span
    return span.article.text[start:end]


def _article(context: str) -> Article:
    return Article(key=f"paragraph:{context}", text=context, title="", title_given=False)


if __name__ == "__main__":
    run(__doc__, measure)
