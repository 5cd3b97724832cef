"""What may be left out of the middle of a sentence, and nothing else: the rest has to stay what it was."""

import re
from collections.abc import Sequence

from index.words import stem
from service.answering.forms import MONTHS, form
from service.answering.items import MARKERS, Item, joined_by
from service.answering.moved import TELLING
from service.answering.sense import has_reserve

_DETERMINER = r"(?:the|an?|h(?:er|is)|its|their)"
_PREPOSITIONS = (
    rf"(?:across|around|at|by|during|for|from|in|near|of|on|over|to(?=\s(?:{_DETERMINER}\s|[A-Z\d$€£]))|under|with)"
)
# "in the four days", "on Monday": what a preposition takes with it, and nothing behind that.
_PHRASE = re.compile(
    rf"\)?(?:\s[ap]m)?\s+{_PREPOSITIONS}(?:\s(?:{_DETERMINER}|nearly|almost|about|around))*"
    r"(?:\s[$€£]?\d[\d.,]*\d(?<!,)%?|(?:\s[$€£]?\d[\d.,]*%?)?(?:\s[A-Z][\w’'.-]*)+(?:\s\d+)*(?:,\s\d{4})?"
    rf"|(?P<words>(?:\s(?!(?:{_PREPOSITIONS}|and|but|or|{'|'.join(MARKERS)}|{TELLING})\b)[\w’'-]+){{1,4}}))"
)
_BEHIND = re.compile(r"[%\s]*(?:because of\s|(?!(?:as|of|than|like|between)\b)\w+\s){0,3}")
_SCORE = re.compile(r"\s\w+ to ")
# "… left Rome in May and", behind which the same who did the one did the other.
_AND = re.compile(
    r"\b(?:and|but)(?P<again>\s(?:it|they))?(?:\s(?:also|later|then))?"
    r"(?:\s(?:had|has|have|was|were)|(?P<modal>\s(?:can|could|may|might|must|should|will|would)))?\s+$"
)
_NO_VERBS = frozenset(
    "men women children people dead death deaths sale sales loss losses wife wives life lives".split()
)
_ASIDE = re.compile(r"[.\s]*(?:,(?:(?!, (?:and|but)\b)[^;])*,|\([^()]*\)|\[[^\[\]]*\]|[—–][^—–]*[—–])", re.DOTALL)
_LESS = re.compile(r"\b(?:except|excluding|apart from|other than|not (?:counting|including))\b")
_NAMES_ONLY = re.compile(r"(?:\s|,|\band\b|\bthe\b|(?-i:[A-Z])[\w’'.-]*)*", re.IGNORECASE)


def may_be_left_out(before: Item, after: Item, items: Sequence[Item], between: str, start: int) -> bool:
    """Tell whether ``items``, and all that stands ``between`` two words of a quote from ``start``, may be left out.

    That may be: an aside in commas, brackets or dashes; names in a row; an adverb, or one word before a noun; a phrase
    that a preposition begins; what one did before what one did next, up to "and"; and what ends a sentence, where its
    speaker follows. Anything else may be what the words behind belong to: "jailed Ann and freed Bob" is not "jailed
    Bob". ``before`` and ``after`` are the words of the shorter sentence.
    """
    if after.glued and ((before.name and after.name) or (after.number and before.word in MONTHS)):
        return all(each.name and each.glued for each in items)
    if not items or "|" in between:  # what ends a sentence may be left out before its speaker, too
        return True
    left_out = between[: items[-1].end - start]
    aside = _ASIDE.match(between)
    if (aside and aside.end() >= len(left_out)) or _NAMES_ONLY.fullmatch(left_out):
        return not _LESS.search(left_out) and not (after.number and between.rstrip().endswith(","))
    joined = _AND.search(between)
    if joined and after.word.islower() and not (joined["again"] and any(each.name for each in items)):
        return bool(joined["modal"]) or is_past(after.word)
    if has_reserve(left_out):
        return False
    if all(each.word.islower() and each.word.endswith("ly") for each in items):
        return True
    small = all(each.word.islower() for each in items) and not (after.number or after.name)
    if after.glued and small and items[-1].glued and not before.number:
        return False
    phrase = _PHRASE.fullmatch(left_out)
    if phrase and _BEHIND.fullmatch(between, len(left_out)):
        return not any(map(is_past, (phrase["words"] or "").split()))
    if small and len(items) == 1 and after.glued and not joined_by(left_out):
        return not is_past(after.word)
    return bool(before.number and after.number and _SCORE.fullmatch(between))


def is_past(word: str) -> bool:
    """Tell whether a word looks like what somebody did: "left"."""
    return word.endswith("ed") or (form(word) != stem(word) and word not in _NO_VERBS)
