"""What the tagger learns from: windows of annotated articles, with every statement whose cue is inside."""

import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor

from benchmarks.attribution import annotated
from index.attribution.windows import Stretch, stretches
from index.text.sentences import split_sentences
from index.types import Span
from training.packed import Batch

_PARTS = ("source", "content")


class Lesson(NamedTuple):
    """A window of tokens, with the statements to be found in it.

    ``cues``, ``(tokens, 2)``, is 1 where a cue begins and where it goes on. ``pivots`` are the tokens where cues begin,
    and ``parts``, ``(pivots, 2, tokens)``, is 1 at the tokens of each one's source and content.
    """

    stretch: Stretch
    cues: Tensor
    pivots: list[int]
    parts: Tensor


def lessons(row: dict[str, Any], tokenizer: Tokenizer) -> Iterator[Lesson]:
    """Yield the lessons of an annotated article."""
    text = row["text"]
    given = annotated(row)
    for stretch in stretches(tokenizer, text, split_sentences(text)):
        yield _lesson(stretch, given)


def _lesson(stretch: Stretch, given: Sequence[dict[str, list[Span]]]) -> Lesson:
    tokens = len(stretch.ids)
    cues = torch.zeros(tokens, 2)
    marks: dict[int, Tensor] = {}
    for statement in given:
        found = _tokens(stretch, statement["cue"])
        if not found or not statement["content"]:
            continue
        cues[found[0], 0] = 1
        cues[found[1:], 1] = 1
        mark = marks.setdefault(found[0], torch.zeros(2, tokens))
        for number, part in enumerate(_PARTS):
            mark[number, _tokens(stretch, statement[part])] = 1
    pivots = sorted(marks)
    return Lesson(stretch, cues, pivots, torch.stack([marks[at] for at in pivots]) if pivots else torch.empty(0))


def _tokens(stretch: Stretch, spans: Sequence[Span]) -> list[int]:
    return [
        at
        for at, (left, right) in enumerate(stretch.places, start=1)
        if any(left < end and start < right for start, end in spans)
    ]


def batches(given: Sequence[Lesson], tokens: int, rng: random.Random) -> Iterator[list[Lesson]]:
    """Yield the lessons in random order, in batches of about ``tokens`` tokens; an incomplete last batch is dropped."""
    order = list(given)
    rng.shuffle(order)
    batch: list[Lesson] = []
    size = 0
    for lesson in order:
        batch.append(lesson)
        size += len(lesson.stretch.ids)
        if size >= tokens:
            yield batch
            batch, size = [], 0


def pack(batch: Sequence[Lesson]) -> Batch:
    """Return a batch of lessons laid end to end."""
    ids = [each.stretch.ids for each in batch]
    return Batch.of(ids, [[0] * len(each) for each in ids], torch.device("cpu"))
