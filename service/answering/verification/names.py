"""Whether the speaker whom a quotation names is one of those whom the article cites."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from index.attribution.naming.identity import identity
from index.attribution.naming.people import People
from index.text.words import plain_words
from index.types import Article, Attribution

Agreement = Literal["same", "unsure", "other"]

_WITHOUT_ARTICLE = re.compile(r"^(?:the|a|an|its|his|her|their) ", re.IGNORECASE)
_AROUND = 60
_SPELT_ALIKE = 85.0


def agreement(speaker: str, attributions: Sequence[Attribution], article: Article) -> Agreement:
    """Return whether ``speaker`` is one of those who are cited: "same", "other", or "unsure".

    Titles, initials and accents do not count, one name may be longer, and a role is whoever the article introduces with
    it. It is "unsure" where nobody is cited by name ("he", "the spokesman"), where ``speaker`` is a role that the
    article gives to nobody, and where the names are only spelt alike.
    """
    names = [name for each in attributions for name in (each.speaker, each.via) if name]
    # "Mr. Lind, the Premier", "Lind, Bo": of several parts the first is the name, or most of it.
    speaker = re.split(r",|\(", speaker)[0].strip() or speaker
    asked = _bare(speaker)
    if any(asked in other or other in asked for other in map(_bare, names) if other.strip()):
        return "same"
    people = people_in(article.text)
    named = people.called(speaker) or people.in_role(f"the {_WITHOUT_ARTICLE.sub('', speaker).lower()}")
    if named and _bare(named) in map(_bare, names):
        return "same"
    if not named and not _is_name(speaker):
        return "same" if any(_has_role(speaker, each, article) for each in attributions) else "unsure"
    if not names or not all(map(_is_name, names)):
        return "unsure"
    return "unsure" if any(_spelt_alike(asked, _bare(name)) for name in names) else "other"


@lru_cache(maxsize=4)
def people_in(text: str) -> People:
    """Return the persons whom a text names in full; those of the last texts are kept."""
    return People(text)


def _bare(name: str) -> str:
    """Return what a name is compared by, between spaces."""
    return f" {identity(name).key or plain_words(name)} "


def _is_name(words: str) -> bool:
    return any(word[:1].isupper() for word in words.split()[-2:])


def _has_role(role: str, attribution: Attribution, article: Article) -> bool:
    """Whether the words of a role ("the prime minister") stand beside the place where the speaker is named."""
    source = attribution.source
    around = article.text[max(0, source.start - _AROUND) : source.end + _AROUND]
    words = set(plain_words(role).split()) - {"the", "a", "an"}
    return bool(words) and words <= set(plain_words(around).split())


def _spelt_alike(one: str, other: str) -> bool:
    """Whether the last names differ by a letter or so, as transliterations do."""
    return fuzz.ratio(one.split()[-1], other.split()[-1]) >= _SPELT_ALIKE if one.split() and other.split() else False
