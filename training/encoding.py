"""From examples to token ids: ``[CLS] question [SEP] title [SEP] passage [SEP]``, and where the answers lie."""

from collections.abc import Sequence
from typing import NamedTuple

import torch

from service.answering.reading.tokenization import Encoder
from training.examples import Example
from training.packed import Batch


class Encoded(NamedTuple):
    """One example as tokens. ``passage`` is where the passage's tokens begin; the last token is a [SEP].

    ``starts`` and ``ends`` are the first and last tokens of its answers, both ``(0,)`` where there is none;
    ``offsets`` each passage token's characters.
    """

    ids: list[int]
    types: list[int]
    passage: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    offsets: list[tuple[int, int]]


def encode(encoder: Encoder, example: Example) -> Encoded | None:
    """Return the example's first window as tokens, as the service reads it; None if that cuts off every answer."""
    row = next(encoder.windows(example.question, example.title, example.passage), None)
    if row is None:
        return None
    starts, ends = set(), set()
    for start, end in example.answers:
        inside = [at for at, (left, right) in enumerate(row.places) if left < end and start < right]
        if inside and row.places[inside[-1]][1] >= end:
            starts.add(row.first + inside[0])
            ends.add(row.first + inside[-1])
    if example.answers and not starts:
        return None
    return Encoded(
        row.ids, row.types, row.first, tuple(sorted(starts)) or (0,), tuple(sorted(ends)) or (0,), row.places
    )


def pack(encoded: Sequence[Encoded], device: torch.device) -> Batch:
    """Return a batch of examples laid end to end."""
    return Batch.of([each.ids for each in encoded], [each.types for each in encoded], device)
