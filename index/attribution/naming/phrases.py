"""The noun phrase that can speak, in what a tagger took for a source.

Taggers cut names ("inspector Paul" Ege) and take too much along ("Paul Ege recalled", "After Nora Vane"). What remains
here is a noun phrase; closed classes of English decide where it begins and ends.
"""

import re

from index.text.lexicon import BODIES, MONTHS, PEOPLE, PREPOSITIONS, SAYING_STEMS, TITLES_SHORT, WEEKDAYS
from index.text.words import is_function_word
from index.types import Span

_LINKING = frozenset(
    """also although and because but if hence however later meanwhile moreover nevertheless nor once or otherwise so
    still that then therefore though thus unless when whereas while whether yet earlier instead now""".split()
)
_VERB = re.compile(
    rf"(?:{'|'.join(SAYING_STEMS)})\w{{0,4}}|\w{{3,}}(?:ed|ly)|and|are|did|does|had|has|have|is|was|were|who|will|would"
)
_RELATIVE = frozenset("that which who whom whose".split())
_SUBJECTS = frozenset("he she it they we I".split())
_ALONE = frozenset("he she it they we i you one some many most both few several others all each these those".split())
_TIMES = frozenset({*MONTHS, *WEEKDAYS, "Today", "Yesterday", "Tomorrow"})
_WORD = re.compile(r"[^\s,;:()“”\"—–]+")
_AFTER_NAME = re.compile(r"(?: [A-Z]\.)*(?: (?:(?:van|von|de|der|den|bin|al|el|la|le|di|du) )?[A-Z][\w’'-]*)+")
_BEFORE_NAME = re.compile(rf"(?:(?:[A-Z][\w’'-]+|[A-Z]\.|(?:{'|'.join(TITLES_SHORT)})\.) )+$")
_ASIDE = re.compile(r"(?:,? (?:who|whom|whose|which)|, (?:\w+ed|\w+ing|on behalf|in an?|at an?))\b[^“\"]*$")
_PLACE = re.compile(r"(?<=[a-z]) (?:in|at|on|to|during) (?:an?|the|his|her|their)(?: [a-z]+){1,3}$")
_NAMED_BEFORE = re.compile(
    r"(?P<name>(?:[A-Z][\w’'-]+|[A-Z]\.)(?: (?:[A-Z][\w’'-]+|[A-Z]\.|van|von|de|of))* [A-Z][\w’'-]+), $"
)
_TITLE = re.compile(rf"(?:{'|'.join(TITLES_SHORT)})")
_INDEFINITE = re.compile(r"(?:an?|the) (?=[a-z])|(?:former|then) ")
_RELATIVE_CLAUSE = re.compile(r"(?P<head>[^.?!;:“”\"\n]*[^\s.?!;:“”\"\n,]),?\s+$")
_OPENING = {"”": "“", '"': '"', "’": "‘", ")": "("}
_REACH = 80
_START = re.compile(r"(?:^|[.?!:;\n“”\"]\s*)$")


def name_phrase(text: str, span: Span, cue: Span) -> Span | None:
    """Return the noun phrase in ``span`` that can be the speaker; None where there is none.

    ``cue`` is the words that say that something was said: they are no part of it.
    """
    span = _without(span, cue)
    if text[slice(*span)].strip(" ,").lower() in _RELATIVE:
        return _antecedent(text, span)
    span = _cut(text, _completed(text, _head(text, _whole(text, span, cue)), cue))
    words = [Span(*each.span()) for each in _WORD.finditer(text, *span)]
    while words and _leads_in(text, words):
        del words[0]
    words = _behind_verb(text, words)
    if words and text[slice(*words[0])].lower() in _SUBJECTS:
        words = words[:1]  # "he tearfully", "It left executives"
    if words and text[slice(*words[-1])] in _SUBJECTS:
        # "two years later he", "police said he": whoever speaks stands last.
        words = words[-1:]
    words = _to_name(text, words)
    while len(words) > 1 and _trails(text[slice(*words[-1])]):
        del words[-1]
    if not words or (len(words) == 1 and _cannot_speak(text, words[0])):
        return None
    if _is_no_phrase(text, words):
        return None
    end = words[-1].end
    closing = text[end : end + 1]
    closes = closing in ("”", '"', "’", ")") and end < span.end and _OPENING[closing] in text[words[0].start : end]
    return Span(words[0].start, end + closes)


def _whole(text: str, span: Span, cue: Span) -> Span:
    """Return ``span`` with the rest of words that it cuts: "[Trump’]s official", "[14]% of voters"."""
    start, end = span
    while start > (cue.end if cue.end <= span.start else 0) and _continues(text, start):
        start -= 1
    while end < (cue.start if cue.start >= span.end else len(text)) and _continues(text, end):
        end += 1
    return Span(start, end)


def _continues(text: str, at: int) -> bool:
    """Whether a word goes on from before ``at`` to behind it."""
    before, behind = text[at - 1 : at], text[at : at + 1]
    within = "’'-%"
    return (before.isalnum() and (behind.isalnum() or (behind in within and text[at + 1 : at + 2].isalnum()))) or (
        behind.isalnum() and before in tuple(within) and text[at - 2 : at - 1].isalnum()
    ) or (before.isdigit() and behind == "%")  # fmt: skip


def _behind_verb(text: str, words: list[Span]) -> list[Span]:
    """Return the words behind a verb that an article follows ("quotes | an observer"), or before one in "-ed"."""
    own = [text[slice(*each)] for each in words]
    if len(own) > 2 and own[0].islower() and own[1] in ("a", "an", "the") and not is_function_word(own[0]):
        return words[1:]
    if len(own) > 1 and own[0].istitle() and re.fullmatch(r"[a-z]{2,}ed", own[1]) and _is_at_start(text, words[0]):
        return words[:1]
    return words


def _is_at_start(text: str, word: Span) -> bool:
    return bool(_START.search(text[max(0, word.start - 3) : word.start]))


def _is_no_phrase(text: str, words: list[Span]) -> bool:
    """Whether the words are no noun phrase: a bare singular noun, an adverb, a number by itself, half a bracket."""
    first = text[slice(*words[0])]
    whole = text[words[0].start : words[-1].end]
    if len(words) == 1 and first.islower() and first not in _ALONE | BODIES | PEOPLE:
        return not first.endswith("s") or first.endswith("ss")
    if first[0].isdigit() and (len(words) == 1 or text[slice(*words[1])].lower() in PREPOSITIONS - {"of"}):
        return "%" not in first
    leads_in = first.endswith("ing") and text[slice(*words[min(1, len(words) - 1)])] in ("a", "an", "the")
    return leads_in or whole.count("(") != whole.count(")")


def _head(text: str, span: Span) -> Span:
    """Return the name in front of ``span`` where that only says who it is: "Ida Sow, | a former runner"."""
    named = _NAMED_BEFORE.search(text, max(0, span.start - _REACH), span.start)
    return Span(*named.span("name")) if named and _INDEFINITE.match(text, span.start) else span


def _cut(text: str, span: Span) -> Span:
    """Return ``span`` without a place and a clause behind the name, and without somebody addressed before it."""
    start, end = span
    if text[start:end][:1].isupper() and (place := _PLACE.search(text[start:end])):
        end = start + place.start()
    if aside := _ASIDE.search(text[start:end]):
        end = start + aside.start()
    # "In a letter to Leo Krag, Ida Sow wrote"
    before = text[max(0, start - _REACH) : start].split()[-1:]
    if before and before[0].lower() in PREPOSITIONS and (comma := text.find(", ", start, end)) >= 0:
        start = comma + 2
    return Span(start, end)


def _without(span: Span, cue: Span) -> Span:
    """Return ``span`` without the cue, where it stands at one of its ends."""
    if span.start < cue.start < span.end <= cue.end:
        return Span(span.start, cue.start)
    if cue.start <= span.start < cue.end < span.end:
        return Span(cue.end, span.end)
    return span


def _completed(text: str, span: Span, cue: Span) -> Span:
    """Return ``span`` with the rest of a name that was cut."""
    start, end = span
    first, last = _WORD.match(text, start), text[start:end].split()[-1:]
    if last and _TITLE.fullmatch(last[0]) and text.startswith(".", end):
        end += 1
    elif last and not text[end - 1].isalnum():
        last = []
    rest = _AFTER_NAME.match(text, end) if last and last[0][:1].isupper() else None
    if rest and not Span(*rest.span()).overlap(cue):
        end = rest.end()
    opens = first and first.group()[:1].isupper() and not is_function_word(first.group())
    if opens and (given := _BEFORE_NAME.search(text, max(0, start - _REACH), start)):
        start = given.start()
    return Span(start, end)


def _leads_in(text: str, words: list[Span]) -> bool:
    """Whether the first word stands in front of the noun phrase."""
    word = text[slice(*words[0])]
    if word in _TIMES or word.lower() in _LINKING | PREPOSITIONS | _RELATIVE:
        return len(words) > 1 or word.lower() not in ("one", "others")
    return word.replace(",", "").isdigit() and len(words) == 1


def _trails(word: str) -> bool:
    """Whether a word ends no noun phrase: "the company | again"."""
    return is_function_word(word) or word.lower() in _LINKING | PREPOSITIONS


def _cannot_speak(text: str, word: Span) -> bool:
    """Whether a word alone is nobody: "the", "did", or what belongs to a preposition ("condition of | anonymity")."""
    own = text[slice(*word)]
    if is_function_word(own) and own.lower() not in _ALONE:
        return True
    before = text[max(0, word.start - _REACH) : word.start].split()[-1:]
    return own.islower() and bool(before) and before[0].lower() in PREPOSITIONS - {"to"}


def _to_name(text: str, words: list[Span]) -> list[Span]:
    """Return the words up to where a verb or an object follows a name: "Laura Finch | told councillors"."""
    named = False
    for at, each in enumerate(words):
        word = text[slice(*each)]
        if at and "," in text[words[at - 1].end : each.start]:
            return words
        if word[:1].isupper() and not is_function_word(word):
            named = named or not (at == 0 and _is_at_start(text, each)) or _is_name(text, words[1:2])
        elif named and _VERB.fullmatch(word) and not (word == "and" and _is_name(text, words[at + 1 : at + 2])):
            return words[:at]
    return words


def _is_name(text: str, words: list[Span]) -> bool:
    return any(text[each.start].isupper() for each in words)


def _antecedent(text: str, span: Span) -> Span | None:
    """Return the noun phrase that a relative pronoun refers to: "Nora Vane", before ", who said"."""
    before = _RELATIVE_CLAUSE.search(text, max(0, span.start - _REACH), span.start)
    if not before:
        return None
    words = [Span(*each.span()) for each in _WORD.finditer(text, *before.span("head"))]
    at = len(words) - 1
    while at > 0 and text[slice(*words[at])][:1].isupper() and text[slice(*words[at - 1])][:1].isupper():
        at -= 1
    return Span(words[at].start, words[-1].end) if words and text[words[at].start].isupper() else None
