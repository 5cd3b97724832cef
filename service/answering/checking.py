"""Whether the quotes that a sentence names bear it out."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.words import meaning_words, stem
from service.answering.alignment import aligned
from service.answering.forms import TITLES, forms, one_way
from service.answering.quantities import quantities, vague_quantities
from service.answering.sense import turned
from service.answering.types import Claim, Quote

_MOST = 20
_FEWEST_WORDS = 2
_ABOUT_QUOTES = re.compile(
    r"\b(?:the|these|this|both|all) (?:quotes?|quotations?|excerpts?)\b|\bquote \d", re.IGNORECASE
)
_NO_SENTENCE = re.compile(r"[{}\[\]|\\]")
_SEVERAL = re.compile(r"[,;]\s+(?:and|but|while|whereas)\s+(?=[A-Z\d]|the |an? )")
_LEANING = re.compile(r"(?:he|she|it|they|this|that|these|those|his|her|hers|its|their|theirs|both)\b", re.IGNORECASE)
# Who is meant by these, the quote alone can tell; "he" may stand for its "I".
_SPEAKING = re.compile(r"\b(?:i|me|my|mine|we|us|our|ours|you|your|yours)\b", re.IGNORECASE)
_MAN = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_WOMAN = re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE)

_DOUBLE = re.compile(r"[“”„‟«»‹›「」『』〝〞❝❞＂″]|``|''|‘‘|’’")
_QUOTED = re.compile(r"\"([^\"]*)\"|(?<!\w)[‘'‚´`](?=\S)(.+?)(?<=\S)[’'‘´`](?!\w)")

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LINKING = frozenset(
    """according additionally afterwards also although altogether approximately around besides during earlier finally
    furthermore however later meanwhile moreover nevertheless overall roughly similarly since specifically subsequently
    though when while yes""".split()
)
# What may be added to a quote's words: who tells is there, or a name that has to be. Numbers are looked at apart.
_TELLING_OR_NUMBERS = frozenset(
    """add added describe described mention mentioned note noted report reported state stated total dollar euro
    pound percent bn tn million billion trillion thousand hundred dozen third half may might""".split()
)
_HARMLESS = frozenset(map(stem, _LINKING | _TELLING_OR_NUMBERS))


class Checked(NamedTuple):
    """The claims that are borne out, as they may be shown, and for each of the others why it may not."""

    kept: tuple[Claim, ...]
    dropped: tuple[str, ...]


def check(claims: Iterable[Claim], quotes: Sequence[Quote]) -> Checked:
    """Keep the claims, twenty at most, that a quote bears out; see ``_fault`` for what that takes.

    One quote has to do so alone, of those that the claim names: half from one and half from another can make what
    neither says. A claim of two sentences, ", and the …", may have one for each. One that begins with "he" or "this"
    is kept behind one that is kept and has a quote with it in common, or where its quote has that word.
    """
    kept: list[Claim] = []
    dropped: list[str] = []
    before: Claim | None = None
    for number, claim in enumerate(dict.fromkeys(claims)):
        cited = [quote for quote in quotes if quote.number in claim.numbers]
        if len(kept) == _MOST:
            dropped.append(f"comes after {_MOST} others")
            continue
        fault, borne = _borne_out(claim, cited)
        if not fault and _leans(borne, before if number else None, cited):
            fault = "leans on a sentence that is not there"
        before = None if fault else borne
        if fault:
            dropped.append(fault)
        elif borne.text not in [each.text for each in kept]:
            kept.append(borne)
    return Checked(tuple(kept), tuple(dropped))


def _borne_out(claim: Claim, cited: Sequence[Quote]) -> tuple[str | None, Claim]:
    """Give what is wrong with a claim, or None; and the claim with the quotes that bear it out, as it may be shown."""
    if not claim.numbers or len(cited) < len(claim.numbers):
        return ("names a quote that there is not" if claim.numbers else "names no quote"), claim
    if _ABOUT_QUOTES.search(claim.text):
        return "speaks of the quotes instead of what they say", claim
    text = _exactly_quoted(claim.text, cited)
    whole = _bearing(text, cited)
    several = _SEVERAL.split(text)
    parts = [] if whole or len(several) == 1 else [_bearing(part, cited) for part in several]
    bearing = whole or (all(parts) and [quote for part in parts for quote in part])
    if not bearing:
        return _fault(text, cited[0].text), claim
    for quote in whole:
        text = _exactly_quoted(text, [quote])
    return None, Claim(text, tuple(dict.fromkeys(quote.number for quote in bearing)))


def _bearing(text: str, cited: Sequence[Quote]) -> list[Quote]:
    """Give the quotes that bear a sentence out, each alone."""
    return [quote for quote in cited if not _fault(text, quote.text)]


def _leans(claim: Claim, before: Claim | None, cited: Sequence[Quote]) -> bool:
    """Tell whether a claim begins with a pronoun that stands for something in neither its quotes nor ``before``."""
    pronoun = _LEANING.match(claim.text)
    if not pronoun or (before and {*before.numbers} & {*claim.numbers}):
        return False
    word = re.compile(rf"\b{pronoun.group()}\b", re.IGNORECASE)
    return bool(before) or not any(word.search(quote.text) for quote in cited if quote.number in claim.numbers)


def _fault(text: str, quote: str) -> str | None:
    """Tell why a sentence must not be shown as what ``quote`` says; None where it bears it out.

    Its numbers with their units, its dates and its names have to stand in it, and all its other words, in some form
    and in the same order, but for such as "meanwhile" and "reported". What the quote denies, doubts, asks or only
    expects, it must not state, nor leave out who says it; see ``turned`` and ``aligned``.
    """
    if _NO_SENTENCE.search(text) and not _NO_SENTENCE.search(quote):
        return "is no sentence"
    text, words = one_way(text), one_way(quote)
    if quantities(text) - quantities(words) or vague_quantities(text) - vague_quantities(words):
        return "has a number that its quotes do not have"
    if _missing_names(text, words):
        return "has a name that its quotes do not have"
    own = forms(meaning_words(text))
    if len(own) < _FEWEST_WORDS or own - forms(_WORD.findall(words)) - _HARMLESS or _others(text, words):
        return "says what its quotes do not say"
    if fault := turned(text, own, words):
        return fault
    return None if aligned(text, words, free=_HARMLESS) else "puts its quotes' words together in another way"


def _others(text: str, quote: str) -> bool:
    """Tell whether a sentence has pronouns for others than its quote has."""
    if {each.lower() for each in _SPEAKING.findall(text)} - {each.lower() for each in _SPEAKING.findall(quote)}:
        return True
    pairs = ((_MAN, _WOMAN), (_WOMAN, _MAN))
    return any(one.search(text) and other.search(quote) and not one.search(quote) for one, other in pairs)


def _missing_names(text: str, words: str) -> list[str]:
    """List the words of ``text`` with a capital that are not so in ``words``.

    The first word has a capital anyway: it counts as a name unless it is a function word, an adverb, a number, or a
    form of any word in the quote.
    """
    theirs = [_bare(word) for word in _WORD.findall(words)]
    names = {word.casefold() for word in theirs if not word.islower()}
    names |= {word for word in theirs if word in TITLES}
    missing = []
    for number, match in enumerate(_WORD.finditer(text)):
        word = _bare(match.group())
        alone = word == "I" and not re.search(r"[A-Z]\w* $", text[: match.start()])
        if word.islower() or alone or word.casefold() in names:
            continue
        first = number == 0 and (
            not meaning_words(word)
            or word.lower() in _LINKING
            or bool(quantities(word))
            or stem(word) in {stem(each) for each in theirs}
        )
        if not first:
            missing.append(word)
    return missing


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _exactly_quoted(text: str, cited: Sequence[Quote]) -> str:
    """Take the quotation marks off words that do not stand so in a quote."""
    known = [_plain(quote.text) for quote in cited]
    paired: list[str] = []

    def shown(match: re.Match[str]) -> str:
        inner = next(each for each in match.groups() if each is not None)
        words = _plain(inner).rstrip(".,;").strip()
        exact = re.compile(rf"(?<!\w)(?i:{re.escape(words[:1])}){re.escape(words[1:])}(?!\w)")
        if not inner.strip() or not any(exact.search(each) for each in known):
            return inner
        paired.append(f"“{inner}”" if match[1] is not None else f"‘{inner}’")
        return f"\0{len(paired) - 1}\0"

    text = _QUOTED.sub(shown, _DOUBLE.sub('"', text)).replace('"', "")
    return re.sub("\0(\\d+)\0", lambda match: paired[int(match[1])], text)


def _plain(text: str) -> str:
    """Fold white space, and write every quotation mark and apostrophe alike."""
    return re.sub(r"[‘’´`]", "'", _DOUBLE.sub('"', " ".join(text.split())))
