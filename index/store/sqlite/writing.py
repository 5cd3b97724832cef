"""Writing to the record: what one transaction does to an article."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.embedding import Vectors
from index.store.checks import require_bound, same_key
from index.store.comparing import Comparison
from index.store.kept.sqlite import forget
from index.store.sqlite import annotation_rows, article_rows, meta, stories
from index.store.sqlite.vectors import as_blob
from index.types import Annotations, Article, Kept, PassageSpan, Stored


def put(
    connection: sqlite3.Connection,
    article: Article,
    passages: Sequence[PassageSpan],
    vectors: Vectors,
    *,
    annotations: Annotations,
    comparison: Comparison,
    where: Path,
    bound: str | None,
) -> Stored:
    """Write an article, unless it is there; see ``Store.put``."""
    stored = article_rows.status_of(connection, article)
    if stored.status == "unchanged":
        return stored
    _require_vectors(connection, vectors, passages=len(passages), where=where, bound=bound)
    if stored.status == "replaced":
        old = article_rows.get_article(connection, stored.id)
        if not (old.origin or old.key).startswith("file:"):
            article = replace(article, origin=old.origin)  # no file owns what came in otherwise
        article_rows.remove_passages(connection, old)
        article_rows.put_revision(connection, old, kept=comparison.kept_of(old.text))
    article = article_rows.put_article(connection, article, stored=stored)
    _put_passages(connection, article, passages, vectors)
    annotation_rows.put_annotations(connection, article.id, annotations=annotations)
    stories.put(connection, article.id, comparison=comparison)
    meta.renew_revision(connection)
    return Stored(article.id, article.version, stored.status)


def edit(
    connection: sqlite3.Connection, article: Article, vectors: Vectors | None, *, where: Path, bound: str | None
) -> Stored | None:
    """Write what is known of an article as its next version; see ``Catalogue.edit``.

    Its passages stay, but for those whose words and vectors have another title.
    """
    old = article_rows.get_article(connection, article.id)
    if (old.version, old.sha256) != (article.version, article.sha256):
        return None
    if connection.execute("SELECT 1 FROM articles WHERE key = ? AND id != ?", (article.key, old.id)).fetchone():
        raise same_key(article)
    article_rows.put_revision(connection, old, kept=[Kept(0, 0, len(old.text))])
    stored = Stored(old.id, old.version + 1, "replaced")
    passages = article_rows.list_passages(connection, old.id)
    if vectors is not None:
        _require_vectors(connection, vectors, passages=len(passages), where=where, bound=bound)
        article_rows.remove_passages(connection, old)
    article = article_rows.put_article(connection, article, stored=stored)
    annotation_rows.move_furniture(connection, article)
    if vectors is not None:
        _put_passages(connection, article, passages, vectors)
    meta.renew_revision(connection)
    return stored


def _require_vectors(
    connection: sqlite3.Connection, vectors: Vectors, *, passages: int, where: Path, bound: str | None
) -> None:
    model = require_bound(f"The store in {where}", bound, there=meta.model(connection))
    if vectors.shape != (passages, model.dimension):
        raise ValueError(f"{passages} passages, but vectors of shape {vectors.shape}")


def _put_passages(
    connection: sqlite3.Connection, article: Article, passages: Sequence[PassageSpan], vectors: Vectors
) -> None:
    for passage, vector in zip(passages, vectors, strict=True):
        article_rows.put_passage(connection, article, passage=passage, vector=as_blob(vector))


def remove(connection: sqlite3.Connection, article_ids: Sequence[int]) -> None:
    """Remove those of the articles that are there, and their words from kept answers."""
    for article in article_rows.get_articles(connection, article_ids):
        article_rows.remove_article(connection, article)
    forget(connection, article_ids)
    meta.renew_revision(connection)
