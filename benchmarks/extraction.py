"""Reading pages: how much of the article is read, and what else; title, author, publisher and day; walls.

``python -m benchmarks.extraction --data pages.jsonl [--limit N] [--json]``

Each row has ``html`` and what is right: ``text`` (null where the page holds no article), and if known ``title``,
``author``, ``publisher``, ``published`` and ``without``, strings that must not be read. Evaluation sets are fetched by
whoever measures. ``f1``, ``precision`` and ``recall`` are over the words of each text (bags, as in SQuAD), averaged;
``lost_over_3_percent`` counts the articles that lose more than 3% of their words, ``walls_refused`` the share of pages
without an article that are refused, ``articles_refused`` the articles that are refused with them.
``time_to_trafilatura`` is the time of reading over that of trafilatura alone with its metadata; both take turns.
"""

import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import trafilatura

from benchmarks.common import Figures, read_rows, run
from index.errors import FormatError
from index.formats import html
from index.types import Article

_LOST = 0.03
_FACTS = ("title", "author", "publisher", "published")


def measure(path: Path, limit: int | None) -> Figures:
    """Return the figures over the pages of a file."""
    rows = read_rows(path, limit)
    seconds = dict.fromkeys(("read", "trafilatura"), 0.0)
    read = [_read(row["html"], seconds) for row in rows]
    articles = [(row, article) for row, article in zip(rows, read, strict=True) if row.get("text")]
    found = [(row, article) for row, article in articles if article]
    walls = [article for row, article in zip(rows, read, strict=True) if not row.get("text")]
    scores = [_scores(row["text"], article.text if article else "") for row, article in articles]
    figures: Figures = {"articles": len(articles), "walls": len(walls)}
    if articles:
        figures |= {name: mean(each[at] for each in scores) for at, name in enumerate(("precision", "recall", "f1"))}
        figures["lost_over_3_percent"] = sum(recall < 1 - _LOST for _, recall, _ in scores)
        figures["with_strings_of_others"] = sum(
            any(each in article.text for each in row.get("without") or ()) for row, article in found
        )
        figures["articles_refused"] = len(articles) - len(found)
        figures["articles_partial"] = sum(article.verdict.kind == "partial" for _, article in found)
    if walls:
        figures["walls_refused"] = sum(article is None for article in walls) / len(walls)
    figures["time_to_trafilatura"] = seconds["read"] / seconds["trafilatura"]
    return figures | _facts(found)


def _read(source: str, seconds: dict[str, float]) -> Article | None:
    began = time.perf_counter()
    trafilatura.bare_extraction(source, with_metadata=True, include_comments=False)
    between = time.perf_counter()
    try:
        return html.from_html(source, name="The page")
    except FormatError:
        return None
    finally:
        seconds["trafilatura"] += between - began
        seconds["read"] += time.perf_counter() - between


def _scores(right: str, text: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the words of a text."""
    wanted, have = (Counter(re.findall(r"\w+", each.lower())) for each in (right, text))
    shared = sum((wanted & have).values())
    precision, recall = shared / max(1, sum(have.values())), shared / max(1, sum(wanted.values()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _facts(rows: Sequence[tuple[dict[str, Any], Article]]) -> Figures:
    figures: Figures = {}
    for name in _FACTS:
        known = [(row[name], getattr(article, name)) for row, article in rows if row.get(name)]
        if known:
            right = sum(_same(wanted, str(value or "")) for wanted, value in known)
            figures |= {f"{name}_right": right, f"{name}_known": len(known)}
    return figures


def _same(wanted: object, value: str) -> bool:
    """Whether a value is the one that is wanted, or one of several; authors in any order."""
    words = [set(re.findall(r"\w+", str(each).lower())) for each in (wanted if isinstance(wanted, list) else [wanted])]
    return set(re.findall(r"\w+", value.lower())) in (*words, set().union(*words))


if __name__ == "__main__":
    run("Reading pages.", measure)
