"""What the stance tagger learns from: frames filled, nested and joined, among sentences of real articles."""

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor

from index.stance.decoding import KINDS
from training.fillers import Fillers
from training.frames import CODES, UNKNOWN, Frame, Marked, filled, plain
from training.packed import Batch
from training.weak import CUT, VERB, weakly

LONGEST = 240
IGNORED = -100
_SHARES = {
    "asserted": 0.36, "denied": 0.19, "doubted": 0.11, "conditional": 0.12, "asked": 0.06, "fictional": 0.05,
    "retracted": 0.06, "reported": 0.05,
}  # fmt: skip
_GAPS = {"CLAUSE": 0.44, "NP": 0.18, "VP": 0.18, "NONE": 0.2}
_ADJUNCTS = 0.2
_PASSAGES = 0.1
_NUMBERS = {code: KINDS.index(kind) for kind, code in CODES.items()} | {UNKNOWN: IGNORED}
_SAID = ["said", "told reporters", "wrote", "says", "added", "said on Monday", "told the court", "announced"]
_STARTS = ["Meanwhile, ", "On Monday, ", "However, ", "In a statement, ", "Last week, ", "But ", "And ", "Earlier, ",
           "In 2019, ", "Now ", "At the same time, ", "At a news conference on Friday, "]  # fmt: skip


class Lesson(NamedTuple):
    """A text's tokens, the stance of each (a place in ``KINDS``), and whether it is a cue's; -100 is not known."""

    ids: list[int]
    kinds: list[int]
    cues: list[int]


class Maker:
    """Make lessons of frames and texts, as many as are wanted."""

    def __init__(
        self, frames: Sequence[Frame], fillers: Fillers, texts: Sequence[str], passages: Sequence[Marked] = ()
    ) -> None:
        """Take the frames, what fills them, the articles that they stand among, and passages labelled by hand."""
        self._passages = passages
        self._by_label = {label: [each for each in frames if each.label == label] for label in _SHARES}
        self._fillers = fillers
        self._articles = [[split for split in weakly(text)] for text in texts]
        self._weak = [each for article in self._articles for each in article if set(each.kinds) - set("a?")]
        self._articles = [each for each in self._articles if len(each) >= 3]
        openers = [each for each in frames if each.template.startswith("{SRC} ") and "\n" not in each.template
                   and each.template.count(".") == 1 and "?" not in each.template]  # fmt: skip
        self._openers = [each for each in openers if not each.loose or each.label == "asserted"]
        self._outer = [each for each in frames if each.label in ("asserted", "reported") and each.gap == "CLAUSE"
                       and each.form == "CLAUSE-any" and "?" not in each.template]  # fmt: skip

    def frame(self, rng: random.Random) -> Frame:
        """Return a frame of a label drawn by its share."""
        labels = [label for label in _SHARES if self._by_label[label]]
        own = self._by_label[rng.choices(labels, [_SHARES[each] for each in labels])[0]]
        gap = rng.choices(list(_GAPS), list(_GAPS.values()))[0]
        return rng.choice([each for each in own if each.gap == gap] or own)

    def sentence(self, rng: random.Random) -> Marked:
        """Return one filled frame, or two joined or nested."""
        kind = rng.random()
        if kind < 0.05:
            return self._negated(rng)
        if kind < 0.14:
            return self._joined(rng)
        inner = self.fill(self.frame(rng), rng)
        if kind < 0.22 and "\n" not in inner.text and inner.text.endswith(".") and len(inner.text) < 200:
            return self.fill(rng.choice(self._outer), rng, _lowered(inner.cut(0, -1)))
        if kind < 0.42 and "\n" not in inner.text:
            return self._told(inner, rng)
        return inner

    def fill(self, frame: Frame, rng: random.Random, inner: Marked | None = None) -> Marked:
        """Return ``frame`` filled, its clause with ``inner`` where given."""

        def fill(name: str, before: str) -> Marked:
            detail = frame.form.partition("-")[2]
            adjunct = f" {self._fillers.choice('adjunct', rng)}" if rng.random() < _ADJUNCTS else ""
            if name == "CLAUSE":
                return inner or plain(self._fillers.clause(detail, rng) + adjunct)
            if name == "NP":
                return plain(self._fillers.noun(detail, rng))
            if name == "VP":
                return plain(self._fillers.phrase(detail, before, rng) + adjunct)
            if name == "PRO":
                return plain(rng.choice(["he", "she", "it", "they"]))
            return plain(self._fillers.source(rng))

        return _quoted(filled(frame, fill, rng), rng)

    def _joined(self, rng: random.Random) -> Marked:
        """Return two things told of one source: "Quinn denied that …, but admitted that …"."""
        frames = [rng.choice(self._openers) for _ in range(2)]
        source = self._fillers.source(rng)
        parts = []
        for each in frames:
            template = each.template[len("{SRC} ") :].rstrip(".")
            parts.append(self.fill(each._replace(template="\u241f" + template), rng))
        first, second = (part.cut(1) for part in parts)
        link = rng.choice([", but ", " but ", " and ", ", and ", ", though {PRO} ", ". {PRO} ", ", while {SRC} "])
        link = link.replace("{PRO}", rng.choice(["he", "she", "they"])).replace("{SRC}", self._fillers.source(rng))
        start = source[:1].upper() + source[1:] + " "
        return plain(start) + first + plain(link) + second + plain(".")

    def _negated(self, rng: random.Random) -> Marked:
        """Return a sentence of an article with a "not" put in: what follows it is denied as far as is sure."""
        sentence = rng.choice(self._fillers.plain)
        found = list(VERB.finditer(sentence))
        if not found:
            return plain(sentence)
        at = rng.choice(found).end()
        cut = CUT.search(sentence, at + 1)
        end = cut.start() if cut else len(sentence)
        word = rng.choice([" not", " never", "n't", " not"])
        denied = plain(sentence[at:end], "d") if end - at > 4 else plain(sentence[at:end], UNKNOWN)
        return plain(sentence[:at]) + plain(word, UNKNOWN, "1") + denied + plain(sentence[end:], UNKNOWN, UNKNOWN)

    def _told(self, inner: Marked, rng: random.Random) -> Marked:
        """Return it as something that somebody said, or with a beginning."""
        source, said = self._fillers.source(rng), rng.choice(_SAID)
        way = rng.random()
        if way < 0.35:
            return plain(rng.choice(_STARTS)) + _lowered(inner)
        body = inner.cut(0, -1) if inner.text.endswith(".") else inner
        if way < 0.6:
            return body + plain(f", {source} {said}.")
        if way < 0.7:
            return body + plain(f", according to {source}.")
        if way < 0.85 and "“" not in inner.text:
            return plain("“") + body + plain(f",” {source} {said}.")
        return plain(f"{source[:1].upper()}{source[1:]} {said} that ") + _lowered(inner)

    def among(self, inner: Marked, rng: random.Random) -> Marked:
        """Return it among some sentences of an article."""
        article = rng.choice(self._articles)
        before, after = rng.choice([(0, 1), (1, 0), (1, 1), (0, 1), (1, 2), (2, 1)])
        at = rng.randrange(len(article) - 1)
        gap = rng.choice([" ", " ", "\n\n"])
        out = plain("")
        for each in article[max(0, at - before) : at]:
            out += each + plain(gap)
        out += inner
        for each in article[at : at + after]:
            out += plain(gap) + each
        return out

    def text(self, rng: random.Random) -> Marked:
        """Return the text of a lesson."""
        if self._passages and rng.random() < _PASSAGES:
            return rng.choice(self._passages)
        kind = rng.random()
        if kind < 0.07:
            article = rng.choice(self._articles)
            at = rng.randrange(len(article))
            out = plain("")
            for each in article[at : at + 5]:
                out += each + plain(" ")
            return out
        if kind < 0.16:
            return rng.choice(self._weak)
        if kind < 0.56:
            return self.sentence(rng)
        if kind < 0.74:
            return self.sentence(rng) + plain(rng.choice([" ", "\n\n"])) + self.sentence(rng)
        return self.among(self.sentence(rng), rng)


def _lowered(inner: Marked) -> Marked:
    first = re.match(r"(?:The|A|An|In|It|There|No|Nobody|If|He|She|They|Police|Critics|Officials)\b", inner.text)
    return inner._replace(text=inner.text[:1].lower() + inner.text[1:]) if first else inner


def _quoted(given: Marked, rng: random.Random) -> Marked:
    """Return it with straight or curly quotation marks throughout."""
    text = given.text
    if rng.random() < 0.5:
        text = text.replace("“", '"').replace("”", '"')
    if rng.random() < 0.5:
        text = text.replace("'", "’")
    return given._replace(text=text)


def lesson(marked: Marked, tokenizer: Tokenizer) -> Lesson:
    """Return a text as tokens."""
    coded = tokenizer.encode(marked.text)
    ids = coded.ids[:LONGEST]
    kinds, cues = [], []
    for start, end in coded.offsets[:LONGEST]:
        kinds.append(_NUMBERS[marked.kinds[start]] if end > start else IGNORED)
        cue = marked.cues[start] if end > start else UNKNOWN
        cues.append(IGNORED if cue == UNKNOWN else int(cue))
    return Lesson(ids, kinds, cues)


def pack(batch: Sequence[Lesson]) -> tuple[Batch, Tensor, Tensor]:
    """Return lessons laid end to end, with the stances and cues of their tokens."""
    ids = [each.ids for each in batch]
    kinds = torch.tensor([number for each in batch for number in each.kinds])
    cues = torch.tensor([number for each in batch for number in each.cues])
    return Batch.of(ids, [[0] * len(each) for each in ids], torch.device("cpu")), kinds, cues
