"""What a language model adds: the same questions with a model that chooses among the reader's sentences, and without.

``python -m benchmarks.pointing --base-url URL --model NAME --data FOLDER [--limit N] [--json]``

The questions are those of ``seed`` and ``abstention``, and 60 of ``news``; ``--limit`` takes N of each. The
figures named ``…_alone`` are the reader's own, ``…_chosen`` those with the model. ``choices_in_time`` is the share of
questions for which the model made a choice that could be read, ``choose_median_s`` the seconds that it took.
"""

import argparse
import json
import os
import statistics
from collections.abc import Callable
from pathlib import Path

from benchmarks import abstention, news, seed
from benchmarks.common import Figures, empty_service, read_rows, spread
from index.types import Article
from service.answering.answer import Answerer
from service.answering.language_model import LanguageModel, OpenAiModel
from service.answering.reading.chooser import Chooser
from service.answering.types import Answer
from service.assembly import Services, add_seeds

_NEWS = 60
_SECONDS = 120.0

Ask = Callable[..., Answer]


class _Counting:
    """Ask with a model, and note whether it chose and how long that took."""

    def __init__(self, services: Services, model: LanguageModel) -> None:
        self._answerer = Answerer(services.searcher, services.reader, chooser=Chooser(model))
        self.chosen: list[bool] = []
        self.seconds: list[float] = []

    def ask(self, question: str, **given: object) -> Answer:
        answer = self._answerer.ask(question, **given)  # type: ignore[arg-type]
        self.chosen.append(answer.chosen_by is not None)
        self.seconds.append(answer.took_ms.choose / 1000)
        return answer


def measure(folder: Path, model: LanguageModel, limit: int | None = None) -> Figures:
    """Return the figures of each set, with the model and without."""
    figures: Figures = {}
    counted: list[_Counting] = []

    def both(name: str, services: Services, score: Callable[[Ask], Figures]) -> None:
        counting = _Counting(services, model)
        counted.append(counting)
        for suffix, ask in (("alone", services.answerer.ask), ("chosen", counting.ask)):
            found = {f"{name}_{key}_{suffix}": value for key, value in score(ask).items()}
            print("\n".join(f"{key:48} {value:g}" for key, value in found.items()), flush=True)  # it takes hours
            figures.update(found)

    with empty_service() as services:
        add_seeds(services)
        rows = spread(read_rows(folder / "seed_questions.jsonl"), limit)
        both("seed", services, lambda ask: seed.score(rows, ask))
    with empty_service() as services:
        rows = spread(read_rows(folder / "abstention_clapnq.jsonl"), limit)
        stored = [services.ingester.add(Article(key=r["id"], text=r["text"], title=r["title"])).id for r in rows]
        both("clapnq", services, lambda ask: abstention.score(rows, stored, ask))
    questions, articles = news.load(folder / "news", min(limit or _NEWS, _NEWS))
    with news.filled(articles, None) as services:
        both("news", services, lambda ask: news.score(questions, ask))
    chosen = [each for counting in counted for each in counting.chosen]
    seconds = [each for counting in counted for each in counting.seconds]
    return {
        **figures,
        "questions": len(chosen),
        "choices_in_time": sum(chosen) / len(chosen),
        "choose_median_s": statistics.median(seconds),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", required=True, help="an OpenAI-compatible server, with its /v1")
    parser.add_argument("--model", required=True, help="the model's name there")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the benchmarks' data")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="the longest that a choice may take")
    parser.add_argument("--limit", type=int, help="use only N questions of each set")
    parser.add_argument("--json", action="store_true", help="print one JSON object of figures as the last line")
    options = parser.parse_args()
    key = os.environ.get("PULLQUOTE_LLM_API_KEY", "")
    # A choice gets 0.6 of an answer's seconds.
    model = OpenAiModel(options.base_url, model=options.model, api_key=key, seconds=options.seconds / 0.6)
    figures = measure(options.data, model, options.limit)
    for name in ("questions", "choices_in_time", "choose_median_s"):
        print(f"{name:48} {figures[name]:g}")
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
