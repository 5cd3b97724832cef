"""What a name is compared by, so that the names of one person in several articles are known to be one person's."""

import re
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

from index.text.lexicon import (
    COURTESIES,
    OFFICES,
    OFFICES_SHORT,
    PARTICLES,
    PEOPLE,
    PRONOUNS,
    RANKS,
    TITLES_OF_HONOUR,
    TITLES_SHORT,
    WEEKDAYS,
)

_TITLES = frozenset(title.lower() for title in (*COURTESIES, *TITLES_SHORT, *TITLES_OF_HONOUR, *OFFICES, *RANKS))
_ARTICLES = frozenset({"a", "an", "the"})
_POINTING = frozenset({"his", "her", "its", "their", "this", "that", "these", "those"})
_NICKNAME = re.compile(r"(?<=\w )[\"“‘(][^\"”’)]{1,20}[\"”’)](?= \w)")
_WORD = re.compile(r"(?:[^\W\d_]\.)+(?=[\s,]|$)|\w+(?:['’-]\w+)*")
_POSSESSIVE = re.compile(r"['’]s$")
_INITIALS = re.compile(r"(?:[A-Z]\.)+|[A-Z]")
# "Zelenskyy", "Zelenskiy" and "Zelensky" are one name in three spellings.
_ENDING = re.compile(r"(?<=\w{3})(?:iy|yy|ij|ii|yi|i)$")
_LATIN = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff]", re.IGNORECASE)


class Identity(NamedTuple):
    """A name as it is compared: ``words`` in small letters of the alphabet a–z, and middle ``initials``.

    ``is_foreign`` says that the name is written in another alphabet: its spelling here is one of several.
    """

    words: tuple[str, ...]
    initials: str = ""
    is_foreign: bool = False

    @property
    def key(self) -> str:
        """The words, with spaces between them."""
        return " ".join(self.words)


@lru_cache(100_000)  # the directory of all speakers is made anew after a write, of mostly the same names
def identity(name: str) -> Identity:
    """Return what ``name`` is compared by: without titles, nicknames and accents; no words where nothing is left.

    "Mayor Ann B. Cole" and "Ms Ann “Annie” Cole" have the same words. Other alphabets are transliterated (anyascii).
    """
    words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(_NICKNAME.sub("", name))]
    while words and (words[0].lower() in _ARTICLES or _is_title(words)):
        del words[0]
    for at in range(len(words) - 3, 0, -1):
        if words[at] in (*OFFICES, *OFFICES_SHORT) and all(word[:1].isupper() for word in words[at + 1 :]):
            del words[: at + 1]  # "FIFA President Ann Cole"
            break
    initials = "".join(word for word in words[1:-1] if _INITIALS.fullmatch(word)).replace(".", "").lower()
    own = [word for at, word in enumerate(words) if not (0 < at < len(words) - 1 and _INITIALS.fullmatch(word))]
    folded = tuple(each for word in own if (each := _folded(word)))
    return Identity(folded, initials, is_foreign=any(map(str.isalpha, name)) and not _LATIN.search(name))


def _is_title(words: list[str]) -> bool:
    """Whether the first of several words is a title, or a noun before a name ("spokesman Bo Lind")."""
    first, *rest = words
    if not rest:
        return first.lower() in _TITLES
    if len(rest) > 1 and first.lower() in PEOPLE and all(word[:1].isupper() for word in rest):
        return True
    is_noun = first.islower() and first not in PARTICLES and any(word[:1].isupper() for word in rest)
    return is_noun or first.lower() in _TITLES


def _folded(word: str) -> str:
    return _ENDING.sub("y", re.sub(r"[^a-z0-9]", "", anyascii(word).lower()))


def is_named(name: str) -> bool:
    """Whether a speaker is called by a name ("the White House"), not described ("a Kremlin source", "Trump's team")."""
    words = name.split()
    if words and words[0].lower() == "the":
        del words[0]
    if not words or name.lower() in PRONOUNS or words[0].lower() in _ARTICLES or set(words) <= WEEKDAYS.keys():
        return False
    starts = words[1] if words[0] in PARTICLES and len(words) > 1 else words[0]
    return not starts[:1].islower() and not words[-1][:1].islower() and words[0].lower().rstrip(".") not in _POINTING
