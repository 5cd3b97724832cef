"""Fit what tells whether a question asks for somebody's words: ``python -m training.words_asked [--held-out FILE]``.

The lessons are ``said_questions.txt`` beside this file: shapes of questions, filled with topics, names and verbs.
Printed is the accuracy over five folds, each without the shapes that it is measured on; and, of FILE, over questions
that somebody else wrote: JSON lines of ``question``, ``mentioned`` (a name in it) and
``speaker`` (whose words are asked for, or null).
"""

import argparse
import json
import random
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.common import read_rows
from service.answering.question.words_asked import WEIGHTS, features

_LESSONS = Path(__file__).with_name("said_questions.txt")
_TOPICS = (
    "wages|the border closure|the new stadium|rising rents|the bridge collapse|the strike|climate policy|the merger"
    "|the vaccine rollout|his resignation|school meals|the budget|the hospital closure|migration|the court ruling"
    "|free trade|housing|the flood|the missing files|her trial"
).split("|")
_OTHERS = "Brandt|the mayor|the opposition|Novak|the union|Reuters|the minister|Diaz".split("|")
_VERBS = (
    "say said|claim claimed|report reported|argue argued|suggest suggested|mention mentioned|state stated"
    "|explain explained|confirm confirmed|allege alleged|insist insisted|declare declared|tell us told us"
).split("|")
_FILLED = 6
_SMALL = 0.3
_STRENGTH = 3.0
_FEWEST = 0.02


class _Lesson(NamedTuple):
    shape: int
    before: str
    after: str
    asks: bool


def _lessons() -> list[_Lesson]:
    drawn = random.Random(20261127)
    lessons = []
    for number, line in enumerate(_LESSONS.read_text(encoding="utf-8").splitlines()):
        if line[0] not in "+-":
            continue
        for _ in range(_FILLED):
            verb = drawn.choice(_VERBS).split(" ")
            half = len(verb) // 2
            filled = line[2:].replace("{v}", " ".join(verb[:half])).replace("{d}", " ".join(verb[half:]))
            filled = filled.replace("{y}", drawn.choice(_TOPICS)).replace("{z}", drawn.choice(_OTHERS))
            if drawn.random() < _SMALL:
                filled = filled.lower().rstrip("?.")
            before, after = filled.split("{x}", 1)
            lessons.append(_Lesson(number, before, after, line[0] == "+"))
    return lessons


def _named(before: str, after: str) -> dict[str, int]:
    return dict.fromkeys(features(before, after), 1)


def _fitted(lessons: list[_Lesson]) -> tuple[DictVectorizer, LogisticRegression]:
    names = DictVectorizer()
    seen = names.fit_transform([_named(each.before, each.after) for each in lessons])
    return names, LogisticRegression(C=_STRENGTH, max_iter=5000).fit(seen, [each.asks for each in lessons])


def _held_out(path: Path) -> list[_Lesson]:
    rows = []
    for number, row in enumerate(read_rows(path)):
        name = row["speaker"] or row["mentioned"]
        if name and name in row["question"]:
            before, after = row["question"].split(name, 1)
            rows.append(_Lesson(number, before, after, row["speaker"] is not None))
    return rows


def main() -> None:
    """Fit, print how well it does, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", type=Path)
    path = parser.parse_args().held_out
    lessons = _lessons()
    right = []
    for train, test in GroupKFold(5).split(lessons, groups=[each.shape for each in lessons]):
        names, model = _fitted([lessons[at] for at in train])
        told = model.predict(names.transform([_named(lessons[at].before, lessons[at].after) for at in test]))
        right.append(np.mean(told == np.array([lessons[at].asks for at in test])))
    names, model = _fitted(lessons)
    print(f"{len(lessons)} lessons, five folds by shape: {np.mean(right):.3f}")
    if path:
        rows = _held_out(path)
        told = model.predict(names.transform([_named(each.before, each.after) for each in rows]))
        for asks in (True, False):
            of_kind = [bool(tell) == asks for tell, row in zip(told, rows, strict=True) if row.asks == asks]
            print(f"{'asked for' if asks else 'not asked for'}: {np.mean(of_kind):.3f} of {len(of_kind)} right")
        for tell, row in zip(told, rows, strict=True):
            if tell != row.asks:
                print("missed" if row.asks else "wrong", f"{row.before}[…]{row.after}")
    weights = {
        name: round(float(weight), 3)
        for name, weight in zip(names.feature_names_, model.coef_[0], strict=True)
        if abs(weight) >= _FEWEST
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_text(json.dumps({"bias": round(float(model.intercept_[0]), 3), "weights": weights}, indent=0) + "\n")


if __name__ == "__main__":
    main()
