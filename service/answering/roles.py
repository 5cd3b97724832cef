"""Who did it to whom: whether quotes bear a sentence out better once two of its names are exchanged."""

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import regex

from index.words import meaning_words
from service.answering.span_model import SpanModel

_NAME = regex.compile(r"(\p{Lu}[\p{L}\d]*(?:[’'-][\p{L}]+)*)(?:\s(?1))*")
_POSSESSIVE = re.compile(r"[’']s?$")
_SIDE_BY_SIDE = re.compile(r"(?:\s|,|and|or|with|the)*", re.IGNORECASE)
_MOST_PAIRS = 3
_BLANK = "what"
MARGIN = 2.0
"""How much better, in logits, a sentence has to fit with its names exchanged to be found fault with."""


class _Frame(NamedTuple):
    """A sentence without two of its names."""

    before: str
    between: str
    after: str


class Roles:
    """Ask the reader for each of two names, by the sentence with a blank in the name's place.

    How well a name answers is the score of its words less that of "no answer here"; a sentence fits as well as its two
    names on average. Fault is only found where it fits clearly better with the names exchanged: by 2, a factor of seven
    in the odds. Asking by a sentence with a blank is from Lewis, Denoyer & Riedel (2019), holding such answers against
    a source from Wang, Cho & Lewis (2020).
    """

    def __init__(self, model: SpanModel) -> None:
        """Take the reader's model."""
        self._model = model

    def exchanged(self, text: str, quote: str) -> bool:
        """Tell whether ``quote`` bears ``text`` out better with two names that follow each other in it exchanged.

        Looked at are the first three such pairs that the quote has too, or the last word of each name.
        """
        pairs = (pair for pair in _pairs(text) if _places(pair[1], quote) and _places(pair[2], quote))
        return any(
            self._fit(frame, other, one, quote) > self._fit(frame, one, other, quote) + MARGIN
            for frame, one, other in itertools.islice(pairs, _MOST_PAIRS)
        )

    def _fit(self, frame: _Frame, first: str, second: str, quote: str) -> float:
        before, between, after = frame
        asked_first = f"{before}{_BLANK}{between}{second}{after}"
        asked_second = f"{before}{first}{between}{_BLANK}{after}"
        return (self._answers(asked_first, first, quote) + self._answers(asked_second, second, quote)) / 2

    def _answers(self, blank: str, name: str, quote: str) -> float:
        """Give the score of a name, where the quote has it, as the answer to a sentence with a blank."""
        question = f"{blank[0].upper()}{blank[1:].rstrip(' .!')}?"
        best = -np.inf
        for window in self._model.score(question, [("", quote)])[0]:
            for found in _places(name, quote):
                inside = np.flatnonzero((window.offsets[:, 0] < found.end()) & (window.offsets[:, 1] > found.start()))
                if len(inside):
                    best = max(best, float(window.starts[inside[0]] + window.ends[inside[-1]]) - window.null)
        return best


def _pairs(text: str) -> Iterator[tuple[_Frame, str, str]]:
    """Give every two names that follow each other, but for those side by side: "Ann and Bob" are "Bob and Ann"."""
    names = []
    for match in _NAME.finditer(text):
        name = _POSSESSIVE.sub("", match.group())
        if meaning_words(name):
            names.append((match.start(), match.start() + len(name), name))
    for (start, end, one), (next_start, next_end, other) in itertools.pairwise(names):
        between = text[end:next_start]
        if one != other and not _SIDE_BY_SIDE.fullmatch(between):
            yield _Frame(text[:start], between, text[next_end:]), one, other


def _places(name: str, quote: str) -> list[re.Match[str]]:
    """Find a name, or else its last word."""
    return next((found for words in (name, name.split()[-1]) if (found := _found(words, quote))), [])


def _found(words: str, quote: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", quote))
