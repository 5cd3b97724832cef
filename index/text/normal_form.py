"""One form for texts that are compared: composed letters, plain quotation marks, dashes and white space."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from index.types import Span

_SAME = {
    **dict.fromkeys("“”„«»‟″", '"'),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


class NormalText(NamedTuple):
    """A text in normal form; ``starts`` and ``ends`` map each of its characters to its place in the original."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> Span:
        """Return the original place of the characters from ``start`` to ``end``; there must be at least one."""
        return Span(self.starts[start], self.ends[end - 1])


def normal_form(text: str, *, ignore_case: bool = False) -> NormalText:
    """Return ``text`` in Unicode's NFKC form with plain typography: ligatures and full-width letters are taken apart.

    With ``ignore_case`` letters are small. White space is one space, and what shows nothing is left out.
    """
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
