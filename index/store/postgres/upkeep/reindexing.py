"""Making all vectors anew while others read and write: beside the present ones, and exchanged in one commit."""

import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby

from index.embedding import Vectors
from index.errors import StoreBusyError
from index.store import rows
from index.store.base import Embed, EmbeddingModel
from index.store.postgres import article_rows, locks, meta
from index.store.postgres.connection import Connection, Database
from index.store.postgres.searching import vectors
from index.types import Article, Passage

_PASSAGES = 256
_ROUNDS = 20
_NEW = "new_vectors"
_Batch = list[tuple[Article, list[Passage]]]
_Made = list[tuple[Article, list[Passage], Vectors]]


def replace_vectors(database: Database, model: EmbeddingModel, *, embed: Embed) -> None:
    """Replace every passage's vector; see ``Store.replace_vectors``.

    The new vectors are written to a table of their own, a few hundred in a transaction, from which a passage that is
    removed takes its vector along. Passages that come in meanwhile get theirs in another round, once the others are
    indexed. Raises StoreBusyError if somebody else begins to do the same.
    """
    own = uuid.uuid4().hex
    database.write(lambda connection: _begin(connection, own, dimension=model.dimension))
    for number in range(_ROUNDS):
        for batch in _lacking(database):
            made = _embedded(batch, embed)
            database.write(lambda connection, made=made: _write(connection, own, made))  # type: ignore[misc]
        if number == 0:
            _index(database, model.dimension)
        if database.write(lambda connection: _exchange(connection, own, model), again=False):
            return
    # Articles came in as fast as they were embedded: the rest while they wait.
    database.write(lambda connection: _finish(connection, own, model, embed), again=False)


def abandon(connection: Connection) -> None:
    """Drop what was made of new vectors; whoever makes them is told so."""
    locks.alone(connection)
    connection.execute(f"DROP TABLE IF EXISTS {_NEW}")
    connection.execute("DELETE FROM meta WHERE name = 'reindexing'")


def _begin(connection: Connection, own: str, *, dimension: int) -> None:
    abandon(connection)
    vectors.create(connection, dimension, name=_NEW)
    connection.execute("INSERT INTO meta VALUES ('reindexing', %s)", (own,))


def _lacking(database: Database) -> Iterator[_Batch]:
    """Yield the passages without a new vector, with their articles; each once."""
    after = 0
    while batch := database.read(lambda connection, after=after: _next(connection, after)):  # type: ignore[misc]
        after = max(passage.id for _, passages in batch for passage in passages)
        yield batch


def _next(connection: Connection, after: int) -> _Batch:
    found = connection.execute(
        "SELECT * FROM passages WHERE id > %s AND NOT EXISTS (SELECT 1 FROM new_vectors"
        " WHERE new_vectors.article_id = passages.article_id AND passage_id = passages.id) ORDER BY id LIMIT %s",
        (after, _PASSAGES),
    ).fetchall()
    found.sort(key=lambda row: (row["article_id"], row["id"]))
    grouped = groupby(map(rows.passage_from, found), key=lambda each: each.article_id)
    return [(article_rows.get_article(connection, article_id), list(each)) for article_id, each in grouped]


def _embedded(batch: _Batch, embed: Embed) -> _Made:
    return [(article, passages, embed(article, passages)) for article, passages in batch]


def _write(connection: Connection, own: str, made: _Made) -> None:
    """Write vectors of passages, but of none that was removed, or got its vector, while they were made."""
    locks.beside_others(connection, [])
    _require_own(connection, own)
    for article, passages, found in made:  # by their ids, as whoever removes several locks them
        article_rows.lock_article(connection, article.id)
        wanted = _lacking_of(connection, article.id, [each.id for each in passages])
        chosen = [at for at, each in enumerate(passages) if each.id in wanted]
        places = [(article.id, passages[at].id) for at in chosen]
        vectors.write(connection, places, found[chosen], name=_NEW)


def _lacking_of(connection: Connection, article_id: int, passages: Sequence[int]) -> set[int]:
    found = connection.execute(
        "SELECT id FROM passages WHERE article_id = %s AND id = ANY(%s) AND NOT EXISTS (SELECT 1 FROM new_vectors"
        " WHERE new_vectors.article_id = passages.article_id AND passage_id = passages.id)",
        (article_id, list(passages)),
    )
    return {row["id"] for row in found}


def _index(database: Database, dimension: int) -> None:
    """Index the new vectors, which takes minutes where there are many, while others write."""

    def work() -> None:
        with database.connect() as connection:
            connection.execute("SET lock_timeout = 0")  # it waits for whoever reads an earlier state
            vectors.index(connection, dimension, name=_NEW, concurrently=True)

    database.insist(work, patience=0.0)


def _exchange(connection: Connection, own: str, model: EmbeddingModel) -> bool:
    """Put the new vectors in the place of the old; return whether all were there. Searches wait only for this."""
    locks.alone(connection)
    _require_own(connection, own)
    if _next(connection, 0):
        return False
    vectors.drop(connection)
    connection.execute(f"ALTER TABLE {_NEW} RENAME TO vectors")
    connection.execute("DELETE FROM meta WHERE name = 'reindexing'")
    meta.set_model(connection, model)
    meta.renew_revision(connection)
    return True


def _finish(connection: Connection, own: str, model: EmbeddingModel, embed: Embed) -> None:
    locks.alone(connection)
    while batch := _next(connection, 0):
        _write(connection, own, _embedded(batch, embed))
    _exchange(connection, own, model)


def _require_own(connection: Connection, own: str) -> None:
    row = connection.execute("SELECT value FROM meta WHERE name = 'reindexing'").fetchone()
    if row is None or row["value"] != own:
        raise StoreBusyError(
            "Another process has begun to make the vectors anew.", remedy="Wait for it, then see `pullquote check`."
        )
