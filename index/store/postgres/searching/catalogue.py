"""The list of articles in PostgreSQL; see ``Catalogue``."""

from collections.abc import Sequence
from typing import Any

from index.embedding import Vectors
from index.store import rows
from index.store.catalogue import LONGEST_KEY, Choice, Facets, Listed, Order, Place, PublisherCount, facets_of
from index.store.postgres import article_rows, writing
from index.store.postgres.connection import Connection, Database
from index.store.postgres.searching import words
from index.text.words import folded
from index.types import Article, Stored

_TITLE = "coalesce(folded_title, lower(title))"
_KEYS = {
    "added": "''",
    "published": "published::text",
    "title": f"left({_TITLE}, {LONGEST_KEY})",
    "publisher": "folded_publisher",
}


class PostgresCatalogue:
    """See ``Catalogue``."""

    def __init__(self, database: Database, *, where: str, bound: str | None) -> None:
        """Take the database, its name for people, and that of the embedding model that this program works with."""
        self._database = database
        self._where = where
        self._bound = bound

    def list(self, choice: Choice, *, order: Order, limit: int, after: Place | None = None) -> Sequence[Listed]:
        """See ``Catalogue.list``."""
        condition, values = _where(choice)
        key, turn, beyond = _KEYS[order.by], *(("DESC", "<") if order.descending else ("ASC", ">"))
        behind = ""
        if after:
            further = f'(value, id) {beyond} (%(value)s COLLATE "C", %(id)s)'
            behind = f" WHERE lacks > %(lacks)s OR (lacks = %(lacks)s AND {further})"
            values |= {"lacks": after.lacks, "value": after.value, "id": after.article_id}
        question = (
            f"SELECT * FROM (SELECT {article_rows.KNOWN}, length(text) AS characters, {key} IS NULL AS lacks,"
            f" coalesce({key}, '') COLLATE \"C\" AS value FROM articles WHERE {condition}) AS listed{behind}"
            f" ORDER BY lacks, value {turn}, id {turn} LIMIT %(limit)s"
        )
        found = self._database.read(
            lambda connection: connection.execute(question, {**values, "limit": limit}).fetchall()
        )
        return [Listed(rows.summary_from(row), Place(row["lacks"], row["value"], row["id"])) for row in found]

    def count(self, choice: Choice) -> int:
        """See ``Catalogue.count``."""
        condition, values = _where(choice)
        return self._database.read(lambda connection: _count(connection, condition, values))

    def ids(self, choice: Choice) -> Sequence[int]:
        """See ``Catalogue.ids``."""
        condition, values = _where(choice)
        question = f"SELECT id FROM articles WHERE {condition} ORDER BY id"
        found = self._database.read(lambda connection: connection.execute(question, values).fetchall())
        return [row["id"] for row in found]

    def publishers(self) -> Sequence[PublisherCount]:
        """See ``Catalogue.publishers``."""
        return self._database.read(_publishers)

    def facets(self) -> Facets:
        """See ``Catalogue.facets``."""

        def work(connection: Connection) -> Facets:
            days = connection.execute(
                "SELECT min(published)::text AS first, max(published)::text AS last FROM articles"
            ).fetchone()
            assert days is not None
            kinds = connection.execute(
                "SELECT kind, count(*) AS articles FROM articles WHERE kind IS NOT NULL GROUP BY kind"
            ).fetchall()
            return facets_of(
                (_count(connection, "true", {}), days["first"], days["last"]),
                publishers=len(_publishers(connection)),
                kinds=[(row["kind"], row["articles"]) for row in kinds],
            )

        return self._database.read(work)

    def edit(self, article: Article, vectors: Vectors | None) -> Stored | None:
        """See ``Catalogue.edit``."""
        return self._database.write(
            lambda connection: writing.edit(connection, article, vectors, where=self._where, bound=self._bound)
        )


def _count(connection: Connection, condition: str, values: dict[str, Any]) -> int:
    row = connection.execute(f"SELECT count(*) AS articles FROM articles WHERE {condition}", values).fetchone()
    return int(row["articles"]) if row else 0


def _publishers(connection: Connection) -> Sequence[PublisherCount]:
    found = connection.execute(
        "SELECT publisher, count(*) AS articles FROM articles WHERE publisher IS NOT NULL GROUP BY publisher"
    )
    return rows.publishers_from((row["publisher"], row["articles"]) for row in found)


def _where(choice: Choice) -> tuple[str, dict[str, Any]]:
    """Return a choice as an SQL condition on ``articles``, and its parameters."""
    conditions = ["true"]
    values: dict[str, Any] = {}
    if choice.words.strip():
        held, values = words.holding(choice.phrases)
        values["part"] = folded(" ".join(choice.words.split()))
        in_text = f" OR ({' AND '.join(f'articles.id IN ({each})' for each in held)})" if held else ""
        conditions.append(f"(strpos({_TITLE}, %(part)s) > 0{in_text})")
    if not choice.embargoed:
        conditions.append("(articles.embargo IS NULL OR articles.embargo <= %(now)s)")
        values["now"] = rows.now()
    if choice.publishers:
        conditions.append("folded_publisher = ANY(%(publishers)s)")
        values["publishers"] = [folded(each) for each in choice.publishers]
    if choice.kinds:
        conditions.append("kind = ANY(%(kinds)s)")
        values["kinds"] = list(choice.kinds)
    if choice.published_from:
        conditions.append("published >= %(from)s")
        values["from"] = choice.published_from
    if choice.published_to:
        conditions.append("published <= %(to)s")
        values["to"] = choice.published_to
    return " AND ".join(conditions), values
