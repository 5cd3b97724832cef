"""What fills frames: clauses, noun phrases and verb phrases, made from our own words or taken from articles."""

import random
import re
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

from index.text.sentences import split_sentences

_OWN = Path(__file__).parent / "fillers.txt"
_CHOICE = re.compile(r"\(([^()]*/[^()]*)\)")
_PARTICIPLES = {
    "took": "taken", "stole": "stolen", "saw": "seen", "broke": "broken", "ran": "run", "withdrew": "withdrawn",
    "hid": "hidden", "sang": "sung", "knew": "known", "drank": "drunk", "drove": "driven", "wrote": "written",
    "flew": "flown", "spoke": "spoken",
}  # fmt: skip
_AFTER_HAVE = re.compile(r"\b(?:has|have|had|having|haven't|hasn't|hadn't)(?: \w+)?\s$")
MARKED = re.compile(
    r"[?“”\"‘]|\b(?:no|not|nor|never|none|nobody|nothing|without|neither|if|unless|whether|would|could|may|might|should"
    r"|can|must|will|to be|plan\w*|hop\w+|want\w*|expect\w*|intend\w*|propos\w*|den(?:y|ied|ies|ying|ial)|reject\w*"
    r"|dismiss\w*|refus\w*|declin\w*|fail\w*|doubt\w*|disput\w*|alleg\w*|accus\w*|suspect\w*|charg\w*|rumou?r\w*"
    r"|reportedly|claim\w*|false\w*|untrue|wrong\w*|myth|hoax|unlikely|likely|possib\w*|perhaps|maybe|apparently"
    r"|unclear|evidence|withdr\w+|retract\w*|novel|film|story|fiction\w*|character|play\w*|episode|cancel\w*|prevent\w*"
    r"|avoid\w*|urge\w*|demand\w*|call\w* (?:for|on)|order\w*|threat\w*|warn\w*|fear\w*|consider\w*|investigat\w*"
    r"|due to|set to|about to|need\w*|requir\w*|ask\w*|suggest\w*|believ\w*|seek\w*|try|trying|tried|attempt\w*"
    r"|little|few|hardly|barely|prohibit\w*|ban\w*|un\w+able|lack\w*|instead|rather|supposed\w*|according to legend"
    r"|legend\w*|myth\w*|when|until|n['’]t)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words beside which a sentence may not be plainly asserted: it is then neither a clause nor a lesson by itself."""
_FINITE = re.compile(
    r"\b(?:was|were|is|are|has|have|had|\w{3,}ed|began|took|made|won|said|came|went|became|rose|fell)\b"
)
_NOW = re.compile(r"\b(?:is|are|has|have)\b")
_BAD_START = re.compile(
    r"(?:But|And|However|Although|While|Meanwhile|So|Or|Yet|Also|For|This|These|That|Those|As|Because|Since|After"
    r"|Before|Then|Thus|Which|Who|What|Where|How|Why|It|There)\b"
)
_BASE = re.compile(
    r"\b(?:will|would|can|could|may|should|must|might) ((?!be\b|have\b|not\b|also\b)[a-z]+ [^,;.()“”\"]{4,120})[,;.]"
)
_PAST = re.compile(r"\b(?:has|have|had) ((?!been\b)[a-z]+(?:ed|en|won|made|sold|lost|left) [^,;.()“”\"]{4,120})[,;.]")
_ING = re.compile(r"\b(?:by|while|before|after) ([a-z]{2,}ing [^,;.()“”\"]{4,120})[,;.]")
_NP = re.compile(r"\b(?:of|by|for|after|against|about|in) ((?:the|a|an) [a-z]+ (?:of|at|in|on) (?:the )?[A-Za-z]+)[,.]")


def is_kept_aside(name: str) -> bool:
    """Whether texts of that name, one in ten, are for measuring and not for learning."""
    return crc32(name.encode()) % 10 == 0


class Fillers:
    """Fillers for the gaps of frames; those of ``texts`` and our own."""

    def __init__(self, texts: Sequence[str], *, aside: bool) -> None:
        """Take texts; of our own words those for measuring if ``aside``, otherwise those for learning."""
        self._own = {name: [each for each in lines if is_kept_aside(each) == aside] or lines
                     for name, lines in _sections().items()}  # fmt: skip
        lower, upper = _cases(texts)
        self.plain: list[str] = []
        self._mined: dict[str, list[str]] = {"past": [], "present": [], "base": [], "VP-past": [], "ing": [], "NP": []}
        for text in texts:
            for start, end in split_sentences(text):
                self._mine(text[start:end], lower, upper)

    def _mine(self, sentence: str, lower: dict[str, int], upper: dict[str, int]) -> None:
        sentence = " ".join(sentence.split())
        for name, pattern in (("base", _BASE), ("VP-past", _PAST), ("ing", _ING), ("NP", _NP)):
            self._mined[name] += [each for each in pattern.findall(sentence) if not MARKED.search(each)]
        if MARKED.search(sentence) or not 20 <= len(sentence) <= 260 or not sentence.endswith("."):
            return
        self.plain.append(sentence)
        if len(sentence) > 150 or re.search(r"[():;]|\bsaid\b", sentence) or _BAD_START.match(sentence):
            return
        if not sentence[0].isupper() or not _FINITE.search(sentence):
            return
        first = re.split(r"\W", sentence)[0]
        if lower.get(first.lower(), 0) > upper.get(first, 0) or first in ("The", "A", "An", "He", "She", "They", "In"):
            sentence = sentence[0].lower() + sentence[1:]
        self._mined["present" if _NOW.search(sentence) else "past"].append(sentence[:-1])

    def choice(self, name: str, rng: random.Random) -> str:
        """Return a filler of our own."""
        return _chosen(rng.choice(self._own[name]), rng)

    def source(self, rng: random.Random) -> str:
        """Return a person or a body."""
        kind = rng.random()
        if kind < 0.4:
            return self.choice("body", rng)
        first, last = (self.choice("person", rng).split(" ")[part] for part in (0, -1))
        if kind < 0.6:
            return f"{self.choice('title', rng)} {last}"
        if kind < 0.75:
            return f"{self.choice('title', rng)} {first} {last}"
        if kind < 0.85:
            return rng.choice(["he", "she", "they", last])
        return f"{first} {last}"

    def phrase(self, form: str, before: str, rng: random.Random) -> str:
        """Return a verb phrase: ``base``, ``past`` or ``ing``."""
        mined = self._mined["VP-past" if form == "past" else form]
        if mined and rng.random() < 0.4:
            return rng.choice(mined)
        verb, _, rest = self.choice("verb", rng).partition(" ~")
        base, past, ing = verb.split(" | ")
        if form == "past" and _AFTER_HAVE.search(before):
            past = _PARTICIPLES.get(past, past)
        return ({"base": base, "past": past, "ing": ing}[form] + rest).strip()

    def noun(self, form: str, rng: random.Random) -> str:
        """Return a noun phrase: ``event``, ``crime`` or ``bare``."""
        if form == "event" and self._mined["NP"] and rng.random() < 0.4:
            return rng.choice(self._mined["NP"])
        return self.choice(form, rng)

    def clause(self, form: str, rng: random.Random) -> str:
        """Return a clause without a full stop: ``any``, ``past``, ``present``, ``future`` or ``pluperfect``."""
        if form == "any":
            form = rng.choice(["past", "past", "present", "present", "future"])
        tense = form if form in ("past", "present") else "past"
        if self._mined[tense] and rng.random() < (0.55 if form in ("past", "present") else 0.2):
            return rng.choice(self._mined[tense])
        subject = self.choice("subject", rng) if rng.random() < 0.7 else self.source(rng)
        if form == "future":
            return f"{subject} will {self.phrase('base', '', rng)}"
        if rng.random() < 0.4:
            text = rng.choice(self._own["state"])
            past, _, now = text[1 : text.index(")")].partition("/")
            return f"{subject} {now if form == 'present' else past}{_chosen(text[text.index(')') + 1 :], rng)}"
        if form == "pluperfect":
            return f"{subject} had {self.phrase('past', 'had ', rng)}"
        if form == "present":
            return f"{subject} {rng.choice(['has', 'have'])} {self.phrase('past', 'has ', rng)}"
        if rng.random() < 0.3:
            return f"{subject} had {self.phrase('past', 'had ', rng)}"
        return f"{subject} {self.phrase('past', '', rng)}"


def _chosen(text: str, rng: random.Random) -> str:
    while found := _CHOICE.search(text):
        text = text[: found.start()] + rng.choice(found[1].split("/")) + text[found.end() :]
    return text


def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    name = ""
    for line in _OWN.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line[1:-1]
            sections[name] = []
        elif line and not line.startswith("#"):
            sections[name].append(line)
    return sections


def _cases(texts: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Count how often words stand in small letters and, inside sentences, with a capital."""
    lower: dict[str, int] = {}
    upper: dict[str, int] = {}
    for text in texts:
        for word in re.findall(r"(?<=[a-z,] )[A-Za-z]+", text):
            into = upper if word[0].isupper() else lower
            into[word] = into.get(word, 0) + 1
    return lower, upper
