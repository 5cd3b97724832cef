"""What a text has in quotation marks: English, British, German, French or straight ones, and block quotations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from index.types import Span

# Which marks close a mark that opens. Those that may be an apostrophe as well close only where a word ends.
_CLOSING = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "‚": "‘’",
    "‘": "’",
    '"': '"',
    "'": "'",
}
_ENDS_WORD = {mark: re.compile(rf"(?<=\S)[{_CLOSING[mark]}](?!\w)") for mark in "‘'‚"}
_APOSTROPHES = "’'"
_STRAIGHT = "\"'"
_MARK = re.compile(f"[{''.join(dict.fromkeys(''.join([*_CLOSING, *_CLOSING.values()])))}]")
_NO_APOSTROPHE = re.compile('[“”„«»"]')
_BLOCK = re.compile(r"(?:^[ \t]{0,3}>[^\n]*(?:\n|$))+", re.MULTILINE)
_BLOCK_EDGE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
# A new line that opens with a mark, or says who speaks, is a paragraph of its own even without a blank line.
_LINE = re.compile(r"\n(?=[“„«‘\"])")
_NEXT = re.compile(r"\s+(?P<mark>\S)")
_SIGNED = re.compile(r"\n[ \t>]*(?:—|–|--?)[^\n]*$")
_COVERED = 0.5
_DEEPEST = 3
_LONGEST = 5_000
_MOST = 2_000


@dataclass(frozen=True)
class Quoted:
    """A quotation: the span of its ``words``, and that of all of it with its marks (``whole``).

    ``depth`` is how many others it stands in. One that is not ``closed`` ends with its paragraph; ``continues`` says
    that the next paragraph opens with a mark to go on with it, as the convention is.
    """

    words: Span
    whole: Span
    depth: int = 0
    closed: bool = True
    continues: bool = False


def quoted_in(text: str) -> list[Quoted]:
    """Return the quotations of a text in the order of their beginnings, those within others included.

    Of more than 2,000 the others are left out.
    """
    found = list(islice((each for paragraph in _paragraphs(text) for each in _in_paragraph(text, paragraph)), _MOST))
    found = [_continued(text, each) for each in found]
    blocks = [each for each in islice(_blocks(text), _MOST) if _covered(each.words, found) < _COVERED]
    within = [
        replace(each, depth=each.depth + 1) if any(block.whole.holds(each.whole) for block in blocks) else each
        for each in found
    ]
    return sorted([*blocks, *within], key=lambda each: (each.whole.start, -each.whole.end))


def with_plain_marks(text: str, quoted: Sequence[Quoted]) -> str:
    """Return ``text``, of the same length, with “ ” around its outer quotations and ‘ ’ around those within them.

    It is what a tagger reads that knows no other marks; one that quotes nothing, as that of inches, is ″ there.
    """
    letters = list(_NO_APOSTROPHE.sub("″", text))
    for each in quoted:
        opening, closing = ("“", "”") if not each.depth else ("‘", "’")
        if each.whole.start < each.words.start:
            letters[each.whole.start] = opening
        if each.closed and each.words.end < each.whole.end:
            letters[each.whole.end - 1] = closing
        elif text[each.whole.end : each.whole.end + 1] == "\n" and text[each.whole.start] == ">":
            letters[each.whole.end] = closing
    return "".join(letters)


def words_of(text: str, quoted: Span) -> str:
    """Return the words of a quotation without a comma at the end, and without marks of Markdown.

    The comma is that of the sentence around it; the marks are those of emphasis, and what begins the lines of a block.
    """
    words = _BLOCK_EDGE.sub("", text[slice(*quoted)])
    return re.sub(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)", "", words).strip().rstrip(",")


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for gap in re.finditer(f"{_BLANK.pattern}|{_LINE.pattern}", text):
        yield Span(start, gap.start())
        start = gap.end()
    yield Span(start, len(text))


def _in_paragraph(text: str, paragraph: Span) -> Iterator[Quoted]:
    """Yield the quotations of a paragraph, the inner before the outer."""
    opened: list[int] = []
    for match in _MARK.finditer(text, *paragraph):
        at, mark = match.start(), match.group()
        closes = next((one for one in reversed(opened) if mark in _CLOSING[text[one]]), None)
        if closes is not None and _may_close(text, at, closes, paragraph):
            del opened[opened.index(closes) + 1 :]
            opened.pop()
            yield _quoted(text, closes, at, depth=len(opened))
        elif _may_open(text, at, paragraph) and len(opened) < _DEEPEST:
            if mark in _STRAIGHT and any(text[one] == mark for one in opened):
                # A straight mark that opens where one is open: the closing one was forgotten.
                at_first = next(one for one in opened if text[one] == mark)
                del opened[opened.index(at_first) :]
                yield _left_open(text, at_first, at, depth=len(opened))
            if mark not in "'‘’" or _closing_of(text, at, paragraph) or _goes_on(text, at, paragraph):
                opened.append(at)
    if opened:
        yield _left_open(text, opened[0], paragraph.end, depth=0)


def _may_open(text: str, at: int, paragraph: Span) -> bool:
    if text[at] not in _CLOSING:
        return False
    before = text[at - 1] if at > paragraph.start else " "
    after = text[at + 1 : at + 2]
    if text[at] in "«»":
        return before.isspace() or not before.isalnum()
    return bool(after.strip()) and (not before.isalnum() and before not in ".,;!?%)") and not _is_year(text, at)


def _is_year(text: str, at: int) -> bool:
    return text[at] in "'‘’" and re.match(r"\d\ds?\b", text[at + 1 : at + 5]) is not None


def _may_close(text: str, at: int, opened: int, paragraph: Span) -> bool:
    mark = text[at]
    if mark in _APOSTROPHES:
        return at == _closing_of(text, opened, paragraph)
    before, after = text[at - 1], text[at + 1 : at + 2]
    if mark == '"':
        # After a digit it may be inches, unless nothing else closes what is open.
        inches = before.isdigit() and after.isspace() and text.find('"', at + 1, min(paragraph.end, at + _LONGEST)) > 0
        opens = (before.isspace() or before in "([—–") and bool(after.strip()) and after not in ".,;:!?)"
        return not opens and not (inches and _is_odd(text, opened, paragraph))
    return True


def _is_odd(text: str, opened: int, paragraph: Span) -> bool:
    return text.count('"', opened, min(paragraph.end, opened + _LONGEST)) % 2 == 1


def _closing_of(text: str, opened: int, paragraph: Span) -> int | None:
    """Return where a quotation in single marks closes: at an apostrophe that ends a word, if it is not a plural's.

    One that stands beside punctuation is sure. “The nurses’ union” has one that is not, unless none follows.
    """
    unsure = None
    for match in _ENDS_WORD[text[opened]].finditer(text, opened + 2, min(paragraph.end, opened + _LONGEST)):
        at = match.start()
        before, after = text[at - 1], text[at + 1 : at + 2] if at + 1 < paragraph.end else ""
        if not before.isalnum() or not after or after in '.,;:!?)”"—–]':
            return at
        if before != "s":
            return unsure or at
        unsure = unsure or at
    return unsure


def _goes_on(text: str, opened: int, paragraph: Span) -> bool:
    """Whether a quotation that is not closed goes on in the next paragraph, which opens with the same mark."""
    following = text[paragraph.end : paragraph.end + 20].lstrip()
    return following.startswith(text[opened]) and paragraph.end - opened > 1


def _quoted(text: str, opened: int, closed: int, *, depth: int) -> Quoted:
    return Quoted(_trimmed(text, opened + 1, closed), Span(opened, closed + 1), depth)


def _left_open(text: str, opened: int, end: int, *, depth: int) -> Quoted:
    words = _trimmed(text, opened + 1, end)
    return Quoted(words, Span(opened, words.end), depth, closed=False)


def _continued(text: str, quoted: Quoted) -> Quoted:
    """Return a quotation that is not closed as one that goes on, if the next paragraph opens with the same mark."""
    behind = _NEXT.match(text, quoted.whole.end)
    goes_on = not quoted.closed and behind is not None and behind["mark"] == text[quoted.whole.start]
    return replace(quoted, continues=goes_on)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Span(start, max(start, start + len(piece.strip())))


def _blocks(text: str) -> Iterator[Quoted]:
    """Yield the block quotations of Markdown and of mail: paragraphs each of whose lines begins with ">"."""
    for lines in _BLOCK.finditer(text):
        start = lines.start()
        for blank in [*re.finditer(r"^[ \t]{0,3}>[ \t]*\n", lines.group(), re.MULTILINE), None]:
            end = lines.start() + (blank.start() if blank else len(lines.group()))
            piece = text[start:end].rstrip()
            if signed := _SIGNED.search(piece):
                piece = piece[: signed.start()]
            edge = _BLOCK_EDGE.match(piece)
            if edge and piece[edge.end() :].strip():
                opened = start + edge.group().index(">")
                yield Quoted(
                    Span(start + edge.end(), start + len(piece)), Span(opened, start + len(piece)), closed=False
                )
            start = lines.start() + blank.end() if blank else end


def _covered(words: Span, quoted: Sequence[Quoted]) -> float:
    outer = [each.whole for each in quoted if not each.depth]
    return sum(words.overlap(each) for each in outer) / max(1, words.end - words.start)
