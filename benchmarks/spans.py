"""Exact match and F1 of an answer against the right one, as SQuAD measures them (Rajpurkar et al., 2016)."""

import re
import string
from collections import Counter


def exact_match(given: str, right: str) -> bool:
    """Whether two answers are equal, regardless of case, punctuation, articles and white space."""
    return _words(given) == _words(right)


def f1(given: str, right: str) -> float:
    """Return the harmonic mean of precision and recall of words, in [0, 1]."""
    left, other = _words(given), _words(right)
    shared = (Counter(left) & Counter(other)).total()
    return 2 * shared / (len(left) + len(other)) if shared else float(left == other)


def _words(text: str) -> list[str]:
    text = "".join(character for character in text.lower() if character not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()
