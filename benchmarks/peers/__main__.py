"""Measure the peers and ourselves on the same articles and questions: ``make bench-peers``, or
``python -m benchmarks.peers --data FOLDER [--limit N] [--out FILE]``, with ``requirements.txt`` installed.

Everything runs in one process after another on the same machine; versions are those of ``requirements.txt``.
"""  # noqa: D205, D400, D415

import argparse
import importlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.news import QUOTE_CHARACTERS, filled, load
from benchmarks.peers.texts import around, judged
from index.types import Article
from service.answering.types import Answer

Shown = Callable[[Sequence[Article], Sequence[str]], Iterator[list[str]]]
_PEERS = {"LangChain": "langchain_peer", "txtai": "txtai_peer", "Haystack": "haystack_peer"}
_VERSIONS = {"LangChain": "langchain-community", "txtai": "txtai", "Haystack": "haystack-ai"}
_OPENING = """# The peers

What a user gets from each library set up as its documentation does, on the same news articles, with the same embedding
model (Haystack: BM25 and our own reader's weights). The budget: each shows its results in its own order, one after the
other; looked for is the answer in the first 350 characters shown, and in the first 1,050. We show at most three quotes,
each cut at 350 characters; what we refuse to answer counts as not found. Our quotes are sentences, and so leave much of
the budget unused; the second line has our three best spans, refused or not, with the words around them, 350 characters
each, as Haystack's are shown. The seconds are for indexing and asking; the second line asks again.
"""


def main() -> None:
    """Measure every library, print the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=60, help="use only the first N questions, and few articles")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "PEERS.md")
    options = parser.parse_args()
    questions, articles = load(options.data, options.limit)
    size = f"{len(questions)} questions, {len(articles)} articles"
    head = f"Measured on {datetime.now(UTC):%Y-%m-%d} with `make bench-peers`: {size}."
    rows = ["| library | version | first | first three | characters shown | seconds |", "|---|---|---|---|---|---|"]
    ours = _Ours()
    asked = {"Pullquote": ours.quotes, "Pullquote, words around": ours.around}
    for name, ask in {**asked, **{name: _peer(module) for name, module in _PEERS.items()}}.items():
        began = time.perf_counter()
        found = [
            judged(row["answer"], texts)
            for row, texts in zip(questions, ask(articles, [row["question"] for row in questions]), strict=True)
        ]
        first, three, characters = (sum(column) / len(found) for column in zip(*found, strict=True))
        seconds = time.perf_counter() - began
        installed = version(_VERSIONS.get(name, "pullquote"))
        rows.append(f"| {name} | {installed} | {first:.3f} | {three:.3f} | {characters:.0f} | {seconds:.0f} |")
        print(rows[-1], flush=True)
    options.out.write_text("\n".join([_OPENING, head, "", *rows, ""]), encoding="utf-8")


class _Ours:
    """Pullquote's answers, shown in two ways; the articles are indexed once."""

    def __init__(self) -> None:
        self._store = tempfile.TemporaryDirectory()

    def quotes(self, articles: Sequence[Article], questions: Sequence[str]) -> Iterator[list[str]]:
        """Yield the quotes of each answer."""
        for answer in self._answers(articles, questions):
            yield [quote.text[:QUOTE_CHARACTERS] for quote in answer.quotes]

    def around(self, articles: Sequence[Article], questions: Sequence[str]) -> Iterator[list[str]]:
        """Yield the words around each best span, whether it answers or not."""
        for answer in self._answers(articles, questions):
            shown = answer.quotes or answer.nearest
            yield [around(each.article.text, *(each.highlights or (each.span,))[0]) for each in shown]

    def _answers(self, articles: Sequence[Article], questions: Sequence[str]) -> Iterator[Answer]:
        with filled(list(articles), Path(self._store.name)) as parts:
            for question in questions:
                yield parts.answerer.ask(question, max_quotes=3)


def _peer(module: str) -> Shown:
    shown: Shown = importlib.import_module(f"benchmarks.peers.{module}").shown
    return shown


if __name__ == "__main__":
    main()
