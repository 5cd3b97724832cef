"""Keeping folders in step, with the real watcher."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from index.errors import FormatError
from index.formats.reading import Original, read
from service.assembly import Services
from service.commands.adding import Summary
from service.commands.watching import watch
from tests import factories


@contextmanager
def watching(services: Services, *paths: Path) -> Iterator[Iterator[Summary]]:
    passes = watch(services, [str(path) for path in paths], console=Console(quiet=True))
    try:
        yield passes
    finally:
        passes.close()  # type: ignore[attr-defined]


def texts(services: Services) -> set[str]:
    return {services.store.article(each.id).text for each in services.store.articles(limit=99)}


def counts(summary: Summary) -> dict[str, int]:
    return {status: number for status, number in summary.counts.items() if number}


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return inbox


def test_files_that_come_change_and_go(fake: Services, inbox: Path) -> None:
    (inbox / "a.txt").write_text("Rome has 14 bridges.")
    with watching(fake, inbox) as passes:
        assert counts(next(passes)) == {"added": 1}
        (inbox / "deep").mkdir()
        (inbox / "deep" / "b.md").write_text("Bern has 18 bridges.")
        assert counts(next(passes)) == {"added": 1}
        (inbox / "a.txt").write_text("Rome has 15 bridges.")
        assert counts(next(passes)) == {"replaced": 1}
        assert texts(fake) == {"Rome has 15 bridges.", "Bern has 18 bridges."}
        shutil.rmtree(inbox / "deep")
        assert counts(next(passes)) == {"removed": 1}
        assert texts(fake) == {"Rome has 15 bridges."}


def test_what_went_while_nobody_looked_is_removed(fake: Services, inbox: Path) -> None:
    for name in ("a", "b"):
        (inbox / f"{name}.txt").write_text(f"{name} has 14 bridges.")
    with watching(fake, inbox) as passes:
        next(passes)
    (inbox / "a.txt").unlink()
    with watching(fake, inbox) as passes:
        assert counts(next(passes)) == {"unchanged": 1, "removed": 1}
    assert texts(fake) == {"b has 14 bridges."}


def test_articles_from_elsewhere_are_left_alone(fake: Services, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox2").mkdir()
    (tmp_path / "inbox2" / "c.txt").write_text("Oslo has 9 bridges.")
    with watching(fake, tmp_path / "inbox2") as passes:
        next(passes)
    with watching(fake, inbox) as passes:
        assert counts(next(passes)) == {}
    assert texts(fake) == {"Oslo has 9 bridges."}


def test_the_same_text_in_another_file_takes_the_place_of_one_that_went(fake: Services, inbox: Path) -> None:
    for name in ("a", "b"):
        (inbox / f"{name}.txt").write_text("Rome has 14 bridges.")
    with watching(fake, inbox) as passes:
        assert counts(next(passes)) == {"added": 1, "unchanged": 1}
        (inbox / "a.txt").unlink()
        assert counts(next(passes)) == {"added": 1, "removed": 1}
    assert texts(fake) == {"Rome has 14 bridges."}


def test_a_file_that_cannot_be_read_any_more_takes_nothing_away(fake: Services, inbox: Path) -> None:
    (inbox / "all.zip").write_bytes(factories.packed({"a.txt": "Rome has 14 bridges.", "b.txt": "Bern has 18."}))
    with watching(fake, inbox) as passes:
        assert counts(next(passes)) == {"added": 2}
        (inbox / "all.zip").write_bytes(b"half of a download")
        assert counts(next(passes)) == {"failed": 1}
        assert len(texts(fake)) == 2
        (inbox / "all.zip").write_bytes(factories.packed({"b.txt": "Bern has 18.", "c.txt": "Oslo has 9."}))
        assert counts(next(passes)) == {"added": 1, "removed": 1}
    assert texts(fake) == {"Bern has 18.", "Oslo has 9."}


def test_a_folder_that_cannot_be_looked_into_takes_nothing_away(
    fake: Services, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "deep").mkdir()
    for name in ("a.txt", "deep/b.txt"):
        (inbox / name).write_text(f"{name} has 14 bridges.")
    with watching(fake, inbox) as passes:
        next(passes)
    scandir = os.scandir

    def refuses(path: str) -> object:
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    with watching(fake, inbox) as passes:
        assert counts(next(passes)) == {"failed": 1}
    assert len(texts(fake)) == 2


def test_a_folder_that_is_gone_itself_takes_nothing_away(fake: Services, inbox: Path) -> None:
    (inbox / "a.txt").write_text("Rome has 14 bridges.")
    with watching(fake, inbox) as passes:
        next(passes)
        inbox.rename(inbox.with_name("elsewhere"))
        assert counts(next(passes)) == {"failed": 1}
    assert len(texts(fake)) == 1


def test_a_renamed_file_is_the_same_article(fake: Services, inbox: Path) -> None:
    (inbox / "a.txt").write_text("Rome has 14 bridges.")
    with watching(fake, inbox) as passes:
        next(passes)
        (inbox / "a.txt").rename(inbox / "b.txt")
        (inbox / "c.txt").write_text("Bern has 18 bridges.")
        assert counts(next(passes)) == {"added": 1}
        (summary,) = [each for each in fake.store.articles(limit=9) if each.key.endswith("b.txt")]
        assert (summary.id, summary.version) == (1, 1)
        (inbox / "b.txt").unlink()
        assert counts(next(passes)) == {"removed": 1}


@pytest.mark.parametrize("url", ["https://x.org/a", None])
def test_an_article_that_was_posted_stays_when_a_file_with_its_text_goes(
    fake: Services, inbox: Path, url: str | None
) -> None:
    fake.ingester.add(read(Original(b"Rome has 14 bridges.", "a.txt"), url=url))
    (inbox / "a.txt").write_text("Rome has 14 bridges.")
    (inbox / "b.txt").write_text("Bern has 18 bridges.")
    with watching(fake, inbox) as passes:
        assert counts(next(passes)) == {"added": 1, "unchanged": 1}
        (inbox / "a.txt").unlink()
        (inbox / "b.txt").unlink()
        assert counts(next(passes)) == {"removed": 1}
    assert texts(fake) == {"Rome has 14 bridges."}


def test_a_file_with_the_address_of_a_posted_article_does_not_own_it(fake: Services, inbox: Path) -> None:
    fake.ingester.add(read(Original(b"Rome has 14 bridges.", "a.txt"), url="https://x.org/a"))
    (inbox / "a.md").write_text("---\nurl: https://x.org/a\n---\nRome has 15 bridges.")
    with watching(fake, inbox) as passes:
        assert counts(next(passes)) == {"replaced": 1}
        (inbox / "a.md").unlink()
        (inbox / "b.txt").write_text("Bern has 18 bridges.")
        assert counts(next(passes)) == {"added": 1}
    assert texts(fake) == {"Rome has 15 bridges.", "Bern has 18 bridges."}


def test_what_one_of_two_alike_says_otherwise_leaves_the_other(fake: Services, inbox: Path) -> None:
    for name in ("a", "b"):
        (inbox / f"{name}.txt").write_text("Rome has 14 bridges.")
    with watching(fake, inbox) as passes:
        next(passes)
        (inbox / "a.txt").write_text("Rome has 15 bridges.")
        assert counts(next(passes)) == {"replaced": 1, "added": 1}
    assert texts(fake) == {"Rome has 14 bridges.", "Rome has 15 bridges."}


def test_a_single_file_is_watched_through_every_save(fake: Services, inbox: Path) -> None:
    path = inbox / "a.txt"
    path.write_text("Rome has 14 bridges.")
    (inbox / "other.txt").write_text("Bern has 18 bridges.")
    with watching(fake, path) as passes:
        assert counts(next(passes)) == {"added": 1}
        for number in (15, 16):
            (inbox / "new.tmp").write_text(f"Rome has {number} bridges.")
            os.replace(inbox / "new.tmp", path)
            assert counts(next(passes)) == {"replaced": 1}
    assert texts(fake) == {"Rome has 16 bridges."}


def test_what_is_not_there_is_not_watched(fake: Services, inbox: Path) -> None:
    with watching(fake, inbox / "none") as passes, pytest.raises(FormatError, match="no file or folder"):
        next(passes)
