"""Writing to PostgreSQL: what one transaction does, from its locks to what it counts."""

from collections.abc import Sequence
from dataclasses import replace

from index.embedding import Vectors
from index.store.base import EmbeddingModel
from index.store.checks import AskedModel, require_bound, require_same_model, same_key
from index.store.comparing import Comparison
from index.store.kept.postgres import forget
from index.store.postgres import annotation_rows, article_rows, locks, meta, stories
from index.store.postgres.connection import Connection
from index.store.postgres.searching import vectors, words
from index.types import Annotations, Article, Kept, Passage, PassageSpan, Stored


def compared(connection: Connection, article: Article, *, comparison: Comparison) -> None:
    """Compare an article with what is stored now, before any lock is taken."""
    stored = article_rows.status_of(connection, article)
    if stored.status == "unchanged":
        return
    stories.near(stories.candidates(connection, comparison, but=stored.id), comparison)
    if stored.status == "replaced":
        comparison.kept_of(article_rows.get_article(connection, stored.id).text)


class Putting:
    """One article on its way in, for as many attempts as the connection makes necessary."""

    def __init__(
        self,
        article: Article,
        passages: Sequence[PassageSpan],
        made: Vectors,
        *,
        annotations: Annotations,
        comparison: Comparison,
    ) -> None:
        """Take what is to be written."""
        self._article = article
        self._passages = passages
        self._vectors = made
        self._annotations = annotations
        self._comparison = comparison

    def put(self, connection: Connection, *, where: str, bound: str | None) -> Stored:
        """Write it, unless it is there; see ``Store.put``."""
        article = self._article
        locks.beside_others(connection, [f"key {article.key}", f"text {article.sha256}"])
        stored = article_rows.status_of(connection, article, locking=True)
        if stored.status == "unchanged":
            return stored
        model = require_bound(where, bound, there=meta.model(connection))
        if self._vectors.shape != (len(self._passages), model.dimension):
            raise ValueError(f"{len(self._passages)} passages, but vectors of shape {self._vectors.shape}")
        gone: list[list[int]] = []
        if stored.status == "replaced":
            old = article_rows.get_article(connection, stored.id)
            if not (old.origin or old.key).startswith("file:"):
                article = replace(article, origin=old.origin)  # no file owns what came in otherwise
            gone = words.of_article(connection, old.id)
            article_rows.remove_passages(connection, old.id)
            article_rows.put_revision(connection, old, kept=self._comparison.kept_of(old.text))
        article = article_rows.put_article(connection, article, stored=stored, passages=len(self._passages))
        placed = article_rows.put_passages(connection, article, passages=self._passages)
        terms = words.write(connection, article, passages=placed)
        vectors.write(connection, [(article.id, each.id) for each in placed], self._vectors)
        annotation_rows.put_annotations(connection, article.id, annotations=self._annotations)
        locks.tail(connection)
        stories.put(connection, article.id, comparison=self._comparison)
        if stored.status == "replaced":
            meta.change_totals(connection, articles=1, words=gone, sign=-1)
        last = (article.id, placed[-1].id if placed else 0)
        meta.change_totals(connection, articles=1, words=terms, sign=1, last=last)
        meta.renew_revision(connection)
        return Stored(article.id, article.version, stored.status)


def edit(
    connection: Connection, article: Article, made: Vectors | None, *, where: str, bound: str | None
) -> Stored | None:
    """Write what is known of an article as its next version; see ``Catalogue.edit``.

    Its passages stay, but for those whose words and vectors have another title.
    """
    locks.beside_others(connection, [f"key {article.key}"])
    article_rows.lock_article(connection, article.id)
    old = article_rows.get_article(connection, article.id)
    if (old.version, old.sha256) != (article.version, article.sha256):
        return None
    if article_rows.has_key(connection, article.key, but=old.id):
        raise same_key(article)
    article_rows.put_revision(connection, old, kept=[Kept(0, 0, len(old.text))])
    article = replace(article, version=old.version + 1)
    passages: Sequence[Passage] = article_rows.list_passages(connection, old.id)
    article_rows.write_article(connection, article, passages=len(passages))
    annotation_rows.move_furniture(connection, article)
    if made is not None:
        model = require_bound(where, bound, there=meta.model(connection))
        if made.shape != (len(passages), model.dimension):
            raise ValueError(f"{len(passages)} passages, but vectors of shape {made.shape}")
        gone = words.of_article(connection, old.id)
        article_rows.remove_passages(connection, old.id)
        passages = article_rows.put_passages(connection, article, passages=passages)
        terms = words.write(connection, article, passages=passages)
        vectors.write(connection, [(article.id, each.id) for each in passages], made)
        locks.tail(connection)
        meta.change_totals(connection, articles=1, words=gone, sign=-1)
        meta.change_totals(connection, articles=1, words=terms, sign=1, last=(article.id, passages[-1].id))
    else:
        locks.tail(connection)
    meta.renew_revision(connection)
    return Stored(article.id, article.version, "replaced")


def remove(connection: Connection, article_ids: Sequence[int]) -> int:
    """Remove those of the articles that are there; return how many that were."""
    locks.beside_others(connection, [])
    ids = [each for each in sorted(set(article_ids)) if article_rows.lock_article(connection, each)]
    gone = [terms for each in ids for terms in words.of_article(connection, each)]
    connection.execute("DELETE FROM articles WHERE id = ANY(%s)", (ids,))
    forget(connection, ids)
    if ids:
        locks.tail(connection)
        meta.change_totals(connection, articles=len(ids), words=gone, sign=-1)
        meta.renew_revision(connection)
    return len(ids)


def bind(connection: Connection, model: EmbeddingModel, *, where: str) -> None:
    """Make the store one of ``model``, which holds no vectors of another. Raises ModelMismatchError."""
    locks.alone(connection)
    there = meta.model(connection)
    require_same_model(where, AskedModel(*model), there=there, held=meta.counts(connection))
    if there != model:
        vectors.drop(connection)
        vectors.create(connection, model.dimension)
        vectors.index(connection, model.dimension)
        meta.set_model(connection, model)


def repair(connection: Connection) -> None:
    """Make anew what follows from the articles: their words, what is counted, stories and the vectors' index."""
    locks.alone(connection)
    locks.tail(connection)
    connection.execute("DELETE FROM words")
    connection.execute("DELETE FROM terms")
    connection.execute("UPDATE totals SET articles = 0, passages = 0, tokens = 0")
    for row in connection.execute("SELECT id FROM articles ORDER BY id").fetchall():
        article = article_rows.get_article(connection, row["id"])
        placed = article_rows.list_passages(connection, article.id)
        terms = words.write(connection, article, passages=placed)
        connection.execute("UPDATE articles SET passage_count = %s WHERE id = %s", (len(placed), article.id))
        meta.change_totals(connection, articles=1, words=terms, sign=1)
    stories.rebuild(connection)
    model = meta.model(connection)
    if model and not vectors.is_indexed(connection, model.dimension):
        vectors.index(connection, model.dimension)
    meta.renew_revision(connection)
