"""From text to sentence spans: nupunkt finds the boundaries, our own rules mend those inside names and quotations."""

import re
from collections.abc import Iterator

import nupunkt

from index import stopping
from index.text.lexicon import SPEAKING, TITLES_SHORT
from index.types import Span

LONGEST_SENTENCE = 1_000
_SHORT_QUOTATION = 60
# No word is as long. nupunkt ends sentences at white space only, but its time is the square of the marks in a word.
_LONG_RUN = re.compile(r"(?<!\S)\S{300,}")
_EDGE = 20
_PARAGRAPH_BREAK = re.compile(r"(?>\r\n|\r|\n)[^\S\r\n]*[\r\n]\s*|\u2029\s*")
_CLOSED_BY_MARK = re.compile(r"[?!…]['\"’”»]+$")
_SPEECH_VERB = f"(?:{'|'.join(sorted(SPEAKING))})"
_ATTRIBUTION = re.compile(rf"(?:{_SPEECH_VERB}\b|(?:[^\W\d_][\w.’'-]*,?\s+){{1,6}}?{_SPEECH_VERB}\b)", re.UNICODE)
_TITLE = re.compile(rf"(?:^|[\s(“\"—])(?:{'|'.join(TITLES_SHORT)})\.$")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}$")
# "Yahoo! said", "Panic! at the Disco", "€1.2 bn. in": a small letter begins no sentence, unless it is a name's (eBay).
_ENDS_NOTHING = re.compile(r"(?:[^\W\d_]|\d)[!?.]$")
# "three things: 1. the price, 2. the time": a number that stands before what it counts.
_COUNTS = re.compile(r"(?:^|[:;,.!?)”\"’–—]\s|\b(?:and|or)\s)\(?(?P<number>\d{1,2})\.$")
_OPENS_SENTENCE = re.compile(
    r"(?:[“\"‘(]|(?:A|About|After|All|Although|Among|An|And|Another|Any|As|At|Because|Before|Both|But|By|Despite|During"
    r"|Each|Even|Every|Few|For|From|He|Her|Here|His|How|However|I|If|In|Instead|It|Its|Last|Later|Many|Meanwhile|More"
    r"|Most|My|Next|No|Nobody|Not|Nothing|Now|Of|On|Once|One|Only|Or|Other|Our|Over|Several|She|Since|So|Some|Still"
    r"|Such|That|The|Their|Then|There|These|They|This|Those|Though|Through|To|Today|Two|Under|Until|We|What|When|Where"
    r"|Whether|Which|While|Who|Why|With|Without|Yet|You|Your)\b)"
)


def split_sentences(text: str) -> list[Span]:
    """Split ``text`` into sentences: spans in order, without overlap, none empty or edged by white space.

    Every character outside all spans is white space. A blank line always ends a sentence. A full stop in a title,
    after initials or in a short quotation (“Novaya Gazeta. Europe.”) does not, nor does a quotation's own ? or !
    before its attribution (“Why?” she asked). What has no end within 1,000 characters is cut between words. Empty text
    gives an empty list.
    """
    return [piece for start, end in _paragraphs(text) for piece in _paragraph_sentences(text, start, end)]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _PARAGRAPH_BREAK.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _paragraph_sentences(text: str, start: int, end: int) -> Iterator[Span]:
    stopping.check()
    paragraph = text[start:end]
    if not paragraph.strip():
        return
    pieces: list[Span] = []
    for left, right in nupunkt.sent_spans(_LONG_RUN.sub(_plain, paragraph)):
        piece = _trim(paragraph, left, right)
        if piece.start == piece.end:
            continue
        if pieces and _belongs_together(paragraph, pieces[-1], piece):
            piece = Span(pieces.pop().start, piece.end)
        pieces.append(piece)
    for piece in pieces:
        for left, right in _cut(paragraph, piece):
            yield Span(start + left, start + right)


def _plain(run: re.Match[str]) -> str:
    """Return a run of the same length without marks but at its edges."""
    return run[0][:_EDGE] + "x" * (len(run[0]) - 2 * _EDGE) + run[0][-_EDGE:]


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()))


def _belongs_together(paragraph: str, before: Span, after: Span) -> bool:
    """Whether a boundary was drawn inside a name or a quotation, or between a quotation and its attribution.

    After initials (U.S., J.K.) only a word that commonly opens a sentence begins a new one.
    """
    # Only as much as the rules look at: a paragraph may be one piece of megabytes.
    left = paragraph[max(before.start, before.end - _SHORT_QUOTATION) : before.end]
    right = paragraph[after.start : min(after.end, after.start + 200)]
    if _CLOSED_BY_MARK.search(left[-8:]) and _ATTRIBUTION.match(right):
        return True
    if _ENDS_NOTHING.search(left) and _goes_on(paragraph, before, right):
        return True
    if _is_counting(paragraph, before, left):
        return True
    if _TITLE.search(left) or (_INITIALS.search(left) and not _OPENS_SENTENCE.match(right)):
        return True
    opened = _open_quotation(left)
    if opened is None:
        return False
    opening, closing_mark = opened
    closing = right.find(closing_mark)
    return 0 <= closing and opening + closing + 1 <= _SHORT_QUOTATION


def _is_counting(paragraph: str, before: Span, left: str) -> bool:
    """Whether ``left`` ends with the number of an item: the first, or one whose forerunner stands before it."""
    found = _COUNTS.search(left)
    if not found:
        return False
    number = int(found["number"])
    start = max(0, before.end - LONGEST_SENTENCE)
    return number == 1 or re.search(rf"\b{number - 1}\.\s", paragraph[start : before.end]) is not None


def _goes_on(paragraph: str, before: Span, right: str) -> bool:
    """Whether ``right`` begins with a small letter in a text whose sentences do not: the sentence before begins big."""
    begins = paragraph[before.start : before.end].lstrip("“\"‘'(«[")[:1]
    return right[:1].islower() and not right[1:2].isupper() and (begins.isupper() or begins.isdigit())


def _open_quotation(tail: str) -> tuple[int, str] | None:
    """Return how many characters of ``tail`` stand in a quotation that is open at its end, and what would close it."""
    for opening_mark, closing_mark in (("“", "”"), ("«", "»"), ("„", "“")):
        opening = tail.rfind(opening_mark)
        if opening >= 0 and closing_mark not in tail[opening + 1 :]:
            return len(tail) - opening, closing_mark
    opening = tail.rfind('"')
    if opening >= 0 and (opening == 0 or tail[opening - 1] in " (\t\n—") and tail[opening + 1 : opening + 2].strip():
        return len(tail) - opening, '"'
    return None


def _cut(text: str, piece: Span) -> Iterator[Span]:
    """Cut an overlong piece at the last line break, or else the last space, of every 1,000 characters."""
    start, end = piece
    while end - start > LONGEST_SENTENCE:
        window = text[start : start + LONGEST_SENTENCE]
        at = max(window.rfind("\n"), 0) or next(
            (i for i in range(LONGEST_SENTENCE - 1, 0, -1) if window[i].isspace()), LONGEST_SENTENCE
        )
        head = _trim(text, start, start + at)
        if head.start < head.end:
            yield head
        start += at
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield Span(start, end)
