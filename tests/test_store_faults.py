"""What can go wrong with a store on one machine, and what is said and saved then."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.errors import (
    ModelMismatchError,
    SettingsError,
    StoreBusyError,
    StoreCorruptError,
    StoreUnavailableError,
)
from index.ingest import Ingester, embedding_texts, reindex
from index.search import Searcher
from index.store import comparing
from index.store.factory import open_store
from index.store.sqlite import article_rows, meta
from index.store.sqlite.connection import Database
from index.store.sqlite.store import SqliteStore
from index.store.sqlite.vectors import VectorIndex, as_blob
from index.types import Filters, PassageSpan, Span, Stored
from tests.conftest import WordEmbedder, make_article


def filled(folder: Path, embedder: WordEmbedder, *, articles: int = 3) -> None:
    store = SqliteStore(folder)
    ingester = Ingester(store, embedder)
    for number in range(articles):
        ingester.add(make_article(f"Article {number} is about thing{number}.", key=str(number)))
    store.save_caches()
    store.close()


def found(store: SqliteStore, embedder: WordEmbedder, question: str) -> list[tuple[int, float]]:
    return [(hit.article.id, round(hit.score, 6)) for hit in Searcher(store, embedder).search(question).hits]


def delete(cache: Path) -> None:
    cache.unlink()


def truncate(cache: Path) -> None:
    cache.write_bytes(cache.read_bytes()[:-100])


def empty(cache: Path) -> None:
    cache.write_bytes(b"")


def fill_with_garbage(cache: Path) -> None:
    cache.write_bytes(os.urandom(2000))


def take_from_another_store(cache: Path) -> None:
    other = cache.parent.parent / "other"
    filled(other, WordEmbedder(), articles=9)
    cache.write_bytes((other / "vectors.faiss").read_bytes())


def make_stale(cache: Path) -> None:
    """Bring back the cache from before an article was replaced and another came and went."""
    kept = cache.read_bytes()
    store = SqliteStore(cache.parent)
    ingester = Ingester(store, WordEmbedder())
    ingester.add(make_article("Article 1 is about thing1, again.", key="1"))
    store.remove(ingester.add(make_article("Article 9 is about thing1 too.", key="9")).id)
    store.save_caches()
    store.close()
    cache.write_bytes(kept)


@pytest.mark.parametrize(
    "befall",
    [delete, truncate, empty, fill_with_garbage, take_from_another_store, make_stale],
    ids=lambda each: each.__name__,
)
def test_the_vector_cache_is_rebuilt_whatever_befalls_it(
    folder: Path, words: WordEmbedder, befall: Callable[[Path], None]
) -> None:
    filled(folder, words)
    befall(folder / "vectors.faiss")
    store = SqliteStore(folder)
    check_dense_search(store, words)
    store.save_caches()
    assert store.check() == []
    store.close()


def check_dense_search(store: SqliteStore, words: WordEmbedder) -> None:
    """Every article is found by its own vector, and by no other."""
    store.bind("words", 32)
    for summary in store.articles(limit=99):
        article, passage = store.article(summary.id), store.passages(summary.id)[0]
        vector = words.encode_passages(embedding_texts(article, [passage]))[0]
        best, score = store.search(vector, [], k=1, filters=Filters()).dense[0]
        assert (best, round(score, 4)) == (passage.id, 1)


def test_a_record_restored_from_a_backup_does_not_meet_a_cache_of_later_articles(
    folder: Path, words: WordEmbedder
) -> None:
    """The restored record comes to the same passage ids and number of writes again, with other articles."""
    filled(folder, words, articles=1)
    backup = (folder / "pullquote.sqlite3").read_bytes()
    filled(folder, words, articles=3)
    (folder / "pullquote.sqlite3").write_bytes(backup)
    store = SqliteStore(folder)
    ingester = Ingester(store, words)
    for text in ("Birds sing.", "Bells ring."):
        ingester.add(make_article(text))
    store._database.close()  # as if it had been killed: the cache is still the old one
    store = SqliteStore(folder)
    check_dense_search(store, words)
    store.close()


def test_a_cache_that_cannot_be_saved_costs_nothing_but_time(
    folder: Path, words: WordEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    filled(folder, words)
    (folder / "vectors.faiss").unlink()
    (folder / "vectors.faiss").mkdir()
    store = SqliteStore(folder)
    check_dense_search(store, words)
    store.close()
    assert "was not saved" in caplog.text
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []


def test_what_a_killed_save_left_is_removed(folder: Path, words: WordEmbedder) -> None:
    filled(folder, words, articles=1)
    old, young = folder / ".vectors.faiss.old", folder / ".vectors.faiss.young"
    for leftover in (old, young):
        leftover.write_bytes(b"x")
    os.utime(old, (0, 0))
    filled(folder, words, articles=2)
    assert not old.exists() and young.exists()


def test_a_cache_that_lies_is_found_and_repaired(folder: Path, words: WordEmbedder) -> None:
    filled(folder, words)
    true = VectorIndex.load(folder / "vectors.faiss")
    assert true
    lying = VectorIndex(32, true.epoch, true.revision)
    lying.add(true.ids(), np.eye(32, dtype=np.float32)[:3])
    lying.save(folder / "vectors.faiss")
    store = SqliteStore(folder)
    assert store.check() == [f"The vector cache {folder / 'vectors.faiss'} does not hold the record's vectors."]
    store.repair()
    assert store.check() == []
    check_dense_search(store, words)
    store.close()


def break_record(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "pullquote.sqlite3") as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        ("DELETE FROM vectors", "3 passages have no vector.*reindex"),
        ("DELETE FROM articles WHERE id = 2", "has no article"),
        (
            "DELETE FROM passages WHERE id = 2; DELETE FROM vectors WHERE passage_id = 2",
            "Passage 2 is searched but gone",
        ),
        ("UPDATE vectors SET vector = x'00' WHERE passage_id = 2", "not of 32 dimensions"),
    ],
)
def test_a_damaged_record_is_an_outage_not_an_empty_answer(
    folder: Path, words: WordEmbedder, damage: str, error: str
) -> None:
    filled(folder, words)
    (folder / "vectors.faiss").unlink()
    for statement in damage.split("; "):
        break_record(folder, statement)
    store = SqliteStore(folder)
    with pytest.raises(StoreCorruptError, match=error):
        Searcher(store, words).search("article thing1")
    assert store.check()
    store._database.close()


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        ("UPDATE articles SET text = replace(text, '1', '2') WHERE id = 2", "Article 2: its text is not the text"),
        ("UPDATE passages SET end = end - 1 WHERE id = 2", "Article 2: its passages do not add up"),
        ("DELETE FROM vectors WHERE passage_id = 2", "1 passages have no vector"),
        ("DELETE FROM articles WHERE id = 2", "Row 2 of passages belongs to nothing in articles"),
        ("UPDATE vectors SET vector = x'00' WHERE passage_id = 2", "1 vectors are not of 32 dimensions"),
        ("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')", "3 passages have no words"),
    ],
)
def test_damage_inside_the_record_is_reported(folder: Path, words: WordEmbedder, damage: str, error: str) -> None:
    filled(folder, words)
    break_record(folder, damage)
    store = SqliteStore(folder)
    assert any(error in fault for fault in store.check())
    store.close()


def test_lost_words_are_repaired(folder: Path, words: WordEmbedder) -> None:
    filled(folder, words)
    break_record(folder, "INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
    store = SqliteStore(folder)
    store.repair()
    assert store.check() == []
    store.close()


@pytest.mark.parametrize("data", [b"This is not a database, but it is long enough to look like one." * 90, None])
def test_a_record_that_is_no_database_is_reported_and_left_alone(
    folder: Path, words: WordEmbedder, data: bytes | None
) -> None:
    filled(folder, words)
    path = folder / "pullquote.sqlite3"
    if data is None:
        data = path.read_bytes()[:5000] + b"\xff" * 3000
    path.write_bytes(data)
    with pytest.raises(StoreCorruptError, match="damaged.*backup"):
        store = SqliteStore(folder)
        store.article(1)
        assert store.check() == []
    assert path.read_bytes()[:1000] == data[:1000]


def test_a_store_of_a_later_format_is_refused(folder: Path) -> None:
    SqliteStore(folder).close()
    break_record(folder, "PRAGMA user_version = 99")
    with pytest.raises(StoreUnavailableError, match="format 99"):
        SqliteStore(folder)


def test_a_folder_that_cannot_be_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailableError, match="cannot be made.*PULLQUOTE_STORE"):
        SqliteStore(tmp_path / "file" / "data")
    (tmp_path / "data" / "pullquote.sqlite3").mkdir(parents=True)
    with pytest.raises(StoreUnavailableError, match="cannot be used.*PULLQUOTE_STORE"):
        SqliteStore(tmp_path / "data")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    with pytest.raises(StoreUnavailableError, match="cannot be used.*writable"):
        SqliteStore(tmp_path / "data")


@pytest.mark.parametrize("address", ["data", "file:", "mongodb://x", ""])
def test_an_address_that_names_no_store_is_reported(address: str) -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_STORE is"):
        open_store(address)


def test_both_spellings_of_an_absolute_path_are_one_folder(folder: Path, words: WordEmbedder) -> None:
    filled(folder, words)
    for address in (f"file:{folder}", f"file://{folder}"):
        store = open_store(address)
        assert store.counts().articles == 3
        store.close()


def test_a_writer_that_waits_too_long_is_reported_and_readers_go_on(folder: Path, words: WordEmbedder) -> None:
    filled(folder, words)
    store = SqliteStore(folder, busy_seconds=0.1)
    blocker = Database(folder / "pullquote.sqlite3")
    with blocker.writing():
        with pytest.raises(StoreBusyError, match="locked by another writer"):
            store.remove(1)
        assert store.article(1).id == 1
        assert found(store, words, "thing1")
    store.remove(1)
    store.close()
    blocker.close()


def test_two_processes_see_each_others_articles(folder: Path, words: WordEmbedder) -> None:
    one, two = SqliteStore(folder), SqliteStore(folder)
    ingesters = Ingester(one, words), Ingester(two, words)
    for number in range(6):
        ingesters[number % 2].add(make_article(f"Only thing{number} is here.", key=str(number)))
        for store in (one, two):
            assert found(store, words, f"thing{number}")[0][0] == number + 1
    one.remove(2)
    assert 2 not in [article for article, _ in found(two, words, "thing1")]
    one.close()
    two.close()


def test_a_store_reindexed_by_another_process_is_not_searched_with_the_old_model(
    folder: Path, words: WordEmbedder
) -> None:
    filled(folder, words)
    old, new = SqliteStore(folder), SqliteStore(folder)
    searcher, ingester = Searcher(old, words), Ingester(old, words)
    assert reindex(new, WordEmbedder("words-2")) == 3
    with pytest.raises(ModelMismatchError, match="built with words-2.*asked for words"):
        searcher.search("thing1")
    with pytest.raises(ModelMismatchError, match="Start this program again"):
        ingester.add(make_article("A new one.", key="new"))
    assert found(new, WordEmbedder("words-2"), "thing1")
    old.close()
    new.close()


def test_reindexing_that_stops_in_the_middle_changes_nothing(folder: Path, words: WordEmbedder) -> None:
    filled(folder, words)
    store = SqliteStore(folder)

    class Failing(WordEmbedder):
        calls = 0

        def encode_passages(self, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            self.calls += 1
            if self.calls == 2:
                raise KeyboardInterrupt
            return super().encode_passages(texts)

    with pytest.raises(KeyboardInterrupt):
        reindex(store, Failing("words-2"))
    assert store.check() == []
    assert len(found(store, words, "thing1")) == 3
    store.close()


def test_a_closed_store_says_so(store: SqliteStore) -> None:
    store.close()
    with pytest.raises(StoreUnavailableError, match="closed"):
        store.counts()


def test_an_index_that_was_merged_often_can_still_be_read(
    folder: Path, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before SQLite 3.43 every merge adds a level, and an index of 2,000 cannot be read: it is made anew before."""
    monkeypatch.setattr(article_rows, "_MOST_LEVELS", 20)
    filled(folder, words)
    store = SqliteStore(folder, busy_seconds=1)
    with store._database.writing() as connection:
        for number in range(60):
            article = make_article(f"Bridge {number}.", key=f"bridge {number}")
            article = article_rows.put_article(connection, article, stored=Stored(0, 1, "added"))
            (vector,) = words.encode_passages([article.text])
            passage = PassageSpan(0, len(article.text), (Span(0, len(article.text)),))
            article_rows.put_passage(connection, article, passage=passage, vector=as_blob(vector))
            article_rows.forget_words(connection)
            assert article_rows._levels(connection) <= 20
        meta.renew_revision(connection)
    store.close()
    again = SqliteStore(folder, busy_seconds=1)
    assert len(again.search(words.encode_query("x"), ["bridge"], k=100, filters=Filters()).lexical) == 60
    assert again.check() == []
    again.close()


def test_a_full_disk_is_reported_and_nothing_is_lost(folder: Path, words: WordEmbedder) -> None:
    filled(folder, words)
    store = SqliteStore(folder, busy_seconds=1)
    ingester = Ingester(store, words)
    with store._database.writing() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    before = store.counts()
    with pytest.raises(StoreUnavailableError, match="is full.*make room"):
        ingester.add(make_article("Bridges stand here. " * 5_000, key="large"))
    assert store.counts() == before
    assert store.check() == []
    check_dense_search(store, words)
    store.close()


def test_texts_are_compared_while_others_write(
    folder: Path, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process writes during each comparison; what has changed then is compared again."""
    store, other = SqliteStore(folder, busy_seconds=0.1), SqliteStore(folder, busy_seconds=0.1)
    ingester, meanwhile = Ingester(store, words), Ingester(other, words)
    long = " ".join(f"Bridge {number} of Rome was opened on a Monday." for number in range(30))
    for key in ("a", "copy"):
        ingester.add(make_article(f"{long} {key}", key=key))
    compared: list[str] = []

    def beside(work: Callable[..., object]) -> Callable[..., object]:
        def compare(*texts: str) -> object:
            compared.append(work.__name__)
            if compared.count(work.__name__) == 1:
                meanwhile.add(make_article(f"{long} {work.__name__}", key="a"))
            return work(*texts)

        return compare

    for name in ("bands", "alike", "kept_words"):
        monkeypatch.setattr(comparing, name, beside(getattr(comparing, name)))
    new = f"{long} a once more"
    assert ingester.add(make_article(new, key="a")).version == 5
    revisions = store.history(1).revisions
    assert "".join(f"{long} kept_words"[each.start : each.start + each.length] for each in revisions[-1].kept) == (
        f"{long} "
    )
    assert store.near_duplicates(1) == [2]
    assert store.check() == []
    store.close()
    other.close()


def test_a_folder_removed_while_it_is_used_is_an_error_and_nothing_is_acknowledged(
    folder: Path, words: WordEmbedder
) -> None:
    store = SqliteStore(folder)
    ingester = Ingester(store, words)
    stored = ingester.add(make_article("It rains.", key="1"))
    shutil.rmtree(folder)
    for use in (
        lambda: ingester.add(make_article("It snows.", key="2")),
        lambda: store.remove(stored.id),
        lambda: store.article(stored.id),
        store.refresh,
    ):
        with pytest.raises(StoreUnavailableError, match="removed or replaced"):
            use()
    with pytest.raises(StoreUnavailableError):
        store.close()


def test_a_file_put_in_place_of_the_one_in_use_is_an_error(folder: Path, words: WordEmbedder) -> None:
    store = SqliteStore(folder)
    Ingester(store, words).add(make_article("It rains.", key="1"))
    path = folder / "pullquote.sqlite3"
    shutil.copy(path, folder / "copy")
    os.replace(folder / "copy", path)
    with pytest.raises(StoreUnavailableError, match="start this program again"):
        store.counts()
    with pytest.raises(StoreUnavailableError):
        store.close()
