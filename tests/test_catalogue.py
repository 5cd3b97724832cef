"""Lists of articles, as every store makes them: chosen, in order, counted."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest

from index.formats.reading import KINDS, Original, read
from index.ingest import Ingester
from index.store.base import Store
from index.store.catalogue import Choice, Order, PublisherCount
from index.store.factory import open_store
from index.store.postgres import migrations as postgres_steps
from index.store.sqlite import migrations as sqlite_steps
from tests.conftest import WordEmbedder, make_article
from tests.factories import pdf

ALL = Choice()


@pytest.fixture
def store(either_store: Store, words: WordEmbedder) -> Store:
    """Five articles: what they are called, of whom, of which day and in what they came."""
    ingester = Ingester(either_store, words)
    known = [
        ("Zebras of Rome", "The Post", date(2026, 3, 2), "page", "The mayor counted 14 zebras on the bridge."),
        ("éclair shortage", "the post", date(2026, 1, 5), "pdf", "A baker ran out of cream. The mayor was sad."),
        ("Bridges", "Daily Rain", date(2026, 3, 2), "page", "It rained on the old stone bridge for 3.5 days."),
        ("an island", None, None, None, "Nobody lives there. Sheep do."),
        ("Éclairs are back", "THE POST", date(2026, 2, 1), "lines", "The cream arrived, said the baker."),
    ]
    for number, (title, publisher, day, kind, text) in enumerate(known):
        article = make_article(text, key=str(number), title=title, publisher=publisher, published=day, kind=kind)
        ingester.add(article)
    return either_store


def found(store: Store, choice: Choice) -> set[int]:
    catalogue = store.catalogue()
    listed = [each.article.id for each in catalogue.list(choice, order=Order("title"), limit=10)]
    assert catalogue.count(choice) == len(listed)
    return set(listed)


ORDERS = [
    (Order("added"), [1, 2, 3, 4, 5]),
    (Order("added", descending=True), [5, 4, 3, 2, 1]),
    (Order("published"), [2, 5, 1, 3, 4]),
    (Order("published", descending=True), [3, 1, 5, 2, 4]),
    (Order("title"), [4, 3, 1, 2, 5]),
    (Order("title", descending=True), [5, 2, 1, 3, 4]),
    (Order("publisher"), [3, 1, 2, 5, 4]),
    (Order("publisher", descending=True), [5, 2, 1, 3, 4]),
]


def test_a_list_goes_on_where_it_ended_in_every_order(store: Store) -> None:
    catalogue = store.catalogue()
    for order, ids in ORDERS:
        whole = catalogue.list(ALL, order=order, limit=10)
        assert [each.article.id for each in whole] == ids, order
        at, paged = None, []
        while page := catalogue.list(ALL, order=order, limit=2, after=at):
            paged += [each.article.id for each in page]
            at = page[-1].place
        assert paged == ids, order


def test_a_list_goes_on_though_the_last_article_of_a_page_is_gone(store: Store) -> None:
    order = Order("title")
    first = store.catalogue().list(ALL, order=order, limit=2)
    store.remove(first[-1].article.id)
    rest = store.catalogue().list(ALL, order=order, limit=9, after=first[-1].place)
    assert [each.article.id for each in rest] == [1, 2, 5]


WORDS: list[tuple[str, set[int]]] = [
    ("mayor", {1, 2}),
    ("MAYOR bridge", {1}),
    ("bridge", {1, 3}),
    ('"stone bridge"', {3}),
    ('"bridge stone"', set()),
    ("3.5", {3}),
    ("éclair", {2, 5}),
    ("clairs ar", {5}),
    ("counted zebras", {1}),
    ("Zebras", {1}),
    ("giraffes", set()),
    ("%", set()),
    ('"', set()),
    ("  ", {1, 2, 3, 4, 5}),
]


def test_articles_are_found_by_words_of_title_and_text(store: Store) -> None:
    for asked, ids in WORDS:
        assert found(store, Choice(asked)) == ids, asked


CHOICES: list[tuple[Choice, set[int]]] = [
    (Choice(publishers=("The POST",)), {1, 2, 5}),
    (Choice(publishers=("The",)), set()),
    (Choice(publishers=("daily rain", "the post")), {1, 2, 3, 5}),
    (Choice(published_from=date(2026, 2, 1)), {1, 3, 5}),
    (Choice(published_to=date(2026, 2, 1)), {2, 5}),
    (Choice(published_from=date(2026, 3, 2), published_to=date(2026, 3, 2)), {1, 3}),
    (Choice(kinds=("pdf", "lines")), {2, 5}),
    (Choice("mayor", publishers=("the post",), kinds=("page",)), {1}),
]


def test_articles_are_chosen_by_publisher_day_and_kind(store: Store) -> None:
    for choice, ids in CHOICES:
        assert found(store, choice) == ids, choice


def test_publishers_are_counted_once_however_they_are_written(store: Store) -> None:
    (post, rain) = store.catalogue().publishers()
    assert (post.name.lower(), post.articles) == ("the post", 3) and rain == PublisherCount("Daily Rain", 1)


def test_what_there_is_to_choose_from(store: Store) -> None:
    facets = store.catalogue().facets()
    assert (facets.articles, facets.publishers) == (5, 2)
    assert (facets.first_day, facets.last_day) == (date(2026, 1, 5), date(2026, 3, 2))
    assert facets.kinds == (("page", 2), ("lines", 1), ("pdf", 1))


def test_an_empty_store_has_nothing_to_choose_from(either_store: Store) -> None:
    catalogue = either_store.catalogue()
    facets = catalogue.facets()
    assert (facets.articles, facets.publishers, facets.first_day, facets.kinds) == (0, 0, None, ())
    assert list(catalogue.list(ALL, order=Order("title"), limit=5)) == [] and list(catalogue.publishers()) == []


SENT = [
    (Original(b"It rains.", "a.txt"), "text"),
    (Original(b"# Rain\n\nIt rains a lot.", "a.md"), "text"),
    (Original(pdf([["It rains in Rome."]]), "a.pdf"), "pdf"),
    (Original(b"Subject: Rain\n\nIt rains in Oslo.", "a.eml"), "email"),
]


def test_an_article_keeps_in_what_it_came(either_store: Store, words: WordEmbedder) -> None:
    ingester = Ingester(either_store, words)
    for original, kind in SENT:
        stored = ingester.add(read(original))
        assert either_store.article(stored.id).kind == kind and kind in KINDS
    listed = either_store.catalogue().list(ALL, order=Order(), limit=5)
    assert [each.article.kind for each in listed] == [kind for _, kind in SENT]


BEFORE = [("file:///a/b.pdf", "pdf"), ("file:///a.zip!/b.HTML", "page"), ("https://x.org/a", "page"), (None, None)]


def test_a_store_of_the_version_before_knows_the_kind_of_its_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sqlite_steps, "_MIGRATIONS", sqlite_steps._MIGRATIONS[:6])
        patch.setattr(sqlite_steps, "NEWEST", 6)
        open_store(f"file:{folder}").close()
    with closing(sqlite3.connect(folder / "pullquote.sqlite3")) as file, file:
        for number, (origin, _) in enumerate(BEFORE):
            file.execute(
                "INSERT INTO articles (key, version, sha256, text, title, title_given, origin)"
                " VALUES (?, 1, 'x', 'It rains.', 'Rain', 1, ?)",
                (f"k{number}", origin),
            )
    store = open_store(f"file:{folder}")
    assert [each.kind for each in store.articles(limit=9)] == [kind for _, kind in BEFORE]
    store.close()


def test_a_database_of_the_version_before_is_listed_like_a_new_one(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(postgres, autocommit=True) as database:
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public")
    with monkeypatch.context() as patch:
        patch.setattr(postgres_steps, "_MIGRATIONS", postgres_steps._MIGRATIONS[:2])
        open_store(postgres).close()
    with psycopg.connect(postgres, autocommit=True) as database:
        for number, (origin, _) in enumerate(BEFORE, start=1):
            database.execute(
                "INSERT INTO articles (id, key, version, sha256, text, title, title_given, pages, passage_count,"
                " origin) VALUES (%s, %s, 1, 'x', 'It rains.', %s, true, '[]', 0, %s)",
                (number, f"k{number}", "dcBA"[number - 1], origin),
            )
    store = open_store(postgres)
    listed = store.catalogue().list(Choice("a"), order=Order("title"), limit=9)
    assert [each.article.id for each in listed] == [4]
    listed = store.catalogue().list(ALL, order=Order("title"), limit=9)
    assert [(each.article.title, each.article.kind) for each in listed] == [
        ("A", None),
        ("B", "page"),
        ("c", "page"),
        ("d", "pdf"),
    ]
    store.close()
