"""Conversations: whether the best quote of the last turn comes from a passage that answers it.

``python -m benchmarks.conversation --data conversations_mtragun.jsonl [--limit N] [--json]``

Every passage of the data is an article. The last turn of each conversation of several turns is asked in four ways:
"raw" alone, "ours" with the turns before it as history, "joined" with all turns as one question, and
"joined_questions" with all of the user's. The best quote, or after a refusal the nearest passage, is right if its
article is one of the turn's gold passages. "refused" is the share of refusals among turns that no passage answers.
"""

from collections import Counter
from pathlib import Path

from benchmarks.abstention import refusal_auroc
from benchmarks.common import Figures, Rows, empty_service, read_rows, run
from index.types import Article
from service.answering.answer import LONGEST_QUESTION, Answerer
from service.answering.types import Answer, Turn
from service.assembly import Services

_WAYS = ("raw", "ours", "joined", "joined_questions")


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the figures of asking the last turn of every conversation of several turns."""
    data_rows = read_rows(data)
    rows = [row for row in data_rows if len(row["turns"]) > 1]
    rows = [row for row in rows if row["answerability"] in ("ANSWERABLE", "UNANSWERABLE")][:limit]
    answerable = [row["answerability"] == "ANSWERABLE" for row in rows]
    figures: Figures = {"conversations": len(rows), "answerable": sum(answerable)}
    with empty_service() as services:
        ids = _indexed(services, data_rows)
        for way in _WAYS:
            counts: Counter[str] = Counter()
            confidences = []
            for row, could in zip(rows, answerable, strict=True):
                answer = _asked(services.answerer, row, way)
                best = (answer.quotes or answer.nearest)[0].article.id
                counts["right"] += could and best in {ids[each["id"]] for each in row["passages"]}
                counts["refused"] += not could and not answer.answered
                counts["refused_answerable"] += could and not answer.answered
                confidences.append(answer.confidence)
            total, others = max(sum(answerable), 1), max(len(rows) - sum(answerable), 1)
            figures[f"{way}_best_from_reference"] = counts["right"] / total
            figures[f"{way}_refused_unanswerable"] = counts["refused"] / others
            figures[f"{way}_refused_answerable"] = counts["refused_answerable"] / total
            figures[f"{way}_refusal_auroc"] = refusal_auroc(answerable, confidences)
    return figures


def _indexed(services: Services, rows: Rows) -> dict[str, int]:
    """Add every passage once, and return the articles' ids."""
    ids: dict[str, int] = {}
    for passage in (passage for row in rows for passage in row["passages"]):
        if passage["id"] not in ids:
            title = passage.get("title") or ""
            article = Article(key=passage["id"], text=passage["text"], title=title, title_given=bool(title))
            ids[passage["id"]] = services.ingester.add(article).id
    return ids


def _asked(answerer: Answerer, row: dict[str, list[dict[str, str]]], way: str) -> Answer:
    *before, last = row["turns"]
    if way == "joined":
        question = " ".join(turn["content"] for turn in row["turns"])
    elif way == "joined_questions":
        question = " ".join(turn["content"] for turn in row["turns"] if turn["role"] == "user")
    else:
        question = last["content"]
    turns = [Turn("user" if turn["role"] == "user" else "assistant", turn["content"]) for turn in before]
    return answerer.ask(question[-LONGEST_QUESTION:], history=turns if way == "ours" else ())


if __name__ == "__main__":
    run(__doc__, measure)
