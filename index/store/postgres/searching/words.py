"""The words of passages in PostgreSQL, and the best passages for some of them by BM25, as SQLite's FTS5 computes it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.store.postgres import meta
from index.store.postgres.connection import Connection
from index.store.postgres.searching.filtering import Condition
from index.store.postgres.searching.terms import length_of, phrases_of, terms_of
from index.store.searched import searched_words
from index.text.tables import headers_above
from index.types import Article, Passage, PassageSpan

_K1, _B = 1.2, 0.75
_MOST_OF_ONE = _K1 + 1.0
_LEAST_IDF = 1e-6
_ALL_AT_ONCE = 2_000

Ranking = list[tuple[int, int, float]]


def texts_of(article: Article, passages: Sequence[PassageSpan]) -> list[tuple[str, str]]:
    """Return the title and text of each passage that are searched, with the headers of its cells."""
    return [searched_words(article, each, headers=headers_above(article.text, each.span)) for each in passages]


def write(connection: Connection, article: Article, *, passages: Sequence[Passage]) -> list[list[int]]:
    """Write the words of an article's passages; return each one's terms."""
    terms = terms_of(texts_of(article, passages))
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY words (article_id, passage_id, length, tokens) FROM STDIN") as copy,
    ):
        for passage, each in zip(passages, terms, strict=True):
            copy.write_row((article.id, passage.id, length_of(each), each))
    return terms


def of_article(connection: Connection, article_id: int) -> list[list[int]]:
    """Return the terms of each of an article's passages."""
    found = connection.execute("SELECT tokens FROM words WHERE article_id = %s ORDER BY passage_id", (article_id,))
    return [row["tokens"] for row in found]


@dataclass(frozen=True)
class _Phrase:
    """The terms of an asked word, its places among those asked, how many passages have it, and what that is worth."""

    terms: tuple[int, ...]
    places: tuple[int, ...]
    passages: int
    idf: float

    @property
    def most(self) -> float:
        """What it can add to a score, at the most."""
        return len(self.places) * self.idf * _MOST_OF_ONE


def ranked(connection: Connection, words: Sequence[str], *, k: int, condition: Condition) -> Ranking:
    """Return the ``k`` best (article id, passage id, score) by BM25 for any of ``words``, best first, ties by id.

    Passages with none but common words are looked at only where these could add up to one of the ``k`` best scores
    (MaxScore: Turtle & Flood 1995).
    """
    phrases = _phrases(connection, words)
    if not phrases:
        return []
    rare: list[_Phrase] = []
    for each in phrases:
        if rare and sum(phrase.passages for phrase in rare) + each.passages > _ALL_AT_ONCE:
            break
        rare.append(each)
    found = _scored(connection, phrases, among=rare, k=k, condition=condition)
    least = found[k - 1][2] if len(found) >= k else 0.0
    needed = len(rare)
    while needed < len(phrases) and sum(each.most for each in phrases[needed:]) >= least:
        needed += 1
    if needed == len(rare):
        return found
    return _scored(connection, phrases, among=phrases[:needed], k=k, condition=condition)


def _phrases(connection: Connection, words: Sequence[str]) -> list[_Phrase]:
    """Return the phrases that stand in any passage, the rarest first."""
    asked: dict[tuple[int, ...], list[int]] = {}
    for place, phrase in enumerate(phrases_of(words)):
        asked.setdefault(phrase, []).append(place)
    single = {phrase[0] for phrase in asked}
    found = connection.execute("SELECT term, passages FROM terms WHERE term = ANY(%s)", (list(single),))
    standing = {row["term"]: row["passages"] for row in found}
    total = meta.totals(connection).passages
    phrases = []
    for terms, places in asked.items():
        count = standing.get(terms[0], 0)
        if count and len(terms) > 1:
            count = _count(connection, terms)
        if count:
            idf = math.log((total - count + 0.5) / (count + 0.5))
            phrases.append(_Phrase(terms, tuple(places), count, idf if idf > 0 else _LEAST_IDF))
    return sorted(phrases, key=lambda each: (each.passages, each.terms))


def holding(phrases: Sequence[str]) -> tuple[list[str], dict[str, object]]:
    """Return the SQL of the ids of the articles that hold each phrase, and its values; of those that have any terms."""
    questions: list[str] = []
    values: dict[str, object] = {}
    for number, terms in enumerate(phrases_of(phrases)):
        frequency, own = _frequency(terms, f"h{number}_")
        values |= {**own, f"held{number}": list(set(terms))}
        beside = f" AND {frequency} > 0" if len(terms) > 1 else ""
        questions.append(f"SELECT article_id FROM words WHERE tokens @> %(held{number})s::bigint[]{beside}")
    return questions, values


def _count(connection: Connection, terms: tuple[int, ...]) -> int:
    """Return in how many passages several terms stand side by side."""
    frequency, values = _frequency(terms, "p")
    row = connection.execute(
        f"SELECT count(*) AS n FROM words WHERE tokens @> %(terms)s AND {frequency} > 0",
        {**values, "terms": list(terms)},
    ).fetchone()
    return int(row["n"]) if row else 0


def _scored(
    connection: Connection, phrases: Sequence[_Phrase], *, among: Sequence[_Phrase], k: int, condition: Condition
) -> Ranking:
    """Return the ``k`` best by all ``phrases`` of the passages that have one ``among`` them."""
    average = meta.totals(connection)
    values: dict[str, object] = {
        **condition.values,
        "among": sorted({phrase.terms[0] for phrase in among}),
        "average": average.tokens / average.passages,
        "k": k,
    }
    parts: dict[int, str] = {}
    for number, phrase in enumerate(phrases):
        frequency, terms = _frequency(phrase.terms, f"p{number}_")
        values |= terms
        values[f"idf{number}"] = phrase.idf
        worth = f"%(idf{number})s::float8 * ((f * {_MOST_OF_ONE}::float8) / (f + long))"
        parts |= dict.fromkeys(phrase.places, f"(SELECT {worth} FROM (SELECT {frequency}::float8 AS f))")
    # Each step is taken in FTS5's order, so that equal scores stay equal.
    score = " + ".join(parts[place] for place in sorted(parts))
    found = connection.execute(
        f"SELECT words.article_id, words.passage_id, ({score}) AS score FROM (SELECT words.*,"
        f" {_K1}::float8 * (1 - {_B}::float8 + {_B}::float8 * length / %(average)s::float8) AS long"
        " FROM words WHERE tokens && %(among)s::bigint[]) AS words"
        f" {condition.joined('words')} ORDER BY score DESC, words.passage_id LIMIT %(k)s",
        values,
    )
    # A passage may have the first of a phrase's terms, but not the phrase.
    return [(row["article_id"], row["passage_id"], row["score"]) for row in found if row["score"] > 0]


def _frequency(terms: tuple[int, ...], name: str) -> tuple[str, dict[str, object]]:
    """Return the SQL of how often a phrase stands in ``tokens``, and its values."""
    values: dict[str, object] = {f"{name}{number}": term for number, term in enumerate(terms)}
    places = f"array_positions(tokens, %({name}0)s::bigint)"
    if len(terms) == 1:
        return f"cardinality({places})", values
    beside = " AND ".join(f"tokens[place + {number}] = %({name}{number})s" for number in range(1, len(terms)))
    return f"(SELECT count(*) FROM unnest({places}) AS place WHERE {beside})", values
