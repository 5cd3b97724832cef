"""Searching PostgreSQL: passages by meaning and by words, and all that belongs to those found."""

from collections.abc import Sequence

from index.embedding import Vectors
from index.errors import StoreCorruptError
from index.store import rows
from index.store.base import Candidates, Saying, SayingPlace
from index.store.furnished import quotable
from index.store.postgres import annotation_rows, article_rows, meta, stories
from index.store.postgres.connection import Connection
from index.store.postgres.searching import vectors, words
from index.store.postgres.searching.filtering import Condition, condition_of
from index.types import Filters

REPAIR = "Run `pullquote check --repair`, or restore a backup."


def search(connection: Connection, vector: Vectors, asked: Sequence[str], *, k: int, filters: Filters) -> Candidates:
    """Return what is found, and all that belongs to it. Raises StoreCorruptError if some of that is not there."""
    condition = condition_of(connection, filters)
    totals = meta.totals(connection)
    model = meta.model(connection)
    articles, passages = _passing(connection, condition) if condition.narrows else (totals.articles, totals.passages)
    dense: words.Ranking = []
    lexical: words.Ranking = []
    if passages:
        if model:
            dense = vectors.nearest(connection, vector, k=k, model=model, condition=condition, passages=passages)
        lexical = words.ranked(connection, asked, k=k, condition=condition)
    places = {passage_id: article_id for article_id, passage_id, _ in (*dense, *lexical)}
    found = article_rows.get_passages(connection, [(article, passage) for passage, article in places.items()])
    texts = article_rows.get_articles(connection, sorted(set(places.values())))
    if len(found) != len(places) or len(texts) != len(set(places.values())):
        raise StoreCorruptError("A passage is searched but gone, or has no article.", remedy=REPAIR)
    candidates = Candidates(
        [(passage, score) for _, passage, score in dense],
        [(passage, score) for _, passage, score in lexical],
        {each.id: each for each in found},
        {each.id: each for each in texts},
        annotation_rows.attributions_in(connection, found),
        annotation_rows.stances_in(connection, found),
        stories.of_articles(connection, [each.id for each in texts]),
        articles,
        totals.articles,
    )
    return quotable(candidates, annotation_rows.furniture_in(connection, found))


def _passing(connection: Connection, condition: Condition) -> tuple[int, int]:
    """Return how many articles pass, and how many passages they have; of those, speakers may narrow further."""
    row = connection.execute(
        "SELECT count(*) AS articles, coalesce(sum(passage_count), 0) AS passages FROM articles"
        f" WHERE {condition.on_articles}",
        condition.values,
    ).fetchone()
    return (int(row["articles"]), int(row["passages"])) if row else (0, 0)


def sayings(
    connection: Connection,
    names: Sequence[str],
    *,
    filters: Filters,
    limit: int,
    after: SayingPlace | None = None,
) -> list[Saying]:
    """Return the attributions to whoever has one of ``names``, by day and place (see ``Store.sayings``)."""
    condition = condition_of(connection, filters)
    day = "coalesce(articles.published::text, '9999-99-99')"
    place = f"{day}, articles.id, attributions.number"
    behind = f" AND ({place}) > (%(day)s, %(article)s, %(number)s)" if after else ""
    if after:
        condition.values.update(day=after.day, article=after.article_id, number=after.number)
    found = connection.execute(
        f"SELECT attributions.*, {day} AS day FROM attributions JOIN articles ON articles.id = article_id"
        f" WHERE speaker = ANY(%(names)s) AND {condition.on_articles}{behind} ORDER BY {place} LIMIT %(limit)s",
        {**condition.values, "names": list(names), "limit": limit},
    ).fetchall()
    return rows.sayings_from(found, article_rows.get_articles(connection, [row["article_id"] for row in found]))
