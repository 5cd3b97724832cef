"""Between the record's rows and the index's types."""

import json
import sqlite3
from datetime import date
from typing import Any, Literal

from index.text.words import any_asked, as_names, folded
from index.types import Article, ArticleSummary, Attribution, Filters, Kept, Passage, Revision, Span

ARTICLE_FIELDS = "title, title_given, url, author, publisher, published, pages, origin, original"


def article_values(article: Article) -> tuple[str | int | None, ...]:
    """Return the values of ARTICLE_FIELDS for ``article``."""
    published = article.published.isoformat() if article.published else None
    known = (article.title, int(article.title_given), article.url, article.author, article.publisher, published)
    return (*known, json.dumps(article.pages), article.origin, article.original)


def article_from(row: sqlite3.Row) -> Article:
    """Return the Article in a whole row of ``articles``."""
    pages = tuple(json.loads(row["pages"]))
    return Article(text=row["text"], pages=pages, origin=row["origin"], original=row["original"], **_known(row))


def summary_from(row: sqlite3.Row) -> ArticleSummary:
    """Return the ArticleSummary in a row of ``articles`` with ``characters`` in place of the text."""
    return ArticleSummary(sha256=row["sha256"], characters=row["characters"], **_known(row))


def _known(row: sqlite3.Row) -> dict[str, Any]:
    plain = {name: row[name] for name in ("id", "version", "key", "title", "url", "author", "publisher")}
    published = date.fromisoformat(row["published"]) if row["published"] else None
    return {**plain, "title_given": bool(row["title_given"]), "published": published}


def passage_from(row: sqlite3.Row) -> Passage:
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


def attribution_from(row: sqlite3.Row) -> Attribution:
    """Return the Attribution in a whole row of ``attributions``."""
    source, cue, *contents = (Span(start, end) for start, end in json.loads(row["spans"]))
    return Attribution(row["speaker"], source, cue, tuple(contents), row["via"], bool(row["resolved"]))


def revision_from(row: sqlite3.Row) -> Revision:
    """Return the Revision in a whole row of ``revisions``."""
    return Revision(row["version"], row["sha256"], tuple(Kept(*each) for each in json.loads(row["kept"])))


def where(filters: Filters, *, of: Literal["articles", "passages"]) -> tuple[str, list[str]]:
    """Return ``filters`` as an SQL condition on ``articles``, or on ``passages`` joined to them, and its parameters.

    Without filters the condition is "1".
    """
    conditions: list[str] = []
    values: list[str] = []
    if filters.article_ids:
        conditions.append("articles.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filters.article_ids))
    if filters.publishers:
        # The publishers are read from their index, each once, so that few are folded and no article's row is read.
        conditions.append(
            "articles.publisher COLLATE NOCASE IN (WITH known AS MATERIALIZED (SELECT DISTINCT publisher FROM articles)"
            " SELECT publisher FROM known WHERE folded(publisher) IN (SELECT value FROM json_each(?)))"
        )
        values.append(json.dumps([folded(each) for each in filters.publishers]))
    if filters.published_from:
        conditions.append("articles.published >= ?")
        values.append(filters.published_from.isoformat())
    if filters.published_to:
        conditions.append("articles.published <= ?")
        values.append(filters.published_to.isoformat())
    if filters.speakers:
        within = " AND said.start < passages.end AND passages.start < said.end" if of == "passages" else ""
        conditions.append(
            "EXISTS (SELECT 1 FROM attributions AS said, json_each(?) AS asked WHERE said.article_id = articles.id"
            f" AND instr(said.names, asked.value){within})"
        )
        values.append(json.dumps(any_asked(filters.speakers, filters.speaker_names)))
    return " AND ".join(conditions) or "1", values
