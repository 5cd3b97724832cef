"""Keeping folders in step, with the real watcher."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from index.errors import FormatError
from service.adding import Summary
from service.assembly import Parts
from service.watching import watch
from tests import making


@contextmanager
def watching(parts: Parts, *paths: Path) -> Iterator[Iterator[Summary]]:
    passes = watch(parts, [str(path) for path in paths], console=Console(quiet=True))
    try:
        yield passes
    finally:
        passes.close()  # type: ignore[attr-defined]


def texts(parts: Parts) -> set[str]:
    return {parts.store.article(each.id).text for each in parts.store.articles(limit=99)}


def counts(summary: Summary) -> dict[str, int]:
    return {status: number for status, number in summary.counts.items() if number}


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return inbox


def test_files_that_come_change_and_go(fake_parts: Parts, inbox: Path) -> None:
    (inbox / "a.txt").write_text("Rome has 14 bridges.")
    with watching(fake_parts, inbox) as passes:
        assert counts(next(passes)) == {"added": 1}
        (inbox / "deep").mkdir()
        (inbox / "deep" / "b.md").write_text("Bern has 18 bridges.")
        assert counts(next(passes)) == {"added": 1}
        (inbox / "a.txt").write_text("Rome has 15 bridges.")
        assert counts(next(passes)) == {"replaced": 1}
        assert texts(fake_parts) == {"Rome has 15 bridges.", "Bern has 18 bridges."}
        shutil.rmtree(inbox / "deep")
        assert counts(next(passes)) == {"removed": 1}
        assert texts(fake_parts) == {"Rome has 15 bridges."}


def test_what_went_while_nobody_looked_is_removed(fake_parts: Parts, inbox: Path) -> None:
    for name in ("a", "b"):
        (inbox / f"{name}.txt").write_text(f"{name} has 14 bridges.")
    with watching(fake_parts, inbox) as passes:
        next(passes)
    (inbox / "a.txt").unlink()
    with watching(fake_parts, inbox) as passes:
        assert counts(next(passes)) == {"unchanged": 1, "removed": 1}
    assert texts(fake_parts) == {"b has 14 bridges."}


def test_articles_from_elsewhere_are_left_alone(fake_parts: Parts, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox2").mkdir()
    (tmp_path / "inbox2" / "c.txt").write_text("Oslo has 9 bridges.")
    with watching(fake_parts, tmp_path / "inbox2") as passes:
        next(passes)
    with watching(fake_parts, inbox) as passes:
        assert counts(next(passes)) == {}
    assert texts(fake_parts) == {"Oslo has 9 bridges."}


def test_the_same_text_in_another_file_takes_the_place_of_one_that_went(fake_parts: Parts, inbox: Path) -> None:
    for name in ("a", "b"):
        (inbox / f"{name}.txt").write_text("Rome has 14 bridges.")
    with watching(fake_parts, inbox) as passes:
        assert counts(next(passes)) == {"added": 1, "unchanged": 1}
        (inbox / "a.txt").unlink()
        assert counts(next(passes)) == {"added": 1, "removed": 1}
    assert texts(fake_parts) == {"Rome has 14 bridges."}


def test_a_file_that_cannot_be_read_any_more_takes_nothing_away(fake_parts: Parts, inbox: Path) -> None:
    (inbox / "all.zip").write_bytes(making.packed({"a.txt": "Rome has 14 bridges.", "b.txt": "Bern has 18."}))
    with watching(fake_parts, inbox) as passes:
        assert counts(next(passes)) == {"added": 2}
        (inbox / "all.zip").write_bytes(b"half of a download")
        assert counts(next(passes)) == {"failed": 1}
        assert len(texts(fake_parts)) == 2
        (inbox / "all.zip").write_bytes(making.packed({"b.txt": "Bern has 18.", "c.txt": "Oslo has 9."}))
        assert counts(next(passes)) == {"added": 1, "removed": 1}
    assert texts(fake_parts) == {"Bern has 18.", "Oslo has 9."}


def test_what_is_not_there_is_not_watched(fake_parts: Parts, inbox: Path) -> None:
    with watching(fake_parts, inbox / "none") as passes, pytest.raises(FormatError, match="no file or folder"):
        next(passes)
