"""A damaged record, a full disk, and vectors made anew while others write."""

import os
import random
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.embedding import Vectors
from index.errors import StoreBusyError, StoreError, StoreFullError
from index.ingest import Ingester, reindex
from index.search import Searcher
from index.store.base import Store
from index.store.postgres.store import PostgresStore
from index.store.sqlite.store import SqliteStore
from index.types import Filters, PassageSpan, Span
from tests.doubles import WordEmbedder, make_article


def add(store: Store, number: int, *, sentences: int = 1, name: str = "words") -> int:
    text = " ".join(f"Bridge {number} of town{number} was opened on day {each}." for each in range(sentences))
    return Ingester(store, WordEmbedder(name)).add(make_article(text, key=f"k{number}")).id


def read_everything(store: SqliteStore) -> None:
    for summary in store.articles(limit=100):
        store.history(summary.id)
        store.passages(summary.id)
        store.attributions(summary.id)
        store.stances(summary.id)
    store.cited()
    store.near_duplicates(1)
    Searcher(store, WordEmbedder()).search("town1", k=3, filters=Filters())


def test_a_damaged_record_is_an_error_of_the_store(folder: Path) -> None:
    with closing(SqliteStore(folder)) as store:
        for number in range(8):
            add(store, number, sentences=5)
    record = folder / "pullquote.sqlite3"
    whole = record.read_bytes()
    refused = 0
    for seed in range(200):
        rng, data = random.Random(seed), bytearray(whole)
        for _ in range(rng.choice((1, 20, 400))):
            data[rng.randrange(4096, len(data))] = rng.randrange(256)
        for path in folder.iterdir():
            path.unlink()
        record.write_bytes(data)
        try:
            store = SqliteStore(folder)
            try:
                read_everything(store)
                store.check()
            finally:
                store._database.close()
        except StoreError:
            refused += 1  # and no other error
    assert refused > 50


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def put_long(store: SqliteStore, number: int, *, characters: int = 200_000) -> int:
    text = random.Random(number).randbytes(characters // 2).hex()
    article = make_article(text, key=f"k{number}")
    return store.put(article, [PassageSpan(0, len(text), (Span(0, len(text)),))], np.ones((1, 32), np.float32)).id


def test_on_a_full_disk_articles_can_be_removed_and_make_room(small_disk: Path) -> None:
    store = SqliteStore(small_disk / "data")
    store.bind("words", 32)
    added = []
    with pytest.raises(StoreFullError, match="is full. Remove articles"):
        for number in range(1_000):
            added.append(put_long(store, number))
    assert len(added) > 10
    (small_disk / "other").write_bytes(bytes(free := os.statvfs(small_disk).f_bavail * 4096))
    for article_id in added[:10]:
        store.remove(article_id)
    again = [put_long(store, 10_000 + number) for number in range(3)]
    assert store.check() == []
    assert [each.id for each in store.articles(limit=1_000)] == [*added[10:], *again], free
    store.close()


class Waiting(WordEmbedder):
    """An embedder that lets something happen while it is at work."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.at_work, self.may_go_on = threading.Event(), threading.Event()

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.at_work.set()
        assert self.may_go_on.wait(20)
        return super().encode_passages(texts)


@pytest.fixture(params=["sqlite", "postgres"])
def two(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[Store, Store]]:
    """Two that have the same store open, and wait for each other for a second; of each engine in turn."""
    if request.param == "sqlite":
        stores: list[Store] = [SqliteStore(folder, busy_seconds=1) for _ in range(2)]
    else:
        address = request.getfixturevalue("postgres")
        stores = [PostgresStore(address, busy_seconds=1) for _ in range(2)]
    with closing(stores[0]), closing(stores[1]):
        yield stores[0], stores[1]


def test_articles_come_and_go_while_vectors_are_made_anew(two: tuple[Store, Store]) -> None:
    store, other = two
    ids = [add(store, number) for number in range(4)]
    embedder = Waiting("words-2")
    working = threading.Thread(target=reindex, args=(store, embedder))
    working.start()
    assert embedder.at_work.wait(20)
    assert add(other, 1, sentences=2) == ids[1], "replaced"
    other.remove(ids[2])
    new = add(other, 7)
    hits = Searcher(other, WordEmbedder()).search("town7", k=1, filters=Filters()).hits
    assert [hit.article.id for hit in hits] == [new], "the old vectors are searched meanwhile"
    embedder.may_go_on.set()
    working.join()
    assert store.check() == []
    assert [each.id for each in store.articles(limit=9)] == [ids[0], ids[1], ids[3], new]
    for number, article_id in ((0, ids[0]), (1, ids[1]), (7, new)):
        found = Searcher(store, WordEmbedder("words-2")).search(f"town{number}", k=1, filters=Filters())
        assert [hit.article.id for hit in found.hits] == [article_id]


def test_of_two_that_make_vectors_anew_the_later_goes_on(two: tuple[Store, Store]) -> None:
    store, other = two
    add(store, 1)
    embedder, errors = Waiting("words-2"), []

    def work() -> None:
        try:
            reindex(store, embedder)
        except StoreBusyError as error:
            errors.append(str(error))

    working = threading.Thread(target=work)
    working.start()
    assert embedder.at_work.wait(20)
    reindex(other, WordEmbedder("words-3"))
    embedder.may_go_on.set()
    working.join()
    assert len(errors) == 1 and "Another process has begun" in errors[0]
    model = other.model()
    assert model and model.name == "words-3"
    assert other.check() == []
