"""Writing: a language model words the answers to ClapNQ's questions, and every sentence served is checked again.

``python -m benchmarks.writing --data abstention_clapnq.jsonl [--limit N] [--json]``

The model is that of ``PULLQUOTE_LLM_BASE_URL`` and ``PULLQUOTE_LLM_MODEL``. Each passage is an article, each question
is asked of its own passage, as in ``benchmarks.abstention``, with and without the model. Served sentences are checked
by other means than the service's: every number written in figures, every word with a capital inside the sentence and
everything in quotation marks has to stand in the quotes that the sentence names. ``refusals_turned`` counts questions
that are refused without the model and answered with it.
"""

import re
import statistics
from pathlib import Path

from benchmarks.common import Figures, empty_service, read_rows, run
from index.errors import SettingsError
from index.types import Article, Filters
from service.answering.answer import Answerer
from service.answering.types import Answer, Claim
from service.settings import load_settings


def measure(data: Path, limit: int | None = None) -> Figures:
    """Ask every question twice."""
    if not load_settings().llm_base_url:
        raise SettingsError("No language model is set.", remedy="Set PULLQUOTE_LLM_BASE_URL and PULLQUOTE_LLM_MODEL.")
    rows = read_rows(data, limit)
    answers: list[tuple[bool, Answer, Answer]] = []
    with empty_service() as parts:
        plain = Answerer(parts.searcher, parts.reader)
        for row in rows:
            stored = parts.ingester.add(Article(key=row["id"], text=row["text"], title=row["title"]))
            filters = Filters(article_ids=(stored.id,))
            without = plain.ask(row["question"], filters=filters)
            answers.append((bool(row["answerable"]), without, parts.answerer.ask(row["question"], filters=filters)))
    answerable = [worded for could, _, worded in answers if could and worded.answered]
    written = [(answer, answer.written) for answer in answerable if answer.written]
    claims = [(answer, claim) for answer, each in written for claim in each.claims]
    dropped = sum(_dropped(answer) for answer in answerable)
    return {
        "questions": len(rows),
        "answered_answerable": len(answerable),
        "worded": len(written),
        "sentences_served": len(claims),
        "served_borne_out": sum(_borne_out(*each) for each in claims) / max(len(claims), 1),
        "sentences_dropped": dropped / max(dropped + len(claims), 1),
        "refusals": sum(not without.answered for _, without, _ in answers),
        "refusals_turned": sum(not without.answered and worded.answered for _, without, worded in answers),
        "quotes_changed": sum(_texts(without) != _texts(worded) for _, without, worded in answers),
        "added_median_ms": statistics.median(answer.took_ms.write for answer in answerable),
        "read_and_search_median_ms": statistics.median(
            answer.took_ms.total - answer.took_ms.write for answer in answerable
        ),
    }


def _dropped(answer: Answer) -> int:
    told = re.search(r"(\d+) sentences? of the language model", " ".join(answer.warnings))
    return int(told[1]) if told else 0


def _texts(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


def _borne_out(answer: Answer, claim: Claim) -> bool:
    """Tell whether figures, inner capitals and quoted words of a sentence all stand in the quotes that it names."""
    words = " ".join(quote.text for quote in answer.quotes if quote.number in claim.numbers)
    figures = re.findall(r"\d+", claim.text.replace(",", ""))
    capitals = re.findall(r"(?<=[a-z,;:] )[A-Z]\w+", claim.text)
    quoted = re.findall(r"[“\"]([^”\"]+)[”\"]", claim.text)
    known = words.replace(",", "")
    return (
        bool(words)
        and all(re.search(rf"(?<!\d){figure}(?!\d)", known) for figure in figures)
        and all(name.lower() in words.lower() for name in capitals)
        and all(each.rstrip(".,").lower() in words.lower() for each in quoted)
    )


if __name__ == "__main__":
    run(__doc__, measure)
