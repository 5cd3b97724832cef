"""The store of one folder, for any number of threads and processes."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from index.embedding import Vectors
from index.errors import ModelMismatchError, StoreUnavailableError
from index.store import rows
from index.store.base import NOT_ANNOTATED, Candidates, Counts, Embed, EmbeddingModel, Saying, SayingPlace, Transfer
from index.store.catalogue import Catalogue, CitedName
from index.store.comparing import Comparison
from index.store.kept.sqlite import SqliteKeptAnswers
from index.store.sqlite import annotation_rows, article_rows, checking, meta, stories, writing
from index.store.sqlite.cache import VectorCache
from index.store.sqlite.connection import BUSY_SECONDS, Database
from index.store.sqlite.searching import queries
from index.store.sqlite.searching.catalogue import SqliteCatalogue
from index.store.sqlite.transfer import SqliteTransfer
from index.store.sqlite.upkeep import reindexing
from index.store.sqlite.upkeep.forgetting import forget
from index.store.sqlite.vectors import nearest
from index.types import (
    Annotations,
    Article,
    ArticleSummary,
    Attribution,
    Filters,
    History,
    Passage,
    PassageSpan,
    Stance,
    Stored,
)


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
        self._database = Database(folder / "pullquote.sqlite3", busy_seconds=busy_seconds)
        self._cache = VectorCache(folder / "vectors.faiss")

    def model(self) -> EmbeddingModel | None:
        """See ``Store.model``."""
        with self._database.reading() as connection:
            return meta.model(connection)

    def bind(self, name: str, dimension: int | None = None) -> None:
        """See ``Store.bind``."""
        with self._database.reading() as connection:
            meta.require_model(connection, self.folder, name, dimension)
            current = meta.model(connection)
        if dimension is not None and current != EmbeddingModel(name, dimension):
            with self._database.writing() as connection:
                meta.require_model(connection, self.folder, name, dimension)
                meta.set_model(connection, EmbeddingModel(name, dimension))
        self._cache.bound = name

    def status(self, article: Article) -> Stored:
        """See ``Store.status``."""
        with self._database.reading() as connection:
            return article_rows.status_of(connection, article)

    def from_original(self, origin: str | None, original: str) -> Stored | None:
        """See ``Store.from_original``."""
        with self._database.reading() as connection:
            return article_rows.from_original(connection, origin=origin, original=original)

    def origins(self, under: str) -> list[tuple[int, str]]:
        """See ``Store.origins``."""
        with self._database.reading() as connection:
            return article_rows.list_origins(connection, under)

    def near_duplicates(self, article_id: int) -> list[int]:
        """See ``Store.near_duplicates``."""
        with self._database.reading() as connection:
            return stories.near_duplicates(connection, article_id)

    def put(
        self,
        article: Article,
        passages: Sequence[PassageSpan],
        vectors: Vectors,
        *,
        annotations: Annotations = NOT_ANNOTATED,
    ) -> Stored:
        """See ``Store.put``."""
        comparison = self._compared(article)
        self._database.hold_reserve()
        with self._database.writing() as connection:
            return writing.put(
                connection,
                article,
                passages,
                vectors,
                annotations=annotations,
                comparison=comparison,
                where=self.folder,
                bound=self._cache.bound,
            )

    def _compared(self, article: Article) -> Comparison:
        """Compare an article with what is stored now; other writers go on meanwhile."""
        comparison = Comparison(article.text)
        with self._database.reading() as connection:
            stored = article_rows.status_of(connection, article)
            old = article_rows.get_article(connection, stored.id) if stored.status == "replaced" else None
            others = stories.candidates(connection, comparison, but=stored.id)
        if stored.status != "unchanged":
            stories.near(others, comparison)
        if old:
            comparison.kept_of(old.text)
        return comparison

    def remove(self, article_id: int) -> None:
        """See ``Store.remove``."""
        self.article(article_id, embargoed=True)
        self.remove_all([article_id])

    def remove_all(self, article_ids: Sequence[int]) -> None:
        """See ``Store.remove_all``."""
        self._database.write_on_full_disk(lambda connection: writing.remove(connection, article_ids))
        forget(self._database)
        self._database.hold_reserve()

    def adopt(self, article_id: int, *, key: str, origin: str, original: str) -> None:
        """See ``Store.adopt``."""
        with self._database.writing() as connection:
            article_rows.adopt(connection, article_id, key=key, origin=origin, original=original)

    def copies(self, article_id: int, *, filters: Filters) -> tuple[Article, ...]:
        """See ``Store.copies``."""
        with self._database.reading() as connection:
            return queries.copies(connection, article_id, filters)

    def article(self, article_id: int, *, embargoed: bool = False) -> Article:
        """See ``Store.article``."""
        with self._database.reading() as connection:
            article = article_rows.get_article(connection, article_id)
        return article if embargoed else rows.released(article)

    def history(self, article_id: int) -> History:
        """See ``Store.history``."""
        with self._database.reading() as connection:
            return article_rows.get_history(connection, article_id)

    def articles(self, *, limit: int, after: int = 0) -> list[ArticleSummary]:
        """See ``Store.articles``."""
        with self._database.reading() as connection:
            return article_rows.list_articles(connection, limit=limit, after=after)

    def passages(self, article_id: int) -> list[Passage]:
        """See ``Store.passages``."""
        with self._database.reading() as connection:
            return article_rows.list_passages(connection, article_id)

    def attributions(self, article_id: int) -> list[Attribution]:
        """See ``Store.attributions``."""
        with self._database.reading() as connection:
            rows.released(article_rows.get_article(connection, article_id))
            return annotation_rows.list_attributions(connection, article_id)

    def stances(self, article_id: int) -> list[Stance]:
        """See ``Store.stances``."""
        with self._database.reading() as connection:
            rows.released(article_rows.get_article(connection, article_id))
            return annotation_rows.list_stances(connection, article_id)

    def revision(self) -> str:
        """See ``Store.revision``."""
        with self._database.reading() as connection:
            return (
                f"{meta.revision(connection)} {meta.annotated(connection)} {article_rows.count_embargoed(connection)}"
            )

    def cited(self) -> list[CitedName]:
        """See ``Store.cited``."""
        with self._database.reading() as connection:
            return annotation_rows.cited(connection)

    def sayings(
        self, names: Sequence[str], *, filters: Filters, limit: int, after: SayingPlace | None = None
    ) -> list[Saying]:
        """See ``Store.sayings``."""
        with self._database.reading() as connection:
            return queries.sayings(connection, names, filters=filters, limit=limit, after=after)

    def annotated_otherwise(self, tagger: str, *, limit: int, after: int = 0) -> list[int]:
        """See ``Store.annotated_otherwise``."""
        with self._database.reading() as connection:
            return annotation_rows.annotated_otherwise(connection, tagger, limit=limit, after=after)

    def annotate(self, article: Article, annotations: Annotations) -> None:
        """See ``Store.annotate``."""
        with self._database.writing() as connection:
            annotation_rows.annotate(connection, article, annotations=annotations)

    def counts(self) -> Counts:
        """See ``Store.counts``."""
        with self._database.reading() as connection:
            return meta.counts(connection)

    def search(self, vector: Vectors, words: Sequence[str], *, k: int, filters: Filters) -> Candidates:
        """See ``Store.search``."""
        with self._database.reading() as connection:
            with self._cache.at(connection) as index:
                # Asked here since the first question of a read begins its snapshot, which must be the index's.
                condition, values = queries.condition(connection, filters, of="passages")
                among = None if condition == "1" else queries.passage_ids(connection, condition, values=values)
                dense = nearest(index, connection, vector, k=k, among=among) if index else []
            lexical = queries.lexical(connection, words, k=k, where=condition, values=values)
            return queries.candidates(connection, dense, lexical, filters)

    def replace_vectors(self, model: EmbeddingModel, embed: Embed) -> None:
        """See ``Store.replace_vectors``."""
        reindexing.replace_vectors(self._database, model, embed=embed)
        self._cache.bound = model.name

    def refresh(self) -> None:
        """See ``Store.refresh``."""
        with self._database.reading() as connection, self._cache.at(connection):
            pass

    def save_caches(self) -> None:
        """See ``Store.save_caches``."""
        forget(self._database)
        with self._database.reading() as connection:
            self._cache.regroup(connection)
        with self._database.reading() as connection:
            self._cache.save(connection)

    def claim(self, work: str) -> bool:
        """See ``Store.claim``: all may have it."""
        return True

    def release(self, work: str) -> None:
        """See ``Store.release``."""

    def catalogue(self) -> Catalogue:
        """See ``Store.catalogue``."""
        return SqliteCatalogue(self._database, bound=self._cache.bound)

    def transfer(self) -> Transfer:
        """See ``Store.transfer``."""
        return SqliteTransfer(self._database)

    def note(self, name: str) -> str:
        """See ``Store.note``."""
        with self._database.reading() as connection:
            return meta.note(connection, name)

    def set_note(self, name: str, value: str) -> None:
        """See ``Store.set_note``."""
        with self._database.writing() as connection:
            meta.set_note(connection, name, value)

    def kept(self) -> SqliteKeptAnswers:
        """See ``Store.kept``."""
        return SqliteKeptAnswers(self._database)

    def check(self) -> list[str]:
        """See ``Store.check``."""
        with self._database.reading() as connection:
            return checking.faults(connection, self._cache.path)

    def repair(self) -> None:
        """See ``Store.repair``."""
        with self._database.writing() as connection:
            article_rows.rebuild_words(connection)
            stories.rebuild(connection)
        self._cache.remove()

    def close(self) -> None:
        """See ``Store.close``."""
        try:
            if self._cache.is_loaded:
                with suppress(ModelMismatchError):  # made anew by another program, whose cache it is now
                    self.save_caches()
            elif self._database.is_open:
                forget(self._database)
        finally:
            self._cache.drop()
            self._database.close()
