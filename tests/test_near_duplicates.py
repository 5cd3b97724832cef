"""Articles that are nearly the same: found as they are added, their quotes shown once with all their sources."""

import random

import pytest

from index.ingest import Ingester
from index.search import Searcher
from index.store.base import Store
from index.text.near_duplicates import alike, bands
from index.types import Filters
from service.answering.answer import Answerer
from service.answering.reading.simple_reader import SimpleReader
from tests.conftest import WordEmbedder, make_article

WIRE = (
    "The mayor of Rome opened a new bridge over the Tiber on Monday. It is the fifteenth bridge of the city and it cost"
    " 40 million euros. Thousands of people came to the opening, and a band played until midnight. Engineers had worked"
    " on it for six years, two more than planned, because the ground near the northern bank was softer than anyone had"
    " expected. The old ferry will stop at the end of the month."
)
COPY = f"ROME (AP) — {WIRE}"
OTHER = " ".join(sorted(WIRE.split()))


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


@pytest.fixture
def ingester(store: Store, words: WordEmbedder) -> Ingester:
    return Ingester(store, words)


def test_texts_that_share_nine_words_in_ten_are_alike() -> None:
    assert alike(WIRE, COPY)
    assert alike(WIRE, WIRE.replace("Monday", "Tuesday").replace("40 million", "41 million"))
    assert not alike(WIRE, OTHER)
    assert not alike(WIRE, WIRE[: len(WIRE) // 2])
    assert bands("Too short to tell.") == []


@pytest.mark.parametrize("seed", range(5))
def test_one_word_in_twenty_changed_is_found_by_a_band(seed: int) -> None:
    rng = random.Random(seed)
    words = [f"w{rng.randrange(400)}" for _ in range(600)]
    changed = [f"x{rng.randrange(400)}" if rng.random() < 0.05 else word for word in words]
    assert set(bands(" ".join(words))) & set(bands(" ".join(changed)))
    assert alike(" ".join(words), " ".join(changed))


def test_copies_are_found_as_they_come_and_go(store: Store, ingester: Ingester) -> None:
    first = ingester.add(make_article(WIRE, key="a")).id
    second = ingester.add(make_article(COPY, key="b")).id
    other = ingester.add(make_article(OTHER, key="c")).id
    assert (store.near_duplicates(first), store.near_duplicates(second)) == ([second], [first])
    assert store.near_duplicates(other) == store.near_duplicates(99) == []
    ingester.add(make_article("Something else altogether was written here later. " * 3, key="b"))
    assert store.near_duplicates(first) == store.near_duplicates(second) == []
    third = ingester.add(make_article(f"{COPY} ", key="d")).id
    assert store.near_duplicates(first) == [third]
    store.remove(first)
    assert store.near_duplicates(third) == []


def test_who_leaves_a_story_does_not_lend_it_to_others(store: Store, ingester: Ingester) -> None:
    first = ingester.add(make_article(WIRE, key="a")).id
    second = ingester.add(make_article(COPY, key="b")).id
    ingester.add(make_article(OTHER, key="a"))
    third = ingester.add(make_article(f"{OTHER} again", key="c")).id
    assert store.near_duplicates(first) == [third]
    assert store.near_duplicates(second) == []


def test_one_that_joins_two_stories_makes_them_one(store: Store, ingester: Ingester) -> None:
    words = WIRE.split()
    texts = [" ".join([*words[:at], *(f"new{n}" for n in range(6)), *words[at + 6 :]]) for at in (0, 40)]
    assert not alike(*texts)
    ids = [ingester.add(make_article(text, key=str(number))).id for number, text in enumerate([*texts, WIRE])]
    assert store.near_duplicates(ids[0]) == ids[1:]


def test_a_quote_is_shown_once_with_all_its_sources(store: Store, ingester: Ingester, words: WordEmbedder) -> None:
    for number, publisher in enumerate(["The Post", "The Sun", "The Star"]):
        ingester.add(make_article(f"{'Intro. ' * number}{WIRE}", key=f"k{number}", publisher=publisher, title="Bridge"))
    ingester.add(make_article("A cat sat on the bridge over the Tiber. A dog ran.", key="cat"))
    answerer = Answerer(Searcher(store, words), SimpleReader(words), threshold=0.0)
    question = "What did the bridge over the Tiber cost?"
    answer = answerer.ask(question, max_quotes=5)
    texts = [quote.text for quote in answer.quotes]
    assert len(set(texts)) == len(texts)
    quote = next(each for each in answer.quotes if "40 million" in each.text)
    sources = {quote.article.publisher, *(copy.article.publisher for copy in quote.copies)}
    assert sources == {"The Post", "The Sun", "The Star"}
    for article, span in quote.copies:
        assert article.text[span.start : span.end] == quote.text
    narrowed = answerer.ask(question, max_quotes=5, filters=Filters(publishers=("The Post", "The Sun")))
    quote = next(each for each in narrowed.quotes if "40 million" in each.text)
    assert {quote.article.publisher, *(copy.article.publisher for copy in quote.copies)} == {"The Post", "The Sun"}


def test_any_number_of_copies_leaves_room(store: Store, ingester: Ingester, words: WordEmbedder) -> None:
    for number in range(120):
        ingester.add(make_article(f"TOWN {number} (AP) — {WIRE}", key=f"k{number}"))
    for number in range(6):
        ingester.add(make_article(f"Bridge {number} over the Tiber in Rome was painted green.", key=f"green{number}"))
    found = Searcher(store, words).search("Who opened the bridge over the Tiber in Rome?", k=5)
    assert len(found.hits) == 5
    assert len({hit.article.key for hit in found.hits if hit.article.key.startswith("green")}) >= 3


def test_another_number_is_another_passage(store: Store, ingester: Ingester, words: WordEmbedder) -> None:
    for number in (40, 41):
        ingester.add(make_article(WIRE.replace("40 million", f"{number} million"), key=f"k{number}"))
    found = Searcher(store, words).search("What did the bridge cost?", k=5)
    assert {hit.article.key for hit in found.hits} == {"k40", "k41"}


def test_copies_leave_room_for_other_passages(store: Store, ingester: Ingester, words: WordEmbedder) -> None:
    for number in range(30):
        ingester.add(make_article(f"TOWN NO. {number} (AP) — {WIRE}", key=f"k{number}"))
    ingester.add(make_article("The bridge over the Tiber was painted green by a mayor of Rome.", key="green"))
    found = Searcher(store, words).search("Who opened the bridge over the Tiber in Rome?", k=5)
    assert "green" in {hit.article.key for hit in found.hits}
    passages = [hit.text for hit in found.hits]
    assert sum("The mayor of Rome opened a new bridge" in text for text in passages) <= 2
