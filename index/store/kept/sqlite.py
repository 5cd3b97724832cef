"""Kept answers in the record of one machine."""

import json
import sqlite3
from collections.abc import Sequence

from index.store.kept import rows
from index.store.kept.base import KeptAnswer, KeptPlace, KeptSummary
from index.store.sqlite.connection import Database


class SqliteKeptAnswers:
    """See ``KeptAnswers``."""

    def __init__(self, database: Database) -> None:
        """Take the record."""
        self._database = database

    def seal(self) -> bytes:
        """See ``KeptAnswers.seal``."""
        with self._database.reading() as connection:
            return bytes.fromhex(connection.execute("SELECT value FROM meta WHERE name = 'seal'").fetchone()["value"])

    def put(self, answer: KeptAnswer) -> None:
        """See ``KeptAnswers.put``."""
        with self._database.writing() as connection:
            cited = {each.article_id for each in answer.quotes}
            there = connection.execute(
                "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(cited)),)
            )
            answer = rows.without(answer, cited - {row["id"] for row in there})
            connection.execute("DELETE FROM kept_answers WHERE id = ?", (answer.id,))
            connection.execute(
                f"INSERT INTO kept_answers ({rows.ANSWER}) VALUES (?, ?, ?, ?, ?)", rows.answer_values(answer)
            )
            marks = ", ".join("?" * 11)
            connection.executemany(
                f"INSERT INTO kept_quotes ({rows.QUOTE}) VALUES ({marks})", rows.quote_values(answer)
            )

    def get(self, answer_id: str) -> KeptAnswer:
        """See ``KeptAnswers.get``."""
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {rows.ANSWER} FROM kept_answers WHERE id = ?", (answer_id,)).fetchone()
            if not row:
                raise rows.missing(answer_id)
            quotes = connection.execute(
                f"SELECT {rows.QUOTE} FROM kept_quotes WHERE answer_id = ? ORDER BY place", (answer_id,)
            )
            return rows.answer_from(row, quotes.fetchall())

    def list(self, *, limit: int, after: KeptPlace | None = None) -> list[KeptSummary]:
        """See ``KeptAnswers.list``."""
        where, values = (" WHERE (kept, id) < (?, ?)", tuple(after)) if after else ("", ())
        with self._database.reading() as connection:
            found = connection.execute(
                f"SELECT id, kept, question FROM kept_answers{where} ORDER BY kept DESC, id DESC LIMIT ?",
                (*values, limit),
            )
            return [rows.summary_from(row) for row in found]

    def count(self) -> int:
        """See ``KeptAnswers.count``."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM kept_answers").fetchone()[0])

    def remove(self, answer_id: str) -> None:
        """See ``KeptAnswers.remove``."""
        with self._database.writing() as connection:
            if not connection.execute("DELETE FROM kept_answers WHERE id = ?", (answer_id,)).rowcount:
                raise rows.missing(answer_id)
        self._database.empty_log()


def forget(connection: sqlite3.Connection, article_ids: Sequence[int]) -> None:
    """Take the words of articles from all kept answers."""
    these = "article_id IN (SELECT value FROM json_each(?))"
    values = (json.dumps(list(article_ids)),)
    connection.execute(
        f"UPDATE kept_answers SET words = NULL WHERE id IN (SELECT answer_id FROM kept_quotes WHERE {these})", values
    )
    connection.execute(
        f"UPDATE kept_quotes SET content = NULL, title = iif(title_given, title, NULL) WHERE {these}", values
    )
