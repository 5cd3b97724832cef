"""Further quotes: of questions that several texts answer, how many of the second and third quotes answer too.

``python -m benchmarks.further --data quotesum_dev.jsonl [--limit N] [--json]``

QuoteSum (Schuster et al., 2024): people marked, in up to eight texts on a question, the words that answer it. Every
text is an article, and every question is asked of all articles. A quote answers that shares most of a marked stretch,
or has the short answer that the data gives for its text; a quote of another question's text does not.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.common import Figures, Rows, empty_service, inside, read_rows, run
from index.types import Article
from service.answering.types import Quote

_QUOTES = 3
_TEXTS = 8
_MARKED = re.compile(r"\[\s*(\d)\s+([^\]]+?)\s*\]")
_MOST = 0.6


class Question(NamedTuple):
    """A question and, by the number of each of its texts in the store, what answers there."""

    question: str
    texts: dict[str, tuple[str, ...]]


def measure(data: Path, limit: int | None = None) -> Figures:
    """Ask every question of all texts."""
    questions = questions_of(read_rows(data))[:limit]
    further = right = first = found = wanted = 0
    with empty_service() as services:
        for text in dict.fromkeys(text for each in questions for text in each.texts):
            services.ingester.add(Article(key=text, text=text, title=""))
        for each in questions:
            quotes = services.answerer.ask(each.question, max_quotes=_QUOTES).quotes
            answering = [answers(quote, each.texts) for quote in quotes]
            first += any(answering[:1])
            further += len(quotes[1:])
            right += sum(answering[1:])
            found += len({quote.article.id for quote, does in zip(quotes, answering, strict=True) if does})
            wanted += min(_QUOTES, sum(bool(words) for words in each.texts.values()))
    return {
        "questions": len(questions),
        "first_answers": first / len(questions),
        "further_quotes": further,
        "further_answer": right / further if further else 0.0,
        "texts_that_answer_found": found / wanted,
    }


def questions_of(rows: Rows) -> list[Question]:
    """Return the questions, with what any of their annotators marked."""
    marked: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        texts = marked[row["question"]]
        for number in range(1, _TEXTS + 1):
            if row[f"source{number}"]:
                texts[row[f"source{number}"]] |= set()
        for number, words in _MARKED.findall(row["summary"]):
            texts[row[f"source{number}"]].add(words)
        for number, words in _MARKED.findall(row["covered_short_answers"]):
            texts[row[f"source{number}"]].add(words)
    return [
        Question(question, {text: tuple(sorted(words)) for text, words in texts.items() if text})
        for question, texts in marked.items()
    ]


def answers(quote: Quote, texts: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a quote holds what was marked in its text, or most of its words."""
    return any(_holds(quote.text, words) for words in texts.get(quote.article.text, ()))


def _holds(text: str, words: str) -> bool:
    if inside(words, text):
        return True
    wanted = set(re.findall(r"\w+", words.lower()))
    return len(wanted) > 2 and len(wanted & set(re.findall(r"\w+", text.lower()))) >= _MOST * len(wanted)


if __name__ == "__main__":
    run(__doc__ or "", measure)
