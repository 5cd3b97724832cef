"""The store spread over a Citus cluster: runs where CITUS_DSN names the coordinator, as a user who may make databases.

Citus comes from no package registry, so this is no part of the usual run.
"""

import os
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from index import copying
from index.ingest import Ingester, reindex
from index.search import Searcher
from index.store.postgres.store import PostgresStore
from index.store.sqlite.store import SqliteStore
from index.types import Filters
from tests.doubles import WordEmbedder, make_article

DSN = os.environ.get("CITUS_DSN", "")
pytestmark = pytest.mark.skipif(not DSN, reason="CITUS_DSN is not set")


@pytest.fixture
def address() -> Iterator[str]:
    """A database on every node, with the extensions, and with the workers of the cluster that CITUS_DSN names."""
    name = f"pullquote_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(DSN, autocommit=True) as connection:
        nodes = connection.execute(
            "SELECT nodename, nodeport FROM pg_dist_node WHERE noderole = 'primary' AND groupid > 0"
        ).fetchall()
    everywhere = [DSN, *(make_conninfo(DSN, host=host, port=port) for host, port in nodes)]
    for each in everywhere:
        with psycopg.connect(each, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(make_conninfo(each, dbname=name), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION citus")
            connection.execute("CREATE EXTENSION vector")
    own = make_conninfo(DSN, dbname=name)
    parts = conninfo_to_dict(own)
    host, port = parts.get("host", "localhost"), parts.get("port", "5432")
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("SELECT citus_set_coordinator_host(%s, %s)", (host, int(port)))
        for worker in nodes:
            connection.execute("SELECT citus_add_node(%s, %s)", worker)
    user = f"{parts.get('user', 'postgres')}:{parts.get('password', '')}"
    yield f"postgresql://{user}@/{name}?host={host}&port={port}"
    for each in everywhere:
        with psycopg.connect(each, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_spread_store_finds_what_a_local_one_does(address: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    local, remote = SqliteStore(tmp_path_factory.mktemp("local")), PostgresStore(address)
    ingesters = [Ingester(store, WordEmbedder()) for store in (local, remote)]
    for number in range(40):
        for ingester in ingesters:
            ingester.add(make_article(f"Article {number} is about thing{number % 7}, it says.", key=str(number)))
        if number == 20:
            assert remote.distribute(8) == 8
            assert remote.distribute(8) == 0
    for ingester in ingesters:
        ingester.add(make_article("Article 3 is about other things now.", key="3"))
        ingester.store.remove(5)
        ingester.store.remove_all([7, 30])
    assert remote.check() == []
    for question in ("thing3", "other things", "article 21"):
        for filters in (Filters(), Filters(article_ids=(4, 11, 18, 25))):
            one, other = (
                Searcher(store, WordEmbedder()).search(question, filters=filters).hits for store in (local, remote)
            )
            assert [(hit.article.key, hit.lexical) for hit in one] == [(hit.article.key, hit.lexical) for hit in other]
    assert reindex(remote, WordEmbedder("words-2")) == remote.counts().passages
    assert remote.check() == []
    back = SqliteStore(tmp_path_factory.mktemp("back"))
    assert copying.copy(remote, back, name="cluster").faults == []
    for store in (local, remote, back):
        store.close()
