"""From paths to articles: folders, archives, JSON lines, and going on where adding was stopped."""

import gzip
import io
import json
import threading
import tracemalloc
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.attack.fuzz import KEPT
from index.embedding import Vectors
from index.errors import FormatError
from index.formats import json_lines
from index.formats.collected.source import Source
from index.formats.reading import Original, read, read_file
from index.formats.sources import find, sources_of
from index.ingest import Ingester
from index.pipeline import Outcome, add_all
from index.store.sqlite.store import SqliteStore
from index.types import ANONYMOUS, Article
from service.commands.adding import Summary, add_paths
from tests import factories
from tests.conftest import WordEmbedder


class Counting(WordEmbedder):
    """Counts what it embeds."""

    embedded = 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return super().encode_passages(texts)


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def ingester(store: SqliteStore, counting: Counting) -> Ingester:
    return Ingester(store, counting)


def add(ingester: Ingester, *paths: Path) -> list[Outcome]:
    files = [file for path in paths for file in find(str(path)).files]
    return list(add_all(ingester, (source for file in files for source in sources_of(file))))


def statuses(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {Path(each.source.name).name: each.stored.status if each.stored else each.reason for each in outcomes}


def rows(*texts: str) -> bytes:
    pages = [f"https://x.org/{text.split()[0]}" for text in texts]
    return b"".join(json.dumps({"text": a, "url": b}).encode() + b"\n" for a, b in zip(texts, pages, strict=True))


def test_a_folder_is_all_that_can_be_read_in_it(tmp_path: Path) -> None:
    for name in ("b.txt", "deep/er/a.PDF", ".hidden.txt", "~$lock.docx", "._shadow.txt", "x.png", "y.png", "Makefile"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = find(str(tmp_path))
    assert [file.name for file in found.files] == ["b.txt", "a.PDF"]
    assert found.left_out == {".png": 2, "Makefile": 1}
    with pytest.raises(FormatError, match="There is no file"):
        find(str(tmp_path / "none"))


def test_everything_in_an_archive_is_added(tmp_path: Path, ingester: Ingester, store: SqliteStore) -> None:
    inner = factories.packed({"x.txt": "x"})
    members = {
        "one.txt": "Rome has 14 bridges.",
        "deep/two.md": "# Bern\n\nBern has 18 bridges.",
        "three.pdf": factories.pdf([["Prague has 18 bridges."]]),
        "more.jsonl": rows("Paris has 37.", "Porto has 6."),
        "bad.docx": "no document",
        "inner.zip": inner,
        "picture.png": "x",
        "__MACOSX/._one.txt": "x",
    }
    (tmp_path / "all.zip").write_bytes(factories.packed(members))
    outcomes = add(ingester, tmp_path / "all.zip")
    assert sum(each.stored is not None for each in outcomes) == 5
    failed = {each.source.name.rpartition("/")[2]: each.reason for each in outcomes if each.reason}
    assert set(failed) == {"bad.docx", "inner.zip"}
    assert "an archive within an archive" in failed["inner.zip"]
    place = (tmp_path / "all.zip").as_uri()
    assert {origin for _, origin in store.origins(place)} == {
        f"{place}!/{name}" for name in ("one.txt", "deep/two.md", "three.pdf", "more.jsonl")
    }


def test_a_day_of_a_number_beyond_all_is_refused_by_name() -> None:
    line = json.dumps({"text": "It rained in Rome.", "published": "85m0075999999999999999999999999999999m0 5$-1877"})
    with pytest.raises(FormatError, match="its published is '85m"):
        json_lines.read(line.encode(), name="line 1")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_name_the_first_is_added_and_the_second_told(
    tmp_path: Path, ingester: Ingester, store: SqliteStore
) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for text in ("Rome has 14 bridges.", "Bern has 18 bridges."):
            archive.writestr("one.txt", text)
    outcomes = add(ingester, tmp_path / "all.zip")
    assert [bool(each.stored) for each in outcomes] == [True, False]
    assert "holds one.txt twice. Rename one" in outcomes[1].reason
    assert store.article(1).text == "Rome has 14 bridges."


@pytest.mark.parametrize("path", sorted(KEPT.glob("*")), ids=lambda path: path.name)
def test_what_a_fuzzer_found_is_refused_with_a_reason(path: Path, tmp_path: Path) -> None:
    file = tmp_path / f"found.{path.name.partition('-')[0]}"
    file.write_bytes(path.read_bytes())
    for source in sources_of(file):
        with pytest.raises(FormatError):
            read(source.load())


def test_a_small_file_that_unpacks_to_a_great_many_lines_is_stopped(tmp_path: Path, ingester: Ingester) -> None:
    path = tmp_path / "n.jsonl.gz"
    path.write_bytes(gzip.compress((b"x" * 999 + b"\n") * 40_000))
    sources = list(sources_of(path))
    assert len(sources) < 20_000
    with pytest.raises(FormatError, match="unpacks to more than 200 times its size"):
        sources[-1].load()
    (tmp_path / "long.jsonl.gz").write_bytes(gzip.compress(b"x" * 60_000_000))
    with pytest.raises(FormatError, match="unpacks to more than 200 times its size"):
        list(sources_of(tmp_path / "long.jsonl.gz"))[-1].load()


def test_a_thousand_failures_are_told_and_all_are_counted(tmp_path: Path, ingester: Ingester) -> None:
    (tmp_path / "n.jsonl").write_bytes(b"x\n" * 1_500 + rows("Rome has 14 bridges."))
    summary = Summary()
    console = Console(file=io.StringIO())
    for _ in add_paths(ingester, [str(tmp_path)], summary=summary, console=console):
        pass
    assert summary.counts == {"added": 1, "replaced": 0, "unchanged": 0, "failed": 1_500}
    assert len(summary.results) == 1_001
    assert summary.as_json()["failures_not_listed"] == 500


@pytest.mark.parametrize("packing", [bytes, gzip.compress])
def test_a_bad_line_stops_none_of_the_others(tmp_path: Path, ingester: Ingester, packing: object) -> None:
    data = rows("Rome has 14.") + b"{broken\n\n" + rows("Bern has 18.", "Oslo has 9.")[:-1]
    path = tmp_path / ("n.jsonl.gz" if packing is gzip.compress else "n.jsonl")
    path.write_bytes(packing(data))  # type: ignore[operator]
    outcomes = add(ingester, path)
    assert [each.stored.status if each.stored else "failed" for each in outcomes] == [
        "added", "failed", "added", "added",
    ]  # fmt: skip
    assert f"{path} line 2 is not JSON" in outcomes[1].reason
    assert sum(each.source.weight for each in outcomes) <= path.stat().st_size


def test_a_gzip_file_cut_short_gives_what_came_before(tmp_path: Path, ingester: Ingester) -> None:
    data = gzip.compress(rows(*(f"{number} bridges stand in {number}." for number in range(800))))
    (tmp_path / "n.jsonl.gz").write_bytes(data[: len(data) // 2])
    outcomes = add(ingester, tmp_path / "n.jsonl.gz")
    assert len(outcomes) > 100
    assert "cannot be read on" in outcomes[-1].reason
    assert all(each.stored for each in outcomes[:-1])


def test_what_was_added_is_not_done_again(tmp_path: Path, ingester: Ingester, counting: Counting) -> None:
    (tmp_path / "a.pdf").write_bytes(factories.pdf([["Rome has 14 bridges."]]))
    (tmp_path / "n.jsonl").write_bytes(rows("Bern has 18.", "Oslo has 9."))
    assert set(statuses(add(ingester, tmp_path)).values()) == {"added"}
    assert counting.embedded == 3
    assert set(statuses(add(ingester, tmp_path)).values()) == {"unchanged"}
    assert counting.embedded == 3
    (tmp_path / "n.jsonl").write_bytes(rows("Bern has 18.", "Oslo has 9."[:-1] + " or 10."))
    assert list(statuses(add(ingester, tmp_path)).values()) == ["unchanged", "unchanged", "replaced"]
    assert counting.embedded == 4


def test_what_is_unchanged_is_not_even_parsed(store: SqliteStore, ingester: Ingester, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rome has 14 bridges.")
    (source,) = sources_of(tmp_path / "a.txt")
    list(add_all(ingester, iter([source])))

    def parse(data: bytes, *, name: str) -> Article:
        raise AssertionError("was parsed again")

    again = replace(source, load=lambda: replace(source.load(), parse=parse))
    (outcome,) = add_all(ingester, iter([again]))
    assert outcome.stored and outcome.stored.status == "unchanged"


def test_stopped_in_the_middle_it_goes_on_from_there(
    tmp_path: Path, ingester: Ingester, store: SqliteStore, counting: Counting
) -> None:
    (tmp_path / "n.jsonl").write_bytes(rows(*(f"{number} bridges. " * 400 for number in range(100, 300))))
    outcomes = add_all(ingester, sources_of(tmp_path / "n.jsonl"))
    begun = [next(outcomes) for _ in range(3)]
    outcomes.close()  # type: ignore[attr-defined]
    assert all(each.stored for each in begun)
    there = store.counts().articles
    assert 3 <= there < 200
    assert store.check() == []
    before = counting.embedded
    again = add(ingester, tmp_path / "n.jsonl")
    assert [each.stored.status for each in again if each.stored].count("unchanged") == there
    assert store.counts().articles == 200
    assert counting.embedded - before < before + store.counts().passages


def test_articles_are_embedded_together(ingester: Ingester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    embed = WordEmbedder.encode_passages
    monkeypatch.setattr(
        WordEmbedder, "encode_passages", lambda self, texts: batches.append(len(texts)) or embed(self, texts)
    )
    (tmp_path / "n.jsonl").write_bytes(rows(*(f"{number} bridges stand here." for number in range(600))))
    outcomes = add(ingester, tmp_path / "n.jsonl")
    assert [each.source.name.rpartition(" ")[2] for each in outcomes] == [str(number) for number in range(1, 601)]
    assert sum(batches) == 600
    assert len(batches) <= 4


def test_a_store_that_fails_ends_it_and_says_so(ingester: Ingester, store: SqliteStore, tmp_path: Path) -> None:
    from index.errors import StoreUnavailableError

    (tmp_path / "n.jsonl").write_bytes(rows(*(f"{number} bridges." for number in range(9))))
    store.close()
    with pytest.raises(StoreUnavailableError, match="closed"):
        add(ingester, tmp_path / "n.jsonl")
    assert not [each.name for each in threading.enumerate() if each.name.startswith(("reading", "writing"))]


def test_a_text_that_moves_on_while_another_takes_its_place(
    ingester: Ingester, store: SqliteStore, tmp_path: Path
) -> None:
    (tmp_path / "latest.txt").write_text("Rome has 14 bridges.")
    add(ingester, tmp_path)
    (tmp_path / "latest.txt").rename(tmp_path / "older.txt")
    (tmp_path / "latest.txt").write_text("Rome has 15 bridges.")
    add(ingester, tmp_path / "older.txt", tmp_path / "latest.txt")
    texts = {store.article(each.id).text for each in store.articles(limit=9)}
    assert texts == {"Rome has 14 bridges.", "Rome has 15 bridges."}


def test_the_last_of_two_lines_with_one_address_stands_however_often_they_are_added(
    ingester: Ingester, store: SqliteStore, tmp_path: Path
) -> None:
    line = b'{"url": "https://x.org/a", "text": "Rome has %d bridges."}\n'
    (tmp_path / "n.jsonl").write_bytes(line % 14 + line % 15)
    for _ in range(3):
        add(ingester, tmp_path / "n.jsonl")
        assert [store.article(each.id).text for each in store.articles(limit=9)] == ["Rome has 15 bridges."]


def test_what_was_added_before_origins_were_known_gets_one(
    ingester: Ingester, store: SqliteStore, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Rome has 14 bridges.")
    ingester.add(replace(read_file(tmp_path / "a.txt"), origin=None, original=None))
    assert store.origins(tmp_path.as_uri()) == []
    (outcome,) = add(ingester, tmp_path)
    assert outcome.stored and (outcome.stored.id, outcome.stored.version) == (1, 1)
    assert store.origins(tmp_path.as_uri()) == [(1, (tmp_path / "a.txt").as_uri())]


def test_a_pipe_or_a_link_in_a_circle_is_no_file(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to("b.txt")
    (tmp_path / "c.txt").write_text("x")
    assert [file.name for file in find(str(tmp_path)).files] == ["c.txt"]


def test_the_same_key_twice_in_one_file_is_two_versions(ingester: Ingester, tmp_path: Path) -> None:
    line = b'{"url": "https://x.org/a", "text": "Rome has %d bridges."}\n'
    (tmp_path / "n.jsonl").write_bytes(line % 14 + line % 15)
    first, second = add(ingester, tmp_path / "n.jsonl")
    assert first.stored and second.stored
    assert (first.stored.version, second.stored.version, second.stored.status) == (1, 2, "replaced")


def test_an_archive_can_be_listed_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(factories.packed({"a.txt": "Rome has 14 bridges.", "b.txt": "Bern has 18."}))
    assert [read(each.load()).text for each in list(sources_of(tmp_path / "all.zip"))] == [
        "Rome has 14 bridges.",
        "Bern has 18.",
    ]


def test_originals_do_not_pile_up_in_memory(ingester: Ingester) -> None:
    def unusable(number: int) -> Source:
        return Source(str(number), f"file:///{number}.txt", 1, lambda: Original(bytes(1_000_000), f"{number}.png"))

    tracemalloc.start()
    try:
        outcomes = list(add_all(ingester, map(unusable, range(60))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert all("not supported" in each.reason for each in outcomes)
    assert peak < 20_000_000


def test_a_batch_ends_where_its_originals_are_large(ingester: Ingester, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    embed = ingester.embed
    monkeypatch.setattr(ingester, "embed", lambda batch: batches.append(len(batch)) or embed(batch))
    padding = b" " * 6_000_000

    def large(number: int) -> Source:
        line = json.dumps({"text": f"{number} bridges stand here."}).encode() + padding
        return Source(str(number), "file:///n.jsonl", 1, lambda: Original(line, str(number), parse=json_lines.read))

    assert all(each.stored for each in add_all(ingester, map(large, range(10))))
    assert max(batches) == 3


@pytest.mark.parametrize("url", ["https://x.org/a", None])
def test_a_copy_of_a_posted_text_takes_neither_its_key_nor_its_place(
    ingester: Ingester, store: SqliteStore, tmp_path: Path, url: str | None
) -> None:
    text = "Rome has 14 bridges."
    posted = ingester.add(read(Original(text.encode(), "a.txt"), url=url))
    (tmp_path / "copy.txt").write_text(text)
    (outcome,) = add(ingester, tmp_path / "copy.txt")
    assert outcome.stored == (posted.id, 1, "unchanged")
    assert ingester.add(read_file(tmp_path / "copy.txt")) == (posted.id, 1, "unchanged")
    article = store.article(posted.id)
    assert article.origin is None
    assert article.key == url or (url is None and article.key.startswith(ANONYMOUS))
    if url:
        again = ingester.add(read(Original(b"Rome has 15 bridges.", "a.txt"), url=url))
        assert again == (posted.id, 2, "replaced")


def test_a_renamed_page_keeps_its_address(ingester: Ingester, store: SqliteStore, tmp_path: Path) -> None:
    page = '<head><link rel=canonical href="https://x.org/a"></head><body><p>Rome has 14 bridges.</p></body>'
    (tmp_path / "a.html").write_text(page)
    add(ingester, tmp_path)
    (tmp_path / "a.html").unlink()
    (tmp_path / "b.txt").write_text("Rome has 14 bridges.")
    add(ingester, tmp_path)
    (article,) = [store.article(each.id) for each in store.articles(limit=9)]
    assert (article.key, article.origin) == ("https://x.org/a", (tmp_path / "b.txt").as_uri())
