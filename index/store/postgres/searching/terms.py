"""The terms of texts and of asked words, as SQLite's FTS5 finds them for the local store: so both engines agree."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import lru_cache
from hashlib import blake2b

BETWEEN = 0
"""What stands between the terms of a title and those of a text: no words run over it."""

_TABLE = (
    "CREATE VIRTUAL TABLE texts USING fts5"
    " (title, text, content='', tokenize='porter unicode61 remove_diacritics 2');"
    " CREATE VIRTUAL TABLE found USING fts5vocab (texts, 'instance')"
)


def terms_of(texts: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Return the terms of each (title, text), in order, a title's first and set apart by ``BETWEEN``."""
    titles: list[dict[int, int]] = [{} for _ in texts]
    bodies: list[dict[int, int]] = [{} for _ in texts]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_TABLE)
        connection.executemany(
            "INSERT INTO texts (rowid, title, text) VALUES (?, ?, ?)",
            ((number, *each) for number, each in enumerate(texts, start=1)),
        )
        for term, number, column, place in connection.execute("SELECT term, doc, col, offset FROM found"):
            (titles if column == "title" else bodies)[number - 1][place] = _number_of(term)
    return [
        [*_in_order(title), *([BETWEEN] if title else []), *_in_order(body)]
        for title, body in zip(titles, bodies, strict=True)
    ]


def phrases_of(words: Iterable[str]) -> list[tuple[int, ...]]:
    """Return the terms of each word that has any: "3.5" has two, which must stand side by side."""
    return [tuple(terms) for terms in terms_of([("", word) for word in words]) if terms]


def length_of(terms: Sequence[int]) -> int:
    """Return how many terms there are."""
    return len(terms) - terms.count(BETWEEN)


def _in_order(places: dict[int, int]) -> list[int]:
    return [places[place] for place in sorted(places)]


@lru_cache(200_000)
def _number_of(term: str | bytes) -> int:
    """Return a term's number: 64 bits of a hash, never ``BETWEEN``."""
    data = term if isinstance(term, bytes) else term.encode(errors="surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True) or 1
