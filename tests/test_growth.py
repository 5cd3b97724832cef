"""Work grows with the input, not with its square: counted in calls of functions, so that no clock is asked."""

import cProfile
import pstats
from collections.abc import Callable

import pytest

from index.attribution.finding import find_attributions
from index.attribution.rules import RuleTagger
from index.text.revisions import kept_words
from index.text.sentences import split_sentences

_MOST = 25


def calls(work: Callable[[], object]) -> int:
    profile = cProfile.Profile()
    profile.runcall(work)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def attributed(text: str) -> None:
    find_attributions(text, split_sentences(text), RuleTagger())


def replaced(text: str) -> None:
    half = text.find("\n", len(text) // 2) + 1
    kept_words(text, f"{text[:half]}It snowed.\n{text[half:]}")


@pytest.mark.parametrize(
    ("work", "piece", "times"),
    [
        (attributed, "according to A, ", 1_500),
        (attributed, '"', 1_000),
        (replaced, "The same line stands here.\n", 300),
        (replaced, "He declined to comment. ", 300),
        (replaced, "a\n", 1_000),
    ],
)
def test_ten_times_the_input_is_about_ten_times_the_work(work: Callable[[str], None], piece: str, times: int) -> None:
    work(piece * times)
    assert calls(lambda: work(piece * times * 10)) < _MOST * calls(lambda: work(piece * times))
