"""The list of articles on one machine; see ``Catalogue``."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from index.embedding import Vectors
from index.store import rows
from index.store.catalogue import LONGEST_KEY, Choice, Facets, Listed, Order, Place, PublisherCount, facets_of
from index.store.sqlite import article_rows, writing
from index.store.sqlite.connection import Database
from index.text.words import folded
from index.types import Article, Stored

# Everything that is chosen and ordered by stands in this index, so that no article's text is read past.
_LISTED = "articles INDEXED BY articles_listed"
_KEYS = {
    "added": "''",
    "published": "published",
    "title": f"substr(folded(title), 1, {LONGEST_KEY})",
    "publisher": "folded(publisher)",
}


class SqliteCatalogue:
    """See ``Catalogue``."""

    def __init__(self, database: Database, *, bound: str | None) -> None:
        """Take the record, and the name of the embedding model that this program works with."""
        self._database = database
        self._bound = bound

    def list(self, choice: Choice, *, order: Order, limit: int, after: Place | None = None) -> list[Listed]:
        """See ``Catalogue.list``."""
        condition, values = _where(choice)
        key, turn, beyond = _KEYS[order.by], *(("DESC", "<") if order.descending else ("ASC", ">"))
        behind = ""
        if after:
            behind = f" WHERE (lacks, 1) > (:lacks, 1) OR (lacks = :lacks AND (value, id) {beyond} (:value, :id))"
            values |= {"lacks": int(after.lacks), "value": after.value, "id": after.article_id}
        question = (
            f"SELECT * FROM (SELECT id, {key} IS NULL AS lacks, coalesce({key}, '') AS value FROM {_LISTED}"
            f" WHERE {condition}){behind} ORDER BY lacks, value {turn}, id {turn} LIMIT :limit"
        )
        with self._database.reading() as connection:
            found = connection.execute(question, {**values, "limit": limit}).fetchall()
            known = _summaries(connection, [row["id"] for row in found])
        return [
            Listed(rows.summary_from(known[row["id"]]), Place(bool(row["lacks"]), row["value"], row["id"]))
            for row in found
        ]

    def count(self, choice: Choice) -> int:
        """See ``Catalogue.count``."""
        condition, values = _where(choice)
        with self._database.reading() as connection:
            return int(connection.execute(f"SELECT count(*) FROM {_LISTED} WHERE {condition}", values).fetchone()[0])

    def ids(self, choice: Choice) -> Sequence[int]:
        """See ``Catalogue.ids``."""
        condition, values = _where(choice)
        with self._database.reading() as connection:
            found = connection.execute(f"SELECT id FROM {_LISTED} WHERE {condition} ORDER BY id", values)
            return [row["id"] for row in found]

    def publishers(self) -> Sequence[PublisherCount]:
        """See ``Catalogue.publishers``."""
        with self._database.reading() as connection:
            return _publishers(connection)

    def facets(self) -> Facets:
        """See ``Catalogue.facets``."""
        with self._database.reading() as connection:
            counted = connection.execute(f"SELECT count(*), min(published), max(published) FROM {_LISTED}").fetchone()
            kinds = connection.execute(
                f"SELECT kind, count(*) FROM {_LISTED} WHERE kind IS NOT NULL GROUP BY kind"
            ).fetchall()
            return facets_of(
                tuple(counted), publishers=len(_publishers(connection)), kinds=[tuple(row) for row in kinds]
            )

    def edit(self, article: Article, vectors: Vectors | None) -> Stored | None:
        """See ``Catalogue.edit``."""
        with self._database.writing() as connection:
            return writing.edit(connection, article, vectors, where=self._database.path.parent, bound=self._bound)


def _publishers(connection: sqlite3.Connection) -> Sequence[PublisherCount]:
    found = connection.execute(
        "SELECT publisher, count(*) FROM articles WHERE publisher IS NOT NULL GROUP BY publisher COLLATE BINARY"
    )
    return rows.publishers_from(found)


def _summaries(connection: sqlite3.Connection, article_ids: Sequence[int]) -> dict[int, sqlite3.Row]:
    which = " WHERE id IN (SELECT value FROM json_each(?))"
    found = connection.execute(article_rows.SUMMARIES + which, (json.dumps(article_ids),))
    return {row["id"]: row for row in found}


def _where(choice: Choice) -> tuple[str, dict[str, Any]]:
    """Return a choice as an SQL condition on ``articles``, and its parameters."""
    conditions: list[str] = ["1"]
    values: dict[str, Any] = {}
    if choice.words.strip():
        values["part"] = folded(" ".join(choice.words.split()))
        having: list[str] = []
        for number, phrase in enumerate(choice.phrases):
            values[f"phrase{number}"] = '"' + phrase.replace('"', '""') + '"'
            # Without the sign SQLite would look up each article, and so read past its text.
            having.append(
                "+id IN (SELECT article_id FROM passages WHERE id IN"
                f" (SELECT rowid FROM passages_fts WHERE passages_fts MATCH :phrase{number}))"
            )
        in_text = f" OR ({' AND '.join(having)})" if having else ""
        conditions.append(f"(instr(folded(title), :part){in_text})")
    if not choice.embargoed:
        conditions.append("+id NOT IN (SELECT id FROM articles WHERE embargo > :now)")
        values["now"] = rows.now()
    if choice.publishers:
        conditions.append("folded(publisher) IN (SELECT value FROM json_each(:publishers))")
        values["publishers"] = json.dumps([folded(each) for each in choice.publishers])
    if choice.kinds:
        conditions.append("kind IN (SELECT value FROM json_each(:kinds))")
        values["kinds"] = json.dumps(choice.kinds)
    if choice.published_from:
        conditions.append("published >= :from")
        values["from"] = choice.published_from.isoformat()
    if choice.published_to:
        conditions.append("published <= :to")
        values["to"] = choice.published_to.isoformat()
    return " AND ".join(conditions), values
