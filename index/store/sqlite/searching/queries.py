"""Searching the record: passages by filter and by words, and all that belongs to those found."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import NotFoundError, StoreCorruptError
from index.store import rows
from index.store.base import Candidates, Saying, SayingPlace
from index.store.furnished import quotable
from index.store.sqlite import annotation_rows, article_rows, stories
from index.text.words import any_asked, folded
from index.types import Article, Filters

_MOST_COPIES = 100
_PASSAGES_WHERE = "SELECT passages.id FROM passages JOIN articles ON articles.id = article_id WHERE "


def condition(
    connection: sqlite3.Connection, filters: Filters, *, of: Literal["articles", "passages"]
) -> tuple[str, list[str]]:
    """Return the condition on what may be quoted now (see ``where``): what passes the filters and no embargo."""
    condition, values = where(filters, of=of)
    now = rows.now()
    if connection.execute("SELECT 1 FROM articles WHERE embargo > ? LIMIT 1", (now,)).fetchone():
        open_now = "(articles.embargo IS NULL OR articles.embargo <= ?)"
        condition = open_now if condition == "1" else f"{condition} AND {open_now}"
        values = [*values, now]
    return condition, values


def passage_ids(connection: sqlite3.Connection, among: str, *, values: list[str]) -> NDArray[np.int64]:
    """Return the ids of the passages whose article meets ``among`` (see ``where``)."""
    found = connection.execute(_PASSAGES_WHERE + among, values)
    return np.fromiter((row[0] for row in found), dtype=np.int64)


def count_articles(connection: sqlite3.Connection, where: str, *, values: list[str]) -> int:
    """Return how many articles meet ``where``."""
    return int(connection.execute(f"SELECT count(*) FROM articles WHERE {where}", values).fetchone()[0])


def lexical(
    connection: sqlite3.Connection, words: Sequence[str], *, k: int, where: str, values: list[str]
) -> list[tuple[int, float]]:
    """Return the ``k`` best passages by BM25 for any of ``words``: (passage id, score), best first, ties by id."""
    if not words:
        return []
    any_word = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
    narrowed = ""
    if where != "1":
        # With "rowid" alone SQLite would search the words anew for every passage that passes.
        narrowed = f" AND +rowid IN ({_PASSAGES_WHERE}{where})"
    found = connection.execute(
        "SELECT rowid, bm25(passages_fts) AS score FROM passages_fts"
        f" WHERE passages_fts MATCH ?{narrowed} ORDER BY score, rowid LIMIT ?",
        (any_word, *(values if narrowed else ()), k),
    )
    return [(row["rowid"], -row["score"]) for row in found]


def candidates(
    connection: sqlite3.Connection, dense: list[tuple[int, float]], lexical: list[tuple[int, float]], filters: Filters
) -> Candidates:
    """Return all that belongs to the passages found. Raises StoreCorruptError if some of it is not there."""
    passages = {i: article_rows.get_passage(connection, i) for i, _ in (*dense, *lexical)}
    try:
        articles = {i: article_rows.get_article(connection, i) for i in {each.article_id for each in passages.values()}}
    except NotFoundError as error:
        raise StoreCorruptError("A passage in the store has no article.", remedy=article_rows.REPAIR) from error
    said = {i: annotation_rows.attributions_in(connection, passage) for i, passage in passages.items()}
    stances = {i: annotation_rows.stances_in(connection, passage) for i, passage in passages.items()}
    among, values = condition(connection, filters, of="articles")
    stored = count_articles(connection, "1", values=[])
    searched = count_articles(connection, among, values=values) if among != "1" else stored
    shared = stories.of_articles(connection, list(articles))
    found = Candidates(dense, lexical, passages, articles, said, stances, shared, searched, stored)
    return quotable(found, {i: annotation_rows.furniture_in(connection, each) for i, each in passages.items()})


def copies(connection: sqlite3.Connection, article_id: int, filters: Filters) -> tuple[Article, ...]:
    """Return the articles of the same story that pass the filters."""
    among, values = condition(connection, filters, of="articles")
    found = connection.execute(
        "SELECT articles.* FROM articles WHERE story = (SELECT story FROM articles WHERE id = ?) AND id != ?"
        f" AND {among} ORDER BY id LIMIT ?",
        (article_id, article_id, *values, _MOST_COPIES),
    )
    return tuple(rows.article_from(row) for row in found)


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


def sayings(
    connection: sqlite3.Connection,
    names: Sequence[str],
    *,
    filters: Filters,
    limit: int,
    after: SayingPlace | None = None,
) -> list[Saying]:
    """Return the attributions to whoever has one of ``names``, by day and place (see ``Store.sayings``)."""
    among, values = condition(connection, filters, of="articles")
    place = "(coalesce(articles.published, '9999-99-99'), articles.id, attributions.rowid)"
    behind = f" AND {place} > (?, ?, ?)" if after else ""
    found = connection.execute(
        "SELECT attributions.*, attributions.rowid AS number, coalesce(articles.published, '9999-99-99') AS day"
        " FROM attributions JOIN articles ON articles.id = article_id"
        f" WHERE speaker IN (SELECT value FROM json_each(?)) AND {among}{behind} ORDER BY {place[1:-1]} LIMIT ?",
        (json.dumps(names), *values, *(after or ()), limit),
    ).fetchall()
    return rows.sayings_from(found, article_rows.get_articles(connection, [row["article_id"] for row in found]))
