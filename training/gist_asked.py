"""Fit what tells whether the gist is asked for: ``python -m training.gist_asked --data FOLDER [--held-out FILE]``.

The lessons are ``gist_questions.txt`` beside this file, and questions of SQuAD, which ask for something else. Printed
is the accuracy over five folds, each without the lines that it is measured on; and, of FILE, over questions that
somebody else wrote: JSON lines of ``question`` and ``gist`` (true or false).
"""

import argparse
import json
import random
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.common import read_rows
from index.text.words import is_function_word
from service.answering.question.gist_asked import WEIGHTS, features, words

_LESSONS = Path(__file__).with_name("gist_questions.txt")
_ORDINARY = 4_000
_MOST_OF_A_LINE = 40
_SMALL = 0.4
_POLITE = 0.25
_POLITELY = ("{} please", "{} pls", "please {}", "{}, thanks", "hi, {}", "ok, {}", "so {}", "{} quickly", "quick: {}")
_STRENGTH = 3.0
_FEWEST = 0.02


class _Lesson(NamedTuple):
    line: int
    question: str
    asks: bool


def _lessons(data: Path) -> list[_Lesson]:
    drawn = random.Random(20261127)
    lessons = []
    for number, line in enumerate(_LESSONS.read_text(encoding="utf-8").splitlines()):
        if line[0] not in "+-":
            continue
        parts = [each.split("/") for each in line[2:].replace("(", ")").split(")")]
        filled = ["".join(each) for each in product(*parts)]
        for each in drawn.sample(filled, min(len(filled), _MOST_OF_A_LINE)):
            question = each.lower().rstrip("?.") if drawn.random() < _SMALL else each
            if drawn.random() < _POLITE:
                question = drawn.choice(_POLITELY).format(question)
            lessons.append(_Lesson(number, question, line[0] == "+"))
    rows = read_rows(data / "reading" / "squad11_train.jsonl.gz")
    return lessons + [_Lesson(-at, row["question"], False) for at, row in enumerate(drawn.sample(rows, _ORDINARY), 1)]


class _Fitted(NamedTuple):
    names: DictVectorizer
    model: LogisticRegression
    known: frozenset[str]

    def tells(self, question: str) -> bool:
        seen = self.names.transform([dict.fromkeys(features(question, self.known), 1)])
        return bool(self.model.predict(seen)[0])


def _fitted(lessons: list[_Lesson]) -> _Fitted:
    known = frozenset(
        word for each in lessons if each.asks for word in words(each.question) if not is_function_word(word)
    )
    names = DictVectorizer()
    seen = names.fit_transform([dict.fromkeys(features(each.question, known), 1) for each in lessons])
    model = LogisticRegression(C=_STRENGTH, max_iter=5000).fit(seen, [each.asks for each in lessons])
    return _Fitted(names, model, known)


def main() -> None:
    """Fit, print how well it does, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--held-out", type=Path)
    options = parser.parse_args()
    lessons = _lessons(options.data)
    right: dict[bool, list[bool]] = {True: [], False: []}
    for train, test in GroupKFold(5).split(lessons, groups=[each.line for each in lessons]):
        fold = _fitted([lessons[at] for at in train])
        for each in (lessons[at] for at in test):
            right[each.asks].append(fold.tells(each.question) == each.asks)
    for asks, told in right.items():
        print(f"{'gist' if asks else 'others'}, five folds: {np.mean(told):.3f} of {len(told)} right")
    fitted = _fitted(lessons)
    if options.held_out:
        rows = read_rows(options.held_out)
        for asks in (True, False):
            told = [fitted.tells(row["question"]) == asks for row in rows if row["gist"] == asks]
            print(f"{'gist' if asks else 'others'}, held out: {np.mean(told):.3f} of {len(told)} right")
        print(
            *(f"{row['gist']}: {row['question']}" for row in rows if fitted.tells(row["question"]) != row["gist"]),
            sep="\n",
        )
    weights = {
        name: round(float(weight), 3)
        for name, weight in zip(fitted.names.feature_names_, fitted.model.coef_[0], strict=True)
        if abs(weight) >= _FEWEST
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    bias = round(float(fitted.model.intercept_[0]), 3)
    kept = {"bias": bias, "known": sorted(fitted.known), "weights": weights}
    WEIGHTS.write_text(json.dumps(kept, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
