"""What every store must do, compared with brute force. A new engine joins by a parameter of ``store``."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embedding import Vectors
from index.errors import ModelMismatchError, NotFoundError
from index.ingest import Ingester
from index.store.base import EmbeddingModel, Store
from index.text.chunking import chunk
from index.text.sentences import split_sentences
from index.types import ANONYMOUS, Article, Filters, Passage, Stored, Verdict
from tests.conftest import WordEmbedder, make_article

NONE = Filters()
LONG = " ".join(f"It rains in Rome, engineer number {word} said." for word in "one two three four five six".split())


def vectors(count: int, seed: int = 0, dimension: int = 32) -> Vectors:
    found = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def put(store: Store, article: Article, seed: int = 0) -> Stored:
    passages = chunk(article.text, split_sentences(article.text))
    return store.put(article, passages, vectors(len(passages), seed))


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


@pytest.fixture
def bound(store: Store) -> Store:
    store.bind("words", 32)
    return store


def long_text(word: str, sentences: int = 30) -> str:
    return " ".join(f"The {word} number {number} stood beside the old stone bridge." for number in range(sentences))


def test_an_article_comes_back_as_it_went_in(bound: Store) -> None:
    article = make_article(
        "Zürich 👍🏽.\r\nA cat.", key="k", url="https://x.org", author="A", publisher="P", published=date(2024, 1, 2)
    )
    assert put(bound, article) == Stored(1, 1, "added")
    kept = bound.article(1)
    assert (kept.text, kept.title, kept.url, kept.author) == (article.text, "Pets", "https://x.org", "A")
    assert (kept.publisher, kept.published, kept.sha256) == ("P", date(2024, 1, 2), article.sha256)
    passages = bound.passages(1)
    assert "".join(kept.text[each.start : each.end] for each in passages) == article.text
    assert [each.sentences for each in passages] == [
        each.sentences for each in chunk(kept.text, split_sentences(kept.text))
    ]


def test_the_same_again_changes_nothing(bound: Store) -> None:
    put(bound, make_article(key="k"))
    assert bound.status(make_article(key="k")) == put(bound, make_article(key="k"), seed=1) == Stored(1, 1, "unchanged")
    assert bound.counts() == (1, 1)


def test_the_same_text_under_another_key_is_the_same_article(bound: Store) -> None:
    put(bound, make_article(key="k"))
    assert put(bound, make_article(key="other")) == Stored(1, 1, "unchanged")


def test_a_text_known_without_a_key_takes_the_key_it_gets(bound: Store) -> None:
    put(bound, make_article(key=f"{ANONYMOUS}1", title="First words", title_given=False))
    named = make_article(key="https://x.org", url="https://x.org", publisher="P")
    assert put(bound, named) == Stored(1, 2, "replaced")
    assert (bound.article(1).key, bound.article(1).publisher) == ("https://x.org", "P")
    assert put(bound, make_article(key=f"{ANONYMOUS}1")) == Stored(1, 2, "unchanged")


@pytest.mark.parametrize("change", [{"text": "A bird flew."}, {"title": "Birds"}, {"published": date(2024, 1, 1)}])
def test_the_same_key_with_a_change_is_the_next_version(bound: Store, change: dict) -> None:  # type: ignore[type-arg]
    put(bound, make_article(key="k"))
    changed = make_article(**{"key": "k", **change})
    assert bound.status(changed) == put(bound, changed, seed=1) == Stored(1, 2, "replaced")
    assert bound.article(1).text == changed.text
    assert bound.counts() == (1, 1)


def test_a_replaced_text_is_gone_from_both_searches_at_once(bound: Store) -> None:
    put(bound, make_article("A zebra grazed.", key="k"))
    old = bound.passages(1)[0].id
    put(bound, make_article("A bird flew.", key="k"), seed=1)
    found = bound.search(vectors(1)[0], ["zebra", "bird"], k=5, filters=NONE)
    assert {i for i, _ in (*found.dense, *found.lexical)} == {bound.passages(1)[0].id}
    assert old not in found.passages
    assert bound.search(vectors(1)[0], ["zebra"], k=5, filters=NONE).lexical == []


def test_a_removed_article_is_gone_and_its_ids_never_come_back(bound: Store) -> None:
    put(bound, make_article("A zebra grazed.", key="a"))
    passage = bound.passages(1)[0].id
    bound.remove(1)
    found = bound.search(vectors(1)[0], ["zebra"], k=5, filters=NONE)
    assert (found.dense, found.lexical, found.articles_stored) == ([], [], 0)
    with pytest.raises(NotFoundError, match="no article 1"):
        bound.article(1)
    with pytest.raises(NotFoundError):
        bound.remove(1)
    assert put(bound, make_article("A zebra grazed.", key="a")) == Stored(2, 1, "added")
    assert bound.passages(2)[0].id > passage


def test_dense_search_is_what_brute_force_finds(bound: Store) -> None:
    by_id: dict[int, np.ndarray] = {}
    for number in range(12):
        article = make_article(long_text(f"tower{number}"), key=str(number))
        stored = put(bound, article, seed=number)
        rows = bound.passages(stored.id)
        by_id |= dict(zip([row.id for row in rows], vectors(len(rows), number), strict=True))
    for gone in (3, 7):
        for passage in bound.passages(gone):
            del by_id[passage.id]
        bound.remove(gone)
    for seed in range(5):
        query = vectors(1, 100 + seed)[0]
        expected = sorted(by_id, key=lambda i: -float(by_id[i] @ query))[:10]
        found = bound.search(query, [], k=10, filters=NONE).dense
        assert [i for i, _ in found] == expected
        np.testing.assert_allclose([score for _, score in found], [by_id[i] @ query for i in expected], atol=1e-5)


def test_lexical_search_finds_every_passage_with_a_word_and_no_other(bound: Store) -> None:
    for number, animal in enumerate(("cat", "dog", "bird", "cat and a dog")):
        put(bound, make_article(f"Here lived a {animal}.", key=str(number)), seed=number)
    found = bound.search(vectors(1)[0], ["cats", 'x" OR *'], k=9, filters=NONE)
    assert {found.passages[i].article_id for i, _ in found.lexical} == {1, 4}
    assert all(score > 0 for _, score in found.lexical)
    assert [score for _, score in found.lexical] == sorted((score for _, score in found.lexical), reverse=True)


def test_a_given_title_is_searched_a_derived_one_is_not(bound: Store) -> None:
    put(bound, make_article("It rained.", key="a", title="Floods in Ghana"))
    put(bound, make_article("It snowed.", key="b", title="Ghana words", title_given=False))
    found = bound.search(vectors(1)[0], ["Ghana"], k=5, filters=NONE)
    assert [found.passages[i].article_id for i, _ in found.lexical] == [1]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(article_ids=(2,)), {2}),
        (Filters(article_ids=(2, 99)), {2}),
        (Filters(publishers=("the post",)), {1, 3}),
        (Filters(published_from=date(2024, 1, 2)), {2, 3}),
        (Filters(published_to=date(2024, 1, 2)), {1, 2}),
        (Filters(published_from=date(2024, 1, 2), published_to=date(2024, 1, 2)), {2}),
        (Filters(publishers=("The Post",), published_from=date(2024, 1, 2)), {3}),
        (Filters(publishers=("Nobody",)), set()),
    ],
)
def test_filters_hold_for_both_searches(bound: Store, filters: Filters, expected: set[int]) -> None:
    for day, publisher in ((1, "The Post"), (2, "The Times"), (3, "The Post")):
        text = f"A cat on day {day}."
        put(bound, make_article(text, key=str(day), publisher=publisher, published=date(2024, 1, day)), seed=day)
    put(bound, make_article("A cat without a date or publisher.", key="bare"), seed=9)
    found = bound.search(vectors(1)[0], ["cat"], k=9, filters=filters)
    assert {found.passages[i].article_id for i, _ in found.dense} == expected
    assert {found.passages[i].article_id for i, _ in found.lexical} == expected
    assert (found.articles_searched, found.articles_stored) == (len(expected), 4)


@pytest.mark.parametrize("asked", ["économie hebdo", "E\u0301conomie Hebdo", "ÉCONOMIE HEBDO"])
def test_a_publisher_is_found_whatever_its_case_and_composition(bound: Store, asked: str) -> None:
    for number, publisher in enumerate(["Économie Hebdo", "économie hebdo", "Economie Hebdo", None]):
        put(bound, make_article(f"Cat {number}.", key=str(number), publisher=publisher))
    found = bound.search(vectors(1)[0], ["cat"], k=9, filters=Filters(publishers=(asked,)))
    assert {found.passages[i].article_id for i, _ in found.lexical} == {1, 2}


def test_a_replaced_title_is_no_longer_searched(bound: Store) -> None:
    put(bound, make_article(key="k", title="Floods in Ghana"))
    put(bound, make_article(key="k", title="Storms in Peru"))
    assert bound.search(vectors(1)[0], ["Ghana"], k=5, filters=NONE).lexical == []
    assert bound.search(vectors(1)[0], ["Peru"], k=5, filters=NONE).lexical != []
    bound.remove(1)
    assert bound.search(vectors(1)[0], ["Peru"], k=5, filters=NONE).lexical == []


def test_lists_are_in_order_and_paged(bound: Store) -> None:
    for number in range(5):
        put(bound, make_article(f"Text number {number}.", key=str(number)), seed=number)
    first = bound.articles(limit=3)
    assert [each.id for each in first] == [1, 2, 3]
    assert [each.id for each in bound.articles(limit=3, after=3)] == [4, 5]
    assert first[0].characters == len("Text number 0.")


def test_another_model_is_refused_before_and_after_it_is_loaded(bound: Store) -> None:
    put(bound, make_article())
    with pytest.raises(ModelMismatchError, match=r"built with words \(32 dim.*asked for bge\..*pullquote reindex"):
        bound.bind("bge")
    with pytest.raises(ModelMismatchError, match=r"you asked for words \(64 dimensions\)"):
        bound.bind("words", 64)


def test_an_empty_store_takes_any_model(bound: Store) -> None:
    bound.bind("other", 8)
    assert bound.model() == EmbeddingModel("other", 8)


def test_vectors_of_the_wrong_shape_are_not_stored(bound: Store) -> None:
    with pytest.raises(ValueError, match="shape"):
        article = make_article()
        bound.put(article, chunk(article.text, split_sentences(article.text)), vectors(1, dimension=8))
    assert bound.counts() == (0, 0)


def test_replacing_vectors_is_all_or_nothing(bound: Store) -> None:
    put(bound, make_article(long_text("tower"), key="a"))
    put(bound, make_article(long_text("bridge"), key="b"))
    ids = [each.id for each in bound.passages(1)]

    def stopping(article: Article, passages: Sequence[Passage]) -> Vectors:
        if article.id == 2:
            raise KeyboardInterrupt
        return vectors(len(passages), dimension=8)

    there = bound.counts().passages
    with pytest.raises(KeyboardInterrupt):
        bound.replace_vectors(EmbeddingModel("new", 8), stopping)
    assert bound.model() == EmbeddingModel("words", 32)
    assert len(bound.search(vectors(1)[0], [], k=99, filters=NONE).dense) == there
    bound.replace_vectors(EmbeddingModel("new", 8), lambda article, passages: vectors(len(passages), 5 * article.id, 8))
    assert bound.model() == EmbeddingModel("new", 8)
    best = bound.search(vectors(len(ids), 5, 8)[1], [], k=1, filters=NONE).dense
    assert best[0][0] == ids[1]
    assert best[0][1] == pytest.approx(1)


steps = st.lists(
    st.tuples(st.sampled_from(["put", "remove", "search"]), st.integers(0, 4), st.integers(0, 3)), max_size=25
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_course_of_events_ends_as_a_plain_dictionary_would(store: Store, steps: list) -> None:  # type: ignore[type-arg]
    embedder = WordEmbedder()
    store.remove_all([each.id for each in store.articles(limit=99)])
    ingester = Ingester(store, embedder)
    expected: dict[str, str] = {}
    ids: dict[str, int] = {}
    for action, key, content in steps:
        name, text = f"k{key}", f"Article {key} speaks of thing{content}. It goes on."
        if action == "put":
            ids[name] = ingester.add(make_article(text, key=name)).id
            expected[name] = text
        elif action == "remove" and name in expected:
            store.remove(ids[name])
            del expected[name]
        found = store.search(embedder.encode_query("thing1"), ["thing1"], k=50, filters=NONE)
        assert {article.key: article.text for article in found.articles.values()} == expected
        assert {found.articles[found.passages[i].article_id].key for i, _ in found.lexical} == {
            key for key, text in expected.items() if "thing1" in text
        }
    store.save_caches()
    assert store.check() == []


def test_searches_during_writes_see_whole_articles(bound: Store) -> None:
    """Both versions have passages of one word only: a search that mixes versions would show both words."""
    texts = {word: long_text(word) for word in ("tower", "river")}
    put(bound, make_article(texts["tower"], key="k"))
    stop, wrong, searches = threading.Event(), [], []

    def look() -> None:
        while not stop.is_set():
            found = bound.search(vectors(1)[0], ["tower", "river"], k=50, filters=NONE)
            if len(found.articles) != 1 or {i for i, _ in found.dense} != {i for i, _ in found.lexical}:
                wrong.append(found)
            searches.append(1)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(20):
        put(bound, make_article(texts["river" if turn % 2 == 0 else "tower"], key="k"), seed=turn)
    stop.set()
    for thread in threads:
        thread.join()
    assert searches and not wrong


@pytest.mark.parametrize("text", ["It rains in Rome.", LONG])
def test_one_text_of_two_publishers_is_two_articles_of_one_story(
    either_store: Store, words: WordEmbedder, text: str
) -> None:
    ingester = Ingester(either_store, words)
    first = ingester.add(make_article(text, key="1", publisher="The Wire"))
    second = ingester.add(make_article(text, key="2", publisher="The Post"))
    assert second.status == "added" and either_store.near_duplicates(first.id) == [second.id]
    assert ingester.add(make_article(text, key="3", publisher="THE WIRE")).id == first.id
    assert ingester.add(make_article(text, key="4")).id == first.id


def test_what_was_read_of_an_article_is_kept_with_it(either_store: Store, words: WordEmbedder) -> None:
    told = make_article(
        "It rains in Rome.",
        verdict=Verdict("partial", "its text ends in mid-sentence"),
        warnings=("Corrected since.",),
        rights="Not for sale.",
        embargo=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    stored = Ingester(either_store, words).add(told)
    kept = either_store.article(stored.id)
    assert replace(kept, id=0, version=0) == told
    (summary,) = either_store.articles(limit=1)
    assert (summary.verdict, summary.rights, summary.embargo) == (told.verdict, told.rights, told.embargo)


def test_nothing_under_embargo_is_found_or_listed_as_said(either_store: Store, words: WordEmbedder) -> None:
    ingester = Ingester(either_store, words)
    later = datetime.now(UTC) + timedelta(hours=1)
    ingester.add(make_article("Ann Cole said that it rains.", key="1", embargo=later))
    ingester.add(make_article("Ann Cole said that it rains a lot.", key="2", embargo=later - timedelta(hours=2)))
    found = either_store.search(words.encode_query("rains"), ["rains"], k=5, filters=Filters())
    assert list(found.articles) == [2] and found.articles_searched == 1
    assert [each.article.id for each in either_store.sayings(["Ann Cole"], filters=Filters(), limit=5)] == [2]
