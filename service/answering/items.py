"""The words of a sentence that carry meaning, each with what it is to the rest of it."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from index.words import meaning_words
from service.answering.forms import MONTHS, TITLES, form
from service.answering.sentence import SPOKEN

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:['’][^\W\d_]+)?")
_UNITS = frozenset("percent percentage per cent point points dollar dollars euro euros pound pounds us".split())
_SCALE = re.compile(r"1000(?:000)*|trillion|[btm]n|[bkm]", re.IGNORECASE)
# Words that tell what the next one is to the rest. Where something is says nothing of that: "in", "on", "at".
_MARKERS = frozenset(
    """about above against as because before below between by for from if into like of over than that through till to
    under unless until whether which while who whose with without after since unlike despite amid besides""".split()
)
_BEFORE_NUMBERS = frozenset("after before between from in of since till to until".split())
_BEING = re.compile(
    r"\b(?:(?P<now>am|are|is)|(?P<then>was|were)|(?P<any>be|been|being|get|gets|got))\b|['’](?P<are>re)\b",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:can|cannot|could|may|might|must|ought|shall|should|will|would)\b|n['’]t\b|['’](?:d|ll)\b")
_NO_ITEMS = _UNITS | _MARKERS
_EMPTY = re.compile(rf"(?:{SPOKEN.pattern})|(?:{_MODAL.pattern})")
_JOINING = re.compile(r"\b(?:and|but|or|whereas|while)\b")
# Articles, pronouns, and what is looked at by itself.
_OF_NO_MATTER = _NO_ITEMS | frozenset(
    """a an the this these those it its he him his she her they them their i me my we us our you your and but s re d ll
    am are is was were be been being get gets got can cannot could may might must ought shall should will would t n has
    have had having do does did in on at""".split()
)
_PAUSE = re.compile(r"[,;:|.!?”]")


class Item(NamedTuple):
    """A word that carries meaning, or a number: its form, its place, and what stands between it and the one before.

    ``marker`` is the preposition or the like there, ``being`` the form of "be" (see ``_being``), ``modal`` whether
    "will" or the like is there, ``joined`` "and" where such a word is, "," where only that is, ``small`` the other
    small words. ``glued`` is a word with nothing between.
    """

    key: str
    word: str
    start: int
    end: int
    marker: str
    being: str
    modal: bool
    glued: bool
    joined: str
    small: frozenset[str]

    @property
    def name(self) -> bool:
        """Whether it has a capital."""
        return self.word[0].isupper()

    @property
    def number(self) -> bool:
        """Whether it is in figures."""
        return self.word[0].isdigit()

    @property
    def owner(self) -> bool:
        """Whether something is its own: "Ann's"."""
        return bool(re.search(r"['’]s$", self.word))


def items_of(text: str, free: Collection[str] = ()) -> list[Item]:
    """List the items of ``text``, whose numbers are in figures; the forms in ``free`` are none."""
    items: list[Item] = []
    last = 0
    for match in _TOKEN.finditer(text):
        word = match.group()
        between = text[last : match.start()]
        glued = bool(items) and not between.strip(" \u00a0-.")
        if not (word[0].isdigit() or meaning_words(word)) or word.lower() in _NO_ITEMS or _EMPTY.fullmatch(word):
            continue
        if glued and items[-1].number and _SCALE.fullmatch(word):
            last = match.end()
            continue
        key = _number(word, items, between) if word[0].isdigit() else form(word)
        if key in free and word not in MONTHS:
            continue
        marker = _marker(between, items, word)
        if not marker and glued and (word[0].isupper() or word in TITLES or items[-1].number):
            marker = "" if items[-1].marker in {"that", "which", "who"} else items[-1].marker
        modal = bool(_MODAL.search(between))
        place = match.start(), match.end()
        items.append(Item(key, word, *place, marker, _being(between), modal, glued, _joined(between), _small(between)))
        last = match.end()
    return items


def _number(word: str, before: Sequence[Item], between: str) -> str:
    """Give the figures of a number without the noughts behind it; how large it is has been looked at before.

    A day of a month may be written as an ordinal; another ordinal is no count.
    """
    figures = re.sub(r"\D", "", word).strip("0") or "0"
    dated = bool(before) and before[-1].word in MONTHS and not between.strip()
    return figures if word[-1].isdigit() or dated else f"{figures}th"


def _marker(between: str, before: Sequence[Item], word: str) -> str:
    """Give the preposition before a word; that of "about 5" and "over 5" has been looked at with the number."""
    number = word[0].isdigit()
    last = before[-1] if before else None
    only = between.strip(" %")
    if last and last.marker == "between" and only == "and":
        return "between"
    if number and last and last.number and between.strip() in {"in", "-", "–"}:
        return "in" if only == "in" else "to"
    words = re.findall(r"\w+", SPOKEN.sub(" ", _PAUSE.split(between)[-1]).lower())
    marker = next((each for each in reversed(words) if each in _MARKERS), "")
    if words[-2:].count("on") and not marker and word not in MONTHS and not word.endswith("day"):
        marker = "on"
    return marker if not number or marker in _BEFORE_NUMBERS else ""


def _small(between: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", SPOKEN.sub(" ", between.lower()))) - _OF_NO_MATTER


def _joined(between: str) -> str:
    return "and" if _JOINING.search(between) else "," if "," in between else ""


def _being(between: str) -> str:
    """Give "now" for "is", "then" for "was", "any" for "been", and nothing where no form of "be" stands."""
    found = [match.lastgroup or "" for match in _BEING.finditer(between)]
    return next((each for each in found if each in {"now", "then"}), "any" if found else "")
