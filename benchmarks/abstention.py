"""ClapNQ: whether the best quote is a gold sentence, and unanswerable questions are refused.

``python -m benchmarks.abstention --data abstention_clapnq.jsonl [--limit N] [--json]``

Each passage is an article, and each question is asked of its own passage only, by ``filters.article_ids``. So the
unanswerable questions are near misses: the passage is on their subject but does not answer them.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.common import Figures, Rows, empty_service, read_rows, run
from index.types import Article, Filters, Span
from service.answering.types import Answer


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the figures of asking every question of its own passage."""
    rows = read_rows(data, limit)
    with empty_service() as services:
        stored = [services.ingester.add(Article(key=r["id"], text=r["text"], title=r["title"])).id for r in rows]
        return score(rows, stored, services.answerer.ask)


def score(rows: Rows, article_ids: Sequence[int], ask: Callable[..., Answer]) -> Figures:
    """Return the figures of questions whose passages are the articles ``article_ids``."""
    answers: list[Answer] = []
    right: list[bool] = []
    for row, article_id in zip(rows, article_ids, strict=True):
        answer = ask(row["question"], filters=Filters(article_ids=(article_id,)))
        best = (answer.quotes or answer.nearest)[0]
        right.append(row["answerable"] and is_gold(row["text"], best.span, row.get("gold_sentences") or []))
        answers.append(answer)
    answerable = [bool(row["answerable"]) for row in rows]
    total, answered = sum(answerable), [answer.answered for answer in answers]
    return {
        "questions": len(rows),
        "best_quote_gold": sum(right) / total if total else 0.0,
        "refusal_auroc": refusal_auroc(answerable, [answer.confidence for answer in answers]),
        "answered_when_unanswerable": _share(answered, answerable, of=False),
        "calibration_error": calibration_error(
            np.array([answer.confidence for answer in answers]), np.array(right, dtype=bool)
        ),
        "refused_when_answerable": 1 - _share(answered, answerable, of=True),
    }


def refusal_auroc(answerable: Sequence[bool], confidences: Sequence[float]) -> float:
    """Return the AUROC of the confidence over answerable and other questions, in [0, 1]; 0 if all are of one kind."""
    return float(roc_auc_score(answerable, confidences)) if len(set(answerable)) > 1 else 0.0


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error in [0, 1], less is better, over bins of equal width (Guo et al., 2017)."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(abs(confidence[which == each].sum() - right[which == each].sum()) for each in range(bins)) / len(right)
    )


def is_gold(text: str, quoted: Span, gold: list[str]) -> bool:
    """Whether most of the quote lies in a gold sentence, or most of a gold sentence in the quote.

    Sentences are split differently in the data.
    """
    for sentence in gold:
        start = text.find(sentence)
        shared = min(quoted.end, start + len(sentence)) - max(quoted.start, start)
        if start >= 0 and shared > min(quoted.end - quoted.start, len(sentence)) / 2:
            return True
    return False


def _share(answered: list[bool], answerable: list[bool], *, of: bool) -> float:
    chosen = [did for did, could in zip(answered, answerable, strict=True) if could == of]
    return sum(chosen) / len(chosen) if chosen else 0.0


if __name__ == "__main__":
    run(__doc__, measure)
