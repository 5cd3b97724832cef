"""Between the rows of a store's tables, which every engine names alike, and the index's types."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from index.errors import EmbargoedError, StoreCorruptError
from index.store.base import Saying, SayingPlace
from index.store.catalogue import PublisherCount
from index.text.words import as_names, folded
from index.types import (
    Article,
    ArticleSummary,
    Attribution,
    FurnitureLine,
    Kept,
    Passage,
    Revision,
    Span,
    Stance,
    Verdict,
)

ARTICLE_FIELDS = (
    "title, title_given, url, author, publisher, published, pages, origin, original, partial, warnings, rights,"
    " embargo, kind"
)

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


class Row(Protocol):
    """A row whose values are found by the names of their columns."""

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 - whatever the column holds
        """Return a value."""


def _from_rows(make: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Let what is made of rows raise StoreCorruptError where they do not hold what was written."""

    @wraps(make)
    def made(*args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        try:
            return make(*args, **kwargs)
        except (ValueError, TypeError, KeyError) as error:
            raise StoreCorruptError(
                f"A row of the store is damaged: {error}.", remedy="Run `pullquote check`, and restore a backup."
            ) from error

    return made


def article_values(article: Article) -> tuple[str | int | None, ...]:
    """Return the values of ARTICLE_FIELDS for ``article``."""
    published = article.published.isoformat() if article.published else None
    known = (article.title, int(article.title_given), article.url, article.author, article.publisher, published)
    terms = (json.dumps(article.warnings), article.rights, _instant(article.embargo), article.kind)
    return (*known, json.dumps(article.pages), article.origin, article.original, article.verdict.reason or None, *terms)


def _instant(value: datetime | None) -> str | None:
    """Return an instant as it is compared: ISO 8601 in UTC, to the second."""
    return value.astimezone(UTC).isoformat(timespec="seconds") if value else None


def now() -> str:
    """Return the present instant as the embargoes are written."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def released(article: Article) -> Article:
    """Return an article that may be quoted now. Raises EmbargoedError for another."""
    if article.embargo and article.embargo > datetime.now(UTC):
        until = article.embargo.astimezone(UTC).isoformat(timespec="minutes")
        raise EmbargoedError(f"Article {article.id} is under embargo until {until}.", remedy="Ask again after that.")
    return article


@_from_rows
def article_from(row: Row) -> Article:
    """Return the Article in a whole row of ``articles``."""
    pages = tuple(json.loads(row["pages"]))
    return Article(**_texts(row, "text"), pages=pages, **_texts(row, "origin", "original"), **_known(row))


@_from_rows
def summary_from(row: Row) -> ArticleSummary:
    """Return the ArticleSummary in a row of ``articles`` with ``characters`` in place of the text."""
    return ArticleSummary(sha256=row["sha256"], characters=row["characters"], **_known(row))


def _known(row: Row) -> dict[str, Any]:
    plain = _texts(row, "key", "title", "url", "author", "publisher")
    published = date.fromisoformat(row["published"]) if row["published"] else None
    return {
        **plain,
        "id": row["id"],
        "version": row["version"],
        "title_given": bool(row["title_given"]),
        "published": published,
        "verdict": Verdict("partial", row["partial"]) if row["partial"] else Verdict(),
        "warnings": tuple(json.loads(row["warnings"])),
        "rights": row["rights"],
        "embargo": datetime.fromisoformat(row["embargo"]) if row["embargo"] else None,
        "kind": row["kind"],
    }


def publishers_from(counted: Iterable[tuple[str, int]]) -> list[PublisherCount]:
    """Return (name, number of articles) as publishers, each once: names that differ in case only are one's."""
    spellings: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, articles in counted:
        spellings[folded(name)].append((articles, name))
    found = [PublisherCount(max(each)[1], sum(articles for articles, _ in each)) for each in spellings.values()]
    return sorted(found, key=lambda each: (-each.articles, folded(each.name)))


def _texts(row: Row, *names: str) -> dict[str, Any]:
    found = {name: row[name] for name in names}
    for name, value in found.items():
        if not isinstance(value, str | None):
            raise TypeError(f"its {name} is no text")
    return found


@_from_rows
def passage_from(row: Row) -> Passage:
    """Return the Passage in a whole row of ``passages``."""
    sentences = tuple(Span(start, end) for start, end in json.loads(row["sentences"]))
    return Passage(row["start"], row["end"], sentences, row["page"], row["id"], row["article_id"])


def attribution_values(attribution: Attribution) -> tuple[str | int | None, ...]:
    """Return the values of a row of ``attributions``, but for the article's id.

    ``start`` and ``end`` bound all its contents; ``names`` are what it can be asked for by.
    """
    start = min(each.start for each in attribution.contents)
    end = max(each.end for each in attribution.contents)
    names = as_names(attribution.speaker, attribution.via)
    spans = json.dumps([attribution.source, attribution.cue, *attribution.contents])
    return (start, end, names, attribution.speaker, attribution.via, int(attribution.resolved), spans)


@_from_rows
def attribution_from(row: Row) -> Attribution:
    """Return the Attribution in a whole row of ``attributions``."""
    source, cue, *contents = (Span(start, end) for start, end in json.loads(row["spans"]))
    return Attribution(row["speaker"], source, cue, tuple(contents), row["via"], bool(row["resolved"]))


def stance_values(stance: Stance) -> tuple[str | int, ...]:
    """Return the values of a row of ``stances``, but for the article's id."""
    return (*stance.scope, stance.kind, json.dumps(stance.cue))


@_from_rows
def stance_from(row: Row) -> Stance:
    """Return the Stance in a whole row of ``stances``."""
    return Stance(row["kind"], Span(*json.loads(row["cue"])), Span(row["start"], row["end"]))


def furniture_values(line: FurnitureLine, site: str) -> tuple[str | int, ...]:
    """Return the values of a row of ``furniture``, but for the article's id."""
    return (line.start, line.end, site, line.block, int(line.sure))


@_from_rows
def furniture_from(row: Row) -> FurnitureLine:
    """Return the FurnitureLine in a whole row of ``furniture``."""
    return FurnitureLine(row["start"], row["end"], row["block"], bool(row["sure"]))


@_from_rows
def revision_from(row: Row) -> Revision:
    """Return the Revision in a whole row of ``revisions``."""
    return Revision(row["version"], row["sha256"], tuple(Kept(*each) for each in json.loads(row["kept"])))


@_from_rows
def sayings_from(found: Sequence[Row], articles: Sequence[Article]) -> list[Saying]:
    """Return the sayings in whole rows of ``attributions``, each with its ``number`` and its article's ``day``."""
    by_id = {each.id: each for each in articles}
    return [
        Saying(
            by_id[row["article_id"]],
            attribution_from(row),
            SayingPlace(row["day"], row["article_id"], row["number"]),
        )
        for row in found
    ]
