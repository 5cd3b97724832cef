"""From examples to token ids: ``[CLS] question [SEP] title [SEP] passage [SEP]``, and where the answers lie."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from tokenizers import Encoding, Tokenizer

from service.answering.span_model import LONGEST, LONGEST_QUESTION, LONGEST_TITLE
from training.examples import Example
from training.packed import Batch

# Where every uncased BERT vocabulary has them.
_CLS, _SEP = 101, 102


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


def encode(tokenizer: Tokenizer, example: Example) -> Encoded | None:
    """Encode, cutting the passage to 384 tokens in all; None where that cuts every answer off."""
    question = _plain(tokenizer, example.question).ids[:LONGEST_QUESTION]
    title = _plain(tokenizer, example.title).ids[:LONGEST_TITLE] if example.title else []
    head = [_CLS, *question, _SEP]
    middle = [*title, _SEP] if title else []
    passage = _plain(tokenizer, example.passage)
    room = LONGEST - len(head) - len(middle) - 1
    ids, offsets = passage.ids[:room], passage.offsets[:room]
    first = len(head) + len(middle)
    starts, ends = set(), set()
    for start, end in example.answers:
        inside = [at for at, (left, right) in enumerate(offsets) if left < end and start < right]
        if inside and offsets[inside[-1]][1] >= end:
            starts.add(first + inside[0])
            ends.add(first + inside[-1])
    if example.answers and not starts:
        return None
    return Encoded(
        [*head, *middle, *ids, _SEP],
        [0] * len(head) + [1] * (len(middle) + len(ids) + 1),
        first,
        tuple(sorted(starts)) or (0,),
        tuple(sorted(ends)) or (0,),
        offsets,
    )


def pack(encoded: Sequence[Encoded], device: torch.device) -> Batch:
    """Lay examples end to end."""
    cuts, at = [], 0
    for each in encoded:
        cuts.append((at, at + len(each.ids)))
        at += len(each.ids)
    return Batch(
        torch.tensor([token for each in encoded for token in each.ids], device=device),
        torch.tensor([kind for each in encoded for kind in each.types], device=device),
        torch.cat([torch.arange(len(each.ids)) for each in encoded]).to(device),
        tuple(cuts),
    )


def _plain(tokenizer: Tokenizer, text: str) -> Encoding:
    return tokenizer.encode(text, add_special_tokens=False)
