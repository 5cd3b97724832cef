"""Whole records out of and into a store in PostgreSQL."""

from collections.abc import Sequence

import numpy as np

from index.errors import StoreCorruptError, StoreUnavailableError
from index.store.base import Given, Record
from index.store.comparing import Comparison
from index.store.postgres import annotation_rows, article_rows, locks, meta, stories
from index.store.postgres.connection import Connection, Database
from index.store.postgres.searching import vectors, words


class PostgresTransfer:
    """See ``Transfer``. The index of vectors is made at the end, which is quicker than while they come."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database

    def given(self) -> Given:
        """See ``Transfer.given``."""
        return Given(*self._database.read(meta.totals)[-2:])

    def record(self, article_id: int) -> Record:
        """See ``Transfer.record``."""
        return self._database.read(lambda connection: _record(connection, article_id))

    def begin(self, source: str) -> None:
        """See ``Transfer.begin``."""

        def work(connection: Connection) -> None:
            locks.alone(connection)
            found = connection.execute("SELECT value FROM meta WHERE name = 'copy'").fetchone()
            if found is None and meta.counts(connection).articles:
                raise StoreUnavailableError(
                    f"The store in {self._database.name} holds articles already.", remedy="Copy to an empty one."
                )
            if found is not None and found["value"] != source:
                raise StoreUnavailableError(
                    f"The store in {self._database.name} is an unfinished copy of {found['value']}.",
                    remedy="Copy from there, or to an empty store.",
                )
            vectors.drop_index(connection)
            connection.execute("INSERT INTO meta VALUES ('copy', %s) ON CONFLICT DO NOTHING", (source,))

        self._database.write(work)

    def write(self, records: Sequence[Record]) -> None:
        """See ``Transfer.write``."""
        comparisons = [Comparison(record.article.text) for record in records]

        def work(connection: Connection) -> None:
            locks.beside_others(connection, [f"key {each.article.key}" for each in records])
            gone = _remove(connection, [each.article.id for each in records])
            written = [
                terms
                for record, comparison in zip(records, comparisons, strict=True)
                for terms in _write(connection, record, comparison=comparison)
            ]
            locks.tail(connection)
            meta.change_totals(connection, articles=len(gone), words=sum(gone, []), sign=-1)
            last = (max(each.article.id for each in records), 0)
            meta.change_totals(connection, articles=len(records), words=written, sign=1, last=last)
            meta.renew_revision(connection)

        if records:
            self._database.write(work)

    def finish(self, given: Given) -> None:
        """See ``Transfer.finish``."""

        def work(connection: Connection) -> None:
            locks.alone(connection)
            connection.execute(
                "UPDATE totals SET last_article = greatest(last_article, %s),"
                " last_passage = greatest(last_passage, %s)",
                given,
            )
            for sequence, last in (("article_ids", given.article), ("passage_ids", given.passage)):
                connection.execute(
                    f"SELECT setval('{sequence}', %s) FROM {sequence} WHERE last_value < %s OR NOT is_called",
                    (max(last, 1), max(last, 1)),
                )
            model = meta.model(connection)
            if model and not vectors.is_indexed(connection, model.dimension):
                vectors.index(connection, model.dimension)
            connection.execute("DELETE FROM meta WHERE name = 'copy'")
            meta.renew_revision(connection)
            connection.execute("ANALYZE")

        self._database.write(work)


def _record(connection: Connection, article_id: int) -> Record:
    article = article_rows.get_article(connection, article_id)
    passages = article_rows.list_passages(connection, article_id)
    model = meta.model(connection)
    dimension = model.dimension if model else 0
    made = vectors.of_article(connection, article_id, dimension=dimension) if model else {}
    if missing := [each.id for each in passages if each.id not in made]:
        raise StoreCorruptError(f"{len(missing)} passages have no vector.", remedy="Run `pullquote reindex`.")
    stacked = np.stack([made[each.id] for each in passages]) if passages else np.empty((0, dimension), np.float32)
    story = stories.of_articles(connection, [article_id]).get(article_id)
    annotations = annotation_rows.get_annotations(connection, article_id)
    revisions = article_rows.list_revisions(connection, article_id)
    return Record(article, tuple(passages), stacked, annotations, revisions, story)


def _remove(connection: Connection, article_ids: Sequence[int]) -> list[list[list[int]]]:
    """Remove those of the articles that are there; return the terms of the passages of each."""
    found = connection.execute("SELECT id FROM articles WHERE id = ANY(%s)", (list(article_ids),))
    ids = [row["id"] for row in found]
    gone = [words.of_article(connection, each) for each in ids]
    connection.execute("DELETE FROM articles WHERE id = ANY(%s)", (ids,))
    return gone


def _write(connection: Connection, record: Record, *, comparison: Comparison) -> list[list[int]]:
    """Write a record; return the terms of its passages."""
    article = record.article
    article_rows.write_article(connection, article, passages=len(record.passages))
    article_rows.write_passages(connection, record.passages)
    terms = words.write(connection, article, passages=record.passages)
    vectors.write(connection, [(article.id, each.id) for each in record.passages], record.vectors)
    annotation_rows.put_annotations(connection, article.id, annotations=record.annotations)
    for revision in record.revisions:
        article_rows.write_revision(connection, article.id, revision)
    stories.write_bands(connection, article.id, bands=comparison.bands)
    connection.execute("UPDATE articles SET story = %s WHERE id = %s", (record.story, article.id))
    return terms
