"""Names of authors and publishers as a page gives them, without what is no part of a name."""

import re
from collections.abc import Iterable

from index.text.lexicon import MONTHS, WEEKDAYS

_BY = re.compile(r"^(?:by|written by|posted by|author|from|von|par|por|di|av|af)\s*:?\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*[<(\[]?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b[>)\]]?|https?://\S+|(?<!\w)@\w+")
_NOBODY = frozenset(
    "admin administrator anonymous author authors editor n/a nobody none null undefined unknown user webmaster".split()
)
_NO_NAME = re.compile(
    r"^(?:no|unknown|default|site|web|guest|the)\s+(?:author|user|name|admin\w*|byline)s?$", re.IGNORECASE
)
_CALENDAR = re.compile(
    rf"\b(?:{'|'.join([*MONTHS, *WEEKDAYS])}|updated|published|posted|min(?:ute)?s? read|ago)\b|\b\d{{1,2}}:\d\d\b"
    rf"|\b\d{{4}}\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s*(?:;|\||\s+&amp;\s+|\n)\s*")
_AND = re.compile(r"\s+(?:and|und|et|y)\s+|,\s+(?:and\s+)?")
_PERSON = re.compile(r"(?:[^\W\d_]['’.\w-]*\.?\s+){1,4}[^\W\d_]['’.\w-]+\.?")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|PhD|MD|M\.D|Ph\.D)\.?", re.IGNORECASE)
_LONGEST = 100
_MOST_WORDS = 9


def author_of(names: Iterable[str], *, publisher: str = "") -> str:
    """Return the authors in one line, each once, without "By", addresses and words that name nobody.

    It is "" if none is left.

    A name that also holds a day is no name: it is what stood beside it.
    """
    found: list[str] = []
    for given in names:
        for part in _PARTED.split(given.strip()):
            name = _tidy(part)
            if name and name.casefold() not in (each.casefold() for each in found):
                found.append(name)
    found = [name for name in found if len(found) == 1 or name.casefold() != publisher.casefold()]
    return ", ".join(found)


def is_person(name: str) -> bool:
    """Whether ``name`` looks like a person's: two to five words, all with a capital but for particles, no day."""
    words = name.split()
    capitals = sum(word[:1].isupper() for word in words)
    return bool(_PERSON.fullmatch(name)) and capitals >= len(words) - 1 and not _CALENDAR.search(name)


def publisher_of(name: str, *, title: str) -> str:
    """Return a publisher's name; "" if it is the article's title, or no more than the address of the site."""
    name = " ".join(_ADDRESS.sub("", name).split()).strip(" |–-")
    if not name or len(name) > _LONGEST or _same(name, title):
        return ""
    return name


def publisher_in_title(title: str, *, host: str) -> str:
    """Return the publisher's name at the end of a page's title ("… | The Post"), if its address says the same."""
    parts = re.split(r"\s+[|–—-]\s+", title)
    host_letters = re.sub(r"\W", "", host.lower().removeprefix("www.").rpartition(".")[0])
    for part in (parts[-1], parts[0]) if len(parts) > 1 else ():
        letters = re.sub(r"\W", "", part.lower())
        without = letters.removeprefix("the")
        if host_letters and len(without) > 2 and (without in host_letters or host_letters in letters):
            return part
    return ""


def _tidy(name: str) -> str:
    name = _ADDRESS.sub("", _BY.sub("", " ".join(name.split()))).strip(' ,;:|–—-•·()<>"')
    words = name.split()
    if not words or len(name) > _LONGEST or name.casefold() in _NOBODY or _NO_NAME.match(name):
        return ""
    if not any(each.isalpha() for each in name) or _CALENDAR.search(name):
        return ""
    first, _, rest = name.partition(",")
    if rest and len(words) > _MOST_WORDS and not _SUFFIX.match(rest.strip()):
        name = first  # what follows is what somebody is
    return name if len(name.split()) <= _MOST_WORDS else ""


def _same(name: str, title: str) -> bool:
    return bool(title) and re.sub(r"\W", "", name.casefold()) == re.sub(r"\W", "", title.casefold())
