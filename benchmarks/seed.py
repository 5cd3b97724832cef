"""The seed article: whether answers are within three quotes, with their speakers, and what it does not say is refused.

Speakers are judged in quotes that answer. A speaker whose words an expected speaker passed on is not wrong.

``python -m benchmarks.seed --data seed_questions.jsonl [--limit N] [--json]``
"""

from collections.abc import Callable
from pathlib import Path

from benchmarks.common import Figures, Rows, empty_service, read_rows, run
from service.answering.types import Answer, Quote
from service.assembly import add_seeds


def measure(data: Path, limit: int | None = None) -> Figures:
    """Ask every question of the seed article."""
    with empty_service() as services:
        add_seeds(services)
        return score(read_rows(data, limit), services.answerer.ask, verbose=True)


def score(rows: Rows, ask: Callable[..., Answer], *, verbose: bool = False) -> Figures:
    """Return the figures; an answerable question is met if each group of gold words is in one of the quotes."""
    met = met_first = answerable = refused = expected = given = wrong = 0
    for row in rows:
        answer = ask(row["question"], max_quotes=3)
        answerable += row["answerable"]
        if row["answerable"]:
            met += all(_within(group, answer.quotes) for group in row["gold"])
            met_first += any(_within(group, answer.quotes[:1]) for group in row["gold"])
            gold = [quote for quote in answer.quotes if any(_within(group, (quote,)) for group in row["gold"])]
            speakers = {each.speaker for quote in gold for each in quote.attributions}
            passed_on = {each.speaker for quote in gold for each in quote.attributions if each.via}
            expected += len(row["attribution"]) if gold else 0
            given += len(speakers & set(row["attribution"]))
            wrong += len(speakers - passed_on - set(row["attribution"]))
        else:
            refused += not answer.answered
        if verbose:
            verdict = "answered" if answer.answered else "refused "
            print(f"{row['id']:10} {verdict} {answer.confidence:.2f}  {row['question']}")
    return {
        "answerable": answerable,
        "met_within_3": met,
        "met_by_first": met_first,
        "unanswerable": len(rows) - answerable,
        "refused": refused,
        "speakers_expected": expected,
        "speakers_given": given,
        "speakers_wrong": wrong,
    }


def _within(gold: list[str], quotes: tuple[Quote, ...]) -> bool:
    return any(words in quote.text for words in gold for quote in quotes)


if __name__ == "__main__":
    run(__doc__, measure)
