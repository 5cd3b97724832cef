"""Whether the quotes that a sentence names bear it out, as far as its words can tell."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.words import meaning_words, shared, stem
from service.answering.forms import forms, one_way
from service.answering.quantities import quantities, vague_quantities
from service.answering.roles import Roles
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

_DOUBLE = re.compile(r"[“”„‟«»‹›「」『』〝〞❝❞＂″]|``|''|‘‘|’’")
_QUOTED = re.compile(r"\"([^\"]*)\"|(?<!\w)[‘'‚´`](?=\S)(.+?)(?<=\S)[’'‘´`](?!\w)")

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# What news puts small behind a name, and others with a capital before it.
_TITLES = frozenset(
    """academy agency army assembly bank bishop board cabinet captain chancellor chief church city college colonel
    commission committee congress constitution council country court department director federal foreign general
    government governor high house institute judge king lord mayor minister ministry national navy office parliament
    party police president prime prince princess professor queen republic secretary senate senator sergeant state
    supreme treasury union university""".split()
)
_LINKING = frozenset(
    """according additionally afterwards also although altogether approximately around because besides consequently
    despite during earlier finally furthermore hence however instead later meanwhile moreover nearly nevertheless
    overall roughly similarly since specifically still subsequently therefore though thus when while yes yet""".split()
)
# What may be added to a quote's words: who tells is there, or a name that has to be. Numbers are looked at apart.
_HARMLESS = {
    *map(stem, _LINKING),
    *map(
        stem,
        """add added describe described mention mentioned note noted report reported state stated total dollar euro
        pound percent bn tn million billion trillion thousand hundred dozen third half may might""".split(),
    ),
}


class Checked(NamedTuple):
    """The claims that are borne out, as they may be shown, and for each of the others why it may not."""

    kept: tuple[Claim, ...]
    dropped: tuple[str, ...]


def check(claims: Iterable[Claim], quotes: Sequence[Quote], *, roles: Roles | None = None) -> Checked:
    """Keep the claims, twenty at most, that a quote bears out; see ``_fault`` for what that takes, and ``Roles``.

    One quote has to do so alone, of those that the claim names: half from one and half from another can make what
    neither says. A claim of two sentences, ", and the …", may have one for each. One that begins with "he" or "this" is
    kept behind one that is kept and has a quote with it in common.
    """
    kept: list[Claim] = []
    dropped: list[str] = []
    before: Claim | None = None
    for number, claim in enumerate(claims):
        cited = [quote for quote in quotes if quote.number in claim.numbers]
        text = _exactly_quoted(claim.text, cited)
        fault, bearing = _borne_out(Claim(text, claim.numbers), cited, roles)
        if not fault and number and _LEANING.match(text) and not (before and {*before.numbers} & {*bearing}):
            fault = "leans on a sentence that is not there"
        if not fault and len(kept) == _MOST:
            fault = f"comes after {_MOST} others"
        before = None if fault else Claim(text, bearing)
        if fault:
            dropped.append(fault)
        elif before and text not in [each.text for each in kept]:
            kept.append(before)
    return Checked(tuple(kept), tuple(dropped))


def _borne_out(claim: Claim, cited: Sequence[Quote], roles: Roles | None) -> tuple[str | None, tuple[int, ...]]:
    """Give what is wrong with a claim, or None and the quotes that bear it out."""
    if not claim.numbers or len(cited) < len(claim.numbers):
        return ("names a quote that there is not" if claim.numbers else "names no quote"), ()
    if _ABOUT_QUOTES.search(claim.text):
        return "speaks of the quotes instead of what they say", ()
    whole = _bearing(claim.text, cited, roles)
    parts = [] if whole else [_bearing(part, cited, roles) for part in _SEVERAL.split(claim.text)]
    bearing = whole or (all(parts) and [number for part in parts for number in part])
    if bearing:
        return None, tuple(dict.fromkeys(bearing))
    return _fault(claim.text, cited[0].text, roles), ()


def _bearing(text: str, cited: Sequence[Quote], roles: Roles | None) -> list[int]:
    """Give the quotes that bear a sentence out, each alone."""
    return [quote.number for quote in cited if not _fault(text, quote.text, roles)]


def _fault(text: str, quote: str, roles: Roles | None) -> str | None:
    """Tell why a sentence must not be shown as what ``quote`` says; None where it bears it out.

    Its numbers with their units, its dates and its names have to stand in it, and all its other words, in some form,
    but for such as "meanwhile" and "reported"; what the quote denies, doubts, asks or only expects, it must not state.
    """
    if _NO_SENTENCE.search(text) and not _NO_SENTENCE.search(quote):
        return "is no sentence"
    text, words = one_way(text), one_way(quote)
    if quantities(text) - quantities(words) or vague_quantities(text) - vague_quantities(words):
        return "has a number that its quotes do not have"
    if _missing_names(text, words):
        return "has a name that its quotes do not have"
    own, theirs = forms(meaning_words(text)), forms(_WORD.findall(words))
    if len(own) < _FEWEST_WORDS or any(not shared({word}, theirs) for word in own - _HARMLESS):
        return "says what its quotes do not say"
    fault = turned(text, own, words)
    if not fault and roles and roles.exchanged(text, words):
        fault = "has two names the other way round"
    return fault


def _missing_names(text: str, words: str) -> list[str]:
    """List the words of ``text`` with a capital that are not so in ``words``.

    The first word has a capital anyway: it counts as a name unless it is a function word, an adverb, a number, or a
    form of any word in the quote.
    """
    theirs = [_bare(word) for word in _WORD.findall(words)]
    names = {word.casefold() for word in theirs if not word.islower()}
    names |= {word for word in theirs if word in _TITLES}
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
        exact = re.compile(rf"(?<!\w){re.escape(_plain(inner).rstrip('.,;'))}(?!\w)")
        if not inner.strip() or not any(exact.search(each) for each in known):
            return inner
        paired.append(f"“{inner}”" if match[1] is not None else f"‘{inner}’")
        return f"\0{len(paired) - 1}\0"

    text = _QUOTED.sub(shown, _DOUBLE.sub('"', text)).replace('"', "")
    return re.sub("\0(\\d+)\0", lambda match: paired[int(match[1])], text)


def _plain(text: str) -> str:
    """Fold white space, and write every quotation mark and apostrophe alike."""
    return re.sub(r"[‘’´`]", "'", _DOUBLE.sub('"', " ".join(text.split())))
