"""The vectors of passages in PostgreSQL: kept whole, and found by an HNSW index of half precision."""

import heapq
from collections.abc import Iterable, Sequence

import numpy as np
from pgvector import Vector

from index.embedding import Vectors
from index.store.base import EmbeddingModel
from index.store.postgres import distribution
from index.store.postgres.connection import Connection
from index.store.postgres.searching.filtering import Condition

EXACT_UP_TO = 200_000
_COMPARED, _COMPARED_MORE = 2, 20
_LONGEST_INDEXED = 4_000
# Passages of news lie in knots of near copies, which pgvector's own 16 and 64 leave hard to find.
_NEIGHBOURS, _CONSIDERED = 24, 128


def create(connection: Connection, dimension: int, *, name: str = "vectors") -> None:
    """Create the table of vectors of ``dimension`` numbers."""
    connection.execute(
        f"CREATE TABLE {name} (article_id bigint NOT NULL, passage_id bigint NOT NULL,"
        f" vector vector({dimension}) NOT NULL, PRIMARY KEY (article_id, passage_id))"
    )
    distribution.follow(connection, name)
    connection.execute(
        f"ALTER TABLE {name} ADD FOREIGN KEY (article_id, passage_id) REFERENCES passages (article_id, id)"
        " ON DELETE CASCADE"
    )
    # The numbers of an embedding do not repeat; left as they are, they lie beside the ids and need no second look.
    connection.execute(f"ALTER TABLE {name} ALTER COLUMN vector SET STORAGE PLAIN")


def index(connection: Connection, dimension: int, *, name: str = "vectors", concurrently: bool = False) -> None:
    """Index the vectors by inner product, unless they have more numbers than an index takes.

    ``concurrently`` is while others write them, outside of a transaction.
    """
    how = "CONCURRENTLY" if concurrently else ""
    if dimension <= _LONGEST_INDEXED:
        connection.execute(
            f"CREATE INDEX {how} ON {name} USING hnsw (({_halved(dimension)}) halfvec_ip_ops)"
            f" WITH (m = {_NEIGHBOURS}, ef_construction = {_CONSIDERED})"
        )


def drop(connection: Connection) -> None:
    """Drop the table of vectors, if there is one."""
    connection.execute("DROP TABLE IF EXISTS vectors")


def drop_index(connection: Connection) -> None:
    """Drop the index of the vectors: what is written then is searched one by one until they are indexed again."""
    for name in _indexes(connection):
        connection.execute(f'DROP INDEX "{name}"')


def is_indexed(connection: Connection, dimension: int) -> bool:
    """Whether the vectors have their index, or need none."""
    return dimension > _LONGEST_INDEXED or bool(_indexes(connection))


def write(connection: Connection, rows: Iterable[tuple[int, int]], vectors: Vectors, *, name: str = "vectors") -> None:
    """Write a vector for each (article id, passage id)."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {name} (article_id, passage_id, vector) FROM STDIN WITH (FORMAT BINARY)") as copy,
    ):
        copy.set_types(["int8", "int8", "vector"])
        for (article_id, passage_id), vector in zip(rows, vectors, strict=True):
            copy.write_row((article_id, passage_id, Vector(vector)))


def of_article(connection: Connection, article_id: int, *, dimension: int) -> dict[int, Vectors]:
    """Return an article's vectors by passage id."""
    found = connection.execute("SELECT passage_id, vector FROM vectors WHERE article_id = %s", (article_id,))
    return {row["passage_id"]: _whole(row["vector"], dimension) for row in found}


def nearest(
    connection: Connection, vector: Vectors, *, k: int, model: EmbeddingModel, condition: Condition, passages: int
) -> list[tuple[int, int, float]]:
    """Return the ``k`` best (article id, passage id, inner product), best first, ties by passage id.

    ``passages`` is how many pass the ``condition``. All of few are compared. Of many, the index finds twice as many as
    are asked for, by half precision, and these are compared by whole vectors; where it finds too few, all are.
    """
    wanted = min(k, passages)
    if passages > EXACT_UP_TO:
        found = _indexed(connection, vector, k=_COMPARED * k + _COMPARED_MORE, model=model, condition=condition)
        if len(found) >= wanted:
            return _best(found, k)
    return _best(_compared(connection, vector, k=k, condition=condition), k)


def _indexed(
    connection: Connection, vector: Vectors, *, k: int, model: EmbeddingModel, condition: Condition
) -> list[tuple[int, int, float]]:
    place = f"({_halved(model.dimension)}) <#> %(vector)s::halfvec({model.dimension})"
    found = connection.execute(
        "SELECT vectors.article_id, vectors.passage_id, -(vector <#> %(vector)s) AS score"
        f" FROM vectors {condition.joined('vectors')} ORDER BY {place} LIMIT %(k)s",
        {**condition.values, "vector": Vector(vector), "k": k},
    )
    return [(row["article_id"], row["passage_id"], row["score"]) for row in found]


def _compared(connection: Connection, vector: Vectors, *, k: int, condition: Condition) -> list[tuple[int, int, float]]:
    """Return at least the ``k`` best of all that pass, each compared; an expression of its own keeps the index out."""
    found = connection.execute(
        "SELECT vectors.article_id, vectors.passage_id, -(vector <#> %(vector)s) AS score"
        f" FROM vectors {condition.joined('vectors')} ORDER BY score DESC, vectors.passage_id LIMIT %(k)s",
        {**condition.values, "vector": Vector(vector), "k": k},
    )
    return [(row["article_id"], row["passage_id"], row["score"]) for row in found]


def _best(found: Sequence[tuple[int, int, float]], k: int) -> list[tuple[int, int, float]]:
    return heapq.nsmallest(k, found, key=lambda hit: (-hit[2], hit[1]))


def _halved(dimension: int) -> str:
    return f"vector::halfvec({dimension})"


def _indexes(connection: Connection) -> list[str]:
    found = connection.execute(
        "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'vectors'"
        " AND indexdef LIKE %s",
        ("%USING hnsw%",),
    )
    return [row["indexname"] for row in found]


def _whole(found: object, dimension: int) -> Vectors:
    values = found.to_numpy() if isinstance(found, Vector) else np.asarray(found)
    whole: Vectors = values.astype(np.float32)
    assert whole.shape == (dimension,)
    return whole
