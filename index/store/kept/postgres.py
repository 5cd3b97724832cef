"""Kept answers in PostgreSQL: two small tables, which in a cluster stay on the coordinator."""

from collections.abc import Sequence

from index.store.kept import rows
from index.store.kept.base import KeptAnswer, KeptPlace, KeptSummary
from index.store.postgres import article_rows, locks
from index.store.postgres.connection import Connection, Database


class PostgresKeptAnswers:
    """See ``KeptAnswers``."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database

    def seal(self) -> bytes:
        """See ``KeptAnswers.seal``."""

        def work(connection: Connection) -> bytes:
            row = connection.execute("SELECT value FROM meta WHERE name = 'seal'").fetchone()
            assert row is not None
            return bytes.fromhex(row["value"])

        return self._database.read(work)

    def put(self, answer: KeptAnswer) -> None:
        """See ``KeptAnswers.put``."""

        def work(connection: Connection) -> None:
            locks.beside_others(connection, [f"answer {answer.id}"])
            cited = sorted({each.article_id for each in answer.quotes})
            # Locked until the end, so that none is removed before its words are where its removal looks for them.
            gone = [each for each in cited if not article_rows.lock_article(connection, each)]
            kept = rows.without(answer, gone)
            connection.execute("DELETE FROM kept_answers WHERE id = %s", (kept.id,))
            connection.execute(
                f"INSERT INTO kept_answers ({rows.ANSWER}) VALUES (%s, %s, %s, %s, %s)", rows.answer_values(kept)
            )
            marks = ", ".join(["%s"] * 11)
            for values in rows.quote_values(kept):
                connection.execute(f"INSERT INTO kept_quotes ({rows.QUOTE}) VALUES ({marks})", values)

        self._database.write(work)

    def get(self, answer_id: str) -> KeptAnswer:
        """See ``KeptAnswers.get``."""

        def work(connection: Connection) -> KeptAnswer:
            row = connection.execute(f"SELECT {rows.ANSWER} FROM kept_answers WHERE id = %s", (answer_id,)).fetchone()
            if not row:
                raise rows.missing(answer_id)
            quotes = connection.execute(
                f"SELECT {rows.QUOTE} FROM kept_quotes WHERE answer_id = %s ORDER BY place", (answer_id,)
            )
            return rows.answer_from(row, quotes.fetchall())

        return self._database.read(work)

    def list(self, *, limit: int, after: KeptPlace | None = None) -> list[KeptSummary]:
        """See ``KeptAnswers.list``."""
        where, values = (" WHERE (kept, id) < (%s, %s)", tuple(after)) if after else ("", ())

        def work(connection: Connection) -> list[KeptSummary]:
            found = connection.execute(
                f"SELECT id, kept, question FROM kept_answers{where} ORDER BY kept DESC, id DESC LIMIT %s",
                (*values, limit),
            )
            return [rows.summary_from(row) for row in found]

        return self._database.read(work)

    def count(self) -> int:
        """See ``KeptAnswers.count``."""

        def work(connection: Connection) -> int:
            row = connection.execute("SELECT count(*) AS there FROM kept_answers").fetchone()
            return int(row["there"]) if row else 0

        return self._database.read(work)

    def remove(self, answer_id: str) -> None:
        """See ``KeptAnswers.remove``."""

        def work(connection: Connection) -> None:
            locks.beside_others(connection, [f"answer {answer_id}"])
            if not connection.execute("DELETE FROM kept_answers WHERE id = %s", (answer_id,)).rowcount:
                raise rows.missing(answer_id)

        self._database.write(work)


def forget(connection: Connection, article_ids: Sequence[int]) -> None:
    """Take the words of articles from all kept answers."""
    ids = (list(article_ids),)
    connection.execute(
        "UPDATE kept_answers SET words = NULL"
        " WHERE id IN (SELECT answer_id FROM kept_quotes WHERE article_id = ANY(%s))",
        ids,
    )
    connection.execute(
        "UPDATE kept_quotes SET content = NULL, title = CASE WHEN title_given = 1 THEN title END"
        " WHERE article_id = ANY(%s)",
        ids,
    )
