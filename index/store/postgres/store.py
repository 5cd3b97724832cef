"""The store in PostgreSQL, for any number of threads, processes and machines."""

from collections.abc import Sequence

from index.embedding import Vectors
from index.errors import NotFoundError
from index.store import rows
from index.store.base import NOT_ANNOTATED, Candidates, Counts, Embed, EmbeddingModel, Saying, SayingPlace, Transfer
from index.store.catalogue import Catalogue, CitedName
from index.store.checks import AskedModel, require_bound, require_same_model
from index.store.comparing import Comparison
from index.store.kept.postgres import PostgresKeptAnswers
from index.store.postgres import annotation_rows, article_rows, distribution, locks, meta, stories, writing
from index.store.postgres.claims import Claims
from index.store.postgres.connection import BUSY_SECONDS, PATIENCE_SECONDS, Connection, Database
from index.store.postgres.searching import queries
from index.store.postgres.searching.catalogue import PostgresCatalogue
from index.store.postgres.transfer import PostgresTransfer
from index.store.postgres.upkeep import checking, reindexing
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


class PostgresStore:
    """A database that holds everything; see ``Store``.

    Nothing is kept in the process, so what one writes every other sees at once. A search reads one state of the
    database. Writers of different articles go beside each other until the end of their transactions, where what is
    counted over all articles is changed by one after the other.
    """

    def __init__(
        self, address: str, *, busy_seconds: float = BUSY_SECONDS, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Connect to ``postgresql://…``, and make what is not there. Raises StoreError."""
        self._database = Database(address, busy_seconds=busy_seconds, patience_seconds=patience_seconds)
        self._where = f"The store in {self._database.name}"
        self._claims = Claims(self._database)
        self._bound: str | None = None

    def model(self) -> EmbeddingModel | None:
        """See ``Store.model``."""
        return self._database.read(meta.model)

    def bind(self, name: str, dimension: int | None = None) -> None:
        """See ``Store.bind``."""

        def current(connection: Connection) -> EmbeddingModel | None:
            there = meta.model(connection)
            require_same_model(self._where, AskedModel(name, dimension), there=there, held=meta.counts(connection))
            return there

        there = self._database.read(current)
        if dimension is not None and there != EmbeddingModel(name, dimension):
            made = EmbeddingModel(name, dimension)
            self._database.write(lambda connection: writing.bind(connection, made, where=self._where))
        self._bound = name

    def status(self, article: Article) -> Stored:
        """See ``Store.status``."""
        return self._database.read(lambda connection: article_rows.status_of(connection, article))

    def from_original(self, origin: str | None, original: str) -> Stored | None:
        """See ``Store.from_original``."""
        return self._database.read(
            lambda connection: article_rows.from_original(connection, origin=origin, original=original)
        )

    def origins(self, under: str) -> list[tuple[int, str]]:
        """See ``Store.origins``."""
        return self._database.read(lambda connection: article_rows.list_origins(connection, under))

    def near_duplicates(self, article_id: int) -> list[int]:
        """See ``Store.near_duplicates``."""
        return self._database.read(lambda connection: stories.near_duplicates(connection, article_id))

    def copies(self, article_id: int, *, filters: Filters) -> tuple[Article, ...]:
        """See ``Store.copies``."""
        return self._database.read(lambda connection: stories.copies(connection, article_id, filters=filters))

    def put(
        self,
        article: Article,
        passages: Sequence[PassageSpan],
        vectors: Vectors,
        *,
        annotations: Annotations = NOT_ANNOTATED,
    ) -> Stored:
        """See ``Store.put``."""
        comparison = Comparison(article.text)
        self._database.read(lambda connection: writing.compared(connection, article, comparison=comparison))
        putting = writing.Putting(article, passages, vectors, annotations=annotations, comparison=comparison)
        return self._database.write(lambda connection: putting.put(connection, where=self._where, bound=self._bound))

    def adopt(self, article_id: int, *, key: str, origin: str, original: str) -> None:
        """See ``Store.adopt``."""

        def work(connection: Connection) -> None:
            locks.beside_others(connection, [f"key {key}"])
            article_rows.adopt(connection, article_id, key=key, origin=origin, original=original)

        self._database.write(work)

    def remove(self, article_id: int) -> None:
        """See ``Store.remove``. Of its words, what PostgreSQL keeps of its own goes with the next VACUUM."""
        self.article(article_id, embargoed=True)
        self._database.write(lambda connection: writing.remove(connection, [article_id]))

    def remove_all(self, article_ids: Sequence[int]) -> None:
        """See ``Store.remove_all``."""
        self._database.write(lambda connection: writing.remove(connection, article_ids))

    def article(self, article_id: int, *, embargoed: bool = False) -> Article:
        """See ``Store.article``."""
        article = self._database.read(lambda connection: article_rows.get_article(connection, article_id))
        return article if embargoed else rows.released(article)

    def history(self, article_id: int) -> History:
        """See ``Store.history``."""

        def work(connection: Connection) -> History:
            try:
                article = article_rows.get_article(connection, article_id)
            except NotFoundError:
                if 0 < article_id <= meta.totals(connection).last_article:
                    return History(None, ())
                raise
            return History(rows.released(article), article_rows.list_revisions(connection, article_id))

        return self._database.read(work)

    def articles(self, *, limit: int, after: int = 0) -> list[ArticleSummary]:
        """See ``Store.articles``."""
        return self._database.read(lambda connection: article_rows.list_articles(connection, limit=limit, after=after))

    def passages(self, article_id: int) -> list[Passage]:
        """See ``Store.passages``."""
        return self._database.read(lambda connection: article_rows.list_passages(connection, article_id))

    def attributions(self, article_id: int) -> list[Attribution]:
        """See ``Store.attributions``."""

        def work(connection: Connection) -> list[Attribution]:
            rows.released(article_rows.get_article(connection, article_id))
            return annotation_rows.list_attributions(connection, article_id)

        return self._database.read(work)

    def stances(self, article_id: int) -> list[Stance]:
        """See ``Store.stances``."""

        def work(connection: Connection) -> list[Stance]:
            rows.released(article_rows.get_article(connection, article_id))
            return annotation_rows.list_stances(connection, article_id)

        return self._database.read(work)

    def revision(self) -> str:
        """See ``Store.revision``."""

        def work(connection: Connection) -> str:
            return f"{meta.revision(connection)} {article_rows.count_embargoed(connection)}"

        return self._database.read(work)

    def cited(self) -> list[CitedName]:
        """See ``Store.cited``."""
        return self._database.read(annotation_rows.cited)

    def sayings(
        self, names: Sequence[str], *, filters: Filters, limit: int, after: SayingPlace | None = None
    ) -> list[Saying]:
        """See ``Store.sayings``."""
        return self._database.read(
            lambda connection: queries.sayings(connection, names, filters=filters, limit=limit, after=after)
        )

    def annotated_otherwise(self, tagger: str, *, limit: int, after: int = 0) -> list[int]:
        """See ``Store.annotated_otherwise``."""
        return self._database.read(
            lambda connection: annotation_rows.annotated_otherwise(connection, tagger, limit=limit, after=after)
        )

    def annotate(self, article: Article, annotations: Annotations) -> None:
        """See ``Store.annotate``."""
        self._database.write(lambda connection: annotation_rows.annotate(connection, article, annotations=annotations))

    def counts(self) -> Counts:
        """See ``Store.counts``."""
        return self._database.read(meta.counts)

    def search(self, vector: Vectors, words: Sequence[str], *, k: int, filters: Filters) -> Candidates:
        """See ``Store.search``."""

        def work(connection: Connection) -> Candidates:
            there = meta.model(connection)
            if there and self._bound and there.name != self._bound:
                asked = AskedModel(self._bound, None)
                require_same_model(self._where, asked, there=there, held=meta.counts(connection))
                require_bound(self._where, self._bound, there=there)
            return queries.search(connection, vector, words, k=k, filters=filters)

        return self._database.read(work)

    def replace_vectors(self, model: EmbeddingModel, embed: Embed) -> None:
        """See ``Store.replace_vectors``; others write meanwhile, and wait only at its very end."""
        reindexing.replace_vectors(self._database, model, embed=embed)
        self._bound = model.name

    def refresh(self) -> None:
        """See ``Store.refresh``: nothing is cached; a database that does not answer is an error."""
        self._database.read(meta.totals)

    def save_caches(self) -> None:
        """See ``Store.save_caches``: the database keeps its own."""

    def distribute(self, shards: int) -> int:
        """Spread the tables over a cluster; see ``distribution.distribute``."""

        def work(connection: Connection) -> int:
            if not distribution.is_distributed(connection):
                reindexing.abandon(connection)
            return distribution.distribute(connection, shards=shards)

        return self._database.write(work)

    def claim(self, work: str) -> bool:
        """See ``Store.claim``."""
        return self._claims.claim(work)

    def release(self, work: str) -> None:
        """See ``Store.release``."""
        self._claims.release(work)

    def catalogue(self) -> Catalogue:
        """See ``Store.catalogue``."""
        return PostgresCatalogue(self._database, where=self._where, bound=self._bound)

    def transfer(self) -> Transfer:
        """See ``Store.transfer``."""
        return PostgresTransfer(self._database)

    def note(self, name: str) -> str:
        """See ``Store.note``."""
        return self._database.read(lambda connection: meta.note(connection, name))

    def set_note(self, name: str, value: str) -> None:
        """See ``Store.set_note``."""
        self._database.write(lambda connection: meta.set_note(connection, name, value))

    def kept(self) -> PostgresKeptAnswers:
        """See ``Store.kept``."""
        return PostgresKeptAnswers(self._database)

    def check(self) -> list[str]:
        """See ``Store.check``."""
        return self._database.read(checking.faults)

    def repair(self) -> None:
        """See ``Store.repair``; other writers wait until it is done."""
        self._database.write(writing.repair)

    def close(self) -> None:
        """See ``Store.close``."""
        self._claims.close()
        self._database.close()
