"""The seed article: whether answers are within three quotes, with their speakers, and what it does not say is refused.

Speakers are judged in quotes that answer. A speaker whose words an expected speaker passed on is not wrong.

``python -m benchmarks.seed --data seed_questions.jsonl [--limit N] [--json]``
"""

from pathlib import Path

from benchmarks.common import Figures, empty_service, read_rows, run
from service.answering.types import Quote
from service.assembly import add_seeds


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the figures of asking every question; an answer is right if each group of gold words is in a quote."""
    met = met_first = answerable = refused = expected = given = wrong = 0
    rows = read_rows(data, limit)
    with empty_service() as services:
        add_seeds(services)
        for row in rows:
            answer = services.answerer.ask(row["question"], max_quotes=3)
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
