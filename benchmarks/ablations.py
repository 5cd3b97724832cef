"""Ablations on the news: what each part adds to finding the answer in the first quote, or the first three.

``python -m benchmarks.ablations --data FOLDER [--limit N] [--store FOLDER] [--json]``

The data, the store and the rule are those of ``benchmarks.news``, but nothing is refused, and only every fifth question
is asked. Without a reader the quotes are the first 350 characters of the best passages.
"""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import Figures, inside, run
from benchmarks.news import QUOTE_CHARACTERS, filled, load
from index.types import Hit
from service.answering.answer import PASSAGES_READ
from service.answering.quoting.selection import take_quotes
from service.answering.reading.reader import Reader
from service.answering.reading.simple_reader import SimpleReader

_EVERY = 5
_CANDIDATES = 60
_QUOTES = 3


def measure(data: Path, limit: int | None = None, store: Path | None = None) -> Figures:
    """Return the figures of each combination of parts."""
    questions, articles = load(data, limit)
    questions = questions[::_EVERY]
    found: dict[str, list[tuple[bool, bool]]] = {}
    within = 0
    with filled(articles, store) as parts:
        simple = SimpleReader(parts.embedder)
        for row in questions:
            hits = parts.searcher.search(row["question"], k=_CANDIDATES).hits
            read = parts.searcher.search(row["question"], k=PASSAGES_READ).hits
            within += any(inside(row["answer"], hit.text) for hit in read)
            shown = {
                "dense": _passages(sorted(hits, key=lambda hit: -(hit.dense or 0))),
                "lexical": _passages(sorted(hits, key=lambda hit: -(hit.lexical or 0))),
                "fused": _passages(read),
                "fused_simple_reader": _quotes(simple, row["question"], read),
                "fused_trained_reader": _quotes(parts.reader, row["question"], read),
            }
            for name, texts in shown.items():
                has = [inside(row["answer"], text[:QUOTE_CHARACTERS]) for text in texts]
                found.setdefault(name, []).append((any(has[:1]), any(has)))
    figures: Figures = {"questions": len(questions), "answer_in_passages_read": within / len(questions)}
    for name, each in found.items():
        figures[f"{name}_first"] = sum(first for first, _ in each) / len(each)
        figures[f"{name}_first_three"] = sum(three for _, three in each) / len(each)
    return figures


def _passages(hits: Sequence[Hit]) -> list[str]:
    return [hit.text for hit in hits[:_QUOTES]]


def _quotes(reader: Reader, question: str, hits: Sequence[Hit]) -> list[str]:
    return [quote.text for quote in take_quotes(reader.read(question, hits), most=_QUOTES)]


if __name__ == "__main__":
    run(__doc__, measure, keeps_store=True)
