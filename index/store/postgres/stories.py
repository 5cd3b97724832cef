"""Stories: articles that are nearly the same share one, found by the bands of their texts."""

import uuid
from collections.abc import Sequence
from typing import Any

from index.store import rows
from index.store.comparing import Comparison
from index.store.postgres import article_rows
from index.store.postgres.connection import Connection
from index.store.postgres.searching.filtering import condition_of
from index.types import Article, Filters

_MOST_COMPARED = 20
_MOST_COPIES = 100
_SHARED = "story = (SELECT story FROM articles WHERE id = %(id)s) AND id != %(id)s"


def candidates(connection: Connection, comparison: Comparison, *, but: int) -> list[dict[str, Any]]:
    """Return (id, text, story) of the articles other than ``but`` that are the same as a text or share most bands.

    They are at most 20. A short text has no bands.
    """
    if not comparison.bands:
        same = "SELECT id, text, story FROM articles WHERE sha256 = %s AND id != %s ORDER BY id LIMIT %s"
        return connection.execute(same, (comparison.sha256, but, _MOST_COMPARED)).fetchall()
    shared = connection.execute(
        "SELECT article_id FROM bands WHERE band = ANY(%s) AND article_id != %s"
        " GROUP BY article_id ORDER BY count(*) DESC, article_id LIMIT %s",
        (comparison.bands, but, _MOST_COMPARED),
    )
    ids = [row["article_id"] for row in shared]
    found = connection.execute("SELECT id, text, story FROM articles WHERE id = ANY(%s)", (ids,)).fetchall()
    return sorted(found, key=lambda row: ids.index(row["id"]))


def near(found: Sequence[dict[str, Any]], comparison: Comparison) -> list[dict[str, Any]]:
    """Return those of the candidates that are nearly the same as the text; of one story only the first is compared."""
    chosen: list[dict[str, Any]] = []
    for row in found:
        known = row["story"] is not None and row["story"] in [each["story"] for each in chosen]
        if known or comparison.alike(row["text"]):
            chosen.append(row)
    return chosen


def put(connection: Connection, article_id: int, *, comparison: Comparison) -> None:
    """Write an article's bands, and one story for it and those that are nearly the same, with the stories they had.

    Whoever calls it holds ``locks.tail``: of two copies that come at once, the second sees the first.
    """
    write_bands(connection, article_id, bands=comparison.bands)
    connection.execute("UPDATE articles SET story = NULL WHERE id = %s", (article_id,))
    if alike := near(candidates(connection, comparison, but=article_id), comparison):
        former = [row["story"] for row in alike if row["story"] is not None]
        # Never the id of an article: one that has left the story would lend it its number.
        story = former[0] if former else uuid.uuid4().int >> 65
        ids = [article_id, *(row["id"] for row in alike)]
        connection.execute("UPDATE articles SET story = %s WHERE story = ANY(%s) OR id = ANY(%s)", (story, former, ids))


def write_bands(connection: Connection, article_id: int, *, bands: Sequence[int]) -> None:
    """Write an article's bands in place of those it had."""
    connection.execute("DELETE FROM bands WHERE article_id = %s", (article_id,))
    connection.execute(
        "INSERT INTO bands (article_id, band) SELECT %s, unnest(%s::bigint[])", (article_id, sorted(set(bands)))
    )


def of_articles(connection: Connection, article_ids: Sequence[int]) -> dict[int, int]:
    """Return the stories of those of the articles that share one, by article id."""
    found = connection.execute(
        "SELECT id, story FROM articles WHERE story IS NOT NULL AND id = ANY(%s)", (list(article_ids),)
    )
    return {row["id"]: row["story"] for row in found}


def near_duplicates(connection: Connection, article_id: int) -> list[int]:
    """Return the ids of the articles that share a story with one."""
    found = connection.execute(f"SELECT id FROM articles WHERE {_SHARED} ORDER BY id", {"id": article_id})
    return [row["id"] for row in found]


def copies(connection: Connection, article_id: int, *, filters: Filters) -> tuple[Article, ...]:
    """Return the articles of the same story that pass the filters, a hundred of them at most."""
    condition = condition_of(connection, filters)
    found = connection.execute(
        f"SELECT {article_rows.ARTICLE} FROM articles WHERE {_SHARED} AND {condition.on_articles}"
        f" ORDER BY id LIMIT {_MOST_COPIES}",
        {**condition.values, "id": article_id},
    )
    return tuple(rows.article_from(row) for row in found)


def rebuild(connection: Connection) -> None:
    """Find anew which articles are nearly the same."""
    for row in connection.execute("SELECT id FROM articles ORDER BY id").fetchall():
        text = article_rows.get_article(connection, row["id"]).text
        put(connection, row["id"], comparison=Comparison(text))
