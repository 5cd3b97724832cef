"""Finding a quotation's words in a text as people write them down, and telling how the two differ."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from index.types import Span

Kind = Literal["typography", "space", "ellipsis", "insertion", "words"]

_SAME = {
    **dict.fromkeys("“”„«»‟″", '"'),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_GAP = re.compile(r"\s*(?:\[\s*\.\.\.\s*\]|\(\s*\.\.\.\s*\)|\.(?: ?\.){2,3})\s*")
_INSERTED = re.compile(r"\s*\[[^\]]{1,80}\]\s*")
_LEFT_OUT = 600
_PUT_IN = 60
_WORD = re.compile(r"\S+")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
# "5" is no part of "1.5", of "-5" or of "5,000", nor "can" of "can't".
_CUT_BEFORE = re.compile(r"(?:[^\W_]|\d[.,]|(?:^|\s)-)(?=\d)\d$|[^\W_][^\W_]$")
_CUT_BEHIND = re.compile(r"[^\W_][^\W_]|\d[.,]\d|[^\W\d_]'[^\W\d_]")
_MOST_PIECES = 20
_FEWEST_WORDS = 2
_ALIKE = 72.0


class Difference(NamedTuple):
    """Where a quotation and the text part: ``given`` stands in the one, ``found`` in the other.

    Only ``words`` change what is said. An ``ellipsis`` leaves ``found`` out, an ``insertion`` puts ``given`` in.
    """

    kind: Kind
    given: str
    found: str


class Folded(NamedTuple):
    """A text with one form for each quotation mark, dash, dots and white space; ``places`` has each character's own."""

    text: str
    places: list[int]

    def span(self, start: int, end: int) -> Span:
        """Give the place, in the text as it was, of a piece of the folded one."""
        return Span(self.places[start], self.places[end - 1] + 1)


def fold(text: str) -> Folded:
    """Fold typography away. The case of letters stays."""
    folded: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        if character in _UNSEEN:
            continue
        piece = " " if character.isspace() else _SAME.get(character, character)
        if piece == " " and folded and folded[-1] == " ":
            continue
        folded += piece
        places += [at] * len(piece)
    return Folded("".join(folded), places)


def bare(quotation: str) -> str:
    """Take the quotation marks around a quotation away, and the white space."""
    text = unicodedata.normalize("NFC", quotation).strip()
    while len(text) > 1 and _SAME.get(text[0], text[0]) in "\"'" and _SAME.get(text[-1], text[-1]) in "\"'":
        text = text[1:-1].strip()
    return text


def exact_spans(quotation: str, text: Folded) -> Iterator[Span]:
    """Give every place of ``text`` that has the quotation's words, whole and in order; typography is seen through.

    Dots stand for at most 600 characters that are left out, brackets for at most 60 that are replaced. One of more than
    20 pieces is nowhere.
    """
    pieces = list(_pieces(fold(quotation).text.strip()))
    if len(pieces) > _MOST_PIECES or not any(re.search(r"\w", piece) for _, piece in pieces):
        return
    first = pieces[0][1]
    starts: dict[int, int] = {}
    start = text.text.find(first)
    while start >= 0:
        end = _end(pieces[1:], text.text, start + len(first))
        if end is not None and _is_whole(text.text, start, end):
            starts[end] = start  # of two that end together the shorter is meant
        start = text.text.find(first, start + 1)
    yield from (text.span(start, end) for end, start in starts.items())


def _pieces(quotation: str) -> Iterator[tuple[int, str]]:
    """Give the quotation's words between dots and brackets, each with how many characters may stand before it."""
    for number, part in enumerate(each for each in _GAP.split(quotation) if each.strip()):
        for place, piece in enumerate(_INSERTED.split(part)):
            if piece.strip():
                yield (_PUT_IN if place else _LEFT_OUT if number else 0), piece.strip()


def _end(pieces: Sequence[tuple[int, str]], text: str, end: int) -> int | None:
    """Give where the last piece ends, if they follow each other from ``end`` on; each counts at its first place."""
    for most, piece in pieces:
        latest = end + most + len(piece)
        at = text.find(piece, end, latest)
        while at >= 0 and not _is_whole(text, at, at + len(piece)):
            at = text.find(piece, at + 1, latest)
        if at < 0:
            return None
        end = at + len(piece)
    return end


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether no word is cut at either edge."""
    return not _CUT_BEFORE.search(text[max(0, start - 2) : start + 1]) and not _CUT_BEHIND.match(
        text[end - 1 : end + 2]
    )


def nearest_span(quotation: str, text: Folded) -> tuple[float, Span] | None:
    """Give the place of ``text`` most like the quotation, whole words, and how like it is, in (72, 100]; or None.

    Likeness is rapidfuzz's partial ratio: of the quotation and the best stretch of its length.
    """
    wanted = fold(quotation).text.strip()
    if len(wanted.split()) < _FEWEST_WORDS or not text.text:
        return None
    found = fuzz.partial_ratio_alignment(wanted.lower(), text.text.lower(), score_cutoff=_ALIKE)
    if found is None or found.dest_start >= found.dest_end or len(text.text.lower()) != len(text.text):
        return None
    around = max(0, found.dest_start - len(wanted) // 2), found.dest_end + len(wanted) // 2
    return found.score, text.span(*_aligned(wanted, text.text, *around))


def _aligned(wanted: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Give, of a stretch of ``text``, the words from where the first of ``wanted`` falls to where the last does."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    words = [match for match in _WORD.finditer(text, start, end) if re.search(r"\w", match.group())]
    if not words:
        return start, end
    asked = _WORD.findall(wanted)
    matcher = SequenceMatcher(a=[each.lower() for each in asked], b=[each.group().lower() for each in words])
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    first = max(0, blocks[0].b - blocks[0].a) if blocks else 0
    last = min(len(words), blocks[-1].b + len(asked) - blocks[-1].a) if blocks else len(words)
    return words[first].start(), words[last - 1].end()


def differences(quotation: str, found: str) -> list[Difference]:
    """Tell, piece by piece and in order, how a quotation differs from the words found."""
    given, stored = _TOKEN.findall(quotation), _TOKEN.findall(found)
    plain, plain_stored = ([fold(token).text.lower() or token for token in side] for side in (given, stored))
    told = []
    matcher = SequenceMatcher(a=plain, b=plain_stored, autojunk=False)
    for tag, left, right, other_left, other_right in matcher.get_opcodes():
        mine, theirs = "".join(given[left:right]), "".join(stored[other_left:other_right])
        if tag == "equal":
            pairs = zip(given[left:right], stored[other_left:other_right], strict=True)
            told += [Difference(_kind(one, other), one, other) for one, other in pairs if one != other]
        else:
            told.append(Difference(_kind(mine, theirs), mine, theirs))
    return told


def _kind(given: str, found: str) -> Kind:
    if given.strip() == found.strip() == "":
        return "space"
    plain = fold(given).text.strip(), fold(found).text.strip()
    if plain[0] == plain[1] or not re.search(r"\w", given + found):
        return "typography" if "..." not in plain[0] else "ellipsis"
    if _GAP.fullmatch(plain[0]):
        return "ellipsis"
    return "insertion" if plain[0].startswith("[") and plain[0].endswith("]") else "words"
