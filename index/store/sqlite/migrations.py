"""The record's tables, as numbered steps; each runs once, in one transaction.

A step is never changed after a release: what it did stands in people's files. New needs get a new step.
"""

import sqlite3

from index.errors import StoreUnavailableError

_MIGRATIONS = [
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    INSERT INTO meta VALUES ('revision', 'empty');

    CREATE TABLE articles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        text TEXT NOT NULL,
        title TEXT NOT NULL,
        title_given INTEGER NOT NULL,
        url TEXT, author TEXT, publisher TEXT, published TEXT
    );
    CREATE INDEX articles_by_sha256 ON articles (sha256);
    CREATE INDEX articles_by_publisher ON articles (publisher COLLATE NOCASE);
    CREATE INDEX articles_by_published ON articles (published);

    CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        sentences TEXT NOT NULL,
        page INTEGER
    );
    CREATE INDEX passages_by_article ON passages (article_id);

    CREATE TABLE vectors (
        passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
        vector BLOB NOT NULL
    );

    -- Without content of its own: a passage's text is kept once, in its article.
    CREATE VIRTUAL TABLE passages_fts USING fts5 (
        title, text, content='', tokenize='porter unicode61 remove_diacritics 2'
    );
    """,
    """
    ALTER TABLE articles ADD COLUMN tagger TEXT NOT NULL DEFAULT '';

    CREATE TABLE attributions (
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        names TEXT NOT NULL,
        speaker TEXT NOT NULL,
        via TEXT,
        resolved INTEGER NOT NULL,
        spans TEXT NOT NULL
    );
    CREATE INDEX attributions_by_article ON attributions (article_id, start);
    """,
    """
    -- Where the words of a former version went, but not the words: they are gone from the store.
    CREATE TABLE revisions (
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        kept TEXT NOT NULL,
        PRIMARY KEY (article_id, version)
    );
    """,
    """
    ALTER TABLE articles ADD COLUMN pages TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE articles ADD COLUMN origin TEXT;
    ALTER TABLE articles ADD COLUMN original TEXT;
    -- Articles that are nearly the same share a story: a number of its own.
    ALTER TABLE articles ADD COLUMN story INTEGER;
    CREATE INDEX articles_by_origin ON articles (origin, original);
    CREATE INDEX articles_by_story ON articles (story);

    -- Articles with a band in common may be nearly the same (see near_duplicates).
    CREATE TABLE bands (
        band INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        PRIMARY KEY (band, article_id)
    ) WITHOUT ROWID;
    CREATE INDEX bands_by_article ON bands (article_id);
    """,
    """
    -- What an article does not assert; what was found before is found anew, since the tagger's name changes.
    CREATE TABLE stances (
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        kind TEXT NOT NULL,
        cue TEXT NOT NULL
    );
    CREATE INDEX stances_by_article ON stances (article_id, start);
    """,
    """
    -- Why an article is only a part of what was published, what its quotes must carry, and its terms of use.
    ALTER TABLE articles ADD COLUMN partial TEXT;
    ALTER TABLE articles ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE articles ADD COLUMN rights TEXT;
    ALTER TABLE articles ADD COLUMN embargo TEXT;
    CREATE INDEX articles_by_embargo ON articles (embargo) WHERE embargo IS NOT NULL;
    """,
    """
    -- In what an article came: where it is a file's, the ending says so; of what was sent before, only pages are known.
    ALTER TABLE articles ADD COLUMN kind TEXT;
    UPDATE articles SET kind = CASE
        WHEN pages != '[]' OR origin LIKE '%.pdf' THEN 'pdf'
        WHEN origin LIKE '%.txt' OR origin LIKE '%.text' OR origin LIKE '%.md' OR origin LIKE '%.markdown' THEN 'text'
        WHEN origin LIKE '%.docx' OR origin LIKE '%.odt' THEN 'document'
        WHEN origin LIKE '%.eml' THEN 'email'
        WHEN origin LIKE '%.xml' OR origin LIKE '%.json' OR origin LIKE '%.rss' OR origin LIKE '%.atom' THEN 'wire'
        WHEN origin LIKE '%.jsonl' OR origin LIKE '%.ndjson' OR origin LIKE '%.jsonl.gz' OR origin LIKE '%.ndjson.gz'
            THEN 'lines'
        WHEN origin LIKE 'http%' OR origin LIKE '%.htm' OR origin LIKE '%.html' OR origin LIKE '%.xhtml'
            OR origin LIKE '%.mht' OR origin LIKE '%.mhtml' OR origin LIKE '%.warc' OR origin LIKE '%.warc.gz'
            THEN 'page'
    END;
    -- All that a list is chosen and ordered by, so that it is made without reading past the texts.
    CREATE INDEX articles_listed ON articles (published, publisher, kind, title);
    """,
    """
    -- Answers kept as evidence. A citation outlives its article, whose words go with it; the seal is a secret.
    CREATE TABLE kept_answers (
        id TEXT PRIMARY KEY,
        kept TEXT NOT NULL,
        question TEXT NOT NULL,
        facts TEXT NOT NULL,
        words TEXT
    );
    CREATE INDEX kept_answers_by_day ON kept_answers (kept, id);
    CREATE TABLE kept_quotes (
        answer_id TEXT NOT NULL REFERENCES kept_answers (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        article_id INTEGER NOT NULL,
        version INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        title TEXT, title_given INTEGER NOT NULL, published TEXT,
        content TEXT,
        PRIMARY KEY (answer_id, place)
    );
    CREATE INDEX kept_quotes_by_article ON kept_quotes (article_id);
    INSERT INTO meta VALUES ('seal', lower(hex(randomblob(32))));
    """,
    """
    -- Lines that stand beside an article's text, surely or if several articles of their site have them.
    CREATE TABLE furniture (
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        site TEXT NOT NULL,
        block INTEGER NOT NULL,
        sure INTEGER NOT NULL
    );
    CREATE INDEX furniture_by_article ON furniture (article_id, start);
    CREATE INDEX furniture_by_block ON furniture (block, site, article_id) WHERE NOT sure;
    """,
    """
    -- The headers of a table that stand before a passage, as they were indexed with its words; until now, none. The
    -- index, which keeps no text, is given them again to forget them.
    ALTER TABLE passages ADD COLUMN headers TEXT NOT NULL DEFAULT '';
    """,
]
NEWEST = len(_MIGRATIONS)
"""The format that this program brings a record to."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the record to the newest version. Raises StoreUnavailableError if it is newer than this program."""
    while (version := _version(connection)) < NEWEST:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) == version:  # another process may have been faster
                for statement in _statements(_MIGRATIONS[version]):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()  # unlike the statement, no error where SQLite has rolled back by itself
            raise
    if version > NEWEST:
        raise StoreUnavailableError(
            f"The store is of format {version}; this program knows formats up to {NEWEST}.",
            remedy="Use a newer pullquote, or another PULLQUOTE_STORE.",
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> list[str]:
    statements, pending = [], ""
    for line in script.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
