"""Whether a sentence is a quote's, from its beginning on: its words in the same order, and to each other the same."""

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache

from index.sentences import split_sentences
from index.words import NEGATION
from service.answering.asides import without_asides
from service.answering.forms import TITLES, form, is_past
from service.answering.items import Item, items_of
from service.answering.quantities import in_figures
from service.answering.sentence import SPOKEN, Sentence, clauses, is_day, is_weekday, speakers_kept, taken_apart

_Words = frozenset[str]
_NONE: _Words = frozenset()
# Small words that a quote may have besides.
_DROPPED = frozenset("also and but however later meanwhile so too very".split())
# Those that have been looked at with the number behind them.
_OF_NUMBERS = frozenset("and just least less many more most much nearly only over per some than up".split())
# Where a sentence must not end: before what its subject does, whose words it is, or what takes it back.
_DOES = re.compile(r"\s(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should)\b")
_WHOSE = re.compile(
    r"[,”\"]+\s(?:(?:the|an?|h(?:er|is)|its|their)\s|(?=[A-Z])|(?!as|has|is|its|was)(?=[a-z]+s\s))"
    r"(?:[\w’'.-]+\s){0,5}?(?P<said>[a-z]+)(?:\s(?:in|on|to)\s[^,]+|\s[A-Z]\w+)?[.\s]*"
)
_COMPLAIN = re.compile(r"[,”\"]+\s\w+s\s[a-z]+[.\s]*")
# What makes one word of two, or a comparison.
_THAN = re.compile(r"\s(?:than|or|in law)\b|-\w")
_BECAUSE = re.compile(r",?\s(?:just |only |simply )?(?:because|due|for|in order|until|unless)\b")
_SINCE = re.compile(r",?\s(?:after|along|among|behind|outside|since)\b")
_SUPERLATIVE = re.compile(r"\b(?:1st|first|last|only|most|least|record|\w{2,}est)\b")
_RATE = re.compile(
    r"\s?(?:\w+\s){0,2}?(?:a|an|per|each|every)\s(?:second|minute|hour|day|night|week|month|year|person)\b"
)
_NOUN = re.compile(r"(?!alone|early|late|today|together|tomorrow|tonight|yesterday)\w+(?<!ly|ed)(?<!ing)")


def aligned(text: str, quote: str, *, free: _Words = _NONE) -> bool:
    """Tell whether ``text`` is a sentence of ``quote``, or its beginning; the forms in ``free`` may be added.

    Its words that carry meaning, in some form, are that sentence's, one by one from the first on. Each comes behind the
    same preposition, "will", form of "be", owner and small words. Only asides may be missing, and a day; see
    ``without_asides``. When it was and who says so may stand elsewhere, and who says so must be there. Anything else
    that is left out may be what the words behind belong to: "jailed Ann and freed Bob" is not "jailed Bob".
    """
    own = list(taken_apart(in_figures(text).strip()))
    for span in split_sentences(quote):
        sentence = in_figures(quote[slice(*span)]).strip()
        if speakers_kept(text, sentence) and any(
            _says(one, other, free) for one, other in itertools.product(own, _readings(sentence))
        ):
            return True
    return False


@lru_cache(maxsize=256)
def _readings(sentence: str) -> list[Sentence]:
    """Take a quote's sentence apart in every way, with and without its asides."""
    return list(dict.fromkeys(each for text in without_asides(sentence) for each in taken_apart(text)))


def _says(own: Sentence, theirs: Sentence, free: _Words) -> bool:
    """Tell whether a sentence is another, or its beginning."""
    if bool(own.who) != bool(theirs.who) or not _is_speaker(_items(own.who), _items(theirs.who)):
        return False
    if not {each.key for each in _items(own.more)} <= {each.key for each in _items(theirs.more)}:
        return False
    if theirs.opens and own.core.rstrip(".").lower().endswith(f" {theirs.when.lower()}"):
        own = own._replace(core=own.core.rstrip(".")[: -len(theirs.when)].rstrip(" ,"), when=theirs.when)
    if not own.when:
        return (not theirs.when or is_day(theirs.when)) and _begins(own.core, theirs.core, free)
    return (
        bool(theirs.when)
        and _begins(own.when, theirs.when, free, whole=True)
        and _is_when(own.core, theirs, free)
        and _begins(own.core, theirs.core, free)
    )


def _is_when(core: str, theirs: Sentence, free: _Words) -> bool:
    """Tell whether what is said in ``core`` was when ``theirs`` was, wherever that stands.

    What opens a sentence is when the first thing in it was. Behind something it may be when that was: "wrote of the war
    in 1914".
    """
    if theirs.opens:
        first = _items(theirs.core, free)[: len(_items(core, free))]
        return bool(first) and clauses(theirs.core[: first[-1].end]) <= 1
    before = _items(theirs.before, free)
    done = clauses(theirs.before)
    behind = done == 1 and bool(before) and not before[-1].marker
    return len(_items(core, free)) >= len(before) and (behind or (is_weekday(theirs.when) and done <= 1))


def _begins(text: str, quote: str, free: _Words, *, whole: bool = False) -> bool:
    """Tell whether a text is how a quote begins, or the ``whole`` of it."""
    own, theirs = _items(text, free), _items(quote, free)
    if not own or len(own) > len(theirs) or (whole and len(own) < len(theirs)):
        return False
    if not all(_same(own, theirs, at, free) for at in range(len(own))):
        return False
    return whole or _may_end(text, theirs[len(own) - 1 :], quote)


@lru_cache(maxsize=512)
def _items(text: str, free: _Words = _NONE) -> list[Item]:
    return items_of(text, free)


def _same(own: Sequence[Item], theirs: Sequence[Item], at: int, free: _Words) -> bool:
    """Tell whether a word is to its sentence what that at the same place is to a quote."""
    one, other = own[at], theirs[at]
    if one.key != other.key or one.owner != other.owner:
        return False
    if (other.joined == "and" and not one.joined) or (one.joined == "and" and not other.joined):
        return False
    markers = {other.marker}
    if other.marker == "that" or (other.marker in {"which", "who"} and all(each.glued for each in theirs[1:at])):
        markers.add("")  # "Ann, who won" is "Ann won"; "the father of Ann, who won" is not "the father won"
    elif not other.marker:
        markers.add("that")
    if one.marker not in markers:
        return False
    small = _OF_NUMBERS if one.number else _NONE
    if other.small - one.small - _DROPPED - small or {form(each) for each in one.small - other.small - small} - free:
        return False
    if one.number or (one.name and at):
        return True
    going = one.word.endswith("ing") and other.word.endswith("ing")
    return one.modal == other.modal and (going or _as_much(one.being, other.being))


def _as_much(one: str, other: str) -> bool:
    return one == other or (bool(one) and bool(other) and "any" in {one, other})


def _is_speaker(own: Sequence[Item], theirs: Sequence[Item]) -> bool:
    """Tell whether speakers are the same, without the role before a name or what stands behind it, if need be."""
    for at in range(len(theirs) - len(own) + 1):
        run, behind = theirs[at : at + len(own)], theirs[at + len(own) :]
        role = not any(each.marker or each.joined or each.small for each in theirs[1 : at + 1])
        role = role and not any(each.owner for each in theirs[:at])
        cut = at and theirs[at - 1].name and theirs[at - 1].word.lower() not in TITLES
        ends = not behind or not behind[0].glued
        same = [(each.key, each.owner) for each in own] == [(each.key, each.owner) for each in run]
        if same and role and not cut and ends:
            return True
    return False


def _may_end(text: str, items: Sequence[Item], quote: str) -> bool:
    """Tell whether a sentence may end with the first of ``items``: not in a name, a compound or a comparison.

    Nor may it before what its subject does: "A law that bans cars in Rome was repealed" is not "A law bans cars in
    Rome".
    """
    last, tail = items[0], quote[items[0].end :]
    if items[1:] and items[1].glued:
        word = items[1].word
        if (last.name and items[1].name) or (last.joined == "and" and is_past(word)):
            return False
        if (last.word + word).islower() and _NOUN.fullmatch(word):
            return False
    if last.number and bool(_RATE.match(tail)) > bool(_RATE.search(text)):
        return False
    if _DOES.match(tail) or _THAN.match(tail) or (_SINCE.match(tail) and _SUPERLATIVE.search(text)):
        return False
    if SPOKEN.search(tail) or _COMPLAIN.fullmatch(tail):
        return False
    if (whose := _WHOSE.fullmatch(tail)) and is_past(whose["said"]):
        return False
    return not (NEGATION.search(text) and _BECAUSE.match(tail))
