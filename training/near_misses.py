"""Make questions that a passage nearly answers: the words are near, the answer is not there.

Random negatives teach nothing about these. Each function takes an answerable example and returns one that most likely
has no answer, or None where it finds nothing to change. A few still have an answer: the new words may be true too.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.text.sentences import split_sentences
from training.examples import Example

NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'-]+(?:\s(?:of\s|the\s)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_THING = re.compile(r"\b(?:the|an?|of|many|what|which) ([a-z]{4,})\b")
_FIRST_AUXILIARY = re.compile(r"\b(did|does|do|is|are|was|were|can|could|has|have|will|would|should)\b", re.IGNORECASE)
_OPPOSITES = (
    "first last|most least|more less|many few|before after|largest smallest|biggest smallest|highest lowest"
    "|oldest youngest|earliest latest|best worst|increase decrease|increased decreased|rise fall|rose fell|begin end"
    "|began ended|start stop|started stopped|open close|opened closed|win lose|won lost|north south|northern southern"
    "|east west|eastern western|male female|men women|man woman|mother father|son daughter|husband wife|older younger"
    "|larger smaller|higher lower|above below|inside outside|allow forbid|allowed forbidden|accept reject"
    "|accepted rejected|support oppose|supported opposed|like dislike|love hate|good bad|easy difficult|new old"
    "|strong weak|early late|major minor|always never|buy sell|bought sold|friend enemy|give take|gave took"
    "|positive negative|cause prevent|caused prevented|create destroy|created destroyed|advantages disadvantages"
    "|benefits drawbacks|similar different|included excluded|join leave|joined left|arrive depart|born buried"
    "|longest shortest|longer shorter|fast slow|cheap expensive|alive dead|import export|maximum minimum"
    "|internal external|public private|summer winter|morning evening|teacher student|attack defend|attacked defended"
)
_OPPOSITE = {
    one: other
    for pair in _OPPOSITES.split("|")
    for left, right in [pair.split()]
    for one, other in ((left, right), (right, left))
}
_OPPOSED = re.compile(rf"\b(?:{'|'.join(_OPPOSITE)})\b", re.IGNORECASE)


def other_name(example: Example, rng: random.Random, names: Sequence[str]) -> Example | None:
    """Ask of another name: one of the passage, or one of ``names`` that the passage lacks."""
    found = [name for name in NAME.findall(example.question) if name in example.passage]
    if not found:
        return None
    name = rng.choice(found)
    answered = [example.passage[start:end] for start, end in example.answers]
    near = {each for each in NAME.findall(example.passage) if each not in example.question and each not in answered}
    far = [each for each in rng.sample(names, min(8, len(names))) if each not in example.passage]
    pool = sorted(near) if near and rng.random() < 0.5 else far
    return _swapped(example, name, rng.choice(pool), rng) if pool else None


def other_thing(example: Example, rng: random.Random, things: Sequence[str]) -> Example | None:
    """Ask of another thing that the passage does not mention."""
    passage = example.passage.lower()
    found = [match for match in _THING.finditer(example.question) if match.group(1) in passage]
    if not found:
        return None
    match = rng.choice(found)
    plural = match.group(1).endswith("s")
    pool = [each for each in rng.sample(things, 12) if each.endswith("s") == plural and each not in passage]
    if not pool:
        return None
    question = example.question[: match.start(1)] + pool[0] + example.question[match.end(1) :]
    return replace(example, question=question, answers=(), kind="other thing")


def names_exchanged(example: Example, rng: random.Random) -> Example | None:  # noqa: ARG001
    """Exchange two names in the question: who did it to whom."""
    names = [name for name in NAME.findall(example.question) if name in example.passage]
    if len(names) < 2 or names[0] == names[1]:
        return None
    first, second = names[:2]
    question = re.sub(
        rf"{re.escape(first)}|{re.escape(second)}",
        lambda match: second if match.group() == first else first,
        example.question,
    )
    return replace(example, question=question, answers=(), kind="names exchanged")


def other_number(example: Example, rng: random.Random) -> Example | None:
    """Ask of another number or year: one of the passage, or one a little off."""
    found = [number for number in _NUMBER.findall(example.question) if number in example.passage]
    if not found:
        return None
    number = rng.choice(found)
    near = [each for each in _NUMBER.findall(example.passage) if each not in example.question]
    digits = number.replace(",", "").rstrip(".")
    off = str(int(digits) + rng.choice((-20, -10, -3, -2, -1, 1, 2, 3, 10, 20))) if digits.isdigit() else "17"
    other = rng.choice(near) if near and rng.random() < 0.5 else off
    return _swapped(example, number, other, rng)


def opposite(example: Example, rng: random.Random) -> Example | None:
    """Ask for the opposite: the last for the first, the losses for the gains."""
    found = list(_OPPOSED.finditer(example.question))
    if not found:
        return None
    match = rng.choice(found)
    other = _OPPOSITE[match.group().lower()]
    if other in example.passage.lower():
        return None
    question = example.question[: match.start()] + other + example.question[match.end() :]
    return replace(example, question=question, answers=(), kind="opposite")


def negated(example: Example, rng: random.Random) -> Example | None:
    """Ask what is not so."""
    match = _FIRST_AUXILIARY.search(example.question)
    if not match or re.search(r"\bnot\b|n't\b", example.question):
        return None
    word = match.group() + rng.choice((" not", "n't", " never"))
    question = example.question[: match.start()] + word + example.question[match.end() :]
    return replace(example, question=question.replace("cann't", "can't"), answers=(), kind="negated")


def answer_left_out(example: Example, rng: random.Random) -> Example | None:  # noqa: ARG001
    """Leave out every sentence that has words of an answer in it."""
    texts = {example.passage[start:end].lower() for start, end in example.answers}
    sentences = split_sentences(example.passage)
    kept = []
    for start, end in sentences:
        sentence = example.passage[start:end]
        touched = any(span.start < end and start < span.end for span in example.answers)
        if not touched and not any(text in sentence.lower() for text in texts):
            kept.append(sentence)
    if not kept or len(kept) == len(sentences):
        return None
    return replace(example, passage=" ".join(kept), answers=(), kind="answer left out")


def near_miss(example: Example, rng: random.Random, names: Sequence[str], things: Sequence[str]) -> Example | None:
    """Make a near miss in one of these ways, chosen at random among those that have something to change."""
    makers: list[tuple[float, Callable[[], Example | None]]] = [
        (0.15, lambda: other_thing(example, rng, things)),
        (0.30, lambda: other_name(example, rng, names)),
        (0.20, lambda: other_number(example, rng)),
        (0.20, lambda: opposite(example, rng)),
        (0.10, lambda: names_exchanged(example, rng)),
        (0.08, lambda: negated(example, rng)),
        (0.25, lambda: answer_left_out(example, rng)),
    ]
    while makers:
        chosen = rng.choices(makers, [weight for weight, _ in makers])[0]
        if made := chosen[1]():
            return made
        makers.remove(chosen)
    return None


def names_in(examples: Sequence[Example]) -> list[str]:
    """Return the names that the examples' passages mention, each once, in order."""
    return sorted({name for each in examples for name in NAME.findall(each.passage) if len(name) > 3})


def things_in(examples: Sequence[Example]) -> list[str]:
    """Return the things that the examples' questions ask about, with repetitions."""
    return [thing for each in examples for thing in _THING.findall(each.question)]


def _swapped(example: Example, old: str, new: str, rng: random.Random) -> Example | None:
    """Put ``new`` for ``old`` in the question, or everywhere in the passage but not in the question."""
    if old == new:
        return None
    kind = "other number" if old[0].isdigit() else "other name"
    whole = re.compile(rf"\b{re.escape(old)}(?!\w)")
    if rng.random() < 0.6 or new in example.passage:
        return replace(example, question=whole.sub(lambda _: new, example.question), answers=(), kind=kind)
    return replace(example, passage=whole.sub(lambda _: new, example.passage), answers=(), kind=kind)
