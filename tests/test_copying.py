"""From one store to another: the copy is the same, whatever the engines, and goes on where it was interrupted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index import copying
from index.errors import NotFoundError, StoreUnavailableError
from index.ingest import Ingester
from index.search import Searcher
from index.store.base import Record, Store
from index.store.factory import open_store
from index.types import Filters, Span
from service.answering.verification.resolve import resolve
from service.commands.app import app
from tests.doubles import WordEmbedder, make_article

WIRE = " ".join(f"Bridge {number} of Rome was opened on a Monday by the mayor." for number in range(30))


def filled(store: Store) -> None:
    """Fill a store with what there can be: versions, copies, speakers, pages, and ids that are given no more."""
    ingester = Ingester(store, WordEmbedder())
    ingester.add(
        make_article("Snow fell on Oslo in May. Nobody was hurt, Ann Berg said.", key="a", publisher="Économie")
    )
    ingester.add(make_article("Updated. Snow fell on Oslo in May. Bo Falk denied that it was cold.", key="a"))
    for number in range(3):
        ingester.add(make_article(f"TOWN {number} (AP) — {WIRE}", key=f"wire {number}", origin=f"file:///x/{number}"))
    ingester.add(make_article("One page. Another page.", key="pages", pages=(0, 10), title_given=False))
    for number in range(4):
        ingester.add(make_article(f"Number {number} of the rest.", key=f"rest {number}"))
    store.remove_all([7, 9])


@pytest.fixture
def stores(request: pytest.FixtureRequest, tmp_path: Path, postgres: str) -> Iterator[tuple[str, str]]:
    """The addresses of a store that is filled and of an empty one, of different engines, either way round."""
    addresses = f"file:{tmp_path / 'local'}", postgres
    source, target = addresses if request.param == "to postgres" else addresses[::-1]
    store = open_store(source)
    filled(store)
    store.close()
    yield source, target


BOTH_WAYS = pytest.mark.parametrize("stores", ["to postgres", "to sqlite"], indirect=True)


@BOTH_WAYS
def test_a_copy_answers_and_resolves_as_the_original_does(stores: tuple[str, str]) -> None:
    old = "Snow fell on Oslo in May. Nobody was hurt, Ann Berg said."
    source, target = (open_store(each) for each in stores)
    assert copying.copy(source, target, name="there") == (7, 0, [])
    assert target.check() == []
    searchers = [Searcher(store, WordEmbedder()) for store in (source, target)]
    for question in ("Who opened the bridges of Rome?", "snow in Oslo", "Who was hurt?", "rest"):
        for filters in (Filters(), Filters(publishers=("économie",)), Filters(speakers=("Falk",))):
            expected, found = (each.search(question, filters=filters) for each in searchers)
            assert [(hit.passage, hit.article, hit.attributions, hit.stances, hit.story) for hit in found.hits] == [
                (hit.passage, hit.article, hit.attributions, hit.stances, hit.story) for hit in expected.hits
            ]
            assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in expected.hits])
    first = make_article(old).sha256
    for store in (source, target):
        assert resolve(store, article_id=1, sha256=first, span=Span(0, 9)).span == Span(9, 18)
        assert store.history(7).article is None
        with pytest.raises(NotFoundError):
            store.history(10)
    # New ids go on where the original's ended, though its last article was removed.
    added = [Ingester(store, WordEmbedder()).add(make_article("New.", key="new")) for store in (source, target)]
    assert added[0] == added[1] == (10, 1, "added")
    assert source.passages(10) == target.passages(10)
    copies = [store.near_duplicates(3) for store in (source, target)]
    assert copies[0] == copies[1] != []
    for store in (source, target):
        store.close()


@BOTH_WAYS
def test_an_interrupted_copy_goes_on_and_follows_what_changed(
    stores: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = (open_store(each) for each in stores)
    monkeypatch.setattr(copying, "_TOGETHER", 2)

    class StoppedError(Exception):
        pass

    def stop(articles: int, seen: list[int] = []) -> None:  # noqa: B006 - counted over all calls
        seen.append(articles)
        if len(seen) == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        copying.copy(source, target, name="there", progress=stop)
    assert target.counts().articles == 4
    ingester = Ingester(source, WordEmbedder())
    ingester.add(make_article("Snow melted in Oslo.", key="a"))
    source.remove(3)
    with pytest.raises(StoreUnavailableError, match="unfinished copy of there"):
        copying.copy(source, target, name="elsewhere")
    written: list[Record] = []
    kept = copying.copy(source, target, name="there", progress=lambda _: None)
    assert (kept.kept, kept.faults) == (2, [])
    assert target.article(1).text == "Snow melted in Oslo."
    assert target.check() == written == []
    assert source.counts() == target.counts()
    with pytest.raises(StoreUnavailableError, match=r"holds articles already\. Copy to an empty one"):
        copying.copy(source, target, name="there")
    for store in (source, target):
        store.close()


@BOTH_WAYS
def test_what_is_not_the_same_is_told(stores: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that loses something as it is written is not called a copy."""
    source, target = (open_store(each) for each in stores)
    writing = type(target.transfer())
    write = writing.write

    def forgetful(self: object, records: list[Record]) -> None:
        from dataclasses import replace

        write(self, [replace(each, revisions=()) for each in records])  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "write", forgetful)
    assert copying.copy(source, target, name="there").faults == ["Article 1 is not the same in the copy."]
    for store in (source, target):
        store.close()


@pytest.mark.parametrize("stores", ["to postgres"], indirect=True)
def test_the_command_says_what_it_did(stores: tuple[str, str]) -> None:
    first = CliRunner().invoke(app, ["copy", *stores])
    assert (first.exit_code, first.stdout) == (0, "Copied 7 articles. Both hold the same 7 articles and 13 passages.\n")
    not_spread = CliRunner().invoke(app, ["store", "distribute"], env={"PULLQUOTE_STORE": stores[1]})
    assert "The extension citus is not in this database" in str(not_spread.exception)
    not_spread = CliRunner().invoke(app, ["store", "distribute"], env={"PULLQUOTE_STORE": stores[0]})
    assert "a store of one machine. Copy it to PostgreSQL first" in str(not_spread.exception)
    again = CliRunner().invoke(app, ["copy", *stores])
    assert isinstance(again.exception, StoreUnavailableError)
    back = CliRunner().invoke(app, ["copy", stores[1], f"{stores[0]}-again", "--json"])
    assert json.loads(back.stdout) == {"copied": 7, "kept": 0, "faults": [], "articles": 7, "passages": 13}
