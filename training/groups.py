"""One epoch's lessons: every question with a passage that answers it, and with others that do not."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.embedding import Embedder
from index.types import Span
from training.examples import Example, cropped, reworded
from training.made_questions import made_questions
from training.near_misses import NAME, near_miss

_NEIGHBOURS = 6
_SENTENCE_SHARE = 0.35
_NULL_SHARE = 0.9
_TITLE_SHARE = 0.5
_NEIGHBOUR_SHARE = {"search": 0.6}


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


def neighbours(examples: Sequence[Example], embedder: Embedder) -> dict[tuple[str, str], list[Example]]:
    """Return, for each question, the passages of other examples nearest to it that lack its answers' words.

    These are what our own dense retrieval would bring beside the right passage. Keyed by question and passage.
    """
    searchable = [each for each in examples if each.kind != "sentence" and names_its_subject(each)]
    passages = list({each.passage: each for each in searchable}.values())
    vectors = embedder.encode_passages([each.passage[:700] for each in passages])
    found = {}
    for start in range(0, len(searchable), 64):
        some = searchable[start : start + 64]
        questions = embedder.encode_passages([each.question for each in some])
        for each, order in zip(some, np.argsort(-(questions @ vectors.T), axis=1)[:, :24], strict=True):
            answers = {each.passage[span.start : span.end].lower() for span in each.answers}
            others = [passages[at] for at in order if passages[at].passage != each.passage]
            found[each.question, each.passage] = [
                other for other in others if not any(answer in other.passage.lower() for answer in answers)
            ][:_NEIGHBOURS]
    return found


def epoch(
    examples: Sequence[Example],
    found: dict[tuple[str, str], list[Example]],
    names: Sequence[str],
    things: Sequence[str],
    rng: random.Random,
) -> list[list[Example]]:
    """Return the epoch's groups in random order; the examples of a group ask the same question."""
    groups: list[list[Example]] = []
    # Real search questions are few and the most like what users ask, so they come twice.
    searched = (each for each in examples if each.kind == "search")
    for example in (*examples, *searched, *made_questions(examples, rng)):
        if example.kind == "sentence" and rng.random() > _SENTENCE_SHARE:
            continue
        right = cropped(_title_dropped(example, rng), rng)
        right = replace(right, question=reworded(right.question, rng))
        group = [right]
        groups.append(group)
        if rng.random() > _NULL_SHARE:
            continue
        others = found.get((example.question, example.passage), [])
        if others and rng.random() < _NEIGHBOUR_SHARE.get(example.kind, 0.35):
            other = rng.choice(others)
            group.append(
                cropped(_title_dropped(replace(other, question=right.question, answers=(), kind="neighbour"), rng), rng)
            )
        elif made := near_miss(cropped(_title_dropped(example, rng), rng), rng, names, things):
            if made.question == example.question:
                group.append(replace(made, question=right.question))
            else:
                groups.append([replace(made, question=reworded(made.question, rng))])
    rng.shuffle(groups)
    return groups


def names_its_subject(example: Example) -> bool:
    """Whether the question can be understood without its passage; "What size is it?" cannot."""
    return not example.group.startswith(("amazon", "reddit"))


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
