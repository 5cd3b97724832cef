"""Which words of a question or sentence carry its meaning, and their stems."""

import re
import threading
from functools import lru_cache

import snowballstemmer

from index.text.relative_time import relative_times

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nor|neither|without|cannot|hardly|barely|scarcely|rarely|seldom)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words that turn a sentence into its opposite."""

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:['’][^\W_]+)?")
_FUNCTION_WORDS = frozenset(
    """a about above after again against ago all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has have having he
    her here hers herself him himself his how i if in into is it its itself just me more most my myself no nor not
    now of off on once only or other our ours ourselves out over own same shall she should so some such than that
    the their theirs them themselves then there these they this those through to too under until up upon us very
    was we were what when where which while who whom whose why will with would you your yours yourself yourselves
    much many name named called tell told said say says according don didn doesn isn wasn""".split()
)
_ABBREVIATIONS = {
    "jan": "january", "feb": "february", "mar": "march", "apr": "april", "jun": "june", "jul": "july",
    "aug": "august", "sep": "september", "sept": "september", "oct": "october", "nov": "november",
    "dec": "december", "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday",
    "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
}  # fmt: skip
_SHORTEST_BEGINNING = 4
_FEWEST = 3
_stemmer = snowballstemmer.stemmer("english")
_stemmer_lock = threading.Lock()


def meaning_words(text: str) -> list[str]:
    """Give the words of ``text`` that carry meaning, as they stand, in order: function words are left out."""
    return [word for word in _WORD.findall(text) if _bare(word) not in _FUNCTION_WORDS]


def content_words(text: str) -> list[str]:
    """Give the words of ``text`` that carry meaning; where there are none ("who are they?"), all words."""
    return meaning_words(text) or _WORD.findall(text)


def search_words(question: str) -> list[str]:
    """Give the content words that a passage should share with ``question``, each once, in order.

    "This week" and "recently" say when the question was asked, and stand in every article; they are left out, unless
    too little is left.
    """
    timeless = question
    for match in relative_times(question):
        timeless = timeless.replace(match.group(), " ", 1)
    words = list(dict.fromkeys(content_words(timeless)))
    return words if len(words) >= _FEWEST else list(dict.fromkeys(content_words(question)))


@lru_cache(100_000)
def stem(word: str) -> str:
    """Reduce a word to its stem (Snowball English, Porter 2): "Sept" and "September" share one."""
    bare = _bare(word)
    with _stemmer_lock:  # the stemmer keeps its word in itself while it works
        return str(_stemmer.stemWord(_ABBREVIATIONS.get(bare, bare)))


def stems(text: str) -> set[str]:
    """Give the stems of the words of ``text`` that carry meaning."""
    return {stem(word) for word in content_words(text)}


def plain_words(text: str) -> str:
    """Give the words of ``text`` in small letters, one space between them: to compare names by."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def as_names(*given: str | None) -> str:
    """Give names as they are looked through for one that is asked for by ``as_asked``."""
    return " | ".join(["", *(plain_words(each or "") for each in given), ""])


def as_asked(name: str) -> str:
    """Give a name so that it stands in what ``as_names`` gives for it, or for a longer one: "Trump", "Donald Trump"."""
    words = plain_words(name)
    return f" {words} " if words else ""


def _bare(word: str) -> str:
    return re.sub(r"['’](?:s|t|re|ve|ll|d|m)?$", "", word.lower())


def shared(asked: set[str], words: set[str]) -> int:
    """Count the stems in ``asked`` that ``words`` has, or has the beginning or a longer form of (West, Western)."""
    close = {word for word in words if len(word) >= _SHORTEST_BEGINNING}
    return sum(
        word in words
        or (len(word) >= _SHORTEST_BEGINNING and any(each.startswith(word) or word.startswith(each) for each in close))
        for word in asked
    )
