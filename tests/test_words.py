import pytest

from index.text.words import content_words, search_words, stem, stems


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
