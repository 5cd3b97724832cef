"""What a language model wrote, sentence by sentence, and whether the quotes that it names bear each out."""

import html
import itertools
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from index.sentences import split_sentences
from index.words import NEGATION, meaning_words, stem, stems
from service.answering.quantities import quantities, vague_quantities
from service.answering.types import Claim, Quote

_LONGEST = 8_000
_MOST_CLAIMS = 20
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_MARK = re.compile(
    r"[ \t]?(?:[\[【]\^?(?:quotes?\s)?(\d{1,3}(?:\s?(?:,|;|and|&|-|–)\s?\d{1,3}){0,9})[\]】]"
    r"|\((?:quotes?\s(\d{1,3}))\))",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"^[ \t]{0,8}(?:[-*•>]{1,3}|#{1,6}|\d{1,2}[.)])[ \t]+|\*\*|__|`", re.MULTILINE)
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]*)[”\"»“]|(?<!\w)[‘']([^‘’']{3,})[’'](?!\w)")
_UNPAIRED = re.compile(r"[“”\"«»„]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
_CLAUSE = re.compile(r"[,;:—–]|\b(?:and|but|although|though|while|whereas|because)\b", re.IGNORECASE)
_ABOUT_QUOTES = re.compile(
    r"\b(?:the|these|this|both|all) (?:quotes?|quotations?|excerpts?)\b|\bquote \d", re.IGNORECASE
)
_ADVERBS = frozenset(
    """according additionally afterwards also although altogether because before besides despite during earlier
    finally however instead later meanwhile moreover nevertheless overall since still therefore though thus when while
    yet""".split()
)
# Units are looked at with their numbers.
_WITHOUT_SENSE = frozenset(map(stem, [*_ADVERBS, "dollar", "euro", "pound", "percent"]))
_MONTHS_AND_DAYS = frozenset(
    stem(name)
    for name in """january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday""".split()
)
# What makes of a statement something less, or its contrary: where a quote has it, a claim must have it too.
_HEDGES = re.compile(
    r"\b(alleg|accus|appear|could|den(?:y|ie)|doubt|expect|fail|if|likely|may|might|plan|possibl|propos|refus|reject"
    r"|reportedly|rumou?r|seem|stop|suspect|threat|unless|unlikely|would)\w*",
    re.IGNORECASE,
)
_CONTRARIES = [
    frozenset(stem(word) for word in side.split())
    for side in (
        "rise rose risen increase grow grew climb jump gain up higher more",
        "fall fell fallen decrease decline shrink shrank drop lose lost down lower fewer less",
    )
]
_SUPPORTED = 0.8
_FEWEST_WORDS = 2
_SAME_MATTER = 0.6


class Checked(NamedTuple):
    """The claims that are borne out, as they may be shown, and for each of the others why it may not."""

    kept: tuple[Claim, ...]
    dropped: tuple[str, ...]


def claims_in(written: str) -> list[Claim]:
    """Split what a model wrote into sentences, twenty at most; a sentence that names no quote has no numbers.

    It is JSON, ``{"sentences": [{"text": …, "quotes": [1]}]}``, or else text with marks: "The men left [1]."
    A mark behind a sentence's end, "… left. [1]", is that sentence's. Left out are the thoughts of a model that thinks
    aloud, the signs of Markdown, and characters that show nothing or steer what shows them.
    """
    claims = []
    for line, given in _lines(_THOUGHT.sub("", _shown(written))[:_LONGEST]):
        bare, marks = _without_marks(line)
        sentences = [span for span in split_sentences(bare) if any(each.isalnum() for each in bare[slice(*span)])]
        named = [list(given) for _ in sentences]
        for at, numbers in marks:
            of = [number for number, span in enumerate(sentences) if span.start < at]
            if of:
                named[of[-1]] += numbers
        claims += [
            Claim(" ".join(bare[slice(*span)].split()), tuple(dict.fromkeys(numbers)))
            for span, numbers in zip(sentences, named, strict=True)
        ]
    return claims[:_MOST_CLAIMS]


def _shown(text: str) -> str:
    """Take out control characters, surrogates and marks that change a text's direction; line breaks stay."""
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each)[0] != "C")


def _lines(written: str) -> Iterator[tuple[str, list[int]]]:
    """Give the lines, with the numbers of the quotes that JSON names for them."""
    try:
        sentences = [
            (_shown(str(each["text"])), [int(number) for number in each["quotes"]])
            for each in json.loads(written[written.find("{") : written.rfind("}") + 1])["sentences"]
        ]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        sentences = [(written, [])]
    for text, numbers in sentences:
        for line in html.unescape(_MARKDOWN.sub("", text)).splitlines():
            yield line, numbers


def _without_marks(line: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """Take the marks out of a line; give it, and where each stood with the numbers in it."""
    bare, marks, at = "", [], 0
    for match in _MARK.finditer(line):
        bare += line[at : match.start()]
        marks.append((len(bare), _numbers(match[1] or match[2])))
        at = match.end()
    return bare + line[at:], marks


def _numbers(mark: str) -> list[int]:
    """Give the numbers of a mark: "1, 3", "1-3"."""
    ends = [int(number) for number in re.findall(r"\d+", mark)]
    return list(range(ends[0], ends[-1] + 1)) if re.fullmatch(r"\d+\s?[-–]\s?\d+", mark) else ends


def check(claims: Iterable[Claim], quotes: Sequence[Quote]) -> Checked:
    """Keep the claims whose quotes bear them out; see ``_fault`` for what that takes."""
    kept: list[Claim] = []
    dropped: list[str] = []
    for claim in claims:
        cited = [quote for quote in quotes if quote.number in claim.numbers]
        text = _exactly_quoted(claim.text, cited)
        fault = _fault(Claim(text, claim.numbers), cited)
        if fault:
            dropped.append(fault)
        elif text not in [each.text for each in kept]:
            kept.append(Claim(text, claim.numbers))
    return Checked(tuple(kept), tuple(dropped))


def _fault(claim: Claim, cited: Sequence[Quote]) -> str | None:
    """Tell why a claim must not be shown; None where its quotes bear it out, as far as words can tell.

    It has to name quotes, and only such as there are. Its numbers with their units, its dates and its names have to
    stand in them, and eight in ten of its other words; what they deny, doubt or only expect, it must not state. That
    someone did to another what the other did to them is not noticed.
    """
    if not claim.numbers or len(cited) < len(claim.numbers):
        return "names a quote that there is not" if claim.numbers else "names no quote"
    if _ABOUT_QUOTES.search(claim.text):
        return "speaks of the quotes instead of what they say"
    words = " ".join(quote.text for quote in cited)
    if quantities(claim.text) - quantities(words) or vague_quantities(claim.text) - vague_quantities(words):
        return "has a number that its quotes do not have"
    if _missing_names(claim.text, words):
        return "has a name that its quotes do not have"
    said = (word for word in meaning_words(claim.text) if not quantities(word))
    own, theirs = {stem(word) for word in said} - _WITHOUT_SENSE, stems(words)
    if len(own) < _FEWEST_WORDS or len(own & theirs) < _SUPPORTED * len(own):
        return "says what its quotes do not say"
    return _turned(claim.text, own, words)


def _turned(text: str, own: set[str], words: str) -> str | None:
    """Tell whether a claim says the contrary of the clause that it is taken from, or more than that."""
    clauses = [clause for clause in _CLAUSE.split(words) if clause.strip()]
    best = max(clauses, key=lambda clause: len(own & stems(clause)), default="")
    alone = len(own & stems(best)) >= _SAME_MATTER * len(own)
    whole = best if alone else " ".join(clause for clause in clauses if own & stems(clause))
    if bool(NEGATION.search(text)) != bool(NEGATION.search(whole)):
        return "turns what its quotes say into the opposite"
    said, stated = ({match[1].lower() for match in _HEDGES.finditer(each)} for each in (whole, text))
    if said - stated:
        return "states what its quotes only suppose, or deny"
    for one, other in itertools.permutations(_CONTRARIES):
        if own & one and stems(whole) & other and not stems(whole) & one:
            return "turns what its quotes say into the opposite"
    return None


def _missing_names(text: str, words: str) -> list[str]:
    """List the words of ``text`` with a capital that are not so in ``words``; "Sept." and "September" are one.

    The first word has a capital anyway: it counts as a name unless it is a function word, an adverb, a number, or a
    form of any word in the quotes.
    """
    text, words = (_INITIALS.sub(lambda match: match.group().replace(".", ""), each) for each in (text, words))
    theirs = [_bare(word) for word in _WORD.findall(words)]
    names = {word.casefold() for word in theirs if not word.islower()}
    dates = {stem(word) for word in theirs if not word.islower()} & _MONTHS_AND_DAYS
    missing = []
    for number, match in enumerate(_WORD.finditer(text)):
        word = _bare(match.group())
        if word.islower() or word == "I" or word.casefold() in names or stem(word) in dates:
            continue
        first = number == 0 and (
            not meaning_words(word)
            or word.lower() in _ADVERBS
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
        inner = match[1] if match[1] is not None else match[2]
        exact = re.compile(rf"(?<!\w){re.escape(_plain(inner).rstrip('.,;'))}(?!\w)")
        if not inner.strip() or not any(exact.search(each) for each in known):
            return inner
        paired.append(match.group())
        return f"\0{len(paired) - 1}\0"

    text = _UNPAIRED.sub("", _QUOTED.sub(shown, text))
    return re.sub("\0(\\d+)\0", lambda match: paired[int(match[1])], text)


def _plain(text: str) -> str:
    """Fold white space, and write every quotation mark and apostrophe alike."""
    return re.sub(r"[“”„«»\"]", '"', re.sub(r"[‘’]", "'", " ".join(text.split())))
