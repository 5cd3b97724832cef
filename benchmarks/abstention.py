"""ClapNQ: whether the best quote is a gold sentence, and unanswerable questions are refused.

``python -m benchmarks.abstention --data abstention_clapnq.jsonl [--limit N] [--json]``

Each passage is an article; each question is asked of its own passage, by ``filters.article_ids``. So the unanswerable
ones are near misses: asked of the right passage, and not answered there.
"""

from pathlib import Path

from sklearn.metrics import roc_auc_score

from benchmarks.common import Figures, empty_service, read_rows, run
from index.types import Article, Filters, Span
from service.answering.types import Answer


def measure(data: Path, limit: int | None = None) -> Figures:
    """Ask every question of its own passage."""
    rows = read_rows(data, limit)
    answers: list[Answer] = []
    gold_first = 0
    with empty_service() as parts:
        for row in rows:
            stored = parts.ingester.add(Article(key=row["id"], text=row["text"], title=row["title"]))
            answer = parts.answerer.ask(row["question"], filters=Filters(article_ids=(stored.id,)))
            best = (answer.quotes or answer.nearest)[0]
            gold_first += row["answerable"] and _is_gold(row["text"], best.span, row.get("gold_sentences") or [])
            answers.append(answer)
    answerable = [bool(row["answerable"]) for row in rows]
    total, answered = sum(answerable), [answer.answered for answer in answers]
    both = 0 < total < len(rows)
    return {
        "questions": len(rows),
        "best_quote_gold": gold_first / total if total else 0.0,
        "refusal_auroc": float(roc_auc_score(answerable, [answer.confidence for answer in answers])) if both else 0.0,
        "answered_when_unanswerable": _share(answered, answerable, of=False),
        "refused_when_answerable": 1 - _share(answered, answerable, of=True),
    }


def _is_gold(text: str, quoted: Span, gold: list[str]) -> bool:
    """Tell whether most of the quote lies in a gold sentence."""
    for sentence in gold:
        start = text.find(sentence)
        shared = min(quoted.end, start + len(sentence)) - max(quoted.start, start)
        if start >= 0 and shared > (quoted.end - quoted.start) / 2:
            return True
    return False


def _share(answered: list[bool], answerable: list[bool], *, of: bool) -> float:
    chosen = [did for did, could in zip(answered, answerable, strict=True) if could == of]
    return sum(chosen) / len(chosen) if chosen else 0.0


if __name__ == "__main__":
    run(__doc__, measure)
