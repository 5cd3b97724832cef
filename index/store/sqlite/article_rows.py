"""Articles and passages in the record: the statements that read and write them."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from index.errors import NotFoundError, StoreCorruptError
from index.store import rows
from index.store.searched import searched_words
from index.store.sqlite import meta
from index.text.tables import headers_above
from index.types import ANONYMOUS, Article, ArticleSummary, History, Kept, Passage, PassageSpan, Revision, Stored

# The row of an FTS5 index that describes its structure, https://www.sqlite.org/fts5.html#fts5_data_structures
_STRUCTURE = 10
_MOST_LEVELS = 500
SUMMARIES = f"SELECT id, version, key, sha256, length(text) AS characters, {rows.ARTICLE_FIELDS} FROM articles"
REPAIR = "Run `pullquote check --repair`, or restore a backup."


def from_original(connection: sqlite3.Connection, *, origin: str | None, original: str) -> Stored | None:
    """Return the article that was read at ``origin`` from bytes with this hash; None if there is none."""
    row = connection.execute(
        "SELECT id, version FROM articles WHERE origin IS ? AND original = ? LIMIT 1", (origin, original)
    ).fetchone()
    return Stored(row["id"], row["version"], "unchanged") if row else None


def list_origins(connection: sqlite3.Connection, under: str) -> list[tuple[int, str]]:
    """Return (id, origin) of the articles read at ``under``, from a folder or archive there, or a file in those."""
    found = connection.execute(
        "SELECT id, origin FROM articles WHERE origin = :under"
        # What stands in a folder or an archive comes right after it, before the next character.
        " OR (origin > :under || '/' AND origin < :under || '0')"
        " OR (origin > :under || '!' AND origin < :under || '\"') ORDER BY id",
        {"under": under},
    )
    return [(row["id"], row["origin"]) for row in found]


def status_of(connection: sqlite3.Connection, article: Article) -> Stored:
    """Return what putting ``article`` would do: its key is looked for first, then its text.

    The same text from another publisher is an article of its own, of the same story.

    A text that is known without a key of its own takes an address as its key, and whatever else is now said of it, as a
    new version. The path of a file is not taken: the article would go with the file.
    """
    known = connection.execute("SELECT * FROM articles WHERE key = ?", (article.key,)).fetchone()
    if known:
        same = replace(rows.article_from(known), id=0, version=0) == replace(article, id=0, version=0)
        if same:
            return Stored(known["id"], known["version"], "unchanged")
        return Stored(known["id"], known["version"] + 1, "replaced")
    twin = connection.execute(
        "SELECT id, version, key FROM articles WHERE sha256 = ?"
        " AND (publisher IS NULL OR ? IS NULL OR folded(publisher) = folded(?)) ORDER BY id LIMIT 1",
        (article.sha256, article.publisher, article.publisher),
    ).fetchone()
    if not twin:
        return Stored(0, 0, "added")
    if twin["key"].startswith(ANONYMOUS) and article.key == article.url:
        return Stored(twin["id"], twin["version"] + 1, "replaced")
    return Stored(twin["id"], twin["version"], "unchanged")


def get_article(connection: sqlite3.Connection, article_id: int) -> Article:
    """Return an article. Raises NotFoundError."""
    row = connection.execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
    if not row:
        raise NotFoundError(f"There is no article {article_id}.", remedy="`pullquote list` shows those there are.")
    return rows.article_from(row)


def get_history(connection: sqlite3.Connection, article_id: int) -> History:
    """Return an article, None where it was removed, and its former versions.

    Raises NotFoundError and EmbargoedError.
    """
    try:
        article = get_article(connection, article_id)
    except NotFoundError:
        if was_given(connection, article_id):
            return History(None, ())
        raise
    return History(rows.released(article), list_revisions(connection, article_id))


def count_embargoed(connection: sqlite3.Connection) -> int:
    """Return how many articles must not be quoted yet."""
    return int(connection.execute("SELECT count(*) FROM articles WHERE embargo > ?", (rows.now(),)).fetchone()[0])


def get_articles(connection: sqlite3.Connection, article_ids: Sequence[int]) -> list[Article]:
    """Return those of the articles that are there."""
    found = connection.execute(
        "SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (json.dumps(article_ids),)
    )
    return [rows.article_from(row) for row in found]


def list_articles(connection: sqlite3.Connection, *, limit: int, after: int) -> list[ArticleSummary]:
    """Return at most ``limit`` articles whose id is above ``after``, by id."""
    found = connection.execute(f"{SUMMARIES} WHERE id > ? ORDER BY id LIMIT ?", (after, limit))
    return [rows.summary_from(row) for row in found]


def get_passage(connection: sqlite3.Connection, passage_id: int) -> Passage:
    """Return a passage that a search found. Raises StoreCorruptError if it is not there."""
    row = connection.execute("SELECT * FROM passages WHERE id = ?", (passage_id,)).fetchone()
    if not row:
        raise StoreCorruptError(f"Passage {passage_id} is searched but gone.", remedy=REPAIR)
    return rows.passage_from(row)


def list_passages(connection: sqlite3.Connection, article_id: int) -> list[Passage]:
    """Return an article's passages in order."""
    found = connection.execute("SELECT * FROM passages WHERE article_id = ? ORDER BY start", (article_id,))
    return [rows.passage_from(row) for row in found]


def put_article(connection: sqlite3.Connection, article: Article, *, stored: Stored) -> Article:
    """Write an article as ``stored`` says; return it with its id and version."""
    values = (article.sha256, article.text, *rows.article_values(article))
    marks = ", ".join("?" * len(values))
    if stored.status == "replaced":
        connection.execute(
            f"UPDATE articles SET (sha256, text, {rows.ARTICLE_FIELDS}) = ({marks}), key = ?, version = ? WHERE id = ?",
            (*values, article.key, stored.version, stored.id),
        )
        return replace(article, id=stored.id, version=stored.version)
    cursor = connection.execute(
        f"INSERT INTO articles (key, version, sha256, text, {rows.ARTICLE_FIELDS}) VALUES (?, 1, {marks})",
        (article.key, *values),
    )
    return replace(article, id=int(cursor.lastrowid or 0), version=1)


def put_revision(connection: sqlite3.Connection, old: Article, *, kept: Sequence[Kept]) -> None:
    """Write a version that is replaced, and what of it is kept, to the revisions."""
    connection.execute("INSERT INTO revisions VALUES (?, ?, ?, ?)", (old.id, old.version, old.sha256, json.dumps(kept)))


def list_revisions(connection: sqlite3.Connection, article_id: int) -> tuple[Revision, ...]:
    """Return an article's former versions, the oldest first."""
    found = connection.execute("SELECT * FROM revisions WHERE article_id = ? ORDER BY version", (article_id,))
    return tuple(rows.revision_from(row) for row in found)


def was_given(connection: sqlite3.Connection, article_id: int) -> bool:
    """Whether an article ever had this id."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'articles'").fetchone()
    return row is not None and 0 < article_id <= row["seq"]


def put_passage(connection: sqlite3.Connection, article: Article, *, passage: PassageSpan, vector: bytes) -> None:
    """Write a passage with its vector and its words."""
    cursor = connection.execute(
        "INSERT INTO passages (article_id, start, end, sentences, page) VALUES (?, ?, ?, ?, ?)",
        (article.id, passage.start, passage.end, json.dumps(passage.sentences), passage.page),
    )
    passage_id = int(cursor.lastrowid or 0)
    connection.execute("INSERT INTO vectors VALUES (?, ?)", (passage_id, vector))
    index_words(connection, article, passage=passage, passage_id=passage_id)


def index_words(connection: sqlite3.Connection, article: Article, *, passage: PassageSpan, passage_id: int) -> None:
    """Add a passage's words to the lexical index, with the headers of its cells, which are kept beside it."""
    headers = headers_above(article.text, passage.span)
    connection.execute("UPDATE passages SET headers = ? WHERE id = ? AND headers != ?", (headers, passage_id, headers))
    values = (passage_id, *searched_words(article, passage, headers=headers))
    connection.execute("INSERT INTO passages_fts (rowid, title, text) VALUES (?, ?, ?)", values)


def rebuild_words(connection: sqlite3.Connection) -> None:
    """Make the lexical index anew."""
    connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
    for (article_id,) in connection.execute("SELECT id FROM articles ORDER BY id").fetchall():
        article = get_article(connection, article_id)
        for passage in list_passages(connection, article_id):
            index_words(connection, article, passage=passage, passage_id=passage.id)


def forget_words(connection: sqlite3.Connection) -> None:
    """Merge the lexical index, so that no word of removed passages is left in it.

    Half a second for 100,000 passages. Before SQLite 3.43 each merge adds a level, and an index of over 2,000 cannot be
    read any more; so now and then it is made anew.
    """
    connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
    if _levels(connection) > _MOST_LEVELS:
        rebuild_words(connection)


def _levels(connection: sqlite3.Connection) -> int:
    """Return the lexical index's levels: an integer, 7 bits a byte, after the first 4 bytes of its structure."""
    row = connection.execute("SELECT block FROM passages_fts_data WHERE id = ?", (_STRUCTURE,)).fetchone()
    count = 0
    for byte in row["block"][4:] if row else b"":
        count = count << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    return count


def adopt(connection: sqlite3.Connection, article_id: int, *, key: str, origin: str, original: str) -> None:
    """Change the key and origin of an article, unless another article has the key."""
    connection.execute(
        "UPDATE articles SET origin = ?, original = ?, key = ?"
        " WHERE id = ? AND NOT EXISTS (SELECT 1 FROM articles WHERE key = ? AND id != ?)",
        (origin, original, key, article_id, key, article_id),
    )


def remove_article(connection: sqlite3.Connection, article: Article) -> None:
    """Remove an article with all that belongs to it."""
    remove_passages(connection, article)
    connection.execute("DELETE FROM articles WHERE id = ?", (article.id,))


def remove_passages(connection: sqlite3.Connection, article: Article) -> None:
    """Remove the passages of ``article``, with their vectors and words."""
    for row in connection.execute("SELECT * FROM passages WHERE article_id = ?", (article.id,)).fetchall():
        words = searched_words(article, rows.passage_from(row), headers=row["headers"])
        # The lexical index keeps no text, so it must be given the words that it is to forget.
        connection.execute(
            "INSERT INTO passages_fts (passages_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
            (row["id"], *words),
        )
    connection.execute("DELETE FROM passages WHERE article_id = ?", (article.id,))
    meta.set_to_forget(connection)
