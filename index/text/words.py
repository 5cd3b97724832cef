"""Which words of a question or sentence carry its meaning, and their stems."""

import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import snowballstemmer

from index.text.lexicon import MONTHS, SAYING, WEEKDAYS
from index.text.relative_time import relative_times

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nor|neither|without|cannot|hardly|barely|scarcely|rarely|seldom)\b|n['’‘ʼ]t\b",
    re.IGNORECASE,
)
"""Words that turn a sentence into its opposite."""

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:['’‘ʼ][^\W_]+)*")
_FUNCTION_WORDS = frozenset(
    """a about above after again against ago all also am an and any are as at be because been before being below
    between both but by can cannot could did do does doing down during each few for from further had has have having he
    her here hers herself him himself his how i if in into is it its itself just me more most my myself no nor not
    now of off on once only or other our ours ourselves out over own same shall she should so some such than that
    the their theirs them themselves then there these they this those through to too under until up upon us very
    was we were what when where which while who whom whose why will with would you your yours yourself yourselves
    much many name named called""".split()
)
_EMPTY_WORDS = _FUNCTION_WORDS | SAYING
_ABBREVIATIONS = {
    short.lower(): name.lower() for name, shorts in (*MONTHS.items(), *WEEKDAYS.items()) for short in shorts
}
_NEGATED = re.compile(r"n['’‘ʼ]t$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’‘ʼ]s$", re.IGNORECASE)
_SHORTEST_BEGINNING = 4
_FEWEST = 3
_stemmer = snowballstemmer.stemmer("english")
_stemmer_lock = threading.Lock()


def meaning_words(text: str) -> list[str]:
    """Return the words of ``text`` that carry meaning, unchanged and in order; "the" and "won't" carry none."""
    return [word for word in _WORD.findall(text) if _bare(word) not in _EMPTY_WORDS and not _NEGATED.search(word)]


def is_function_word(word: str) -> bool:
    """Whether a word carries no meaning of its own in any question or sentence."""
    return _bare(word) in _FUNCTION_WORDS


def content_words(text: str) -> list[str]:
    """Return the words of ``text`` that carry meaning; where there are none ("who are they?"), all words."""
    return meaning_words(text) or _WORD.findall(text)


def search_words(question: str) -> list[str]:
    """Return the content words that a passage should share with ``question``, each once, in order.

    A possessive is searched for as its noun ("Trump's": Trump). "This week" and "recently" say when the question was
    asked, and stand in every article; they are left out, unless fewer than three words would be left.
    """
    timeless = question
    for match in relative_times(question):
        timeless = timeless.replace(match.group(), " ", 1)
    words = _bare_nouns(timeless)
    return words if len(words) >= _FEWEST else _bare_nouns(question)


def _bare_nouns(text: str) -> list[str]:
    return list(dict.fromkeys(_POSSESSIVE.sub("", word) for word in content_words(text)))


@lru_cache(100_000)
def stem(word: str) -> str:
    """Return a word's stem (Snowball English, Porter 2): "Sept" and "September" share one."""
    bare = _bare(word)
    with _stemmer_lock:  # the stemmer keeps its word in itself while it works
        return str(_stemmer.stemWord(_ABBREVIATIONS.get(bare, bare)))


def stems(text: str) -> set[str]:
    """Return the stems of the words of ``text`` that carry meaning."""
    return {stem(word) for word in content_words(text)}


def plain_words(text: str) -> str:
    """Return the folded words of ``text`` with single spaces, for comparing names."""
    return " ".join(re.findall(r"\w+", folded(text)))


def folded(text: str) -> str:
    """Return ``text`` without the differences of case and Unicode composition: names are the same if this is."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def as_names(*given: str | None) -> str:
    """Return names in the form that ``as_asked`` searches."""
    return " | ".join(["", *(plain_words(each or "") for each in given), ""])


def as_asked(name: str) -> str:
    """Return a name as ``as_names`` has it for this name and longer ones ("Donald Trump"); "" without words."""
    words = plain_words(name)
    return f" {words} " if words else ""


def any_asked(names: Sequence[str], whole: Sequence[str] = ()) -> list[str]:
    """Return what ``as_names`` holds where one of ``names`` is part of a name there, or one of ``whole`` all of it."""
    parts = [asked for name in names if (asked := as_asked(name))]
    return parts + [f"|{asked}|" for name in whole if (asked := as_asked(name))]


def _bare(word: str) -> str:
    return re.sub(r"['’‘ʼ](?:s|t|re|ve|ll|d|m)?$", "", word.lower())


def shared(asked: set[str], words: set[str]) -> int:
    """Return how many stems in ``asked`` are in ``words``, or begin or continue one of them (West, Western)."""
    close = {word for word in words if len(word) >= _SHORTEST_BEGINNING}
    return sum(
        word in words
        or (len(word) >= _SHORTEST_BEGINNING and any(each.startswith(word) or word.startswith(each) for each in close))
        for word in asked
    )
