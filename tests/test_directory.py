"""One speaker under all the names that the articles have for them, and none under another's."""

from datetime import date

import pytest

from index.attribution.naming.identity import identity, is_named
from index.errors import NotFoundError
from index.ingest import Ingester
from index.speakers import Directory, Speakers
from index.store.base import Store
from index.store.catalogue import CitedName
from index.types import Annotations, Filters
from tests.conftest import WordEmbedder, make_article


def directory(*articles: str) -> Directory:
    """Return the directory of articles, each given by the names that it cites: "Ann Cole, the mayor"."""
    return Directory(
        [CitedName(name, at, 1) for at, names in enumerate(articles, start=1) for name in names.split(", ")]
    )


def groups(*articles: str) -> list[set[str]]:
    return [set(each.names) for each in directory(*articles).called("")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mayor Ann B. Cole", "Ms Ann “Annie” Cole"),
        ("The New York Times", "New York Times"),
        ("SEN. JANE DOYLE", "Jane Doyle"),
        ("José Peña", "Jose Pena"),
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ("FIFA President Gina Infanti", "Gina Infanti"),
        ("spokesman Bo Lind", "Bo Lind"),
        ("Ann Cole’s", "Ann Cole"),
    ],
)
def test_titles_accents_and_spellings_make_no_other_name(one: str, other: str) -> None:
    assert identity(one).words == identity(other).words


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("Ann Cole", True),
        ("the White House", True),
        ("de Blasio", True),
        ("a Kremlin source", False),
        ("Wednesday", False),
        ("officials", False),
        ("Ann Cole's lawyers", False),
        ("His Majesty", False),
        ("He", False),
        ("The mayor", False),
    ],
)
def test_who_is_called_by_a_name_is_told_from_who_is_described(name: str, named: bool) -> None:
    assert is_named(name) == named


def test_a_surname_belongs_to_the_one_speaker_who_has_it() -> None:
    assert groups("Ann Cole", "Mayor Cole", "Cole") == [{"Ann Cole", "Mayor Cole", "Cole"}]
    assert groups("Bill de Blasio", "de Blasio") == [{"Bill de Blasio", "de Blasio"}]


def test_a_title_that_no_list_has_makes_no_other_speaker() -> None:
    (found,) = directory("Harbourmaster Bo Lind", "Bo Lind", "Bo Lind", "Lind").called("")
    assert (found.id, found.name) == ("bo-lind", "Bo Lind")
    assert set(found.names) == {"Bo Lind", "Harbourmaster Bo Lind", "Lind"}


def test_a_surname_of_two_speakers_is_nobodys() -> None:
    assert {"Cole"} in groups("Ann Cole", "Bob Cole", "Cole")


def test_a_surname_is_whose_it_most_likely_is_where_one_is_cited_far_more() -> None:
    often = ["Ann Cole"] * 5
    assert {"Ann Cole", "Cole"} in groups(*often, "Bob Cole", "Cole")


def test_whom_an_article_cites_apart_are_never_one() -> None:
    assert {"Cole"} in groups("Ann Cole", "Ann Cole, Cole")


def test_different_initials_keep_speakers_apart() -> None:
    assert groups("George W. Marsh", "George H. W. Marsh") == [{"George H. W. Marsh"}, {"George W. Marsh"}]
    assert groups("Donald J. Marsh", "Donald Marsh") == [{"Donald J. Marsh", "Donald Marsh"}]


def test_a_name_in_another_alphabet_is_the_same_person() -> None:
    assert groups("Volodymyr Zelensky", "Володимир Зеленський") == [{"Volodymyr Zelensky", "Володимир Зеленський"}]
    assert len(groups("Volodymyr Zelensky", "Мария Захарова")) == 2


def test_a_word_with_a_capital_from_its_place_is_no_name() -> None:
    assert groups("Officials, Ann Cole", "officials") == [{"Ann Cole"}]


def test_a_body_is_no_person_with_a_surname() -> None:
    assert {"Europe"} in groups("Novaya Gazeta. Europe", "Europe")
    assert {"Times"} in groups("The New York Times", "Times")


def test_speakers_are_found_by_part_of_a_name_by_id_and_by_spelling() -> None:
    known = directory("Ann Cole", "Ann Cole, José Peña", "Cole Porter")
    assert [each.id for each in known.called("cole")] == ["ann-cole", "cole-porter"]
    assert [each.name for each in known.called("ann-cole")] == ["Ann Cole"]
    assert [each.name for each in known.called("PENA")] == ["José Peña"]
    assert known.called("Smith") == []
    assert known.speaker("ann-cole").articles == (1, 2)
    with pytest.raises(NotFoundError):
        known.speaker("smith")


def test_the_directory_follows_the_store(either_store: Store, words: WordEmbedder) -> None:
    speakers = Speakers(either_store)
    assert speakers.directory().called("") == []
    stored = Ingester(either_store, words).add(make_article("Ann Cole said that it rains.", key="k"))
    assert [each.name for each in speakers.directory().called("")] == ["Ann Cole"]
    assert speakers.directory() is speakers.directory()
    either_store.annotate(either_store.article(stored.id), Annotations("later"))
    assert speakers.directory().called("") == []


def test_the_speaker_filter_finds_all_names_of_a_speaker(either_store: Store, words: WordEmbedder) -> None:
    ingester = Ingester(either_store, words)
    ingester.add(make_article("Ann Cole said that it rains.", key="1"))
    ingester.add(make_article("Cole said that it rains in May.", key="2"))
    ingester.add(make_article("Bob Coleman said that it rains in June.", key="3"))
    widened = Speakers(either_store).widened(Filters(speakers=("Ann Cole",)))
    found = either_store.search(words.encode_query("rains"), ["rains"], k=5, filters=widened)
    assert sorted(article.id for article in found.articles.values()) == [1, 2]


def test_sayings_come_by_day_and_go_on_where_they_ended(either_store: Store, words: WordEmbedder) -> None:
    ingester = Ingester(either_store, words)
    for number, day in enumerate((date(2026, 3, 2), None, date(2026, 3, 1), date(2026, 3, 1))):
        ingester.add(make_article(f"Ann Cole said that it rains {number}.", key=str(number), published=day))
    found = either_store.sayings(["Ann Cole"], filters=Filters(), limit=10)
    assert [each.article.id for each in found] == [3, 4, 1, 2]
    rest = either_store.sayings(["Ann Cole"], filters=Filters(), limit=10, after=found[1].place)
    assert [each.article.id for each in rest] == [1, 2]
    narrowed = Filters(published_from=date(2026, 3, 2))
    assert [each.article.id for each in either_store.sayings(["Ann Cole"], filters=narrowed, limit=10)] == [1]
    assert either_store.sayings(["Cole"], filters=Filters(), limit=10) == []
