"""What is particular to the store in PostgreSQL: words, the index of vectors, migrations, and writers side by side."""

import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psycopg
import pytest

from benchmarks.postgres_server import PostgresServer
from index.embedding import Vectors
from index.errors import ModelError, SettingsError, StoreBusyError, StoreUnavailableError
from index.ingest import Ingester, reindex
from index.store.base import Store
from index.store.factory import open_store
from index.store.postgres import connection as connecting
from index.store.postgres import locks, migrations
from index.store.postgres.searching import vectors, words
from index.store.postgres.store import PostgresStore
from index.store.sqlite.store import SqliteStore
from index.types import Attribution, Filters, PassageSpan, Span
from tests.doubles import WordEmbedder, make_article

VOCABULARY = [
    *("the a of bridge river Rome mayor said opened closed painted years million people report".split()),
    *("3.5 1,000 d'Or O’Brien naïve Zürich U.S. e-mail running ran runs x".split()),
    *(f"word{number}" for number in range(60)),
]


@pytest.fixture
def remote(postgres: str) -> PostgresStore:
    store = PostgresStore(postgres, busy_seconds=1, patience_seconds=3)
    yield store
    store.close()


def filled(store: Store, *, articles: int, seed: int = 5) -> None:
    """Fill a store with passages of few words, so that many share some; replace and remove some of the articles."""
    rng = random.Random(seed)
    ingester = Ingester(store, WordEmbedder())
    for number in [*range(articles), *range(0, articles, 7)]:
        sentences = [
            " ".join(rng.choices(VOCABULARY, weights=range(len(VOCABULARY), 0, -1), k=rng.randrange(3, 25))) + "."
            for _ in range(rng.randrange(1, 30))
        ]
        title = " ".join(rng.choices(VOCABULARY, k=4))
        given = number % 3 != 0
        ingester.add(
            make_article(
                " ".join(sentences), key=str(number), title=title, title_given=given, publisher=f"P{number % 4}"
            )
        )
    store.remove_all(list(range(2, articles, 11)))


@pytest.mark.parametrize("at_once", [2_000, 30])
def test_words_rank_passages_as_the_local_store_does(
    folder: Path, remote: PostgresStore, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """The same passages in the same order with the same scores, whatever is filtered and however common the words."""
    monkeypatch.setattr(words, "_ALL_AT_ONCE", at_once)
    local = SqliteStore(folder)
    for store in (local, remote):
        filled(store, articles=60)
    # Ids are given alike: the same articles came in the same order.
    rng = random.Random(1)
    question = np.ones(32, dtype=np.float32) / np.sqrt(32, dtype=np.float32)
    asked = [rng.sample(VOCABULARY, rng.randrange(1, 8)) for _ in range(60)]
    for number, each in enumerate([*asked, ["running", "runs", "word3"], ["nowhere"], ["☃"], ['x" OR *']]):
        filters = [Filters(), Filters(publishers=("p1",)), Filters(article_ids=(3, 4, 9))][number % 3]
        for k in (5, 200):
            expected = local.search(question, each, k=k, filters=filters).lexical
            found = remote.search(question, each, k=k, filters=filters).lexical
            assert [passage for passage, _ in found] == [passage for passage, _ in expected], each
            np.testing.assert_allclose([score for _, score in found], [score for _, score in expected], rtol=1e-9)
    local.close()


def test_vectors_are_found_by_their_index_whatever_is_filtered(
    remote: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 0)
    rng = np.random.default_rng(3)
    made = rng.standard_normal((3_000, 32)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    remote.bind("words", 32)
    for number in range(100):
        text = " ".join(f"Sentence {number} {at}." for at in range(30))
        spans = [Span(each, each + 1) for each in range(29)]
        passages = [PassageSpan(at, at + 1, (Span(at, at + 1),)) for at, _ in spans]
        passages.append(PassageSpan(29, len(text), (Span(29, len(text)),)))
        publisher = "few" if number == 50 else "some" if number % 10 == 0 else "most"
        article = make_article(text, key=str(number), publisher=publisher)
        remote.put(article, passages, made[30 * number : 30 * number + 30])
    for seed in range(5):
        query = made[seed * 500 + 7]
        for publisher in ("few", "some", "most", None):
            chosen = [
                number
                for number in range(100)
                if publisher in (None, "few" if number == 50 else "some" if number % 10 == 0 else "most")
            ]
            rows = np.array([30 * number + at for number in chosen for at in range(30)])
            best = rows[np.argsort(-(made[rows] @ query))[:10]]
            filters = Filters(publishers=(publisher,)) if publisher else Filters()
            found = remote.search(query, [], k=10, filters=filters).dense
            assert len(found) == 10
            assert len({passage - 1 for passage, _ in found} & set(best.tolist())) >= 9
            np.testing.assert_allclose(found[0][1], float(made[best[0]] @ query), atol=1e-5)


def test_every_connection_searches_on_until_it_has_found_enough(remote: PostgresStore) -> None:
    together = threading.Barrier(5)

    def settings(connection: connecting.Connection) -> tuple[str, str]:
        together.wait(10)
        row = connection.execute(
            "SELECT current_setting('hnsw.iterative_scan') AS scan, current_setting('hnsw.ef_search') AS ef"
        ).fetchone()
        assert row
        return row["scan"], row["ef"]

    with ThreadPoolExecutor(5) as pool:
        found = [each.result() for each in [pool.submit(remote._database.read, settings) for _ in range(5)]]
    assert set(found) == {("strict_order", "1000")}


def test_speakers_narrow_to_the_passages_in_which_they_speak(remote: PostgresStore) -> None:
    from index.types import Annotations

    text = f"{'One said this. ' * 60}{'Nobody speaks here. ' * 60}"
    ingester = Ingester(remote, WordEmbedder())
    prepared = ingester.prepare(make_article(text, key="a"))
    said = Annotations("t", (Attribution("Ann Berg", Span(0, 3), Span(4, 8), (Span(9, 13),)),))
    remote.put(prepared.article, prepared.passages, ingester.embed([prepared])[0], annotations=said)
    ingester.add(make_article("Ann Berg is here, and says nothing.", key="b"))
    found = remote.search(
        WordEmbedder().encode_query("x"), ["said", "speaks"], k=99, filters=Filters(speakers=("Berg",))
    )
    assert {passage for passage, _ in (*found.dense, *found.lexical)} == {remote.passages(1)[0].id}
    assert (found.articles_searched, found.articles_stored) == (1, 2)


def test_several_begin_together_in_an_empty_database(postgres_server: PostgresServer) -> None:
    with postgres_server.database(empty=True) as address, ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: PostgresStore(address), range(4)))
        for number, store in enumerate(stores):
            Ingester(store, WordEmbedder()).add(make_article(f"Number {number}.", key=str(number)))
        assert {store.counts() for store in stores} == {(4, 4)}
        for store in stores:
            store.close()


def test_a_new_version_upgrades_the_tables_while_an_old_one_goes_on(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_server.database() as address:
        old = PostgresStore(address)
        Ingester(old, WordEmbedder()).add(make_article("Before.", key="a"))
        steps = len(migrations._MIGRATIONS)
        step = "ALTER TABLE articles ADD COLUMN mood text NOT NULL DEFAULT ''"
        monkeypatch.setattr(migrations, "_MIGRATIONS", [*migrations._MIGRATIONS, step])
        new = PostgresStore(address)
        Ingester(old, WordEmbedder()).add(make_article("From the old one.", key="b"))
        Ingester(new, WordEmbedder()).add(make_article("From the new one.", key="c"))
        assert {store.counts() for store in (old, new)} == {(3, 3)}
        assert [each.key for each in old.articles(limit=9)] == ["a", "b", "c"]
        monkeypatch.undo()
        newer = rf"of format {steps + 1}; this program knows formats up to {steps}\. Use a newer"
        with pytest.raises(StoreUnavailableError, match=newer):
            PostgresStore(address)
        old.close()
        new.close()


def everyone(count: int, work: Callable[[int], object]) -> list[object]:
    together = threading.Barrier(count)

    def begin(number: int) -> object:
        together.wait(10)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_writers_side_by_side_make_one_article_of_one_key_and_of_one_text(postgres: str) -> None:
    stores = [PostgresStore(postgres) for _ in range(4)]
    ingesters = [Ingester(store, WordEmbedder()) for store in stores]
    long = " ".join(f"Bridge {number} of Rome was opened on a Monday." for number in range(30))

    def work(number: int) -> list[int]:
        own = [make_article(f"Own text {number} {at}.", key=f"own {number} {at}") for at in range(5)]
        same_key = make_article(f"Version of {number}.", key="shared")
        same_text = make_article("The same text.", key=f"text {number}")
        copy = make_article(f"{long} {number}", key=f"copy {number}")
        return [ingesters[number].add(each).id for each in (same_key, same_text, copy, *own)]

    ids = everyone(4, work)
    assert len({each[0] for each in ids}) == len({each[1] for each in ids}) == 1
    assert stores[0].article(ids[0][0]).version == 4
    assert stores[0].counts().articles == 1 + 1 + 4 + 20
    copies = {each[2] for each in ids}
    assert {*stores[0].near_duplicates(ids[0][2]), ids[0][2]} == copies
    everyone(4, lambda number: stores[number].remove_all([ids[0][0], *ids[number][3:]]))
    assert stores[0].counts().articles == 1 + 4
    assert stores[0].check() == []
    for store in stores:
        store.close()


def test_what_one_writes_the_other_finds(postgres: str) -> None:
    one, two = PostgresStore(postgres), PostgresStore(postgres)
    embedder = WordEmbedder()
    ingesters = Ingester(one, embedder), Ingester(two, embedder)
    for number in range(6):
        added = ingesters[number % 2].add(make_article(f"Only thing{number} is here.", key=str(number)))
        for store in (one, two):
            found = store.search(embedder.encode_query(f"thing{number}"), [f"thing{number}"], k=1, filters=Filters())
            assert found.passages[found.lexical[0][0]].article_id == added.id
    one.close()
    two.close()


def test_a_writer_that_waits_too_long_is_reported_and_readers_go_on(remote: PostgresStore, postgres: str) -> None:
    ingester = Ingester(remote, WordEmbedder())
    ingester.add(make_article(key="a"))
    with psycopg.connect(postgres) as blocker:
        locks.alone(blocker)
        with pytest.raises(StoreBusyError, match="locked by another writer for 1 seconds"):
            ingester.add(make_article("Another.", key="b"))
        assert remote.article(1).id == 1
    assert ingester.add(make_article("Another.", key="b")).status == "added"


def test_new_vectors_are_indexed_while_others_write(remote: PostgresStore, postgres: str) -> None:
    """The index waits for whoever reads an earlier state; nobody who writes waits for the index."""
    filled(remote, articles=20)
    other = PostgresStore(postgres, busy_seconds=1)
    ingester = Ingester(other, WordEmbedder())
    with psycopg.connect(postgres) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SELECT count(*) FROM articles")
        working = threading.Thread(target=reindex, args=(remote, WordEmbedder("words-2")))
        working.start()
        deadline = time.monotonic() + 10
        while not indexing(postgres) and time.monotonic() < deadline:
            time.sleep(0.02)
        ingester.add(make_article("Rain fell on Rome.", key="new"))
        ingester.add(make_article("Snow fell on Rome.", key="3"))
        other.remove(1)
        time.sleep(1.5)
        assert working.is_alive() and indexing(postgres)
    working.join(20)
    assert remote.check() == []
    model = remote.model()
    assert model and model.name == "words-2"
    with psycopg.connect(postgres) as connection:
        tables = {
            row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE '%vectors'")
        }
        valid = connection.execute(
            "SELECT indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = 'vectors'::regclass"
            " AND NOT indisprimary"
        ).fetchall()
    assert (tables, valid) == ({"vectors"}, [(True,)])
    other.close()


def indexing(address: str) -> bool:
    with psycopg.connect(address) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_stat_progress_create_index").fetchall())


def test_what_is_left_of_new_vectors_that_were_interrupted_is_in_nobodys_way(remote: PostgresStore) -> None:
    class Failing(WordEmbedder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            raise ModelError("No.")

    filled(remote, articles=8)
    with pytest.raises(ModelError):
        reindex(remote, Failing("words-2"))
    model = remote.model()
    assert model and model.name == "words"
    filled(remote, articles=9)
    assert remote.check() == []
    reindex(remote, WordEmbedder("words-3"))
    assert remote.check() == []


def test_damage_is_found_and_repaired(remote: PostgresStore) -> None:
    filled(remote, articles=12)
    assert remote.check() == []
    before = remote.search(WordEmbedder().encode_query("x"), ["bridge", "word3"], k=50, filters=Filters())
    for statement in (
        "DELETE FROM words WHERE passage_id % 3 = 0",
        "UPDATE terms SET passages = passages + 1",
        "UPDATE totals SET passages = 1",
        "UPDATE articles SET passage_count = 99, story = NULL",
    ):
        remote._database.write(lambda connection, statement=statement: connection.execute(statement))  # type: ignore[misc]
    remote._database.write(vectors.drop_index)
    faults = " ".join(remote.check())
    for expected in ("words to search", "terms stand", "were counted", "other passages", "no index"):
        assert expected in faults
    remote.repair()
    assert remote.check() == []
    assert remote.search(WordEmbedder().encode_query("x"), ["bridge", "word3"], k=50, filters=Filters()) == before


def test_an_address_that_leads_nowhere_is_explained_without_its_password() -> None:
    with pytest.raises(StoreUnavailableError, match=r"The store in news at 127\.0\.0\.1:1 cannot be used") as raised:
        PostgresStore("postgresql://me:secret@127.0.0.1:1/news", patience_seconds=0.1)
    assert "secret" not in str(raised.value)
    with pytest.raises(SettingsError, match="names no store") as refused:
        open_store("mysql://me:secret@host/news")
    assert "secret" not in str(refused.value)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("index.store.postgres", "psycopg"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match=r"psycopg is not installed\. Run pip install 'pullquote\[postgres\]'"):
        open_store("postgresql://localhost/news")


def test_what_one_claims_no_other_has_until_it_is_released_or_its_owner_is_gone(postgres: str) -> None:
    one, two = PostgresStore(postgres), PostgresStore(postgres)
    assert one.claim("a") and not one.claim("a") and not two.claim("a") and two.claim("b")
    two.release("a")  # which is not its own
    assert not two.claim("a")
    one.release("a")
    assert two.claim("a") and not one.claim("a")
    two.close()
    assert one.claim("a") and one.claim("b")
    one.close()
