"""Questions that people wrote so that a paragraph seems to answer them and does not, each beside one that it does.

``python -m training.twins --data FOLDER --out FILE.jsonl.gz`` writes those held out, with the questions that they stand
beside, for ``benchmarks.reading``.
"""

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

from benchmarks.common import read_rows
from training.examples import Example

Twins = dict[tuple[str, str], list[str]]
_FILE = "squad2_unanswerable.jsonl.gz"


def load_twins(folder: Path) -> Twins:
    """Return the unanswerable questions of the training folder, by the question and passage that they are near."""
    twins: Twins = defaultdict(list)
    for row in read_rows(folder / _FILE):
        twins[_key(row["answerable_twin"], row["context"])].append(row["question"])
    return twins


def twins_of(example: Example, twins: Twins) -> Sequence[str]:
    """Return the unanswerable questions that people wrote beside this one, none for most."""
    return twins.get(_key(example.question, example.passage), ())


def as_miss(example: Example, question: str) -> Example:
    """Return the example asked another ``question``, which its passage does not answer."""
    return replace(example, question=question, answers=(), kind="written")


def is_held_out(group: str) -> bool:
    """Whether an article of SQuAD, one in ten, is for looking at while training and for measuring."""
    return group.startswith("squad ") and crc32(group.encode()) % 10 == 0


def _key(question: str, passage: str) -> tuple[str, str]:
    return question.strip().lower(), passage


def main() -> None:
    """Write what is held out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    reading = options.data / "reading"
    twins = load_twins(reading)
    written = 0
    with gzip.open(options.out, "wt", encoding="utf-8") as file:
        for row in read_rows(reading / "squad11_train.jsonl.gz"):
            misses = twins.get(_key(row["question"], row["context"]), ())
            if not misses or not is_held_out(f"squad {row['article']}"):
                continue
            missed = [row | {"question": each, "answers": [], "impossible": True} for each in misses]
            for each in (row, *missed):
                file.write(f"{json.dumps(each, ensure_ascii=False)}\n")
                written += 1
    print(f"{written} questions written to {options.out}")


if __name__ == "__main__":
    main()
