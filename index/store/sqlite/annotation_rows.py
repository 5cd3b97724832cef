"""What is found in articles, in the record: the statements that read and write who said what, stances and furniture."""

import sqlite3

from index.store import rows
from index.store.catalogue import CitedName
from index.store.furnished import LOOKED_AT, SEVERAL, site_of
from index.store.sqlite import meta
from index.types import Annotations, Article, Attribution, FurnitureLine, Passage, Span, Stance

_HERE = " WHERE article_id = ? AND start < ? AND ? < end ORDER BY start, rowid"
_ALL = " WHERE article_id = ? ORDER BY start, rowid"


def put_annotations(connection: sqlite3.Connection, article_id: int, *, annotations: Annotations) -> None:
    """Write an article's annotations in place of those it had."""
    for table in ("attributions", "stances", "furniture"):
        connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    connection.executemany(
        "INSERT INTO attributions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(article_id, *rows.attribution_values(each)) for each in annotations.attributions],
    )
    connection.executemany(
        "INSERT INTO stances VALUES (?, ?, ?, ?, ?)",
        [(article_id, *rows.stance_values(each)) for each in annotations.stances],
    )
    row = connection.execute("SELECT url, publisher FROM articles WHERE id = ?", (article_id,)).fetchone()
    site = site_of(row["url"], row["publisher"])
    connection.executemany(
        "INSERT INTO furniture VALUES (?, ?, ?, ?, ?, ?)",
        [(article_id, *rows.furniture_values(each, site)) for each in annotations.furniture],
    )
    connection.execute("UPDATE articles SET tagger = ? WHERE id = ?", (annotations.tagger, article_id))


def annotated_otherwise(connection: sqlite3.Connection, tagger: str, *, limit: int, after: int) -> list[int]:
    """Return the ids above ``after`` of articles that another tagger annotated, or none."""
    found = connection.execute(
        "SELECT id FROM articles WHERE tagger != ? AND id > ? ORDER BY id LIMIT ?", (tagger, after, limit)
    )
    return [row[0] for row in found]


def attributions_in(connection: sqlite3.Connection, passage: Passage) -> tuple[Attribution, ...]:
    """Return the attributions with words in a passage."""
    place = (passage.article_id, passage.end, passage.start)
    return tuple(rows.attribution_from(row) for row in connection.execute(f"SELECT * FROM attributions{_HERE}", place))


def stances_in(connection: sqlite3.Connection, passage: Passage) -> tuple[Stance, ...]:
    """Return the stances with words of their scope in a passage."""
    place = (passage.article_id, passage.end, passage.start)
    return tuple(rows.stance_from(row) for row in connection.execute(f"SELECT * FROM stances{_HERE}", place))


def list_attributions(connection: sqlite3.Connection, article_id: int) -> list[Attribution]:
    """Return an article's attributions in order."""
    return [
        rows.attribution_from(row) for row in connection.execute(f"SELECT * FROM attributions{_ALL}", (article_id,))
    ]


def list_stances(connection: sqlite3.Connection, article_id: int) -> list[Stance]:
    """Return an article's stances in order."""
    return [rows.stance_from(row) for row in connection.execute(f"SELECT * FROM stances{_ALL}", (article_id,))]


def list_furniture(connection: sqlite3.Connection, article_id: int) -> list[FurnitureLine]:
    """Return an article's lines that are or may be furniture, in order."""
    return [rows.furniture_from(row) for row in connection.execute(f"SELECT * FROM furniture{_ALL}", (article_id,))]


def furniture_in(connection: sqlite3.Connection, passage: Passage) -> list[Span]:
    """Return the spans of what is furniture in a passage, in order."""
    place = (passage.article_id, passage.end, passage.start)
    found = connection.execute(f"SELECT * FROM furniture{_HERE}", place).fetchall()
    return [
        Span(row["start"], row["end"])
        for row in found
        if row["sure"] or _stands_in_several(connection, row["block"], row["site"])
    ]


def _stands_in_several(connection: sqlite3.Connection, block: int, site: str) -> bool:
    """Whether several articles of a site have a block; those of one story count once."""
    found = connection.execute(
        "SELECT count(*) FROM (SELECT DISTINCT coalesce(story, -id) FROM (SELECT DISTINCT article_id FROM furniture"
        " WHERE NOT sure AND block = ? AND site = ? LIMIT ?) JOIN articles ON id = article_id LIMIT ?)",
        (block, site, LOOKED_AT, SEVERAL),
    ).fetchone()
    return bool(found[0] >= SEVERAL)


def move_furniture(connection: sqlite3.Connection, article: Article) -> None:
    """Count an article's lines to the site that it is of now."""
    site = site_of(article.url, article.publisher)
    connection.execute("UPDATE furniture SET site = ? WHERE article_id = ?", (site, article.id))


def cited(connection: sqlite3.Connection) -> list[CitedName]:
    """Return every name of a speaker in every article that may be quoted."""
    found = connection.execute(
        "SELECT speaker, article_id, count(*) FROM attributions"
        " WHERE article_id NOT IN (SELECT id FROM articles WHERE embargo > ?) GROUP BY speaker, article_id",
        (rows.now(),),
    )
    return [CitedName(*row) for row in found]


def annotate(connection: sqlite3.Connection, article: Article, *, annotations: Annotations) -> None:
    """Replace an article's annotations, unless it has changed or gone meanwhile."""
    now = connection.execute("SELECT version FROM articles WHERE id = ?", (article.id,)).fetchone()
    if now and now["version"] == article.version:
        put_annotations(connection, article.id, annotations=annotations)
        meta.set_annotated(connection)
