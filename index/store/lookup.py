"""Finding passages in the record: by filter, and by words."""

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_PASSAGES_WHERE = "SELECT passages.id FROM passages JOIN articles ON articles.id = article_id WHERE "


def passage_ids(connection: sqlite3.Connection, condition: str, *, values: list[str]) -> NDArray[np.int64]:
    """Give the ids of the passages whose article meets ``condition`` (see ``rows.where``)."""
    found = connection.execute(_PASSAGES_WHERE + condition, values)
    return np.fromiter((row[0] for row in found), dtype=np.int64)


def count_articles(connection: sqlite3.Connection, condition: str, *, values: list[str]) -> int:
    """Count the articles that meet ``condition``."""
    return int(connection.execute(f"SELECT count(*) FROM articles WHERE {condition}", values).fetchone()[0])


def lexical(
    connection: sqlite3.Connection, words: Sequence[str], *, k: int, condition: str, values: list[str]
) -> list[tuple[int, float]]:
    """Give the ``k`` best passages by BM25 for any of ``words``: (passage id, score), best first, ties by id."""
    if not words:
        return []
    any_word = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
    narrowed = ""
    if condition != "1":
        narrowed = f" AND rowid IN ({_PASSAGES_WHERE}{condition})"
    found = connection.execute(
        "SELECT rowid, bm25(passages_fts) AS score FROM passages_fts"
        f" WHERE passages_fts MATCH ?{narrowed} ORDER BY score, rowid LIMIT ?",
        (any_word, *(values if narrowed else ()), k),
    )
    return [(row["rowid"], -row["score"]) for row in found]
