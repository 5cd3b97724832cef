"""The store of one folder, for any number of threads and processes."""

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.embedding import Vectors
from index.errors import ModelMismatchError, NotFoundError, StoreCorruptError, StoreUnavailableError
from index.store.base import NOT_ATTRIBUTED, Candidates, Counts, Model
from index.store.sqlite import article_rows, checking, meta, queries, rows
from index.store.sqlite.binding import require
from index.store.sqlite.connection import BUSY_SECONDS, Record
from index.store.sqlite.vectors import VectorIndex, as_blob, bring_up_to_date, clustered, nearest
from index.text.near_duplicates import bands
from index.types import Article, ArticleSummary, Attributed, Attribution, Filters, History, Passage, PassageSpan, Stored

_log = logging.getLogger(__name__)


class SqliteStore:
    """A folder with the record (``pullquote.sqlite3``) and a cache (``vectors.faiss``); see ``Store``.

    Several processes may use one folder. The vector index is brought up to the record's state inside the
    snapshot that a search reads, so a search never mixes two states.
    """

    def __init__(self, folder: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the folder, or make it. Raises StoreError."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailableError(
                f"The store's folder {folder} cannot be made: {error.strerror}.",
                remedy="Set PULLQUOTE_STORE to a folder that can be written, for example file:./data.",
            ) from error
        self._record = Record(folder / "pullquote.sqlite3", busy_seconds=busy_seconds)
        self._cache = folder / "vectors.faiss"
        self._index: VectorIndex | None = None
        self._saved_revision = ""
        self._index_lock = threading.Lock()
        self._bound: str | None = None

    def model(self) -> Model | None:
        """See ``Store.model``."""
        with self._record.reading() as connection:
            return meta.model(connection)

    def bind(self, name: str, dimension: int | None = None) -> None:
        """See ``Store.bind``."""
        with self._record.reading() as connection:
            require(connection, self.folder, name, dimension)
            current = meta.model(connection)
        if dimension is not None and current != Model(name, dimension):
            with self._record.writing() as connection:
                require(connection, self.folder, name, dimension)
                meta.set_model(connection, Model(name, dimension))
        self._bound = name

    def status(self, article: Article) -> Stored:
        """See ``Store.status``."""
        with self._record.reading() as connection:
            return article_rows.status_of(connection, article)

    def from_original(self, origin: str, original: str) -> Stored | None:
        """See ``Store.from_original``."""
        with self._record.reading() as connection:
            return article_rows.from_original(connection, origin=origin, original=original)

    def origins(self, under: str) -> list[tuple[int, str]]:
        """See ``Store.origins``."""
        with self._record.reading() as connection:
            return article_rows.list_origins(connection, under)

    def near_duplicates(self, article_id: int) -> list[int]:
        """See ``Store.near_duplicates``."""
        with self._record.reading() as connection:
            return article_rows.near_duplicates(connection, article_id)

    def put(
        self,
        article: Article,
        passages: Sequence[PassageSpan],
        vectors: Vectors,
        *,
        attributed: Attributed = NOT_ATTRIBUTED,
    ) -> Stored:
        """See ``Store.put``."""
        found = bands(article.text)
        with self._record.writing() as connection:
            stored = article_rows.status_of(connection, article)
            if stored.status == "unchanged":
                return stored
            model = meta.model(connection)
            if model is None or model.name != self._bound:
                raise ModelMismatchError(
                    f"The store in {self.folder} holds vectors of {model.name if model else 'no model'} by now, not of"
                    f" {self._bound}.",
                    remedy="Start this program again.",
                )
            if vectors.shape != (len(passages), model.dimension):
                raise ValueError(f"{len(passages)} passages, but vectors of shape {vectors.shape}")
            if stored.status == "replaced":
                old = article_rows.get_article(connection, stored.id)
                article_rows.remove_passages(connection, old)
                article_rows.put_revision(connection, old, text=article.text)
            article = article_rows.put_article(connection, article, stored=stored)
            for passage, vector in zip(passages, vectors, strict=True):
                article_rows.put_passage(connection, article, passage=passage, vector=as_blob(vector))
            article_rows.put_attributions(connection, article.id, attributed=attributed)
            article_rows.put_bands(connection, article, found=found)
            meta.renew_revision(connection)
            return Stored(article.id, article.version, stored.status)

    def remove(self, article_id: int) -> None:
        """See ``Store.remove``."""
        with self._record.writing() as connection:
            article_rows.remove_article(connection, article_rows.get_article(connection, article_id))
            meta.renew_revision(connection)
        self._forget()

    def remove_all(self, article_ids: Sequence[int]) -> None:
        """See ``Store.remove_all``."""
        with self._record.writing() as connection:
            for article in article_rows.get_articles(connection, article_ids):
                article_rows.remove_article(connection, article)
            meta.renew_revision(connection)
        self._forget()

    def adopt(self, article_id: int, *, key: str, origin: str, original: str) -> None:
        """See ``Store.adopt``."""
        with self._record.writing() as connection:
            article_rows.adopt(connection, article_id, key=key, origin=origin, original=original)

    def copies(self, article_id: int, *, filters: Filters) -> tuple[Article, ...]:
        """See ``Store.copies``."""
        with self._record.reading() as connection:
            return queries.copies(connection, article_id, filters)

    def article(self, article_id: int) -> Article:
        """See ``Store.article``."""
        with self._record.reading() as connection:
            return article_rows.get_article(connection, article_id)

    def history(self, article_id: int) -> History:
        """See ``Store.history``."""
        with self._record.reading() as connection:
            try:
                article = article_rows.get_article(connection, article_id)
            except NotFoundError:
                if article_rows.was_given(connection, article_id):
                    return History(None, ())
                raise
            return History(article, article_rows.list_revisions(connection, article_id))

    def articles(self, *, limit: int, after: int = 0) -> list[ArticleSummary]:
        """See ``Store.articles``."""
        with self._record.reading() as connection:
            found = connection.execute(
                f"SELECT id, version, key, sha256, length(text) AS characters, {rows.ARTICLE_FIELDS}"
                " FROM articles WHERE id > ? ORDER BY id LIMIT ?",
                (after, limit),
            )
            return [rows.summary_from(row) for row in found]

    def passages(self, article_id: int) -> list[Passage]:
        """See ``Store.passages``."""
        with self._record.reading() as connection:
            return article_rows.list_passages(connection, article_id)

    def attributions(self, article_id: int) -> list[Attribution]:
        """See ``Store.attributions``."""
        with self._record.reading() as connection:
            article_rows.get_article(connection, article_id)
            found = connection.execute(
                "SELECT * FROM attributions WHERE article_id = ? ORDER BY start, rowid", (article_id,)
            )
            return [rows.attribution_from(row) for row in found]

    def attributed_otherwise(self, tagger: str, *, limit: int, after: int = 0) -> list[int]:
        """See ``Store.attributed_otherwise``."""
        with self._record.reading() as connection:
            found = connection.execute(
                "SELECT id FROM articles WHERE tagger != ? AND id > ? ORDER BY id LIMIT ?", (tagger, after, limit)
            )
            return [row[0] for row in found]

    def attribute(self, article: Article, attributed: Attributed) -> None:
        """See ``Store.attribute``."""
        with self._record.writing() as connection:
            now = connection.execute("SELECT version FROM articles WHERE id = ?", (article.id,)).fetchone()
            if now and now["version"] == article.version:
                article_rows.put_attributions(connection, article.id, attributed=attributed)

    def counts(self) -> Counts:
        """See ``Store.counts``."""
        with self._record.reading() as connection:
            return article_rows.count(connection)

    def search(self, vector: Vectors, words: Sequence[str], *, k: int, filters: Filters) -> Candidates:
        """See ``Store.search``."""
        condition, values = rows.where(filters, of="passages")
        with self._record.reading() as connection:
            with self._index_lock:
                index = self._current_index(connection)
                among = None if condition == "1" else queries.passage_ids(connection, condition, values=values)
                dense = nearest(index, connection, vector, k=k, among=among) if index else []
            lexical = queries.lexical(connection, words, k=k, condition=condition, values=values)
            return queries.candidates(connection, dense, lexical, filters)

    def replace_vectors(self, model: Model, batches: Iterator[tuple[Sequence[int], Vectors]]) -> None:
        """See ``Store.replace_vectors``; other writers wait until it is done, readers do not."""
        with self._record.writing() as connection:
            connection.execute("DELETE FROM vectors")
            for ids, vectors in batches:
                values = [(i, as_blob(vector)) for i, vector in zip(ids, vectors, strict=True)]
                connection.executemany("INSERT INTO vectors VALUES (?, ?)", values)
            without = "SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage_id FROM vectors)"
            if missing := connection.execute(without).fetchone()[0]:
                raise StoreCorruptError(f"{missing} passages got no vector.", remedy="Run `pullquote reindex` again.")
            meta.set_model(connection, model)
            meta.renew_revision(connection)
        self._bound = model.name

    def refresh(self) -> None:
        """See ``Store.refresh``."""
        with self._record.reading() as connection, self._index_lock:
            self._current_index(connection)

    def save_caches(self) -> None:
        """See ``Store.save_caches``."""
        self._forget()
        self._regroup()
        with self._record.reading() as connection, self._index_lock:
            index = self._current_index(connection)
            if index is None or index.revision == self._saved_revision:
                return
            try:
                index.save(self._cache)
                self._saved_revision = index.revision
            except OSError as error:  # a cache: without it the next start takes longer, and that is all
                _log.warning("the vector cache %s was not saved: %s", self._cache, error.strerror)

    def check(self) -> list[str]:
        """See ``Store.check``."""
        with self._record.reading() as connection:
            faults = checking.record_faults(connection)
            if meta.model(connection) and not faults:
                faults += checking.cache_faults(connection, self._cache)
        return faults

    def repair(self) -> None:
        """See ``Store.repair``."""
        with self._record.writing() as connection:
            article_rows.rebuild(connection)
        with self._index_lock:
            self._index, self._saved_revision = None, ""
            try:
                self._cache.unlink(missing_ok=True)
            except OSError as error:
                raise StoreUnavailableError(
                    f"The vector cache {self._cache} cannot be removed: {error.strerror}.", remedy="Remove it by hand."
                ) from error
        self.save_caches()

    def close(self) -> None:
        """See ``Store.close``."""
        try:
            if self._index is not None:
                self.save_caches()
            elif self._record.is_open:
                self._forget()
        finally:
            self._index = None
            self._record.close()

    def _forget(self) -> None:
        """Have no word of what was removed stay in the files; what cannot be done now is done at the next occasion."""
        with self._record.reading() as connection:
            removal = meta.to_forget(connection)
        if removal is None:
            return
        with self._record.writing() as connection:
            article_rows.forget_words(connection)
        if self._record.empty_log():
            with self._record.writing() as connection:
                meta.set_forgotten(connection, removal)

    def _regroup(self) -> None:
        """Put an index that has grown too large for its form into another; searches use the old one meanwhile."""
        with self._record.reading() as connection:
            with self._index_lock:
                index = self._current_index(connection)
            if index is None or not index.outgrown:
                return
            made = clustered(index, connection)
        with self._index_lock:
            self._index, self._saved_revision = made, ""

    def _current_index(self, connection: sqlite3.Connection) -> VectorIndex | None:
        """Bring the vector index to the state that ``connection`` reads; None while there are no vectors."""
        model = meta.model(connection)
        if model is None:
            return None
        if self._bound and self._bound != model.name:
            require(connection, self.folder, self._bound, None)
        epoch, revision = meta.epoch(connection), meta.revision(connection)
        if self._index is None or self._index.epoch != epoch:
            cached = VectorIndex.load(self._cache)
            if cached and (cached.dimension, cached.epoch, cached.revision) == (model.dimension, epoch, revision):
                self._index, self._saved_revision = cached, revision
            else:
                self._index = VectorIndex(model.dimension, epoch)
        if self._index.revision != revision:
            bring_up_to_date(self._index, connection)
            self._index.revision = revision
        return self._index
