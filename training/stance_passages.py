"""Passages of real articles whose stances were labelled by hand.

``stance_passages.jsonl`` holds no text: of each passage its CRC-32, its length in characters, the spans that are not
asserted with their stances, and the cues. The passages are one or two sentences of the texts that are learnt from.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

from index.text.sentences import split_sentences
from training.frames import CODES, UNKNOWN, Marked

_LABELS = Path(__file__).parent / "stance_passages.jsonl"


def labelled_passages(texts: Sequence[str]) -> list[Marked]:
    """Return the labelled passages that ``texts`` hold."""
    lines = _LABELS.read_text(encoding="utf-8").splitlines()
    labels = {(row["length"], row["crc32"]): row for row in map(json.loads, lines)}
    lengths = {length for length, _ in labels}
    found = {}
    for passage in _passages(texts):
        if len(passage) in lengths and (key := (len(passage), crc32(passage.encode()))) in labels:
            found[key] = _marked(passage, labels[key])
    return list(found.values())


def _passages(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        sentences = list(split_sentences(text))
        for sentence, following in zip(sentences, [*sentences[1:], sentences[-1]], strict=True):
            yield text[slice(*sentence)]
            yield text[sentence.start : following.end]


def _marked(passage: str, row: dict[str, list[tuple[int, int, str]]]) -> Marked:
    kinds, cues = ["a"] * len(passage), ["0"] * len(passage)
    for start, end, kind in row["spans"]:
        kinds[start:end] = [CODES.get(kind, UNKNOWN)] * (end - start)
    for start, end, *_ in row["cues"]:
        cues[start:end] = ["1"] * (end - start)
    return Marked(passage, "".join(kinds), "".join(cues))
