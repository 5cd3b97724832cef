import pytest

from index.words import content_words, stem, stems


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
