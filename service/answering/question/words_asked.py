"""Whether a question asks for the words of somebody whom it names: "What did Cole say?", "Cole on wages".

A logistic regression over the words on both sides of the name, their stems and their kinds. How it was fitted, and how
well it does, is in its card, ``models/words_asked/README.md``.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from index.text.lexicon import SAYING_STEMS
from index.text.words import is_function_word, stem

WEIGHTS = Path(__file__).parents[3] / "models" / "words_asked" / "words_asked.json"
_WORD = re.compile(r"[\w-]+|['’]s\b|,")
_SAYS = re.compile(rf"(?:{'|'.join(SAYING_STEMS)})\w{{0,4}}")


def asks_for_words(question: str, start: int, end: int) -> bool:
    """Whether ``question`` asks what the one named at ``start`` to ``end`` said, in whatever form."""
    bias, weights = _weights()
    score = bias + sum(weights.get(each, 0.0) for each in set(features(question[:start], question[end:])))
    return score > 0


@lru_cache(maxsize=1)
def _weights() -> tuple[float, dict[str, float]]:
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return read["bias"], read["weights"]


def features(before: str, after: str) -> Iterator[str]:
    """Yield what is known of a question by its words before and after a name."""
    left, right = (["^", *_words(before)], [*_words(after), "$"])
    for at, words in (("<", left[::-1]), (">", right)):
        stems = [each if is_function_word(each) or not each.isalpha() else stem(each) for each in words]
        kinds = [_kind(each) for each in words]
        yield f"{at}1 {stems[0]}"
        yield f"{at}2 {' '.join(stems[:2])}"
        yield f"{at}kinds2 {' '.join(kinds[:2])}"
        yield f"{at}kinds3 {' '.join(kinds[:3])}"
        yield f"{at}says {'says' in kinds}"
        yield from (f"{at} {each}" for each in stems)
    first = (left[1:] or ["name"])[0]
    yield f"first {first}"
    yield f"first2 {' '.join((left[1:] or ['name'])[:2])}"
    yield f"last {([*left, *right[:-1]])[-1]}"
    yield f"around {left[-1]} {right[0]}"
    yield f"kinds {_kind(left[-1])} {' '.join(_kind(each) for each in right[:2])}"


def _words(text: str) -> Sequence[str]:
    return [each.replace("’", "'") for each in _WORD.findall(text.lower())]


def _kind(word: str) -> str:
    if _SAYS.fullmatch(word):
        return "says"
    return word if is_function_word(word) or not word.isalpha() else "word"
