"""Answers that are kept, on both engines: all of them, until an article is removed, and then none of its words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from index import copying
from index.errors import NotFoundError
from index.ingest import Ingester
from index.store.base import Store
from index.store.factory import open_store
from index.store.kept.base import KeptAnswer, KeptQuote
from index.store.sqlite.store import SqliteStore
from index.types import Span
from tests.doubles import WordEmbedder, make_article

DAY = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def quote(article_id: int = 1, **known: object) -> KeptQuote:
    return replace(
        KeptQuote(
            article_id, 1, "ab" * 32, Span(0, 5), "Zebras", True, date(2024, 1, 2), '{"text": "The zebra slept."}'
        ),
        **known,  # type: ignore[arg-type]
    )


def answer(*quotes: KeptQuote, answer_id: str = "a", **known: object) -> KeptAnswer:
    made = KeptAnswer(answer_id, DAY, "Who slept?", '{"answered": true}', '{"answer": "The zebra"}', quotes)
    return replace(made, **known)  # type: ignore[arg-type]


@pytest.fixture
def store(either_store: Store) -> Store:
    for key in ("one", "two"):
        Ingester(either_store, WordEmbedder()).add(make_article(f"The {key} zebra slept.", key=key))
    return either_store


def test_an_answer_comes_back_as_it_was_kept(store: Store) -> None:
    kept = answer(quote(1), quote(2, title=None, published=None, title_given=False), quote(1, span=Span(7, 9)))
    store.kept().put(kept)
    assert store.kept().get("a") == kept
    assert store.kept().count() == 1


def test_there_is_one_answer_under_an_id(store: Store) -> None:
    store.kept().put(answer(quote(1), quote(2)))
    store.kept().put(answer(quote(2)))
    assert store.kept().get("a") == answer(quote(2)) and store.kept().count() == 1


def test_answers_are_listed_from_the_newest_page_by_page(store: Store) -> None:
    kept = store.kept()
    for number in range(5):
        kept.put(answer(answer_id=f"id{number}", kept=DAY + timedelta(seconds=number // 2)))
    first = kept.list(limit=3)
    assert [each.id for each in first] == ["id4", "id3", "id2"]
    assert [each.id for each in kept.list(limit=3, after=first[-1].place)] == ["id1", "id0"]
    assert (first[0].question, first[0].kept) == ("Who slept?", DAY + timedelta(seconds=2))


def test_the_words_of_an_article_go_with_it_and_its_citation_stays(store: Store) -> None:
    derived = quote(1, title="The one zebra slept.", title_given=False)
    store.kept().put(answer(quote(1), quote(2), derived))
    store.kept().put(answer(quote(2), answer_id="other"))
    store.remove(1)
    assert store.kept().get("a") == answer(
        quote(1, content=None), quote(2), replace(derived, content=None, title=None), words=None
    )
    assert store.kept().get("other") == answer(quote(2), answer_id="other")


def test_a_replaced_article_takes_no_words_with_it(store: Store) -> None:
    store.kept().put(answer(quote(1)))
    Ingester(store, WordEmbedder()).add(make_article("The one lion slept.", key="one"))
    assert store.kept().get("a") == answer(quote(1))


def test_words_of_an_article_that_is_gone_are_not_kept(store: Store) -> None:
    store.remove(2)
    store.kept().put(answer(quote(1), quote(2)))
    assert store.kept().get("a") == answer(quote(1), quote(2, content=None), words=None)


def test_what_is_not_kept_cannot_be_had_or_removed(store: Store) -> None:
    store.kept().put(answer(quote(1)))
    store.kept().remove("a")
    for attempt in (store.kept().get, store.kept().remove):
        with pytest.raises(NotFoundError, match="No answer is kept as a"):
            attempt("a")
    assert store.kept().list(limit=9) == [] and store.check() == []


def test_a_store_has_one_secret_of_its_own(either_store: Store, tmp_path: Path) -> None:
    other = open_store(f"file:{tmp_path / 'other'}")
    assert either_store.kept().seal() == either_store.kept().seal() != other.kept().seal()
    assert len(other.kept().seal()) == len(either_store.kept().seal()) == 32
    other.close()


def test_no_file_has_the_words_of_a_removed_article(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    for key in ("one", "two"):
        Ingester(store, WordEmbedder()).add(make_article(f"The {key} zebra slept.", key=key))
    long = '{"text": "' + 2_000 * "In Zanzibar. " + '"}'
    for number in range(20):
        said = quote(1, content=long, title="Zanzibar", title_given=False)
        store.kept().put(answer(said, quote(2), answer_id=f"id{number}", words='{"answer": "Zanzibar"}'))
    store.remove(1)
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"anzibar" not in everything and b"Who slept?" in everything
    store.kept().remove("id3")
    store.close()


def test_a_copy_has_the_kept_answers_too(store: Store, tmp_path: Path) -> None:
    kept = [answer(quote(1), answer_id="a"), answer(quote(2), quote(1), answer_id="b")]
    for each in kept:
        store.kept().put(each)
    copy = open_store(f"file:{tmp_path / 'copy'}")
    copy.kept().put(answer(answer_id="of nobody"))
    assert copying.copy(store, copy, name="there").faults == []
    assert {each.id for each in copy.kept().list(limit=9)} == {"a", "b"}
    assert [copy.kept().get(each.id) for each in kept] == kept
    copy.close()
