"""What a language model wrote, sentence by sentence, and whether the quotes that it names bear each out."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from text_to_num import alpha2digit

from index.sentences import split_sentences
from index.words import NEGATION, meaning_words, stem, stems
from service.answering.types import Claim, Quote

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_MARK = re.compile(r"\s*[\[【(](?:quotes?\s*)?(\d{1,3}(?:\s*(?:,|;|and)\s*\d{1,3})*)[\]】)]", re.IGNORECASE)
_MARKDOWN = re.compile(r"^\s*(?:[-*•>]+|#+|\d{1,2}[.)])\s+|\*\*|__|`", re.MULTILINE)
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]*)[”\"»“]")
_NUMBER = re.compile(r"\d[\d,\u00a0\u202f]*(?:\.\d+)?")
_SCALED = re.compile(r"(\d+(?:\.\d+)?) (1000(?:000){0,3})\b")
_ONE = re.compile(r"(?<!ty )\bone\b(?! (?:hundred|thousand|million|billion))", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CLAUSE = re.compile(r"[,;:—–]|\b(?:but|although|though|while|whereas|because)\b", re.IGNORECASE)
_ABOUT_QUOTES = re.compile(r"\b(?:quotes?|quotations?|passages?|excerpts?)\b", re.IGNORECASE)
_SUPPORTED = 0.6
_SAME_MATTER = 0.6


class Checked(NamedTuple):
    """The claims that are borne out, as they may be shown, and for each of the others why it may not."""

    kept: tuple[Claim, ...]
    dropped: tuple[str, ...]


def claims_in(written: str) -> list[Claim]:
    """Split what a model wrote into sentences; a sentence that names no quote has no numbers.

    It is JSON, ``{"sentences": [{"text": …, "quotes": [1]}]}``, or else text with marks: "The men left [1]."

    A mark behind a sentence's end, "… left. [1]", is that sentence's. Left out are the thoughts of a model that thinks
    aloud, and the signs of Markdown.
    """
    thought_out = _THOUGHT.sub("", written)
    claims = []
    for line, given in _lines(thought_out):
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
    return claims


def _lines(written: str) -> Iterator[tuple[str, list[int]]]:
    """Give the lines, with the numbers of the quotes that JSON names for them."""
    try:
        sentences = [
            (str(each["text"]), [int(number) for number in each["quotes"]])
            for each in json.loads(written[written.find("{") : written.rfind("}") + 1])["sentences"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        sentences = [(written, [])]
    for text, numbers in sentences:
        for line in html.unescape(_MARKDOWN.sub("", text)).splitlines():
            yield line, numbers


def _without_marks(line: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """Take the marks out of a line; give it, and where each stood with the numbers in it."""
    bare, marks, at = "", [], 0
    for match in _MARK.finditer(line):
        bare += line[at : match.start()]
        marks.append((len(bare), [int(number) for number in re.findall(r"\d+", match[1])]))
        at = match.end()
    return bare + line[at:], marks


def check(claims: Iterable[Claim], quotes: Sequence[Quote], question: str) -> Checked:
    """Keep the claims whose quotes bear them out; see ``_fault`` for what that takes."""
    kept: list[Claim] = []
    dropped: list[str] = []
    for claim in claims:
        cited = [quote for quote in quotes if quote.number in claim.numbers]
        text = _exactly_quoted(claim.text, cited)
        fault = _fault(Claim(text, claim.numbers), cited, question)
        if fault:
            dropped.append(fault)
        elif text not in [each.text for each in kept]:
            kept.append(Claim(text, claim.numbers))
    return Checked(tuple(kept), tuple(dropped))


def _fault(claim: Claim, cited: Sequence[Quote], question: str) -> str | None:
    """Tell why a claim must not be shown; None where its quotes bear it out.

    It has to name quotes, and only such as there are. Its numbers, dates, names and quoted words have to stand in them,
    six in ten of its other words in them or in the question; and it may neither bring in a "not" nor leave one out.
    """
    if not claim.numbers or len(cited) < len(claim.numbers):
        return "names no quote" if not claim.numbers else "names a quote that there is not"
    if _ABOUT_QUOTES.search(claim.text):
        return "speaks of the quotes instead of what they say"
    words = " ".join(quote.text for quote in cited)
    if missing := sorted(numbers_in(claim.text) - numbers_in(words)):
        return f"has the number {missing[0]:f}, which its quotes do not have"
    if missing_name := next(iter(_names(claim.text, words)), None):
        return f"has the name {missing_name}, which its quotes do not have"
    own, theirs = {stem(word) for word in meaning_words(claim.text)}, stems(words)
    if len(own & (theirs | stems(question))) < _SUPPORTED * len(own) or not own & theirs:
        return "says what its quotes do not say"
    if bool(NEGATION.search(claim.text)) != _negated(own, words):
        return "turns what its quotes say into the opposite"
    return None


def numbers_in(text: str) -> set[Decimal]:
    """Give the numbers in a text, however they are written: 261,000, "forty million", "1.5 million", 28th."""
    figures = alpha2digit(_ONE.sub("a", text.replace("-", " ")), "en", threshold=0)
    figures = _SCALED.sub(lambda match: f"{Decimal(match[1]) * Decimal(match[2]):f}", figures)
    found = set()
    for match in _NUMBER.finditer(figures):
        digits = re.sub(r"[,\u00a0\u202f]", "", match.group())
        try:
            found.add(Decimal(digits).normalize())
        except InvalidOperation:
            continue
    return found


def _names(text: str, words: str) -> list[str]:
    """List the words of ``text`` with a capital that ``words`` do not have; "Sept." and "September" are one.

    The first word has a capital anyway: it counts as a name unless it is a function word, or no more than a form of a
    word in the quotes.
    """
    theirs = {word.casefold() for word in _WORD.findall(words)} | {stem(word) for word in _WORD.findall(words)}
    missing = []
    for number, match in enumerate(_WORD.finditer(text)):
        word = re.sub(r"['’]s?$", "", match.group())
        if word.islower() or (number == 0 and not meaning_words(word)) or word == "I":
            continue
        if word.casefold() not in theirs and stem(word) not in theirs:
            missing.append(word)
    return missing


def _exactly_quoted(text: str, cited: Sequence[Quote]) -> str:
    """Take the quotation marks off words that do not stand so in a quote."""
    known = [_plain(quote.text) for quote in cited]

    def shown(match: re.Match[str]) -> str:
        inner = _plain(match[1]).rstrip(".,;")
        return match.group() if inner and any(inner in each for each in known) else match[1]

    return _QUOTED.sub(shown, text)


def _plain(text: str) -> str:
    """Fold white space, and write every quotation mark and apostrophe alike."""
    return re.sub(r"[“”„«»\"]", '"', re.sub(r"[‘’]", "'", " ".join(text.split())))


def _negated(own: set[str], words: str) -> bool:
    """Tell whether the clause of the quotes that says most of what a claim says has a "not" in it."""
    clauses = [clause for clause in _CLAUSE.split(words) if clause.strip()]
    best = max(clauses, key=lambda clause: len(own & stems(clause)), default="")
    if len(own & stems(best)) >= _SAME_MATTER * len(own):
        return NEGATION.search(best) is not None
    return NEGATION.search(words) is not None and NEGATION.search(best) is not None
