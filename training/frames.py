r"""Frames: sentences that take a clause back or affirm it, with a gap for the clause, filled to make lessons.

A frame is a line ``label<TAB>form<TAB>template<TAB>pair``. A template holds ``{CLAUSE}``, ``{NP}`` or ``{VP}``, which
``form`` describes, ``{SRC}`` and ``{SRC2}`` (persons or bodies) and ``{PRO}``; ``<<…>>`` are the words that carry the
stance; ``[[…]]`` are words under the line's label, ``[[label|…]]`` under another; ``(a/b)`` is a choice, ``\n`` a line
break. What is outside the gap and ``[[…]]`` is asserted.
"""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

CODES = {
    "asserted": "a", "denied": "d", "doubted": "u", "conditional": "c", "asked": "q", "fictional": "f",
    "retracted": "t", "reported": "r",
}  # fmt: skip
UNKNOWN = "?"
_OLD = {
    "negated/denial": "denied", "negated/author": "denied", "negated/retraction": "retracted",
    "uncertain/doubt": "doubted", "uncertain/condition": "conditional", "uncertain/counterfactual": "conditional",
    "uncertain/plan": "conditional", "uncertain/question": "asked", "uncertain/fiction": "fictional",
}  # fmt: skip
_NOBODY = re.compile(
    r"rumour|unconfirmed|alleg|suspicion|investigation|charged|anonymous|supposed|speculat|not to be named"
    r"|not be traced|village they say|without offering proof|what it called",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\(([^()]*/[^()]*)\)")
_MARK = re.compile(r"\[\[(?:(\w+)\|)?|\]\]|<<|>>|\{[A-Z0-9]+\}")
_OPENS = re.compile(r"(?:^|[.?!:\n]\s*[“\"‘']?|[“\"‘])$")


class Marked(NamedTuple):
    """A text and, for each of its characters, its stance (see ``CODES``; ``?`` not known) and whether it is a cue's."""

    text: str
    kinds: str
    cues: str

    def __add__(self, other: object) -> "Marked":
        """Return the two end to end."""
        assert isinstance(other, Marked)
        return Marked(self.text + other.text, self.kinds + other.kinds, self.cues + other.cues)

    def cut(self, start: int, end: int | None = None) -> "Marked":
        """Return a part of it."""
        return Marked(self.text[start:end], self.kinds[start:end], self.cues[start:end])

    def under(self, code: str) -> "Marked":
        """Return it with what it asserts put under another stance."""
        return self._replace(kinds=self.kinds.replace("a", code))


class Frame(NamedTuple):
    """A line of a file of frames. Of a ``loose`` one the cue is not known, nor always the stance of its own words."""

    label: str
    form: str
    template: str
    pair: str
    loose: bool

    @property
    def gap(self) -> str:
        """Return the name of the gap that the label is of."""
        return self.form.split("-")[0]


def plain(text: str, code: str = "a", cue: str = "0") -> Marked:
    """Return a text all of one stance."""
    return Marked(text, code * len(text), cue * len(text))


def read_frames(path: Path) -> list[Frame]:
    """Return the frames of a file; its labels may be those of ``data/stance/frames.txt`` (``negated/denial``)."""
    frames = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if not line.strip() or line.startswith("#"):
            continue
        label, form, template, pair = line.split("\t")
        known = _label(label, template)
        form = "VP-base" if form == "VP" else form
        own = pair if pair != "-" else f"{path.stem}{number}"
        frames.append(Frame(known, form, template.replace("\\n", "\n"), own, "/" in label))
    return frames


def _label(label: str, template: str) -> str:
    if label.startswith("asserted"):
        return "asserted"
    if label == "other_claim/report":
        return "reported" if _NOBODY.search(template) else "asserted"
    return _OLD.get(label, label)


def filled(frame: Frame, fill: Callable[[str, str], Marked], rng: random.Random) -> Marked:
    """Return the frame with its gaps filled: ``fill`` is given a gap's name and what stands before it."""
    template = frame.template
    while found := _CHOICE.search(template):
        template = template[: found.start()] + rng.choice(found[1].split("/")) + template[found.end() :]
    rest, no_cue = _own(frame)
    cue = no_cue
    labels: list[str] = []
    out = plain("")
    at = 0
    for mark in _MARK.finditer(template):
        code = CODES[labels[-1]] if labels else rest
        out += plain(template[at : mark.start()], code, cue)
        at = mark.end()
        if mark[0].startswith("[["):
            labels.append(mark[1] or frame.label)
        elif mark[0] == "]]":
            labels.pop()
        elif mark[0] in ("<<", ">>"):
            cue = "1" if mark[0] == "<<" and frame.label != "asserted" else no_cue
        else:
            name = mark[0][1:-1]
            if name == frame.gap and not labels:
                code = CODES[frame.label]
            out += _fitted(fill(name, out.text), out.text).under(code)
    code = CODES[labels[-1]] if labels else rest
    whole = out + plain(template[at:], code, cue)
    return whole._replace(text=whole.text[:1].upper() + whole.text[1:])


def _own(frame: Frame) -> tuple[str, str]:
    """Return the stance of a frame's own words, and whether they are a cue."""
    if not frame.loose:
        return "a", UNKNOWN if frame.label == "asserted" and "[[" in frame.template else "0"
    unsure = frame.label in ("conditional", "asked") or "?" in frame.template
    return UNKNOWN if unsure else "a", "0" if frame.label == "asserted" and not unsure else UNKNOWN


def _fitted(given: Marked, before: str) -> Marked:
    if _OPENS.search(before):
        return given._replace(text=given.text[:1].upper() + given.text[1:])
    return given


def held_out(frames: Sequence[Frame], share: float, seed: int) -> set[str]:
    """Return the pairs kept aside: of each label about ``share``, whole pairs only."""
    rng = random.Random(seed)  # noqa: S311
    kept: set[str] = set()
    for label in sorted({each.label for each in frames}):
        own = [each for each in frames if each.label == label]
        pairs = sorted({each.pair for each in own})
        rng.shuffle(pairs)
        for pair in pairs:
            if sum(each.pair in kept for each in own) >= share * len(own):
                break
            kept.add(pair)
    return kept


def words_of(frames: Iterable[Frame]) -> set[str]:
    """Return the words of the frames themselves."""
    return {word for each in frames for word in re.findall(r"[a-z']+", _MARK.sub(" ", each.template).lower())}
