"""What the store notes about itself: its embedding model, its revision, and what is counted over all articles."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.store.base import Counts, EmbeddingModel
from index.store.postgres.connection import Connection
from index.store.postgres.searching.terms import length_of


class Totals(NamedTuple):
    """What is counted over all articles: how many, their passages and terms, and the largest ids ever given."""

    articles: int
    passages: int
    tokens: int
    last_article: int
    last_passage: int


def totals(connection: Connection) -> Totals:
    """Return what is counted over all articles."""
    row = connection.execute("SELECT * FROM totals").fetchone()
    assert row is not None
    return Totals(**row)


def counts(connection: Connection) -> Counts:
    """Return how many articles and passages there are."""
    return Counts(*totals(connection)[:2])


def change_totals(
    connection: Connection, *, articles: int, words: Iterable[Sequence[int]], sign: int, last: tuple[int, int] = (0, 0)
) -> None:
    """Count articles and their passages' ``words`` in (``sign`` 1) or out (-1); ``last`` are the ids that were given.

    Whoever calls it holds ``locks.tail``, so that writers change the terms one after another.
    """
    passages = list(words)
    connection.execute(
        "UPDATE totals SET articles = articles + %s, passages = passages + %s, tokens = tokens + %s,"
        " last_article = greatest(last_article, %s), last_passage = greatest(last_passage, %s)",
        (sign * articles, sign * len(passages), sign * sum(length_of(each) for each in passages), *last),
    )
    standing = Counter(term for each in passages for term in set(each))
    connection.execute(
        "INSERT INTO terms SELECT * FROM unnest(%s::bigint[], %s::bigint[])"
        " ON CONFLICT (term) DO UPDATE SET passages = terms.passages + EXCLUDED.passages",
        (list(standing), [sign * count for count in standing.values()]),
    )
    if sign < 0:
        connection.execute("DELETE FROM terms WHERE term = ANY(%s) AND passages <= 0", (list(standing),))


def model(connection: Connection) -> EmbeddingModel | None:
    """Return the model that made the vectors; None before the first."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'model'").fetchone()
    return EmbeddingModel(*json.loads(row["value"])) if row else None


def set_model(connection: Connection, model: EmbeddingModel) -> None:
    """Set the model."""
    connection.execute(
        "INSERT INTO meta VALUES ('model', %s) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
        (json.dumps(model),),
    )


def note(connection: Connection, name: str) -> str:
    """Return what is noted under a name; "" for nothing."""
    row = connection.execute("SELECT value FROM meta WHERE name = %s", (f"note {name}",)).fetchone()
    return str(row["value"]) if row else ""


def set_note(connection: Connection, name: str, value: str) -> None:
    """Note a value under a name."""
    connection.execute(
        "INSERT INTO meta VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
        (f"note {name}", value),
    )


def renew_revision(connection: Connection) -> None:
    """Rename the store's state; part of every write."""
    connection.execute("UPDATE meta SET value = %s WHERE name = 'revision'", (uuid.uuid4().hex,))


def revision(connection: Connection) -> str:
    """Return a name of the store's state, which every write changes, of annotations too."""
    found = connection.execute("SELECT value FROM meta WHERE name IN ('revision', 'annotated') ORDER BY name DESC")
    return " ".join(row["value"] for row in found)


def set_annotated(connection: Connection) -> None:
    """Note that annotations changed, and nothing that is searched by words or vectors."""
    connection.execute(
        "INSERT INTO meta VALUES ('annotated', %s) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
        (uuid.uuid4().hex,),
    )
