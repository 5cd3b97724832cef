"""Stories: articles that are nearly the same share one, found by the bands of their texts."""

import json
import sqlite3
import uuid
from collections.abc import Sequence

from index.store.comparing import Comparison
from index.store.sqlite import article_rows

_MOST_COMPARED = 20


def candidates(connection: sqlite3.Connection, comparison: Comparison, *, but: int) -> list[sqlite3.Row]:
    """Return (id, text, story) of the articles other than ``but`` that are the same as a text or share most bands.

    They are at most 20. A short text has no bands.
    """
    found = connection.execute(
        "SELECT articles.id, text, story FROM bands JOIN articles ON id = article_id"
        " WHERE band IN (SELECT value FROM json_each(?)) AND id != ?"
        " GROUP BY articles.id ORDER BY count(*) DESC, id LIMIT ?",
        (json.dumps(comparison.bands), but, _MOST_COMPARED),
    ).fetchall()
    if comparison.bands:
        return found
    same = "SELECT id, text, story FROM articles WHERE sha256 = ? AND id != ? ORDER BY id LIMIT ?"
    return connection.execute(same, (comparison.sha256, but, _MOST_COMPARED)).fetchall()


def near(found: Sequence[sqlite3.Row], comparison: Comparison) -> list[sqlite3.Row]:
    """Return those of the candidates that are nearly the same as the text; of one story only the first is compared."""
    chosen: list[sqlite3.Row] = []
    for row in found:
        known = row["story"] is not None and row["story"] in [each["story"] for each in chosen]
        if known or comparison.alike(row["text"]):
            chosen.append(row)
    return chosen


def put(connection: sqlite3.Connection, article_id: int, *, comparison: Comparison) -> None:
    """Write an article's bands, and one story for it and those that are nearly the same, with the stories they had."""
    put_bands(connection, article_id, comparison=comparison)
    connection.execute("UPDATE articles SET story = NULL WHERE id = ?", (article_id,))
    if alike := near(candidates(connection, comparison, but=article_id), comparison):
        former = [row["story"] for row in alike if row["story"] is not None]
        # Never the id of an article: one that has left the story would lend it its number.
        story = former[0] if former else uuid.uuid4().int >> 65
        ids = [article_id, *(row["id"] for row in alike)]
        connection.execute(
            "UPDATE articles SET story = ? WHERE story IN (SELECT value FROM json_each(?))"
            " OR id IN (SELECT value FROM json_each(?))",
            (story, json.dumps(former), json.dumps(ids)),
        )


def put_bands(connection: sqlite3.Connection, article_id: int, *, comparison: Comparison) -> None:
    """Write an article's bands in place of those it had."""
    connection.execute("DELETE FROM bands WHERE article_id = ?", (article_id,))
    values = [(band, article_id) for band in set(comparison.bands)]
    connection.executemany("INSERT INTO bands VALUES (?, ?)", values)


def of_articles(connection: sqlite3.Connection, article_ids: Sequence[int]) -> dict[int, int]:
    """Return the stories of those of the articles that share one, by article id."""
    found = connection.execute(
        "SELECT id, story FROM articles WHERE story IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(article_ids),),
    )
    return {row["id"]: row["story"] for row in found}


def near_duplicates(connection: sqlite3.Connection, article_id: int) -> list[int]:
    """Return the ids of the articles that share a story with one."""
    found = connection.execute(
        "SELECT id FROM articles WHERE story = (SELECT story FROM articles WHERE id = ?) AND id != ? ORDER BY id",
        (article_id, article_id),
    )
    return [row["id"] for row in found]


def rebuild(connection: sqlite3.Connection) -> None:
    """Find anew which articles are nearly the same."""
    for (article_id,) in connection.execute("SELECT id FROM articles ORDER BY id").fetchall():
        put(connection, article_id, comparison=Comparison(article_rows.get_article(connection, article_id).text))
