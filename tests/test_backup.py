"""Backups: made while others write, refused where they are not whole, and restored under a running service."""

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import StoreCorruptError, StoreUnavailableError
from index.ingest import Ingester
from index.search import Searcher
from index.store.sqlite.migrations import NEWEST
from index.store.sqlite.store import SqliteStore
from index.store.sqlite.upkeep.backup import back_up, restore
from index.types import Filters
from tests.doubles import WordEmbedder, make_article

ROOT = Path(__file__).parents[1]


def add(store: SqliteStore, number: int) -> int:
    text = f"Bridge number {number} was opened by the mayor of town{number}. It rained."
    return Ingester(store, WordEmbedder()).add(make_article(text, key=f"k{number}")).id


def found(store: SqliteStore, word: str) -> list[str]:
    result = Searcher(store, WordEmbedder()).search(word, k=3, filters=Filters())
    return [hit.article.key for hit in result.hits if word in hit.article.text]


def command(*arguments: str | Path, store: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", *map(str, arguments)],
        env={**os.environ, "PULLQUOTE_STORE": store, "PULLQUOTE_LOG_LEVEL": "error"},
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=120,
    )


def test_a_backup_made_while_articles_are_added_is_one_state_of_the_store(
    store: SqliteStore, folder: Path, tmp_path: Path
) -> None:
    for number in range(5):
        add(store, number)
    stop = threading.Event()
    added = list(range(5))

    def write() -> None:
        while not stop.is_set():
            add(store, len(added))
            added.append(len(added))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        made = [back_up(folder, tmp_path / f"{number}.backup", version="1") for number in range(5)]
    finally:
        stop.set()
        thread.join()
    assert sorted(each.articles for each in made) == [each.articles for each in made]
    for number, manifest in enumerate(made):
        restore(tmp_path / f"{number}.backup", tmp_path / f"{number}", version="1")
        with closing(SqliteStore(tmp_path / f"{number}")) as restored:
            assert restored.check() == []
            keys = [each.key for each in restored.articles(limit=10_000)]
        assert keys == [f"k{each}" for each in range(manifest.articles)], "whole, and without a gap"


def test_a_running_store_goes_on_with_what_was_restored(store: SqliteStore, folder: Path, tmp_path: Path) -> None:
    kept = add(store, 1)
    back_up(folder, tmp_path / "backup", version="1")
    store.remove(kept)
    for number in (2, 3):
        add(store, number)
    assert found(store, "town2") == ["k2"]
    with pytest.raises(StoreUnavailableError, match="holds 2 articles"):
        restore(tmp_path / "backup", folder, version="1")
    restore(tmp_path / "backup", folder, version="1", replace=True)
    assert found(store, "town1") == ["k1"]
    assert found(store, "town2") == []
    # Passages get the numbers again that later ones had: their vectors must not be taken for those in memory.
    add(store, 4)
    assert found(store, "town4") == ["k4"]
    assert store.check() == []


def test_a_restored_store_has_no_words_of_what_it_replaced(store: SqliteStore, folder: Path, tmp_path: Path) -> None:
    back_up(folder, tmp_path / "backup", version="1")
    Ingester(store, WordEmbedder()).add(make_article("The password is xylophonequartz. It rained.", key="secret"))
    store.close()
    restore(tmp_path / "backup", folder, version="1", replace=True)
    assert [path for path in folder.iterdir() if b"xylophonequartz" in path.read_bytes()] == []


def test_a_file_is_not_replaced_and_nothing_is_left_beside_it(store: SqliteStore, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    back_up(folder, place / "backup", version="1")
    before = (place / "backup").read_bytes()
    with pytest.raises(StoreUnavailableError, match="exists already"):
        back_up(folder, place / "backup", version="1")
    assert (place / "backup").read_bytes() == before
    assert os.listdir(place) == ["backup"]
    with pytest.raises(StoreUnavailableError, match="no store in"):
        back_up(tmp_path / "elsewhere", place / "other", version="1")
    with pytest.raises(StoreUnavailableError, match="cannot be written"):
        back_up(folder, tmp_path / "nowhere" / "backup", version="1")


@pytest.mark.parametrize("at", [5_000, 40_000, -1_000_000])
def test_a_damaged_backup_is_refused_and_the_store_stays(
    store: SqliteStore, folder: Path, tmp_path: Path, at: int
) -> None:
    for number in range(20):
        add(store, number)
    file = tmp_path / "backup"
    back_up(folder, file, version="1")
    data = bytearray(file.read_bytes())
    if at < 0:
        del data[len(data) // 2 :]
    else:
        data[at] ^= 0xFF
    file.write_bytes(data)
    with pytest.raises(StoreCorruptError, match="is damaged"):
        restore(file, folder, version="1", replace=True)
    assert store.counts().articles == 20
    assert not [path for path in folder.iterdir() if path.name.startswith(".restore")]


def test_what_is_no_backup_is_refused(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "text").write_text("It rained. " * 1000)
    with tarfile.open(tmp_path / "tar", "w") as archive:
        archive.add(tmp_path / "text", "../../text")
    for name in ("text", "tar"):
        with pytest.raises(StoreUnavailableError, match="is no backup"):
            restore(tmp_path / name, folder, version="1")
    with pytest.raises(StoreUnavailableError, match="cannot be written or read: No such file"):
        restore(tmp_path / "missing", folder, version="1")


def test_a_backup_of_a_newer_program_names_both_versions(store: SqliteStore, folder: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder / "pullquote.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
    back_up(folder, tmp_path / "backup", version="9.1")
    with pytest.raises(StoreUnavailableError, match=rf"pullquote 9\.1 and is of format {NEWEST + 1}; this is") as error:
        restore(tmp_path / "backup", tmp_path / "other", version="0.1")
    assert "this is pullquote 0.1" in str(error.value) and str(error.value).endswith(
        "Use pullquote 9.1 or a newer one."
    )


def test_the_commands_back_up_and_restore(store: SqliteStore, folder: Path, tmp_path: Path) -> None:
    add(store, 1)
    made = command("backup", tmp_path / "backup", "--json", store=f"file:{folder}")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["articles"] == 1
    again = command("backup", tmp_path / "backup", store=f"file:{folder}")
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    done = command("restore", tmp_path / "backup", "--store", f"file:{tmp_path / 'other'}", store=f"file:{folder}")
    assert done.stdout.startswith("Restored 1 article and 1 passage, as they were on 2"), done.stderr
    assert sorted(os.listdir(tmp_path / "other")) == ["pullquote.sqlite3", "vectors.faiss"]


def test_a_database_is_left_to_its_own_tools(tmp_path: Path) -> None:
    for name, tool in (("backup", "pg_dump"), ("restore", "pg_restore")):
        refused = command(name, tmp_path / "file", store="postgresql://user:secret@localhost/news")
        assert refused.returncode == 1
        assert tool in refused.stderr and "secret" not in refused.stderr
