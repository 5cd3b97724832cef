"""Whether a sentence is a quote's with words left out: its words in the same order, and to each other the same."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from index.sentences import split_sentences
from index.words import meaning_words
from service.answering.forms import form
from service.answering.items import Item, items_of
from service.answering.moved import SPOKEN, orders, speakers_kept
from service.answering.omission import is_past, may_be_left_out
from service.answering.quantities import in_figures

_MOST_REPEATED = 6
_BEGINS = re.compile(r"[,;:|—–“”\"]|\b(?:and|but|that|when|where|while)\b|" + SPOKEN.pattern, re.IGNORECASE)
# Words that make something else of the next one.
_SHIFTING = frozenset(
    """acting alleged almost apparently attempted deputy draft ex failed fake former future interim likely mock nearly
    onetime outgoing planned possible potential preliminary presumably presumed proclaimed proposed replica supposed
    suspended toy unofficial vice virtually""".split()
)
_ONCE = re.compile(r"\b(?:(?:once|then|formerly|previously)\s(?:an?|the)|so[- ]called|the then)\s$")
# Where a sentence must not end: before what its subject does, or since when it is the first.
_DOES = re.compile(r"\s(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should)\b")
_NOUN = re.compile(r"(?!alone|early|late|today|together|tomorrow|tonight|yesterday)\w+(?<!ly|ed)(?<!ing)")
_SINCE = re.compile(r",?\s(?:outside|since)\b")
_SUPERLATIVE = re.compile(r"\b(?:1st|first|last|only|most|least|record|\w{2,}est)\b")
_RATE = re.compile(
    r"\s?(?:\w+\s){0,2}?(?:a|an|per|each|every)\s(?:second|minute|hour|day|night|week|month|year|person)\b"
)


def aligned(text: str, quote: str, *, free: frozenset[str] = frozenset()) -> bool:
    """Tell whether ``text`` is a sentence of ``quote`` with words left out; the forms in ``free`` may be added.

    Its words that carry meaning, in some form, stand there in the same order. Each comes behind the same preposition,
    "will", form of "be" or owner. The words of a name stand side by side. It begins and ends where a sentence may;
    ``may_be_left_out`` tells what may be missing in between, and ``orders`` what may be moved. Who says it is not left
    out. A quote that says one word more than six times in a sentence is no source for any.
    """
    own = _readings(in_figures(text).strip(), free)
    for span in split_sentences(quote):
        sentence = in_figures(quote[slice(*span)]).strip()
        if not speakers_kept(text, sentence):
            continue
        theirs = _readings(sentence, free)
        if max(Counter(item.key for item in theirs[0][1]).values(), default=0) > _MOST_REPEATED:
            continue
        if any(_path(one, other) for one, other in itertools.product(own, theirs)):
            return True
    return False


@lru_cache(maxsize=256)
def _readings(sentence: str, free: frozenset[str]) -> list[tuple[str, list[Item]]]:
    """Give the orders of a sentence, each with its items."""
    return [(each, items_of(each, free)) for each in orders(sentence)]


def _path(one: tuple[str, list[Item]], other: tuple[str, list[Item]]) -> bool:
    """Tell whether the items of a text can be found among those of a quote, one behind the other."""
    (text, own), (quote, theirs) = one, other
    left = iter(theirs)
    if not own or not all(any(item.key == each.key for each in left) for item in own):
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
                and may_be_left_out(
                    before, each, theirs[last + 1 : at], quote[theirs[last].end : item.start], theirs[last].end
                )
                for last in reached
                if last < at
            )
        }
    return any(_may_end(text, theirs[at : at + 2], quote) for at in reached)


def _may_end(text: str, items: Sequence[Item], quote: str) -> bool:
    """Tell whether a sentence may end with the first of ``items``: not before what its subject does, or in a compound.

    "A law that bans cars in Rome was repealed" is not "A law bans cars in Rome", and "tank parts" are no tanks.
    """
    last = items[0]
    if items[1:] and items[1].glued:
        word = items[1].word
        if (last.joined == "and" and is_past(word)) or ((last.word + word).islower() and _NOUN.fullmatch(word)):
            return False
    return not _DOES.match(quote, last.end) and not (_SINCE.match(quote, last.end) and _SUPERLATIVE.search(text))


def _same(own: Item, theirs: Sequence[Item], last: int, at: int) -> bool:
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
        if item.joined == "and" and not own.joined:
            return False
        markers |= {""} if markers & {"that", "which", "who"} else {"that"} if "" in markers else set()
    if own.marker not in markers:
        return False
    if own.name or own.number:
        return True
    going = item.word.endswith("ing") and own.word.endswith("ing")
    return own.modal in {each.modal for each in ends} and (
        going or any(_as_much(own.being, each.being) for each in ends)
    )


def _as_much(one: str, other: str) -> bool:
    return one == other or (bool(one) and bool(other) and "any" in {one, other})


def _fits(text: str, own: Item, quote: str, theirs: Sequence[Item], at: int) -> bool:
    """Tell whether a word has what makes something else of it: "former" before it, "a day" behind a number."""
    item = theirs[at]
    if bool(_ONCE.search(quote[: item.start])) > bool(_ONCE.search(text[: own.start])):
        return False
    before = theirs[at - 1] if at and item.glued else None
    second = before and before.key.endswith("th") and item.word.endswith("est")
    if before and (second or before.word.lower() in _SHIFTING) and not item.number:
        return any(before.word == each or before.key == form(each) for each in meaning_words(text[: own.start])[-1:])
    return not item.number or bool(_RATE.match(quote, item.end)) <= bool(_RATE.match(text, own.end))


def _may_begin(items: Sequence[Item], quote: str) -> bool:
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
