"""Statements by the layout of a text: transcripts, interviews, and a name on the line of a quotation or above it.

Only lines, capitals and marks are looked at: ``DOYLE: We have to act now.``, ``“We are glad.” – Rosa Wexler``, and
``And from Rosa Wexler:`` above a quotation.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.attribution.quotations import quotations
from index.types import Span, Statement

_LABEL = r"[A-Z][A-Z.,'’ -]*[A-Z]|(?:[A-Z][\w.’'-]+ ){1,3}[A-Z][\w’'-]+|[QA]"
_NAME = r"[A-Z][\w.’'-]+(?: (?:[A-Z][\w.’'-]*|of|the|for|and|at|in|van|von|de))*"
_TURN = re.compile(
    rf"(?P<who>{_LABEL})(?: \([^()\n]{{1,40}}\))?(?P<cue>:|(?<=\b[QA])\.)[ \t]+(?P<what>(?=.*[a-z])\S.*)"
)
_ENDS = (".", "?", "!", "…", "”", '"', ")", "-", "–", "—")
_SIGNED = re.compile(rf"(?<=[”\"])\s*(?P<cue>[–—]|--?)\s*(?P<who>{_NAME})[ .]*(?=$|[,;(])", re.MULTILINE)
_ANNOUNCED = re.compile(r"^(?P<line>[^\n“”\"]{3,120})(?P<cue>:)\n+(?=[“\"])", re.MULTILINE)
_PERSON = re.compile(r"(?!(?:And|From|In|The)\b)[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]*)+")


class _Turn(NamedTuple):
    """A paragraph that begins with who speaks."""

    paragraph: int
    who: Span
    cue: Span
    what: Span


def layout_statements(text: str) -> list[Statement]:
    """Return the statements whose speaker is told by how the text is set, in order."""
    return sorted([*_spoken(text), *_signed(text), *_announced(text)], key=lambda each: each.cue)


def _spoken(text: str) -> Iterator[Statement]:
    """Yield the turns of a transcript or an interview: paragraphs with labels that stand next to each other."""
    paragraphs = [Span(*each.span()) for each in re.finditer(r"[^\n]+", text)]
    turns = [turn for at, each in enumerate(paragraphs) if (turn := _turn(text, at, each))]
    beside = {each.paragraph for pair in pairwise(turns) for each in pair if pair[1].paragraph - pair[0].paragraph == 1}
    if not beside:
        return
    answerer = _answerer(text, turns)
    for at, turn in enumerate(turns):
        last = turns[at + 1].paragraph if at + 1 < len(turns) else turn.paragraph + 1
        contents = (turn.what, *paragraphs[turn.paragraph + 1 : last])
        label = text[slice(*turn.who)]
        if label not in "QA":
            yield Statement(turn.who, turn.cue, contents)
        elif label == "A" and answerer:
            yield Statement(answerer, turn.cue, contents)


def _turn(text: str, paragraph: int, span: Span) -> _Turn | None:
    match = _TURN.fullmatch(text, *span)
    if not match or not match["what"].rstrip().endswith(_ENDS):
        return None
    return _Turn(paragraph, *(Span(*match.span(name)) for name in ("who", "cue", "what")))


def _answerer(text: str, turns: Sequence[_Turn]) -> Span | None:
    """Return the one person who is named above the first question; None where nobody is, or several are."""
    people = list(_PERSON.finditer(text, 0, turns[0].who.start))
    return Span(*people[0].span()) if len({each.group() for each in people}) == 1 else None


def _signed(text: str) -> Iterator[Statement]:
    quoted = {each.end: each for each in quotations(text)}
    for match in _SIGNED.finditer(text):
        if words := quoted.get(match.start()):
            yield Statement(Span(*match.span("who")), Span(*match.span("cue")), (words,))


def _announced(text: str) -> Iterator[Statement]:
    quoted = {each.start: each for each in quotations(text)}
    for match in _ANNOUNCED.finditer(text):
        person = _PERSON.search(text, *match.span("line"))
        if person and (words := quoted.get(match.end())):
            yield Statement(Span(*person.span()), Span(*match.span("cue")), (words,))
