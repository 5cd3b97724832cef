"""Between the rows of the tables of kept answers, which every engine names alike, and their nouns."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from index.errors import NotFoundError
from index.store.kept.base import KeptAnswer, KeptPlace, KeptQuote, KeptSummary
from index.store.rows import Row
from index.types import Span

ANSWER = "id, kept, question, facts, words"
QUOTE = 'answer_id, place, article_id, version, sha256, start, "end", title, title_given, published, content'


def answer_values(answer: KeptAnswer) -> tuple[str | None, ...]:
    """Return the values of ANSWER."""
    return (answer.id, _instant(answer.kept), answer.question, answer.facts, answer.words)


def quote_values(answer: KeptAnswer) -> list[tuple[str | int | None, ...]]:
    """Return the values of QUOTE for each quote."""
    return [
        (
            answer.id,
            place,
            each.article_id,
            each.version,
            each.sha256,
            *each.span,
            each.title,
            int(each.title_given),
            each.published.isoformat() if each.published else None,
            each.content,
        )
        for place, each in enumerate(answer.quotes, start=1)
    ]


def answer_from(row: Row, quotes: Iterable[Row]) -> KeptAnswer:
    """Return the answer in a row of ANSWER and its quotes in rows of QUOTE, in order."""
    return KeptAnswer(
        id=row["id"],
        kept=datetime.fromisoformat(row["kept"]),
        question=row["question"],
        facts=row["facts"],
        words=row["words"],
        quotes=tuple(_quote_from(each) for each in quotes),
    )


def _quote_from(row: Row) -> KeptQuote:
    return KeptQuote(
        article_id=row["article_id"],
        version=row["version"],
        sha256=row["sha256"],
        span=Span(row["start"], row["end"]),
        title=row["title"],
        title_given=bool(row["title_given"]),
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        content=row["content"],
    )


def summary_from(row: Row) -> KeptSummary:
    """Return what a list shows of a row."""
    kept, name = row["kept"], row["id"]
    return KeptSummary(name, datetime.fromisoformat(kept), row["question"], KeptPlace(kept, name))


def without(answer: KeptAnswer, gone: Collection[int]) -> KeptAnswer:
    """Return the answer without words of the articles that are ``gone``."""
    if not any(each.article_id in gone for each in answer.quotes):
        return answer
    quotes = (
        replace(each, content=None, title=each.title if each.title_given else None) if each.article_id in gone else each
        for each in answer.quotes
    )
    return replace(answer, words=None, quotes=tuple(quotes))


def missing(answer_id: str) -> NotFoundError:
    """Return the error of an answer that is not kept."""
    return NotFoundError(
        f"No answer is kept as {answer_id[:100]}.", remedy="It may have been removed; ask again, and keep the answer."
    )


def _instant(value: datetime) -> str:
    """Return an instant so that later ones come later in order: in UTC, to the microsecond."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")
