"""What every peer is given and how it is judged: articles, questions, and the characters that it may show.

The budget is the first 350 characters, then 1,050 in all: the most that one and three of our quotes have. A peer's
results count in its own order; a longer result is cut where the budget ends.
"""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.common import inside
from benchmarks.news import QUOTE_CHARACTERS

QUOTES = 3


class Judged(NamedTuple):
    """Whether the answer is in the first 350 characters shown, in the first 1,050, and how many were shown of these."""

    first: bool
    first_three: bool
    characters: int


def judged(answer: str, shown: Sequence[str]) -> Judged:
    """Return the judgement of what a library shows."""
    text = "\n".join(shown)[: QUOTES * QUOTE_CHARACTERS]
    return Judged(inside(answer, text[:QUOTE_CHARACTERS]), inside(answer, text), len(text))


def around(text: str, start: int, end: int) -> str:
    """Return the 350 characters around an answer."""
    begin = max(0, (start + end) // 2 - QUOTE_CHARACTERS // 2)
    return text[begin : begin + QUOTE_CHARACTERS]
