"""Work grows with the input, not with its square: counted in lines of Python, so that no clock is asked."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from index.attribution.finding import find_attributions
from index.attribution.rules import RuleTagger
from index.text.revisions import kept_words
from index.text.sentences import split_sentences

_MOST = 25


def lines(work: Callable[[], object]) -> int:
    """Return how many lines were run, those of libraries included: loops without calls count as well."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def attributed(text: str) -> None:
    find_attributions(text, split_sentences(text), RuleTagger())


def replaced(text: str) -> None:
    half = text.find("\n", len(text) // 2) + 1
    kept_words(text, f"{text[:half]}It snowed.\n{text[half:]}")


@pytest.mark.parametrize(
    ("work", "piece", "times"),
    [
        (attributed, "according to A, ", 150),
        (attributed, '"', 1_000),
        (attributed, "“Rain fell,” said A. ", 120),
        (attributed, "said (", 400),
        (attributed, "“Yes.” ", 200),
        (split_sentences, "!?", 1_000),
        (split_sentences, "Mr.”", 500),
        (split_sentences, "1. ", 300),
        (replaced, "The same line stands here.\n", 100),
        (replaced, "He declined to comment. ", 300),
        (replaced, "a\n", 1_000),
    ],
)
def test_ten_times_the_input_is_about_ten_times_the_work(work: Callable[[str], object], piece: str, times: int) -> None:
    work(piece * times)
    assert lines(lambda: work(piece * times * 10)) < _MOST * lines(lambda: work(piece * times))
