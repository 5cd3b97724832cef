"""Put the sentence that answers into a frame that takes it back, or that affirms it.

"Who designed the bridge?" is not answered by "The ministry denied that Ada Kwon designed the bridge."; it is by "The
ministry confirmed that …". The frames and what fills them are those of the stance tagger's lessons.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.text.sentences import split_sentences
from index.types import Span
from training.examples import Example
from training.fillers import MARKED, Fillers
from training.frames import Frame, plain
from training.stance import frames
from training.stance_lessons import Maker

_LONGEST = 200
_LABELS = {"denied": 3, "doubted": 2, "conditional": 2, "retracted": 1, "fictional": 1, "asserted": 4}
_ASKS = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_STANCE_ASKED = re.compile(r"\b(?:den\w+|claim\w*|say|said|believ\w+|think|thought|rumou?r\w*)\b", re.IGNORECASE)
_LOWERED = re.compile(r"(?:A|An|At|By|During|For|From|He|Her|His|In|It|Its|On|She|The|Their|There|These|They|This)\b")
_LABELLED = "asserted"


class Framer:
    """Makes framed examples of plain ones."""

    def __init__(self, given: Sequence[Frame]) -> None:
        """Take the frames; of these the ones that hold a whole clause are used."""
        fits = [
            each
            for each in given
            if each.gap == "CLAUSE" and each.form in ("CLAUSE-any", "CLAUSE-past") and each.label in _LABELS
        ]
        self._by_label = {label: [each for each in fits if each.label == label] for label in _LABELS}
        self._maker = Maker(given, Fillers([], aside=False), [])

    @classmethod
    def of(cls, data: Path) -> "Framer":
        """Return one with the frames to learn from."""
        return cls(frames(data, aside=False))

    def framed(self, example: Example, rng: random.Random) -> Example | None:
        """Return the example with its answering sentence framed; None where that is no plain sentence."""
        if not _ASKS.search(example.question) or _STANCE_ASKED.search(example.question):
            return None
        for start, end in split_sentences(example.passage):
            span, sentence = Span(start, end), example.passage[start:end].rstrip()
            inside = [each for each in example.answers if span.holds(each)]
            if not inside or len(sentence) > _LONGEST or not sentence.endswith(".") or MARKED.search(sentence):
                continue
            if len(inside) < len(example.answers):
                return None
            return self._put(example, Span(start, start + len(sentence)), rng)
        return None

    def _put(self, example: Example, span: Span, rng: random.Random) -> Example | None:
        clause = example.passage[span.start : span.end - 1]
        if _LOWERED.match(clause):
            clause = clause[0].lower() + clause[1:]
        label = rng.choices(list(_LABELS), list(_LABELS.values()))[0]
        made = self._maker.fill(rng.choice(self._by_label[label]), rng, plain(clause)).text
        passage = example.passage[: span.start] + made + example.passage[span.end :]
        if label != _LABELLED:
            return replace(example, passage=passage, answers=(), kind="taken back")
        texts = {example.passage[one:other] for one, other in example.answers}
        found = [Span(match.start(), match.end()) for each in texts for match in re.finditer(re.escape(each), passage)]
        return replace(example, passage=passage, answers=tuple(sorted(found)), kind="affirmed") if found else None
