"""Whether the record agrees with itself, and its caches with the record."""

import sqlite3
from pathlib import Path

import numpy as np

from index.store import rows
from index.store.checks import tile
from index.store.sqlite import article_rows, meta
from index.store.sqlite.vectors import VectorIndex, from_blobs


def faults(connection: sqlite3.Connection, cache: Path) -> list[str]:
    """Return what is wrong with the record or, where that is sound, with the vector index at ``cache``."""
    found = record_faults(connection)
    return cache_faults(connection, cache) if meta.model(connection) and not found else found


def record_faults(connection: sqlite3.Connection) -> list[str]:
    """Return one sentence for each fault inside the record: its pages, articles, passages, vectors and words."""
    faults = [f"SQLite: {row[0]}." for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    if faults:
        return faults
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        faults.append(f"Row {row} of {table} belongs to nothing in {parent}.")
    for row in connection.execute("SELECT * FROM articles ORDER BY id"):
        article = rows.article_from(row)
        if article.sha256 != row["sha256"]:
            faults.append(f"Article {article.id}: its text is not the text that was added.")
        if not tile(article, article_rows.list_passages(connection, article.id)):
            faults.append(f"Article {article.id}: its passages do not add up to its text.")
    model = meta.model(connection)
    for question, meaning in (
        ("SELECT id FROM passages WHERE id NOT IN (SELECT passage_id FROM vectors)", "have no vector"),
        ("SELECT id FROM passages WHERE id NOT IN (SELECT rowid FROM passages_fts)", "have no words to search"),
        ("SELECT rowid FROM passages_fts WHERE rowid NOT IN (SELECT id FROM passages)", "are searched but gone"),
    ):
        if ids := [row[0] for row in connection.execute(question)]:
            faults.append(f"{len(ids)} passages {meaning} (the first is {ids[0]}).")
    length = 4 * model.dimension if model else 0
    wrong = connection.execute("SELECT count(*) FROM vectors WHERE length(vector) != ?", (length,)).fetchone()[0]
    if wrong:
        faults.append(f"{wrong} vectors are not of {model.dimension if model else 0} dimensions.")
    return faults


def cache_faults(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Return one sentence for each fault of the vector cache; to be missing or of an earlier state is none."""
    if not path.exists():
        return []
    cached = VectorIndex.load(path)
    if cached is None:
        return [f"The vector cache {path} is damaged."]
    if (cached.epoch, cached.revision) != (meta.epoch(connection), meta.revision(connection)):
        return []
    stored = connection.execute("SELECT passage_id, vector FROM vectors ORDER BY passage_id").fetchall()
    ids = np.array([row[0] for row in stored], dtype=np.int64)
    same = np.array_equal(cached.ids(), ids) and cached.holds(
        ids, from_blobs([row[1] for row in stored], cached.dimension)
    )
    return [] if same else [f"The vector cache {path} does not hold the record's vectors."]
