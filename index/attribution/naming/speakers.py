"""From statements to attributions: who each source is, and who passed the words on.

A source is named as the article names it. "He" and "both outlets" are given the names last cited that fit, and marked
as resolved; where none fits they stay as they are. A statement inside another's content was passed on by that one's
speaker (``via``). So was what "a Kremlin source cited by Meduza" said, or Meduza "citing a Kremlin source".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.attribution.naming.names import Cited, another_named, antecedents, names_in, tidy_name
from index.attribution.naming.people import People
from index.attribution.naming.phrases import name_phrase
from index.attribution.naming.relays import untangled
from index.text.lexicon import DEED_STEMS, SAYING_STEMS
from index.types import Attribution, Span, Statement

_CITED_BY = re.compile(r"(?P<said>.{3,}?),? (?P<cue>(?:cited|quoted|interviewed) by) (?P<by>.{2,})", re.DOTALL)
_CITING = re.compile(r"(?P<by>.{2,}?),? (?:also )?(?P<cue>citing|quoting) (?P<said>.{3,}?)", re.DOTALL)
_DEED = re.compile(rf"\b(?:{'|'.join(DEED_STEMS)})(?:e|ed|es|d|s|ing)?\b", re.IGNORECASE)
_SAYS = re.compile(rf"\b(?:{'|'.join(SAYING_STEMS)})(?!-)(?:\w{{0,4}})\b|:|^[–—-]+$", re.IGNORECASE)
_WEIGHS = re.compile(r"\b(?:would|could|may|might|will|is looking|are looking)\b")
_RELATIVE = re.compile(r",? (?:who|whose|which|that)$")
_LEADS_IN = re.compile(r"(?:that|to|why|how|whether|if)\b")
_LEADS_OUT = re.compile(r"\b(?:that|to|why|how|whether|if)$")
_QUOTED = re.compile(r"[“\"‘«]")
# Two or three words in quotation marks are a term (“exit visas”) unless they end as a sentence does.
_QUOTES_MUCH = re.compile(r"[“\"‘«](?:(?:[^\s”\"’»]+\s+){3}|[^”\"’»]+ [^”\"’»]+[.,!?][”\"’»])")
_ACRONYM = re.compile(r"\w{1,3}|[^AEIOUY\W]+")
_NEARER = 20
_SAME = 0.8


class _Known(NamedTuple):
    """Whom the text names in full, and who was cited so far."""

    people: People
    cited: list[Cited]


class _Passed(NamedTuple):
    """A source that names two: who said it, who passed it on, and the words between them (``cue``)."""

    said: Span
    cue: Span
    by: Span


def attribute(text: str, statements: Sequence[Statement]) -> list[Attribution]:
    """Return an attribution for each speaker of each statement, in the order of their contents.

    What someone did or holds, and did not say ("have vowed sanctions", "would view it as"), is nobody's words.
    """
    statements = list(untangled(text, statements))
    known = _Known(People(text), [])
    found: list[tuple[Statement, list[Attribution]]] = []
    for statement in sorted(_once(statements), key=lambda each: each.source):
        if _is_deed(text, statement) or not _is_said(text, statement) or _is_inside(text, statement, statements):
            continue
        given = _given(text, statement, known)
        known.cited.extend(
            Cited.at_place(text, each.source, each.speaker) for each in given if not each.resolved and each.via is None
        )
        found.append((statement, given))
    given = sorted(_chained(found), key=lambda each: (each.contents[0], each.source))
    return [each for at, each in enumerate(given) if not any(_repeats(each, other) for other in given[:at])]


def _once(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the statements without words that belong to another whose cue is nearer, and that is not inside them."""
    for each in statements:
        contents = tuple(
            words for words in each.contents if not any(_is_nearer(words, each, one) for one in statements)
        )
        if contents:
            yield replace(each, contents=contents)


def _is_nearer(words: Span, statement: Statement, other: Statement) -> bool:
    if other is statement or words.holds(other.cue) or words.holds(other.source):
        return False
    shared = max(words.overlap(each) for each in other.contents)
    return 2 * shared > words.end - words.start and _gap(words, other.cue) < _gap(words, statement.cue) - _NEARER


def _gap(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _repeats(attribution: Attribution, other: Attribution) -> bool:
    """Whether both cite the same speaker with the same words, by two cues ("In a statement, Medix said")."""
    if (attribution.speaker, attribution.via) != (other.speaker, other.via):
        return False
    total = sum(each.end - each.start for each in attribution.contents)
    shared = sum(each.overlap(words) for each in attribution.contents for words in other.contents)
    return shared > _SAME * total


def _is_deed(text: str, statement: Statement) -> bool:
    cue, content = text[slice(*statement.cue)], text[slice(*statement.contents[0])]
    return bool(_DEED.search(cue)) and not (
        _LEADS_OUT.search(cue) or _LEADS_IN.match(content) or _QUOTED.match(content)
    )


def _is_said(text: str, statement: Statement) -> bool:
    cue = text[slice(*statement.cue)]
    if any(_QUOTES_MUCH.match(text[slice(*content)]) for content in statement.contents):
        return True
    return bool(_SAYS.search(cue)) and not _WEIGHS.search(cue)


def _is_inside(text: str, statement: Statement, others: Sequence[Statement]) -> bool:
    """Whether the cue is part of another statement's source, as in "a source cited by Meduza said"."""
    return any(
        each.source.start < statement.cue.start
        and statement.cue.end <= max(each.source.end, each.cue.start)
        and "\n" not in text[each.source.start : statement.cue.end]
        for each in others
        if each is not statement and each.source.start <= statement.source.end
    )


def _given(text: str, statement: Statement, known: _Known) -> list[Attribution]:
    """Return the statement's speakers: who said it and, where the source names both, who passed it on."""
    passed = _passed_on(text, statement)
    if passed is None:
        return list(_speakers(text, statement.source, statement, known))
    tellers = list(_speakers(text, passed.by, statement, known))
    via = _listed(tellers)
    first = [replace(each, via=via) for each in _speakers(text, passed.said, statement, known)]
    if passed.said < passed.by:
        tellers = [replace(each, cue=passed.cue) for each in tellers]
    else:
        first = [replace(each, cue=passed.cue) for each in first]
    return first + tellers


def _passed_on(text: str, statement: Statement) -> _Passed | None:
    start, end = statement.source
    # "Meduza, citing a source, reported": the aside stands between the source and the cue.
    aside = text[start : statement.cue.start].rstrip(", ") if end < statement.cue.start else text[start:end]
    for pattern, words in ((_CITED_BY, text[start:end]), (_CITING, text[start:end]), (_CITING, aside)):
        if match := pattern.fullmatch(words):
            return _Passed(
                *(Span(start + match.start(part), start + match.end(part)) for part in ("said", "cue", "by"))
            )
    return None


def _chained(found: Sequence[tuple[Statement, list[Attribution]]]) -> Iterator[Attribution]:
    """Yield the attributions; of one inside another's content, ``via`` is the speakers of the nearest such."""
    for statement, given in found:
        around = [
            (content.end - content.start, tellers)
            for other, tellers in found
            for content in other.contents
            if content.holds(statement.source) and content.holds(statement.cue)
            if not any(each.holds(other.cue) for each in statement.contents)
        ]
        tellers = min(around, key=lambda each: each[0])[1] if around else []
        via = _listed([each for each in tellers if each.via is None])
        for each in given:
            yield replace(each, via=each.via or via)


def _speakers(text: str, span: Span, statement: Statement, known: _Known) -> Iterator[Attribution]:
    """Yield everyone whom a source names or, as a pronoun or a role, refers to."""
    phrase = name_phrase(text, span, statement.cue)
    if phrase is None:
        return
    words = " ".join(text[slice(*phrase)].split())
    if names := _referred_to(text, words, phrase, known):
        for name in names:
            yield Attribution(name, phrase, statement.cue, statement.contents, resolved=True)
        return
    for name in names_in(words) or [words]:
        at = text.find(name, *phrase)
        where = Span(at, at + len(name)) if at >= 0 else phrase
        full = known.people.called(tidy_name(name))
        in_capitals = _is_label(text, statement) and not _ACRONYM.fullmatch(name)
        speaker = full or tidy_name(name.title() if in_capitals else name)
        if any(character.isalpha() for character in speaker):
            yield Attribution(
                speaker, where, statement.cue, statement.contents, resolved=not (full is None or full in name)
            )


def _is_label(text: str, statement: Statement) -> bool:
    """Whether the source is a name in capitals before what is said, as in transcripts: "DOYLE: I will."."""
    return text[slice(*statement.cue)] == ":" and text[slice(*statement.source)].isupper()


def _referred_to(text: str, words: str, span: Span, known: _Known) -> list[str]:
    """Return the names that "he", "the mayor" or "both outlets" refer to; none if unsure."""
    if words.lower() in ("he", "she"):
        paragraph = Span(text.rfind("\n", 0, span.start) + 1, span.start)
        named = known.people.named_in(paragraph)
        if len(named) == 1 and not another_named(text[slice(*paragraph)], named[0]):
            return named
    if name := known.people.in_role(words):
        return [name]
    return antecedents(words, span.start, known.cited, text)


def _listed(speakers: Sequence[Attribution]) -> str | None:
    return " and ".join(dict.fromkeys(each.speaker for each in speakers)) or None
