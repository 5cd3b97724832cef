"""Whether a question asks for the gist of an article: "What is this about?", "Key points?", "Summarise the story".

A logistic regression over the question's words, and how many it has that no request for a gist has. How it was fitted,
and how well it does, is in its card, ``models/gist_asked/README.md``.
"""

import json
import re
from collections.abc import Iterator, Set
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from index.text.words import is_function_word, stem

WEIGHTS = Path(__file__).parents[3] / "models" / "gist_asked" / "gist_asked.json"
_WORD = re.compile(r"[^\W_]+(?:;dr)?|['’]s\b")
_OTHER = "word"
_MOST_OTHERS = 3
_LONGEST = 16


class _Weights(NamedTuple):
    bias: float
    weights: dict[str, float]
    known: frozenset[str]


def asks_for_gist(question: str) -> bool:
    """Whether ``question`` asks what an article says as a whole."""
    fitted = _weights()
    return fitted.bias + sum(fitted.weights.get(each, 0.0) for each in set(features(question, fitted.known))) > 0


@lru_cache(maxsize=1)
def _weights() -> _Weights:
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return _Weights(read["bias"], read["weights"], frozenset(read["known"]))


def words(question: str) -> list[str]:
    """Return the words of a question, those with a meaning of their own as their stems."""
    found = (each.replace("’", "'") for each in _WORD.findall(question.lower()))
    return [each if is_function_word(each) else stem(each) for each in found]


def features(question: str, known: Set[str]) -> Iterator[str]:
    """Yield what is known of a question; ``known`` are the stems of the words that requests for a gist are made of."""
    told = [each if is_function_word(each) or each in known else _OTHER for each in words(question)]
    framed = ["^", *told[:_LONGEST], "$"]
    yield f"others {min(told.count(_OTHER), _MOST_OTHERS)}"
    yield f"length {min(len(told), _LONGEST) // 2}"
    yield from framed
    for size in (2, 3):
        yield from (" ".join(framed[at : at + size]) for at in range(len(framed) - size + 1))
