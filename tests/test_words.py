import pytest

from index.text.words import as_asked, content_words, folded, search_words, stem, stems


def test_function_words_are_left_out_but_for_want_of_others() -> None:
    assert content_words("How many men left the country?") == ["men", "left", "country"]
    assert content_words("Who are they?") == ["Who", "are", "they"]
    assert content_words("?!") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sept", "September"), ("leaving", "leaves"), ("Putin’s", "Putin"), ("Fri", "friday"), ("OUTLETS", "outlet")],
)
def test_words_that_mean_the_same_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_numbers_stay_whole() -> None:
    assert stems("261,000 men, $3.5") >= {"261,000", "3.5"}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which former pope was laid to rest this week?", ["former", "pope", "laid", "rest"]),
        ("Who recently won the Palme d'Or in Cannes?", ["won", "Palme", "d'Or", "Cannes"]),
        ("What will happen this week?", ["happen", "week"]),
        ("Did the border border on the other border?", ["border"]),
    ],
)
def test_the_time_of_asking_is_not_searched_for(question: str, words: list[str]) -> None:
    assert search_words(question) == words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is Trump's plan?", ["Trump", "plan"]),
        ("Why won't Putin resign?", ["Putin", "resign"]),
        ("Why can’t the mayor’s deputy vote, and who’s he?", ["mayor", "deputy", "vote"]),
        ("Who won?", ["won"]),
        ("What did Don say isn't O'Brien's?", ["Don", "O'Brien"]),
    ],
)
def test_possessives_and_contractions_are_searched_as_what_they_stand_for(question: str, words: list[str]) -> None:
    assert search_words(question) == words


@pytest.mark.parametrize(("one", "other"), [("ÉCONOMIE", "économie"), ("e\u0301co", "éco"), ("STRASSE", "straße")])
def test_names_are_folded_in_one_way(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    assert as_asked(one) == as_asked(other)
