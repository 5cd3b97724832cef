"""Articles and passages in PostgreSQL: the statements that read and write them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from index.errors import NotFoundError
from index.store import rows
from index.store.postgres.connection import Connection
from index.text.words import folded
from index.types import ANONYMOUS, Article, ArticleSummary, Kept, Passage, PassageSpan, Revision, Stored

KNOWN = (
    "id, version, key, sha256, title, title_given, url, author, publisher, published::text AS published, partial,"
    " rights, embargo, warnings, kind"
)
ARTICLE = f"{KNOWN}, text, pages, origin, original"
_PASSAGE = 'id, article_id, start, "end", sentences, page'
_FIRST = 500
_AT = f"left(origin, {_FIRST}) = left(%(origin)s, {_FIRST}) AND origin = %(origin)s"


def _between(low: str, high: str) -> str:
    """Return the condition that an origin begins with ``under`` and ``low``, the character before ``high``.

    The index knows only the first characters of an origin, which are in the same order.
    """
    first, last = f"%(origin)s || '{low}'", f"%(origin)s || '{high}'"
    return (
        f"(left(origin, {_FIRST}) BETWEEN left({first}, {_FIRST}) AND left({last}, {_FIRST})"
        f" AND origin > {first} AND origin < {last})"
    )


def from_original(connection: Connection, *, origin: str | None, original: str) -> Stored | None:
    """Return the article that was read at ``origin`` from bytes with this hash; None if there is none."""
    at = "origin IS NULL" if origin is None else _AT
    row = connection.execute(
        f"SELECT id, version FROM articles WHERE {at} AND original = %(original)s LIMIT 1",
        {"origin": origin, "original": original},
    ).fetchone()
    return Stored(row["id"], row["version"], "unchanged") if row else None


def list_origins(connection: Connection, under: str) -> list[tuple[int, str]]:
    """Return (id, origin) of the articles read at ``under``, from a folder or archive there, or a file in those."""
    within = f"{_between('/', '0')} OR {_between('!', chr(34))}"
    found = connection.execute(
        f"SELECT id, origin FROM articles WHERE ({_AT}) OR {within} ORDER BY id", {"origin": under}
    )
    return [(row["id"], row["origin"]) for row in found]


def status_of(connection: Connection, article: Article, *, locking: bool = False) -> Stored:
    """Return what putting ``article`` would do: its key is looked for first, then its text.

    A text that is known without a key of its own takes an address as its key, and whatever else is now said of it, as a
    new version. The path of a file is not taken: the article would go with the file. ``locking`` keeps others from
    changing the article that was found until the transaction ends.
    """
    known = _first(connection, "key", article.key, locking=locking)
    if known:
        same = replace(rows.article_from(known), id=0, version=0) == replace(article, id=0, version=0)
        if same:
            return Stored(known["id"], known["version"], "unchanged")
        return Stored(known["id"], known["version"] + 1, "replaced")
    twin = _first(connection, "sha256", article.sha256, locking=locking, publisher=article.publisher)
    if not twin:
        return Stored(0, 0, "added")
    if twin["key"].startswith(ANONYMOUS) and article.key == article.url:
        return Stored(twin["id"], twin["version"] + 1, "replaced")
    return Stored(twin["id"], twin["version"], "unchanged")


def _first(
    connection: Connection, column: str, value: str, *, locking: bool, publisher: str | None = None
) -> dict[str, Any] | None:
    """Return the article with the lowest id that has a value; not that of another ``publisher``.

    It is found first and locked then, by its id, which tells a cluster on which node it is; if it has changed between,
    the next is looked for.
    """
    theirs = "" if publisher is None else " AND (folded_publisher IS NULL OR folded_publisher = %s)"
    values = (value,) if publisher is None else (value, folded(publisher))
    question = f"SELECT {ARTICLE} FROM articles WHERE {column} = %s{theirs} ORDER BY id LIMIT 1"
    while (found := connection.execute(question, values).fetchone()) and locking:
        locked = lock_article(connection, found["id"])
        if locked and locked[column] == value:
            return locked
    return found


def lock_article(connection: Connection, article_id: int) -> dict[str, Any] | None:
    """Return an article's row, which nobody else changes until the transaction ends; None if it is gone."""
    question = f"SELECT {ARTICLE} FROM articles WHERE id = %s FOR UPDATE"
    return connection.execute(question, (article_id,)).fetchone()


def get_article(connection: Connection, article_id: int) -> Article:
    """Return an article. Raises NotFoundError."""
    row = connection.execute(f"SELECT {ARTICLE} FROM articles WHERE id = %s", (article_id,)).fetchone()
    if not row:
        raise NotFoundError(f"There is no article {article_id}.", remedy="`pullquote list` shows those there are.")
    return rows.article_from(row)


def count_embargoed(connection: Connection) -> int:
    """Return how many articles must not be quoted yet."""
    row = connection.execute("SELECT count(*) AS held FROM articles WHERE embargo > %s", (rows.now(),)).fetchone()
    return int(row["held"]) if row else 0


def get_articles(connection: Connection, article_ids: Sequence[int]) -> list[Article]:
    """Return those of the articles that are there, by id."""
    found = connection.execute(f"SELECT {ARTICLE} FROM articles WHERE id = ANY(%s) ORDER BY id", (list(article_ids),))
    return [rows.article_from(row) for row in found]


def list_articles(connection: Connection, *, limit: int, after: int) -> list[ArticleSummary]:
    """Return at most ``limit`` articles whose id is above ``after``, by id."""
    found = connection.execute(
        f"SELECT {KNOWN}, length(text) AS characters FROM articles WHERE id > %s ORDER BY id LIMIT %s", (after, limit)
    )
    return [rows.summary_from(row) for row in found]


def get_passages(connection: Connection, places: Iterable[tuple[int, int]]) -> list[Passage]:
    """Return those of the passages, (article id, passage id) each, that are there."""
    articles, passages = zip(*places, strict=True) if (places := list(places)) else ((), ())
    found = connection.execute(
        f"SELECT {_PASSAGE} FROM passages WHERE article_id = ANY(%s) AND id = ANY(%s)",
        (list(set(articles)), list(passages)),
    )
    return [rows.passage_from(row) for row in found]


def list_passages(connection: Connection, article_id: int) -> list[Passage]:
    """Return an article's passages in order."""
    found = connection.execute(f"SELECT {_PASSAGE} FROM passages WHERE article_id = %s ORDER BY start", (article_id,))
    return [rows.passage_from(row) for row in found]


def put_article(connection: Connection, article: Article, *, stored: Stored, passages: int) -> Article:
    """Write an article as ``stored`` says; return it with its id and version."""
    if stored.status == "added":
        row = connection.execute("SELECT nextval('article_ids') AS id").fetchone()
        article = replace(article, id=int(row["id"]) if row else 0, version=1)
    else:
        article = replace(article, id=stored.id, version=stored.version)
    write_article(connection, article, passages=passages)
    return article


def write_article(connection: Connection, article: Article, *, passages: int) -> None:
    """Write an article under its own id, in place of the one that is there."""
    title, title_given, *others = rows.article_values(article)
    publisher = folded(article.publisher) if article.publisher is not None else None
    names = f"key, version, sha256, text, {rows.ARTICLE_FIELDS}, folded_title, folded_publisher, passage_count"
    stated = (article.key, article.version, article.sha256, article.text, title, bool(title_given))
    values = (*stated, *others, folded(article.title), publisher)
    marks = ", ".join(["%s"] * (len(values) + 1))
    connection.execute(
        f"INSERT INTO articles (id, {names}) VALUES (%s, {marks})"
        f" ON CONFLICT (id) DO UPDATE SET ({names}) = ROW({marks})",
        (article.id, *values, passages, *values, passages),
    )


def put_passages(connection: Connection, article: Article, *, passages: Sequence[PassageSpan]) -> list[Passage]:
    """Write an article's passages under ids never given before, rising; return them."""
    given = connection.execute(
        "SELECT nextval('passage_ids') AS id FROM generate_series(1, %s)", (len(passages),)
    ).fetchall()
    ids = sorted(row["id"] for row in given)
    made = [
        Passage(each.start, each.end, each.sentences, each.page, passage_id, article.id)
        for each, passage_id in zip(passages, ids, strict=True)
    ]
    write_passages(connection, made)
    return made


def write_passages(connection: Connection, passages: Sequence[Passage]) -> None:
    """Write passages under their own ids."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY passages ({_PASSAGE}) FROM STDIN") as copy,
    ):
        for each in passages:
            sentences = json.dumps(each.sentences)
            copy.write_row((each.id, each.article_id, each.start, each.end, sentences, each.page))


def put_revision(connection: Connection, old: Article, *, kept: Sequence[Kept]) -> None:
    """Write a version that is replaced, and what of it is kept, to the revisions."""
    write_revision(connection, old.id, Revision(old.version, old.sha256, tuple(kept)))


def write_revision(connection: Connection, article_id: int, revision: Revision) -> None:
    """Write a former version of an article."""
    connection.execute(
        "INSERT INTO revisions (article_id, version, sha256, kept) VALUES (%s, %s, %s, %s)",
        (article_id, revision.version, revision.sha256, json.dumps(revision.kept)),
    )


def list_revisions(connection: Connection, article_id: int) -> tuple[Revision, ...]:
    """Return an article's former versions, the oldest first."""
    found = connection.execute("SELECT * FROM revisions WHERE article_id = %s ORDER BY version", (article_id,))
    return tuple(rows.revision_from(row) for row in found)


def adopt(connection: Connection, article_id: int, *, key: str, origin: str, original: str) -> None:
    """Change the key and origin of an article, unless another article has the key."""
    if not has_key(connection, key, but=article_id):
        connection.execute(
            "UPDATE articles SET origin = %s, original = %s, key = %s WHERE id = %s",
            (origin, original, key, article_id),
        )


def has_key(connection: Connection, key: str, *, but: int) -> bool:
    """Whether another article than ``but`` has a key."""
    found = connection.execute("SELECT 1 FROM articles WHERE key = %s AND id != %s", (key, but)).fetchone()
    return found is not None


def remove_passages(connection: Connection, article_id: int) -> None:
    """Remove an article's passages, with their vectors and words."""
    connection.execute("DELETE FROM passages WHERE article_id = %s", (article_id,))
