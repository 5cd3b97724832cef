"""Spreading the tables over the nodes of a cluster with Citus: what belongs to an article lies on one node."""

from index.errors import SettingsError, StoreUnavailableError
from index.store.postgres import locks
from index.store.postgres.connection import Connection

_BY_ARTICLE = ("passages", "words", "vectors", "attributions", "stances", "furniture", "revisions", "bands")


def distribute(connection: Connection, *, shards: int) -> int:
    """Spread the tables in so many shards; return how many tables were spread, 0 if they had been before.

    What is counted over all articles stays on the coordinator, to which every replica connects. Raises
    StoreUnavailableError without Citus, SettingsError before there is an embedding model.
    """
    locks.alone(connection)
    if not _has(connection, "SELECT 1 FROM pg_extension WHERE extname = 'citus'"):
        raise StoreUnavailableError(
            "The extension citus is not in this database.",
            remedy="Install Citus 12 or newer, run CREATE EXTENSION citus, and add the workers with citus_add_node.",
        )
    if is_distributed(connection):
        return 0
    if not _has(connection, "SELECT 1 FROM meta WHERE name = 'model'"):
        raise SettingsError("The store has no embedding model yet.", remedy="Add an article first.")
    # Commands on several tables with foreign keys between them need one connection to each worker.
    connection.execute("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'")
    keys = connection.execute(
        "SELECT conrelid::regclass::text AS name, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        (list(_BY_ARTICLE),),
    ).fetchall()
    for key in keys:
        connection.execute(f'ALTER TABLE {key["name"]} DROP CONSTRAINT "{key["conname"]}"')
    connection.execute("SELECT create_distributed_table('articles', 'id', shard_count => %s)", (shards,))
    for table in _BY_ARTICLE:
        _spread(connection, table)
    for key in keys:
        connection.execute(f'ALTER TABLE {key["name"]} ADD CONSTRAINT "{key["conname"]}" {key["definition"]}')
    return 1 + len(_BY_ARTICLE)


def is_distributed(connection: Connection) -> bool:
    """Whether the tables are spread over a cluster."""
    return _has(connection, "SELECT 1 WHERE to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL") and _has(
        connection, "SELECT 1 FROM pg_dist_partition WHERE logicalrelid = 'articles'::regclass"
    )


def follow(connection: Connection, table: str) -> None:
    """Spread a new table, which as yet has no foreign key, as the articles are; nothing is done if they are not."""
    if is_distributed(connection):
        connection.execute("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'")
        _spread(connection, table)


def _spread(connection: Connection, table: str) -> None:
    connection.execute("SELECT create_distributed_table(%s, 'article_id', colocate_with => 'articles')", (table,))


def _has(connection: Connection, question: str) -> bool:
    return connection.execute(question).fetchone() is not None
