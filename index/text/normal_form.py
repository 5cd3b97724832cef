"""One form for texts that are compared: composed letters, plain quotation marks, dashes and white space."""

import re
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.types import Span

_SAME = {
    **dict.fromkeys("“”„«»‟″", '"'),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_SPACES = re.compile(" {2,}")
# Of these several may become one letter, though none of them is a combining mark.
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")


class NormalText(NamedTuple):
    """A text in normal form; ``starts`` and ``ends`` map each of its characters to its place in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """Return the original place of the characters from ``start`` to ``end``; there must be at least one."""
        return Span(self.starts[start], self.ends[end - 1])


def normal_form(text: str, *, ignore_case: bool = False) -> NormalText:
    """Return ``text`` in Unicode's NFKC form with plain typography: ligatures and full-width letters are taken apart.

    With ``ignore_case`` letters are small. White space is one space, and what shows nothing is left out.
    """
    return _letter_by_letter(text, ignore_case=ignore_case) or _of_clusters(text, ignore_case=ignore_case)


def _letter_by_letter(text: str, *, ignore_case: bool) -> NormalText | None:
    """Return the normal form of a text none of whose characters combines with another; None for any other.

    Almost every article is one, and most of it is one character for one: this takes a hundredth of the time.
    """
    table = {ord(each): _alone(each, ignore_case=ignore_case) for each in set(text)}
    if None in table.values():
        return None
    plain = text.translate(table)
    starts = array("I")
    at = 0
    if any(len(each or "") != 1 for each in table.values()):
        for found in _several_of(table).finditer(text):
            starts.extend(range(at, found.start()))
            at = found.end()
            starts.extend([found.start()] * len(table[ord(found.group())] or ""))
    starts.extend(range(at, len(text)))
    for gap in reversed(list(_SPACES.finditer(plain))):
        del starts[gap.start() + 1 : gap.end()]
    # Each character is made of one, so that it ends where that one does.
    return NormalText(_SPACES.sub(" ", plain), starts, array("I", [each + 1 for each in starts]))


def _several_of(table: Mapping[int, str | None]) -> re.Pattern[str]:
    """Return the pattern of the characters that have none, or several, in their place."""
    return re.compile("[" + "".join(re.escape(chr(code)) for code, each in table.items() if len(each or "") != 1) + "]")


@lru_cache(10_000)
def _alone(character: str, *, ignore_case: bool) -> str | None:
    """Return the normal form of a character; None where it combines with others, or its form does."""
    normal = _normal(character, ignore_case=ignore_case)
    combines = any(unicodedata.combining(each) for each in character + normal)
    return None if combines or _JAMO.match(character) or (" " in normal and normal != " ") else normal


def _of_clusters(text: str, *, ignore_case: bool) -> NormalText:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        piece = _normal(text[start:end], ignore_case=ignore_case)
        if piece == " " and pieces and pieces[-1] == " ":
            continue
        for character in piece:
            pieces.append(character)
            starts.append(start)
            ends.append(end)
    return NormalText("".join(pieces), starts, ends)


def normal(text: str) -> str:
    """Return the normal form of ``text`` without white space at its ends."""
    return normal_form(text).text.strip()


def quotation_words(quotation: str) -> str:
    """Return a quotation without the quotation marks and the white space around it."""
    text = quotation.strip()
    while len(text) > 1 and _SAME.get(text[0], text[0]) in "\"'" and _SAME.get(text[-1], text[-1]) in "\"'":
        text = text[1:-1].strip()
    return text


def _normal(cluster: str, *, ignore_case: bool) -> str:
    if cluster in _UNSEEN:
        return ""
    if cluster.isspace():
        return " "
    composed = "".join(_SAME.get(each, each) for each in unicodedata.normalize("NFKC", _SAME.get(cluster, cluster)))
    return composed.casefold() if ignore_case else composed


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield each character with the combining marks behind it, which one form has as a letter of its own."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield start, at
            start = at
