"""The tables in PostgreSQL, as numbered steps; each runs once, in one transaction, whoever starts first.

A step is never changed after a release: what it did stands in people's databases. New needs get a new step. Replicas of
the version before may go on after a step: it adds, and what nothing needs any more is dropped by the next release.

Every table of what belongs to an article has the article's id in its key, so that all of it can lie on one machine. No
foreign key leads elsewhere. What is counted over all articles (``totals``, ``terms``) and ``meta`` are small.
"""

from typing import Any

import psycopg

from index.errors import StoreUnavailableError
from index.store.postgres import locks

_MIGRATIONS = [
    """
    CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
    INSERT INTO meta VALUES ('revision', 'empty');

    CREATE SEQUENCE article_ids;
    CREATE SEQUENCE passage_ids;
    -- One row: how much there is, and the largest ids that were given.
    CREATE TABLE totals (
        articles bigint NOT NULL, passages bigint NOT NULL, tokens bigint NOT NULL,
        last_article bigint NOT NULL, last_passage bigint NOT NULL
    );
    INSERT INTO totals VALUES (0, 0, 0, 0, 0);
    -- In how many passages each term stands; a term is known by a hash.
    CREATE TABLE terms (term bigint PRIMARY KEY, passages bigint NOT NULL) WITH (fillfactor = 50);

    CREATE TABLE articles (
        id bigint PRIMARY KEY,
        key text NOT NULL,
        version integer NOT NULL,
        sha256 text NOT NULL,
        text text NOT NULL,
        title text NOT NULL,
        title_given boolean NOT NULL,
        url text, author text, publisher text, published date,
        pages text NOT NULL,
        origin text COLLATE "C", original text,
        tagger text NOT NULL DEFAULT '',
        story bigint,
        -- What filters ask for: the publisher without differences of case, and how many passages there are.
        folded_publisher text,
        passage_count integer NOT NULL
    );
    -- Keys, publishers and addresses may be longer than an index entry can be.
    CREATE INDEX articles_by_key ON articles USING hash (key);
    CREATE INDEX articles_by_sha256 ON articles (sha256);
    CREATE INDEX articles_by_publisher ON articles USING hash (folded_publisher);
    CREATE INDEX articles_by_published ON articles (published);
    CREATE INDEX articles_by_origin ON articles (left(origin, 500));
    CREATE INDEX articles_by_story ON articles (story);

    CREATE TABLE passages (
        article_id bigint NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        id bigint NOT NULL,
        start integer NOT NULL,
        "end" integer NOT NULL,
        sentences text NOT NULL,
        page integer,
        PRIMARY KEY (article_id, id)
    );
    CREATE INDEX passages_by_id ON passages (id);

    -- The terms of a passage in order: those of its title, 0, and those of its text.
    CREATE TABLE words (
        article_id bigint NOT NULL,
        passage_id bigint NOT NULL,
        length integer NOT NULL,
        tokens bigint[] NOT NULL,
        PRIMARY KEY (article_id, passage_id),
        FOREIGN KEY (article_id, passage_id) REFERENCES passages (article_id, id) ON DELETE CASCADE
    );
    CREATE INDEX words_by_token ON words USING gin (tokens);

    CREATE TABLE attributions (
        article_id bigint NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        number integer NOT NULL,
        start integer NOT NULL,
        "end" integer NOT NULL,
        names text NOT NULL,
        speaker text NOT NULL,
        via text,
        resolved boolean NOT NULL,
        spans text NOT NULL,
        PRIMARY KEY (article_id, number)
    );
    CREATE TABLE stances (
        article_id bigint NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        number integer NOT NULL,
        start integer NOT NULL,
        "end" integer NOT NULL,
        kind text NOT NULL,
        cue text NOT NULL,
        PRIMARY KEY (article_id, number)
    );
    -- Where the words of a former version went, but not the words: they are gone from the store.
    CREATE TABLE revisions (
        article_id bigint NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        version integer NOT NULL,
        sha256 text NOT NULL,
        kept text NOT NULL,
        PRIMARY KEY (article_id, version)
    );
    -- Articles with a band in common may be nearly the same (see near_duplicates).
    CREATE TABLE bands (
        article_id bigint NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        band bigint NOT NULL,
        PRIMARY KEY (article_id, band)
    );
    CREATE INDEX bands_by_band ON bands (band);
    """,
    """
    -- Why an article is only a part of what was published, what its quotes must carry, and its terms of use.
    ALTER TABLE articles ADD COLUMN partial text;
    ALTER TABLE articles ADD COLUMN warnings text NOT NULL DEFAULT '[]';
    ALTER TABLE articles ADD COLUMN rights text;
    ALTER TABLE articles ADD COLUMN embargo text COLLATE "C";
    CREATE INDEX articles_by_embargo ON articles (embargo) WHERE embargo IS NOT NULL;
    """,
    """
    -- In what an article came: where it is a file's, the ending says so; of what was sent before, only pages are known.
    ALTER TABLE articles ADD COLUMN kind text;
    UPDATE articles SET kind = CASE
        WHEN pages != '[]' OR origin ~* '[.]pdf$' THEN 'pdf'
        WHEN origin ~* '[.](txt|text|md|markdown)$' THEN 'text'
        WHEN origin ~* '[.](docx|odt)$' THEN 'document'
        WHEN origin ~* '[.]eml$' THEN 'email'
        WHEN origin ~* '[.](xml|json|rss|atom)$' THEN 'wire'
        WHEN origin ~* '[.](jsonl|ndjson)([.]gz)?$' THEN 'lines'
        WHEN origin ~* '^http' OR origin ~* '[.](html?|xhtml|mht|mhtml|warc([.]gz)?)$' THEN 'page'
    END;
    -- A title without differences of case, for lists; NULL in what a program of the version before wrote.
    ALTER TABLE articles ADD COLUMN folded_title text COLLATE "C";
    CREATE INDEX articles_by_original ON articles (original);
    """,
    """
    -- Answers kept as evidence. A citation outlives its article, whose words go with it; the seal is a secret.
    CREATE TABLE kept_answers (
        id text PRIMARY KEY,
        kept text COLLATE "C" NOT NULL,
        question text NOT NULL,
        facts text NOT NULL,
        words text
    );
    CREATE INDEX kept_answers_by_day ON kept_answers (kept, id);
    CREATE TABLE kept_quotes (
        answer_id text NOT NULL REFERENCES kept_answers (id) ON DELETE CASCADE,
        place integer NOT NULL,
        article_id bigint NOT NULL,
        version integer NOT NULL,
        sha256 text NOT NULL,
        start integer NOT NULL,
        "end" integer NOT NULL,
        title text, title_given integer NOT NULL, published text,
        content text,
        PRIMARY KEY (answer_id, place)
    );
    CREATE INDEX kept_quotes_by_article ON kept_quotes (article_id);
    INSERT INTO meta VALUES ('seal', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
    """,
    """
    -- Lines that stand beside an article's text, surely or if several articles of their site have them.
    CREATE TABLE furniture (
        article_id bigint NOT NULL,
        number integer NOT NULL,
        start integer NOT NULL,
        "end" integer NOT NULL,
        site text NOT NULL,
        block bigint NOT NULL,
        sure boolean NOT NULL,
        PRIMARY KEY (article_id, number)
    );
    CREATE INDEX furniture_by_block ON furniture (block) WHERE NOT sure;
    -- In a cluster it lies beside its articles. What is not run is not looked up either.
    DO $$ BEGIN
        IF to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
            IF EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = 'articles'::regclass) THEN
                PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true);
                PERFORM create_distributed_table('furniture', 'article_id', colocate_with => 'articles');
            END IF;
        END IF;
    END $$;
    ALTER TABLE furniture ADD FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE;
    """,
]


def migrate(connection: psycopg.Connection[dict[str, Any]]) -> None:
    """Bring the tables to the newest version. Raises StoreUnavailableError if they are newer than this program."""
    version = _version(connection)
    if version < len(_MIGRATIONS):
        with connection.transaction():
            locks.alone(connection)  # another replica may have been faster
            for step in _MIGRATIONS[_version(connection) :]:
                connection.execute(step)
            connection.execute("DELETE FROM pullquote_format")
            connection.execute("INSERT INTO pullquote_format VALUES (%s)", (len(_MIGRATIONS),))
    if version > len(_MIGRATIONS):
        raise StoreUnavailableError(
            f"The store is of format {version}; this program knows formats up to {len(_MIGRATIONS)}.",
            remedy="Use a newer pullquote, or another PULLQUOTE_STORE.",
        )


def _version(connection: psycopg.Connection[dict[str, Any]]) -> int:
    """Return the number of steps that were taken; makes what the first one needs."""
    there = connection.execute("SELECT to_regclass('pullquote_format') IS NOT NULL AS there").fetchone()
    if not (there and there["there"]):
        with connection.transaction():
            locks.alone(connection)
            _require_extension(connection)
            connection.execute("CREATE TABLE IF NOT EXISTS pullquote_format (steps integer NOT NULL)")
    row = connection.execute("SELECT max(steps) AS steps FROM pullquote_format").fetchone()
    return int(row["steps"] or 0) if row else 0


def _require_extension(connection: psycopg.Connection[dict[str, Any]]) -> None:
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except (
        psycopg.errors.FeatureNotSupported,
        psycopg.errors.UndefinedFile,
        psycopg.errors.InsufficientPrivilege,
    ) as error:
        said = str(error).strip().partition("\n")[0].rstrip(".")
        raise StoreUnavailableError(
            f"PostgreSQL's extension vector (pgvector 0.8 or newer) cannot be used: {said}.",
            remedy="Install it on the server, and run CREATE EXTENSION vector as one who may.",
        ) from error
