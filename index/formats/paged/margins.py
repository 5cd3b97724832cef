"""What heads and foots pages: page numbers, running heads, the lines that say where a text goes on."""

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from index.formats.paged.lines import Line

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.)\s*)?\d{1,4}(?:\s*(?:of|/|von|sur|de)\s*\d{1,4})?\W*", re.IGNORECASE
)
_PLACE = r"(?:page|pg\.?|p\.)\s*[A-Z]?-?\d{1,3}|[A-Z]-?\d{1,3}"
_JUMP = re.compile(
    rf"\W*(?:(?:please )?(?:[Ss]ee|SEE|[Tt]urn to|TURN TO|[Cc]ontinue[sd]|CONTINUE[SD]"
    rf"|[Cc]ont['’]?d\.?)\b.{{0,40}}?(?:\b(?:on|from|to)\b|,)?"
    rf"|[A-Z][\w’'& -]{{0,40}}?,?\s(?:(?i:continued )?(?:[Ff]rom|FROM)|(?:[Cc]ontinued|CONTINUED)|[Ss]ee"
    rf"|SEE))\s*(?i:{_PLACE})\W{{0,2}}"
)
_NEAR = 3.0
_SAME_SIZE = 0.3
_LONGEST_HEAD = 90
_APART = 1.8


def without_margins(pages: Sequence[Sequence[Line]], *, rounds: int = 2) -> list[list[Line]]:
    """Return the pages without outermost lines that are page numbers or recur, and without those that lead elsewhere.

    Digits aside, a line recurs where it stands on many pages, or at the same height on two; what stands at the height
    and in the size of such a line is one too, so that left and right pages may differ. This is done twice, since pages
    may be headed by two lines; no page is left without lines.
    """
    outer = [{end(page, key=lambda each: each.base) for end in (min, max)} if page else set() for page in pages]
    apart = [line for page, lines in zip(pages, outer, strict=True) for line in lines if _stands_apart(line, page)]
    recurring = _recurring([line for lines in outer for line in lines], apart, pages=len(pages))
    kept = [
        [line for line in page if line not in outermost or not _is_margin(line, recurring, pages=len(pages))]
        or list(page)
        for page, outermost in zip(pages, outer, strict=True)
    ]
    if rounds > 1:
        return without_margins(kept, rounds=rounds - 1)
    return [[line for line in page if not _JUMP.fullmatch(line.text)] or page for page in kept]


def _recurring(lines: Sequence[Line], apart: Sequence[Line], *, pages: int) -> list[Line]:
    """Return those of the outermost lines whose shape stands on many pages, or twice at one height ``apart``."""
    counted = Counter(map(_shape, lines))
    return [
        line
        for line in lines
        if (shape := _shape(line))
        and (
            counted[shape] >= max(3, pages / 10)
            or sum(_shape(each) == shape and abs(line.base - each.base) <= _NEAR for each in apart) > 1
        )
    ]


def _stands_apart(line: Line, page: Sequence[Line]) -> bool:
    """Whether a line differs from the page's text in size, or by its distance to it."""
    others = [each for each in page if each is not line]
    if not others:
        return True
    step = min(abs(each.base - line.base) for each in others)
    return step > _APART * line.size or abs(median(each.size for each in others) - line.size) > _SAME_SIZE


def _is_margin(line: Line, recurring: Sequence[Line], *, pages: int) -> bool:
    shape = _shape(line)
    if _numbers(line, pages) or (shape and any(shape == _shape(each) for each in recurring)):
        return True
    others = [
        each for each in recurring if abs(each.base - line.base) <= _NEAR and abs(each.size - line.size) <= _SAME_SIZE
    ]
    return bool(others) and len(line.text) <= _LONGEST_HEAD


def _shape(line: Line) -> str:
    """Return the line with "#" for numbers, to compare; "" for a line without letters, such as one of a table."""
    shape = re.sub(r"\d+", "#", line.text.lower())
    return shape if any(character.isalpha() for character in shape) else ""


def _numbers(line: Line, pages: int) -> bool:
    return pages > 1 and _PAGE_NUMBER.fullmatch(line.text) is not None
