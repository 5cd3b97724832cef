"""What the speaker tagger learns from beside annotated articles: frames of who said what, filled and joined."""

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.attribution.quotations import quotations
from training.fillers import Fillers

_FRAMES = Path(__file__).parent / "attribution_frames.txt"
_CHOICE = re.compile(r"\(([^()]*/[^()]*)\)")
_MARK = re.compile(r"\[(?P<part>[scq])(?P<number>\d?):|\]|\{(?P<name>[A-Z0-9]+)(?P<upper>!?)\}")
_PARTS = {"s": "source", "c": "cue", "q": "content"}
_NAME = re.compile(r"\b(?!The\b|In\b|On\b|And\b|But\b)([A-Z][a-z]{2,}) ([A-Z][a-z’'-]{2,})\b")
_ALONE = re.compile(r"\b(?:said|says|told|according|asked|wrote|announced|reported|believe\w*)\b")
_QUOTED = re.compile(r"[^“”\"\[\]()\n]{12,220}")
_AGES = ("34", "a father of two", "a widow", "71", "the owner of the pub")
_PLACES = ("Geneva", "Oslo", "Lagos", "the capital", "Springfield", "the harbour")

Row = dict[str, Any]


class Reports:
    """Make short texts in which somebody says something, annotated as the articles of PolNeAR are."""

    def __init__(self, fillers: Fillers, texts: Sequence[str]) -> None:
        """Take fillers, and the articles that names and quoted words are taken from."""
        self._fillers = fillers
        head, *sections = re.split(r"^\[([a-z ]+)\]\n", _FRAMES.read_text(encoding="utf-8"), flags=re.MULTILINE)
        self._frames = [line for line in head.splitlines() if line and not line.startswith("#")]
        self._own = {name: lines.split("\n")[:-1] for name, lines in zip(sections[::2], sections[1::2], strict=True)}
        small = {word for text in texts for word in re.findall(r"\b[a-z]+\b", text)}
        found = [each for text in texts for each in _NAME.findall(text)]
        self._names: list[tuple[str, str]] = [each for each in found if small.isdisjoint(word.lower() for word in each)]
        self._quoted = [
            text[start + 1 : end - 1].strip(" ,.?!") for text in texts for start, end in quotations(text)
            if _QUOTED.fullmatch(text[start + 1 : end - 1]) and text[start + 1].isupper()
        ]  # fmt: skip
        self._plain = [each for each in fillers.plain if not _ALONE.search(each)]

    def row(self, rng: random.Random) -> Row:
        """Return a text of a few sentences with its attributions."""
        text, given = "", []
        for _ in range(rng.choice([1, 2, 2, 3])):
            for _ in range(rng.choice([0, 0, 1, 1, 2])):
                text += rng.choice(self._plain) + rng.choice([" ", " ", "\n\n"])
            piece, found = self._report(rng)
            given += [_moved(each, len(text)) for each in found]
            text += piece + rng.choice([" ", "\n\n", "\n\n"])
        if rng.random() < 0.5:
            text = text.replace("“", '"').replace("”", '"')
        if rng.random() < 0.3:
            text = text.replace("’", "'")
        return {"text": text.rstrip(), "attributions": given}

    def _report(self, rng: random.Random) -> tuple[str, list[Row]]:
        frame = _chosen(rng.choice(self._frames), rng)
        text = ""
        opened: list[tuple[str, str, int]] = []
        found: dict[str, Row] = {}
        at = 0
        for mark in _MARK.finditer(frame):
            text += frame[at : mark.start()]
            at = mark.end()
            if mark["part"]:
                opened.append((mark["number"], _PARTS[mark["part"]], len(text)))
            elif mark["name"]:
                words = self._fill(mark["name"], rng)
                opens = bool(mark["upper"]) or not text or text.endswith(("“", "\n", ". ", "? ", "! "))
                text += words[:1].upper() + words[1:] if opens else words
            else:
                number, part, start = opened.pop()
                own = found.setdefault(number, {"source": [], "cue": [], "content": []})
                own[part].append({"start": start, "end": len(text)})
        text += frame[at:]
        return text[:1].upper() + text[1:], list(found.values())

    def _fill(self, name: str, rng: random.Random) -> str:
        if name in ("P", "P2"):
            return self._person(rng)
        first, last = self._full_name(rng)
        if name in ("S", "P1L"):
            return last
        if name == "P1F":
            return first
        if name in ("B", "B2"):
            return self._fillers.choice("body", rng)
        if name == "C":
            return self._fillers.clause("any", rng)
        if name == "Q":
            return rng.choice(self._quoted) if rng.random() < 0.7 else self._fillers.clause("any", rng)
        if name == "F":
            words = rng.choice(self._quoted).split()
            start = rng.randrange(max(1, len(words) - 3))
            return " ".join(words[start : start + rng.randint(2, 8)]).strip(",.;:")
        fixed = {"PRO": ("he", "she", "they"), "PRO2": ("his", "her"), "AGE": _AGES, "PLACE": _PLACES,
                 "H2": ("in Geneva", "at the gate", "by telephone", "before the match")}  # fmt: skip
        if name in fixed:
            return rng.choice(fixed[name])
        section = {"V": "verb", "W": "verb behind", "A": "unnamed", "H": "hearers", "T": "time", "N": "noun",
                   "N0": "thing", "ROLE": "role", "NICK": "nickname"}  # fmt: skip
        if name == "R":
            return f"the {self._choice('role', rng)}"
        return self._choice(section[name], rng)

    def _person(self, rng: random.Random) -> str:
        first, last = self._full_name(rng)
        way = rng.random()
        if way < 0.35:
            return f"{first} {last}"
        if way < 0.5:
            return last
        if way < 0.65:
            return f"{self._choice('title', rng)} {rng.choice([last, f'{first} {last}'])}"
        if way < 0.8:
            return f"{rng.choice(['', 'the '])}{self._choice('role', rng)} {first} {last}"
        if way < 0.87:
            return f"the {self._choice('role', rng)}, {first} {last},"
        if way < 0.93:
            return f"{first} {rng.choice('ABCDEFGHJKLMR')}. {last}"
        return self._fillers.choice("body", rng)

    def _full_name(self, rng: random.Random) -> tuple[str, str]:
        if rng.random() < 0.5:
            return rng.choice(self._names)
        first, last = (self._fillers.choice("person", rng).split(" ")[part] for part in (0, -1))
        return first, last

    def _choice(self, section: str, rng: random.Random) -> str:
        return _chosen(rng.choice([each for each in self._own[section] if each]), rng)


def _chosen(text: str, rng: random.Random) -> str:
    while found := _CHOICE.search(text):
        text = text[: found.start()] + rng.choice(found[1].split("/")) + text[found.end() :]
    return text


def _moved(attribution: Row, by: int) -> Row:
    return {
        part: [{"start": each["start"] + by, "end": each["end"] + by} for each in spans]
        for part, spans in attribution.items()
    }
