"""The pieces of a draft that are to be checked, and whom the draft names for each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from index.annotator import Annotator
from index.text.lexicon import PRONOUNS
from index.text.words import is_function_word
from index.types import Article, Attribution, Span
from service.answering.quoting.speakers import attributions_of
from service.answering.verification.figures import figures_in
from service.answering.verification.quoted import Quoted, quoted_in, with_plain_marks
from service.answering.verification.verify import LONGEST_QUOTATION

Kind = Literal["quotation", "statement"]

_FEW_WORDS = 2
_LONGEST_TITLE = 8
_LONGEST_FIGURE = 30
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
# "DOYLE:", "Rui Tavares (laughs):"
_TURN = re.compile(r"[A-Z][^\n:“”]{0,60}:[ \t]+")
_EDGE = " \t\n,;:—–-.…"
_A_TERM = "A word or two that nobody is named for: a term, most likely."
_A_TITLE = "The words begin with capitals and nobody is named for them: a title, most likely."
_TOO_LONG = f"It is longer than {LONGEST_QUOTATION:,} characters: check it in parts."
_NOT_CLOSED = "Its closing quotation mark is missing."


@dataclass(frozen=True)
class Piece:
    """A piece of a draft: its words (``span``), and with its marks (``whole``).

    ``speaker`` is whom the draft names for it, at ``source``; None where nobody is. ``unchecked`` says why it is not to
    be checked.
    """

    span: Span
    whole: Span
    kind: Kind
    speaker: str | None = None
    source: Span | None = None
    unchecked: str = ""
    warnings: tuple[str, ...] = ()


def pieces_of(draft: Article, sentences: Sequence[Span], annotator: Annotator) -> list[Piece]:
    """Return what is quoted in a draft, and what it reports with a number or a date, in order."""
    quoted = quoted_in(draft.text)
    # Of the same length: every span found in it is one of the draft's.
    plain = replace(draft, text=with_plain_marks(draft.text, quoted))
    attributions = annotator.attributions(plain.text, sentences) if sentences else ()
    quoted = sorted(
        [*quoted, *_turns(plain.text, quoted, attributions)], key=lambda each: (each.whole.start, -each.whole.end)
    )
    quotations = list(_quotations(plain, quoted, attributions))
    statements = _statements(plain, attributions, [each.whole for each in quotations])
    return sorted([*quotations, *statements], key=lambda each: (each.whole.start, -each.whole.end))


def _turns(text: str, quoted: Sequence[Quoted], attributions: Sequence[Attribution]) -> Iterator[Quoted]:
    """Yield what is said in an interview or a transcript: the paragraphs behind a name, which need no marks."""
    for each in attributions:
        for words in each.contents:
            in_marks = any(2 * one.whole.overlap(words) > words.end - words.start for one in quoted)
            label = text[text.rfind("\n", 0, words.start) + 1 : words.start]
            if not in_marks and (_TURN.fullmatch(label) or (not label and text[slice(*each.cue)] == ":")):
                yield Quoted(words, words)


def _quotations(plain: Article, quoted: Sequence[Quoted], attributions: Sequence[Attribution]) -> Iterator[Piece]:
    speakers = [_speaker(plain, each, quoted, attributions) for each in quoted]
    for at in range(len(quoted) - 1):
        if quoted[at].continues:
            speakers[at + 1] = speakers[at + 1] or speakers[at]
    for at in reversed(range(len(quoted) - 1)):
        if quoted[at].continues:
            speakers[at] = speakers[at] or speakers[at + 1]
    for each, speaker in zip(quoted, speakers, strict=True):
        words = plain.text[slice(*each.words)]
        if any(map(str.isalnum, words)):
            open_ended = not each.closed and not each.continues and plain.text[each.whole.start] not in ">“ "
            yield Piece(
                each.words,
                each.whole,
                "quotation",
                speaker.speaker if speaker else None,
                speaker.source if speaker else None,
                unchecked=_TOO_LONG if len(words) > LONGEST_QUOTATION else "" if speaker else _term(words),
                warnings=(_NOT_CLOSED,) if open_ended else (),
            )


def _speaker(
    plain: Article, quoted: Quoted, all_quoted: Sequence[Quoted], attributions: Sequence[Attribution]
) -> Attribution | None:
    """Return the attribution that names somebody for a quotation; for one within another, somebody in that other."""
    around = [each for each in all_quoted if each is not quoted and each.whole.holds(quoted.whole)]
    outer = max(around, key=lambda each: each.whole.start, default=None)
    cited = attributions_of(plain, quoted.words, (quoted.words,), among=attributions)
    for each in cited:
        if outer is None or (outer.words.holds(each.source) and not outer.depth > quoted.depth):
            return each if each.speaker.lower() not in PRONOUNS else None
    return None


def _term(words: str) -> str:
    """Return why words that nobody is named for are most likely nobody's; "" where they may well be."""
    found = _WORD.findall(words)
    if len(found) <= _FEW_WORDS:
        return _A_TERM
    named = [word for word in found if not is_function_word(word)]
    is_title = len(found) <= _LONGEST_TITLE and all(word[:1].isupper() or word[:1].isdigit() for word in named)
    return _A_TITLE if is_title and named and not words.rstrip(",").endswith((".", "…")) else ""


def _statements(plain: Article, attributions: Sequence[Attribution], quoted: Sequence[Span]) -> list[Piece]:
    """Return what is reported with a figure and without marks; of two that overlap the shorter."""
    found: list[Piece] = []
    for each in attributions:
        for content in each.contents:
            for span in map(partial(_with_whole_figure, plain.text), _unquoted(plain.text, content, quoted)):
                if figures_in(plain.text, span):
                    speaker = each.speaker if each.speaker.lower() not in PRONOUNS else None
                    found.append(Piece(span, span, "statement", speaker, each.source))
    kept: list[Piece] = []
    for piece in sorted(found, key=lambda each: (each.span.end - each.span.start, each.span)):
        if not any(piece.span.overlap(other.span) for other in kept):
            kept.append(piece)
    return kept


def _with_whole_figure(text: str, span: Span) -> Span:
    """Return ``span`` to the end of a number that it cuts: a tagger may end at the point of "$327.8 million"."""
    there = figures_in(text, Span(span.start, min(len(text), span.end + _LONGEST_FIGURE)))
    cut = next((each for each in there if each.span.start < span.end < each.span.end), None)
    return Span(span.start, cut.span.end) if cut else span


def _unquoted(text: str, content: Span, quoted: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of ``content`` that stand outside quotations, without punctuation at their edges."""
    start = content.start
    for other in [*sorted(each for each in quoted if each.overlap(content)), Span(content.end, content.end)]:
        end = min(other.start, content.end)
        piece = text[start:end] if start < end else ""
        at = start + len(piece) - len(piece.lstrip(_EDGE))
        behind = start + len(piece.rstrip(_EDGE))
        if at < behind:
            yield Span(at, behind)
        start = max(start, other.end)
