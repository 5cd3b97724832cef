"""Whole records out of and into a store on one machine."""

import json
import sqlite3
from collections.abc import Sequence

import numpy as np

from index.errors import StoreUnavailableError
from index.store import rows
from index.store.base import Given, Record
from index.store.comparing import Comparison
from index.store.sqlite import annotation_rows, article_rows, meta, stories
from index.store.sqlite.connection import Database
from index.store.sqlite.vectors import as_blob, from_blobs
from index.types import Annotations


class SqliteTransfer:
    """See ``Transfer``."""

    def __init__(self, database: Database) -> None:
        """Take the record."""
        self._database = database

    def given(self) -> Given:
        """See ``Transfer.given``."""
        with self._database.reading() as connection:
            found = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        return Given(found.get("articles", 0), found.get("passages", 0))

    def record(self, article_id: int) -> Record:
        """See ``Transfer.record``."""
        with self._database.reading() as connection:
            article = article_rows.get_article(connection, article_id)
            passages = article_rows.list_passages(connection, article_id)
            model = meta.model(connection)
            blobs = dict(
                connection.execute(
                    "SELECT passage_id, vector FROM vectors JOIN passages ON id = passage_id WHERE article_id = ?",
                    (article_id,),
                ).fetchall()
            )
            row = connection.execute("SELECT tagger, story FROM articles WHERE id = ?", (article_id,)).fetchone()
            said = annotation_rows.list_attributions(connection, article_id)
            stances = annotation_rows.list_stances(connection, article_id)
            furniture = annotation_rows.list_furniture(connection, article_id)
            revisions = article_rows.list_revisions(connection, article_id)
        # A vector that is missing has no numbers, which from_blobs reports.
        vectors = from_blobs([blobs.get(each.id, b"") for each in passages], model.dimension if model else 0)
        annotations = Annotations(row["tagger"], tuple(said), tuple(stances), tuple(furniture))
        return Record(article, tuple(passages), vectors, annotations, revisions, row["story"])

    def begin(self, source: str) -> None:
        """See ``Transfer.begin``."""
        with self._database.writing() as connection:
            found = connection.execute("SELECT value FROM meta WHERE name = 'copy'").fetchone()
            if found is None and meta.counts(connection).articles:
                raise StoreUnavailableError(
                    f"The store in {self._database.path.parent} holds articles already.", remedy="Copy to an empty one."
                )
            if found is not None and found["value"] != source:
                raise StoreUnavailableError(
                    f"The store in {self._database.path.parent} is an unfinished copy of {found['value']}.",
                    remedy="Copy from there, or to an empty store.",
                )
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('copy', ?)", (source,))

    def write(self, records: Sequence[Record]) -> None:
        """See ``Transfer.write``."""
        comparisons = [Comparison(record.article.text) for record in records]
        with self._database.writing() as connection:
            for record, comparison in zip(records, comparisons, strict=True):
                for old in article_rows.get_articles(connection, [record.article.id]):
                    article_rows.remove_article(connection, old)
                _write(connection, record)
                stories.put_bands(connection, record.article.id, comparison=comparison)
            meta.renew_revision(connection)

    def finish(self, given: Given) -> None:
        """See ``Transfer.finish``."""
        with self._database.writing() as connection:
            for table, last in (("articles", given.article), ("passages", given.passage)):
                changed = connection.execute(
                    "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, table)
                ).rowcount
                if not changed:
                    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
            connection.execute("DELETE FROM meta WHERE name = 'copy'")
            # Vectors did not come in the order of their ids, which a cached index relies on.
            if model := meta.model(connection):
                meta.set_model(connection, model)
            meta.renew_revision(connection)


def _write(connection: sqlite3.Connection, record: Record) -> None:
    article = record.article
    values = (article.sha256, article.text, *rows.article_values(article))
    marks = ", ".join("?" * len(values))
    connection.execute(
        f"INSERT INTO articles (id, key, version, story, sha256, text, {rows.ARTICLE_FIELDS})"
        f" VALUES (?, ?, ?, ?, {marks})",
        (article.id, article.key, article.version, record.story, *values),
    )
    for passage, vector in zip(record.passages, record.vectors, strict=True):
        connection.execute(
            "INSERT INTO passages (id, article_id, start, end, sentences, page) VALUES (?, ?, ?, ?, ?, ?)",
            (passage.id, article.id, passage.start, passage.end, json.dumps(passage.sentences), passage.page),
        )
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (passage.id, as_blob(np.asarray(vector))))
        article_rows.index_words(connection, article, passage=passage, passage_id=passage.id)
    annotation_rows.put_annotations(connection, article.id, annotations=record.annotations)
    for revision in record.revisions:
        connection.execute(
            "INSERT INTO revisions VALUES (?, ?, ?, ?)",
            (article.id, revision.version, revision.sha256, json.dumps(revision.kept)),
        )
