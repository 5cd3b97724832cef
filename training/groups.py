"""One epoch's lessons: every question with a passage that answers it, and with others that do not."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.types import Span
from training.examples import Example, cropped, reworded
from training.made_questions import made_questions
from training.near_misses import NAME, names_in, near_miss, things_in
from training.neighbours import Neighbours
from training.taken_back import Framer
from training.twins import Twins, as_miss, twins_of

_SEED = 7
_SHARES = {"squad": 0.12, "given": 0.25, "sentence": 0.1, "discourse": 0.6, "made": 0.5, "search": 0.35}
_NULL_SHARE = {"squad": 0.5, "discourse": 0.3}
_FRAMED_SHARE = 0.12
_TITLE_SHARE = 0.5
_NEIGHBOUR = "neighbour"
_NEIGHBOUR_SHARE = {"search": 0.35}


def titled(examples: Sequence[Example]) -> list[Example]:
    """Return the examples, with the most frequent name as the title of encyclopedia articles that have none."""
    names: dict[str, Counter[str]] = {}
    for each in {example.passage: example for example in examples}.values():
        names.setdefault(each.group, Counter()).update(name for name in NAME.findall(each.passage) if len(name) > 3)
    return [
        replace(each, title=names[each.group].most_common(1)[0][0])
        if each.group.startswith("new_wiki") and names[each.group]
        else each
        for each in examples
    ]


class Lessons:
    """Makes epochs of the examples to learn from."""

    def __init__(self, examples: Sequence[Example], twins: Twins, framer: Framer) -> None:
        """Take the examples, the near misses that people wrote, and what frames sentences."""
        self._examples, self._twins, self._framer = examples, twins, framer
        self._names, self._things = names_in(examples), things_in(examples)
        self._library = Neighbours([each for each in examples if each.kind not in ("sentence", "discourse")])

    def epoch(self, number: int) -> list[list[Example]]:
        """Return the epoch's groups in random order; the examples of a group ask the same question."""
        rng = random.Random(f"{_SEED} {number}")  # noqa: S311
        # Real search questions are few and the most like what users ask, so they come twice.
        searched = (each for each in self._examples if each.kind == "search")
        chosen = [
            each
            for each in (*self._examples, *searched, *made_questions(self._examples, rng))
            if rng.random() < self._share(each)
        ]
        groups = [group for each in chosen for group in self._groups(each, rng)]
        rng.shuffle(groups)
        return [self._with_neighbour(group, rng) for group in groups]

    def _share(self, example: Example) -> float:
        return 1.0 if twins_of(example, self._twins) else _SHARES.get(example.kind, 1.0)

    def _groups(self, example: Example, rng: random.Random) -> Iterator[list[Example]]:
        right = cropped(_title_dropped(example, rng), rng)
        written = twins_of(example, self._twins)
        for question in written:
            yield [as_miss(right, reworded(question, rng))]
        if rng.random() < _FRAMED_SHARE and (framed := self._framer.framed(right, rng)):
            yield [replace(framed, question=reworded(framed.question, rng))]
            if framed.answers:
                return
        asked = replace(right, question=reworded(right.question, rng))
        if written or rng.random() > _NULL_SHARE.get(example.kind, 0.9):
            yield [asked]
            return
        if (
            example.kind != "sentence"
            and names_its_subject(example)
            and rng.random() < _NEIGHBOUR_SHARE.get(example.kind, 0.35)
        ):
            yield [asked, replace(example, kind=_NEIGHBOUR)]
        elif made := near_miss(cropped(_title_dropped(example, rng), rng), rng, self._names, self._things):
            if made.question == example.question:
                yield [asked, replace(made, question=asked.question)]
            else:
                yield [asked]
                yield [replace(made, question=reworded(made.question, rng))]
        else:
            yield [asked]

    def _with_neighbour(self, group: list[Example], rng: random.Random) -> list[Example]:
        """Return the group with a near passage in the place of the mark for one, if there is a near passage."""
        if group[-1].kind != _NEIGHBOUR:
            return group
        others = self._library.of(group[-1])
        if not others:
            return group[:1]
        other = replace(rng.choice(others), question=group[0].question, answers=())
        return [group[0], cropped(_title_dropped(other, rng), rng)]


def names_its_subject(example: Example) -> bool:
    """Whether the question can be understood without its passage; "What size is it?" cannot."""
    return not example.group.startswith(("amazon", "reddit", "Wiki1k"))


def _title_dropped(example: Example, rng: random.Random) -> Example:
    """Return the example without its title half of the time; a post's title is its first sentence."""
    if rng.random() > _TITLE_SHARE:
        return replace(example, title="")
    if example.group.startswith("reddit"):
        title, stop, rest = example.passage.partition(". ")
        skipped = len(title) + len(stop)
        if stop and len(title) < 120 and all(start >= skipped for start, _ in example.answers):
            answers = tuple(Span(start - skipped, end - skipped) for start, end in example.answers)
            return replace(example, title=title, passage=rest, answers=answers)
    return example
