"""Making all vectors anew while others read and write: beside the present ones, and exchanged in one commit."""

import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby

from index.errors import StoreBusyError
from index.store import rows
from index.store.base import Embed, EmbeddingModel
from index.store.sqlite import article_rows, meta
from index.store.sqlite.connection import Database
from index.store.sqlite.vectors import as_blob
from index.types import Article, Passage

_PASSAGES = 256
_ROUNDS = 20
# A passage that is removed takes its vector along, and no id is given twice: what is in the table stays right.
_TABLE = """
CREATE TABLE new_vectors (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector BLOB NOT NULL
)
"""
_Batch = list[tuple[Article, list[Passage]]]


def replace_vectors(database: Database, model: EmbeddingModel, *, embed: Embed) -> None:
    """Replace every passage's vector; see ``Store.replace_vectors``.

    The new vectors are written to a table of their own, a few hundred in a transaction. Passages that come in meanwhile
    get theirs in another round. Raises StoreBusyError if somebody else begins to do the same.
    """
    own = uuid.uuid4().hex
    with database.writing() as connection:
        connection.execute("DROP TABLE IF EXISTS new_vectors")
        connection.execute(_TABLE)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('reindexing', ?)", (own,))
    for _ in range(_ROUNDS):
        for batch in _lacking(database):
            made = _embedded(batch, embed)
            with database.writing() as connection:
                _require_own(connection, own)
                _write(connection, made)
        with database.writing() as connection:
            _require_own(connection, own)
            if not _next(connection, 0):
                _exchange(connection, model)
                return
    # Articles came in as fast as they were embedded: the rest while they wait.
    with database.writing() as connection:
        _require_own(connection, own)
        while batch := _next(connection, 0):
            _write(connection, _embedded(batch, embed))
        _exchange(connection, model)


def _lacking(database: Database) -> Iterator[_Batch]:
    """Yield the passages without a new vector, with their articles; each once."""
    after = 0
    while True:
        with database.reading() as connection:
            batch = _next(connection, after)
        if not batch:
            return
        after = batch[-1][1][-1].id
        yield batch


def _next(connection: sqlite3.Connection, after: int) -> _Batch:
    found = connection.execute(
        "SELECT * FROM passages WHERE id > ? AND id NOT IN (SELECT passage_id FROM new_vectors) ORDER BY id LIMIT ?",
        (after, _PASSAGES),
    )
    grouped = groupby(map(rows.passage_from, found.fetchall()), key=lambda each: each.article_id)
    return [(article_rows.get_article(connection, article_id), list(each)) for article_id, each in grouped]


def _embedded(batch: _Batch, embed: Embed) -> list[tuple[int, bytes]]:
    return [
        (passage.id, as_blob(vector))
        for article, passages in batch
        for passage, vector in zip(passages, embed(article, passages), strict=True)
    ]


def _write(connection: sqlite3.Connection, made: Sequence[tuple[int, bytes]]) -> None:
    """Write vectors of passages, but of none that was removed while they were made."""
    connection.executemany(
        "INSERT OR REPLACE INTO new_vectors SELECT id, :vector FROM passages WHERE id = :id",
        [{"id": passage_id, "vector": vector} for passage_id, vector in made],
    )


def _exchange(connection: sqlite3.Connection, model: EmbeddingModel) -> None:
    connection.execute("DROP TABLE vectors")
    connection.execute("ALTER TABLE new_vectors RENAME TO vectors")
    connection.execute("DELETE FROM meta WHERE name = 'reindexing'")
    meta.set_model(connection, model)
    meta.renew_revision(connection)


def _require_own(connection: sqlite3.Connection, own: str) -> None:
    row = connection.execute("SELECT value FROM meta WHERE name = 'reindexing'").fetchone()
    if row is None or row[0] != own:
        raise StoreBusyError(
            "Another process has begun to make the vectors anew.", remedy="Wait for it, then see `pullquote check`."
        )
