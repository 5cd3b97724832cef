"""Whether a sentence is a quote's with words left out: its words in the same order, and to each other the same."""

import itertools
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from index.sentences import split_sentences
from index.words import meaning_words
from service.answering.forms import MONTHS, TITLES, form
from service.answering.moved import TELLING, orders
from service.answering.quantities import in_figures
from service.answering.sense import has_reserve

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:['’][^\W\d_]+)?")
_SPOKEN = re.compile(rf"\b(?:according to|{TELLING})\b", re.IGNORECASE)
_SPEAKERS = (
    re.compile(rf"(?:(?P<far>[^,]+),[^,]+,\s|(?P<near>[^,“”\"]+)\s)(?:{TELLING})\b"),
    re.compile(r"(?:\b[Aa]ccording to|[,”\"]\s(?:said|says))\s(?P<near>[^,“”\"]+)"),
)
_UNITS = frozenset("percent percentage per cent point points dollar dollars euro euros pound pounds us".split())
_SCALE = re.compile(r"1000(?:000)*|trillion|[btm]n|[bkm]", re.IGNORECASE)
# Words that tell what the next one is to the rest. Where something is says nothing of that: "in", "on", "at".
_MARKERS = frozenset(
    """about above against as because before below between by for from if into like of over than that through till to
    under unless until whether which while who whose with without after since""".split()
)
_BEFORE_NUMBERS = frozenset("after before between from in of since till to until".split())
_BEING = re.compile(
    r"\b(?:(?P<now>am|are|is)|(?P<then>was|were)|(?P<any>be|been|being|get|gets|got))\b|['’](?P<are>re)\b",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:can|cannot|could|may|might|must|ought|shall|should|will|would)\b|n['’]t\b|['’](?:d|ll)\b")
# A clause, or a part of a list, of something that has a name or a number.
_ANOTHER = re.compile(
    r"(?:\b(?:after|and|as|because|before|but|or|since|that|until|when|where|whereas|which|while|who)\b|[,—–]\D)"
    r"(?:.*\s)?[A-Z]|\bwhose\b"
    r"|\b(?:and|but|or|whereas|while)\b(?:.*\s)?\d",
    re.DOTALL,
)
_EMPTY = re.compile(rf"(?:{_SPOKEN.pattern})|(?:{_MODAL.pattern})|(?:{'|'.join(_MARKERS)})")
_STOP = re.compile(r"[;:]")
_PAUSE = re.compile(r"[,;:|.!?”]")
_ASIDE = re.compile(r"\s*(?:,.*,|\(.*\)|[—–].*[—–])", re.DOTALL)
_BEGINS = re.compile(r"[,;:|—–“”\"]|\b(?:and|but|that|when|where|while)\b|" + _SPOKEN.pattern, re.IGNORECASE)
_NAMES_ONLY = re.compile(r"(?:\s|,|\band\b|\bor\b|\bthe\b|(?-i:[A-Z])[\w’'.-]*)*", re.IGNORECASE)
_GOES_ON = re.compile(r",\s(?:and|but)\b")
# Words that make something else of the next one.
_SHIFTING = frozenset(
    """acting alleged almost apparently deputy ex fake former future interim likely mock nearly onetime possible
    potential preliminary presumably presumed proclaimed replica supposed suspended toy unofficial
    outgoing vice virtually""".split()
)
_RATE = re.compile(
    r"\s?(?:\w+\s){0,2}?(?:a|an|per|each|every)\s(?:second|minute|hour|day|night|week|month|year|person)\b"
)


class _Item(NamedTuple):
    """A word that carries meaning: its form, where it stands, and what stands before it."""

    key: str
    word: str
    start: int
    end: int
    marker: str
    being: str
    modal: bool
    glued: bool

    @property
    def name(self) -> bool:
        return self.word[0].isupper()

    @property
    def number(self) -> bool:
        return self.word[0].isdigit()

    @property
    def owner(self) -> bool:
        return bool(re.search(r"['’]s$", self.word))


def aligned(text: str, quote: str, *, free: Collection[str] = ()) -> bool:
    """Tell whether ``text`` is a sentence of ``quote`` with words left out; the forms in ``free`` may be added.

    Its words that carry meaning, in some form, stand there in the same order. Each comes behind the same preposition,
    "will", form of "be" or owner. The words of a name stand side by side. Nothing is left out that makes the rest
    another's ("Ann won and Bob lost" is not "Ann lost") or certain ("nearly won"), nor who says it. ``orders`` tells
    what may be moved. It takes time in the length of the text by the square of the quote's longest sentence.
    """
    own = [(each, _items(each, free)) for each in orders(in_figures(text).strip())]
    for span in split_sentences(quote):
        sentence = in_figures(quote[slice(*span)]).strip()
        if not _speakers_kept(text, sentence):
            continue
        theirs = [(each, _items(each)) for each in orders(sentence)]
        if any(_path(one, other) for one, other in itertools.product(own, theirs)):
            return True
    return False


def _speakers_kept(text: str, sentence: str) -> bool:
    """Tell whether ``text`` names no speakers but those of ``sentence``, and one where that has any."""
    own, theirs = _speakers(text), _speakers(sentence)
    if theirs and not _SPOKEN.search(text):
        return False
    return all(each & set().union(*theirs) for each in own) if theirs else not own


def _speakers(text: str) -> list[set[str]]:
    found = (match.groupdict() for pattern in _SPEAKERS for match in pattern.finditer(text))
    words = ({form(word) for word in meaning_words(each.get("far") or each["near"])} for each in found)
    return [each for each in words if each]


def _items(text: str, free: Collection[str] = ()) -> list[_Item]:
    items: list[_Item] = []
    last = 0
    for match in _TOKEN.finditer(text):
        word = match.group()
        between = text[last : match.start()]
        glued = bool(items) and not between.strip(" \u00a0-.")
        if not (word[0].isdigit() or meaning_words(word)) or word.lower() in _UNITS or _EMPTY.fullmatch(word):
            continue
        if glued and items[-1].number and _SCALE.fullmatch(word):
            last = match.end()
            continue
        key = _number(word, items, between) if word[0].isdigit() else form(word)
        if key in free:
            continue
        marker = _marker(between, items, word)
        if not marker and glued and (word[0].isupper() or word in TITLES or items[-1].number):
            marker = items[-1].marker
        modal = bool(_MODAL.search(between))
        items.append(_Item(key, word, match.start(), match.end(), marker, _being(between), modal, glued))
        last = match.end()
    return items


def _number(word: str, before: Sequence[_Item], between: str) -> str:
    """Give the figures of a number without the noughts behind it; how large it is has been looked at before.

    A day of a month may be written as an ordinal; another ordinal is no count.
    """
    figures = re.sub(r"\D", "", word).strip("0") or "0"
    dated = bool(before) and before[-1].word in MONTHS and not between.strip()
    return figures if word[-1].isdigit() or dated else f"{figures}th"


def _marker(between: str, before: Sequence[_Item], word: str) -> str:
    """Give the preposition before a word; that of "about 5" and "over 5" has been looked at with the number."""
    number = word[0].isdigit()
    last = before[-1] if before else None
    only = between.strip(" %")
    if last and last.marker == "between" and only == "and":
        return "between"
    if number and last and last.number and between.strip() in {"in", "-", "–"}:
        return "in" if only == "in" else "to"
    words = re.findall(r"\w+", _SPOKEN.sub(" ", _PAUSE.split(between)[-1]).lower())
    marker = next((each for each in reversed(words) if each in _MARKERS), "")
    if words[-2:].count("on") and not marker and word not in MONTHS and not word.endswith("day"):
        marker = "on"
    return marker if not number or marker in _BEFORE_NUMBERS else ""


def _path(one: tuple[str, list[_Item]], other: tuple[str, list[_Item]]) -> bool:
    """Tell whether the items of a text can be found among those of a quote, one behind the other."""
    (text, own), (quote, theirs) = one, other
    if not own:
        return False
    reached = {
        at
        for at, item in enumerate(theirs)
        if _same(own[0], theirs, -1, at)
        and _fits(text, own[0], quote, theirs, at)
        and _may_begin(theirs[: at + 1], quote)
    }
    for before, each in itertools.pairwise(own):
        reached = {
            at
            for at, item in enumerate(theirs)
            if each.key == item.key
            and _fits(text, each, quote, theirs, at)
            and any(
                _same(each, theirs, last, at)
                and _may_be_left_out(
                    before, each, theirs[last + 1 : at], quote[theirs[last].end : item.start], theirs[last].end
                )
                for last in reached
                if last < at
            )
        }
    return bool(reached)


def _same(own: _Item, theirs: Sequence[_Item], last: int, at: int) -> bool:
    """Tell whether a word is the same to its sentence as the one at ``at`` in a quote, if ``last`` is the one before.

    Where an adjective is left out, what stood before that stands before the word.
    """
    item = theirs[at]
    if own.key != item.key or own.owner != item.owner:
        return False
    first = at
    while first - 1 > last and theirs[first].glued and theirs[first - 1].word.islower():
        first -= 1
    ends = item, theirs[first]
    markers = {each.marker for each in ends}
    if at == last + 1:
        markers |= {""} if markers & {"that", "which", "who"} else {"that"} if "" in markers else set()
    if own.marker not in markers:
        return False
    if own.name or own.number:
        return True
    going = item.word.endswith("ing") and own.word.endswith("ing")
    return own.modal in {each.modal for each in ends} and (
        going or any(_as_much(own.being, each.being) for each in ends)
    )


def _being(between: str) -> str:
    """Give "now" for "is", "then" for "was", "any" for "been", and nothing where no form of "be" stands."""
    found = [match.lastgroup or "" for match in _BEING.finditer(between)]
    return next((each for each in found if each in {"now", "then"}), "any" if found else "")


def _as_much(one: str, other: str) -> bool:
    return one == other or (bool(one) and bool(other) and "any" in {one, other})


def _fits(text: str, own: _Item, quote: str, theirs: Sequence[_Item], at: int) -> bool:
    """Tell whether a word has what makes something else of it: "former" before it, "a day" behind a number."""
    item = theirs[at]
    before = theirs[at - 1] if at and item.glued else None
    if before and before.word.lower() in _SHIFTING and not item.number:
        return before.key in {form(word) for word in meaning_words(text[: own.start])[-1:]}
    return not item.number or bool(_RATE.match(quote, item.end)) <= bool(_RATE.match(text, own.end))


def _may_begin(items: Sequence[_Item], quote: str) -> bool:
    """Tell whether a sentence may begin with the last of a quote's ``items``: as that does, or behind a pause.

    "A man posing as Elon Musk was arrested" is not "Elon Musk was arrested".
    """
    for before, item in itertools.pairwise([None, *items][::-1]):
        assert before is not None
        if item is None or _BEGINS.search(quote[item.end : before.start]):
            return True
        if not before.glued or item.word.endswith("ing"):
            return False
    return True


def _may_be_left_out(before: _Item, after: _Item, items: Sequence[_Item], between: str, start: int) -> bool:
    """Tell whether ``items``, and all that stands ``between`` two words of a quote from ``start``, may be left out."""
    if after.glued and ((before.name and after.name) or (after.number and before.word in MONTHS)):
        return all(each.name and each.glued for each in items)
    if not items or "|" in between:  # what ends a sentence may be left out before its speaker, too
        return True
    left_out = between[: items[-1].end - start]
    aside = _ASIDE.match(between)
    if (aside and aside.end() >= len(left_out)) or _NAMES_ONLY.fullmatch(left_out):
        return True
    if (
        after.glued
        and not (before.number or after.number or after.name)
        and all(each.glued and each.word.islower() for each in items)
    ):
        return items[-1].word.endswith("ly")
    another = bool(_ANOTHER.search(left_out))
    here = left_out[max((each.end() for each in _GOES_ON.finditer(between)), default=0) :]
    return not another and not _STOP.search(between) and not has_reserve(here)
