"""Fit what tells lines beside an article from its own: ``python -m training.furniture --data FOLDER``.

The lessons are ``furniture_lines.txt`` beside this file, shapes of lines with choices and names to be filled in, and
the sentences of ``texts/wikinews.jsonl.gz`` and ``reading/squadshifts_….jsonl.gz`` in FOLDER. Printed is how well it
does over five folds, each without the shapes and the texts that it is measured on; and, with ``--held-out FILE``, over
lines from elsewhere: JSON lines of ``line`` and ``furniture``.
"""

import argparse
import json
import random
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.common import read_rows
from index.furniture.finding import LIKELY, SURE
from index.furniture.lines import LONGEST_LINE, WEIGHTS, features

_LESSONS = Path(__file__).with_name("furniture_lines.txt")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_FILLERS = {
    "site": "Harbor Times|The Daily Ledger|Northfield News|Metro Wire|The Beacon|Radio Vale|Plains Tribune|KXVA|Civic"
    " Post|The Courier|Channel 9|Coastline|The Observer|Insight|NewsHub|The Herald",
    "topic": "politics|business|sports|science|climate|health|local|food|travel|education|technology|books|the economy"
    "|breaking news|opinion|entertainment|elections|housing",
    "city": "London|Chicago|Springfield|Lagos|Berlin|Austin|Mumbai|Leeds|Toronto|Denver|Nairobi|Cleveland",
    "name": "Maria Lopez|John Carter|Aisha Khan|Peter Novak|Lena Fischer|Tom O'Brien|Grace Lee|Sam Ortiz|Ruth Cole"
    "|David Kim|Emily Watson|Omar Haddad",
    "company": "Netflix|Spotify|the company|Disney|Amazon|Streamly|the network|Apple|Telco|Boeing|Orbit Media|Google",
    "social": "Twitter|Facebook|Instagram|X|TikTok|Threads|Bluesky|LinkedIn|YouTube",
    "month": "January|March|April|June|Sept.|October|Nov.|December",
    "mail": "newsroom@harbor.example.com|j.carter@ledger.com|tips@metrowire.org|alee@courier.co.uk|letters@beacon.com",
    "handle": "@jcarter|@harbortimes|@grace_lee|@novakreports|@metrowire",
    "phone": "555-210-4477|(555) 310-8899|555.901.2234",
    "url": "harbortimes.com/politics|www.ledger.com|https://metrowire.org/live|beacon.com|vote.example.gov",
}
_PASSAGES = ("new_wiki", "amazon_reviews", "reddit")
_MANY = 300
_FILLED = 24
_PAIRS = 900
_PROSE = 40
_SMALL = 0.05
_WIDE = 3.0
_STRENGTH = 1.0
_FEWEST = 0.06


class _Lesson(NamedTuple):
    group: str
    line: str
    furniture: bool


def _filled(shape: str, drawn: random.Random, titles: list[str]) -> str:
    while match := _CHOICE.search(shape):
        shape = shape[: match.start()] + drawn.choice(match[1].split("|")) + shape[match.end() :]
    for name, fillers in _FILLERS.items():
        while f"{{{name}}}" in shape:
            shape = shape.replace(f"{{{name}}}", drawn.choice(fillers.split("|")), 1)
    shape = shape.replace("{title}", drawn.choice(titles)).replace("\\(", "(").replace("\\)", ")").replace("\\|", "|")
    shape = re.sub(r"\b0\b", lambda _: str(drawn.choice((3, 5, 12, 40, 150, 2024))), shape)
    shape = " ".join(re.sub(r" ([.,?!:])(?=\s|$)", r"\1", shape).split())
    shape = shape[:1].upper() + shape[1:]
    if drawn.random() < _SMALL:
        shape = shape.upper() if drawn.random() < _SMALL else shape.rstrip(".")
    return shape.replace("'", "’") if drawn.random() < 1 / 2 else shape


def _lessons(data: Path) -> list[_Lesson]:
    drawn = random.Random(20261127)
    articles = list(read_rows(data / "texts" / "wikinews.jsonl.gz"))
    titles = [each["title"] for each in articles if each["title"]]
    lessons = [
        _Lesson(f"passage {number}", line, furniture=False)
        for name in _PASSAGES
        for number, passage in enumerate(_some(data / "reading" / f"squadshifts_{name}.jsonl.gz"))
        for line in _sentences(passage)
    ]
    for number, shape in enumerate(_LESSONS.read_text(encoding="utf-8").splitlines()):
        if shape[0] in "+-":
            lines = {_filled(shape[2:], drawn, titles) for _ in range(_FILLED)}
            lessons += [_Lesson(f"shape {number}", line, shape[0] == "+") for line in sorted(lines)]
    for number, article in enumerate(articles):
        for line in dict.fromkeys(" ".join(each.split()) for each in article["text"].split("\n")):
            if 0 < len(line) <= LONGEST_LINE:
                lessons.append(_Lesson(f"article {number}", line, furniture=False))
            lessons += [_Lesson(f"article {number}", each, furniture=False) for each in _sentences(line)]
    return lessons + _together(lessons, drawn)


def _together(lessons: list[_Lesson], drawn: random.Random) -> list[_Lesson]:
    """Return paragraphs of two and three lines of the same kind."""
    by_group: dict[str, list[_Lesson]] = defaultdict(list)
    beside = [each for each in lessons if each.furniture and len(each.line) > _PROSE]
    for each in lessons:
        if not each.furniture:
            by_group[each.group].append(each)
    pairs = [drawn.sample(beside, 2) for _ in range(_PAIRS)]
    for group, own in by_group.items():
        if group.startswith("shape"):
            pairs += [drawn.sample(own, 2) for _ in range(4) if len(own) > 1]
        else:
            pairs += [own[at : at + 2 + at % 4 // 2] for at in range(0, len(own) - 1, 2)]
    joined = [_Lesson(each[0].group, " ".join(one.line for one in each), each[0].furniture) for each in pairs]
    return [each for each in joined if len(each.line) <= LONGEST_LINE]


def _some(path: Path) -> list[str]:
    return random.Random(20261127).sample(sorted({row["context"] for row in read_rows(path)}), _MANY)


def _sentences(line: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?]) (?=[A-Z“\"])", " ".join(line.split())) if len(each) <= LONGEST_LINE]


def _named(line: str) -> dict[str, int]:
    return dict.fromkeys(features(line), 1)


def _fitted(lessons: list[_Lesson]) -> tuple[DictVectorizer, LogisticRegression]:
    names = DictVectorizer()
    seen = names.fit_transform([_named(each.line) for each in lessons])
    weights = [1.0 if each.furniture else _WIDE if each.group.startswith("shape") else 1.0 for each in lessons]
    model = LogisticRegression(C=_STRENGTH, max_iter=2000)
    return names, model.fit(seen, [each.furniture for each in lessons], sample_weight=weights)


def _told(names: DictVectorizer, model: LogisticRegression, rows: list[_Lesson]) -> np.ndarray:
    return np.asarray(model.predict_proba(names.transform([_named(each.line) for each in rows]))[:, 1])


def _report(what: str, rows: list[_Lesson], told: np.ndarray) -> None:
    is_furniture = np.array([each.furniture for each in rows])
    for name, least in (("likely", LIKELY), ("sure", SURE)):
        found, wrong = (told[is_furniture] >= least).mean(), (told[~is_furniture] >= least).mean()
        print(
            f"{what}, {name}: {found:.3f} of {is_furniture.sum()} found, {wrong:.4f} of {(~is_furniture).sum()} taken"
        )


def main() -> None:
    """Fit, print how well it does, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--held-out", type=Path)
    asked = parser.parse_args()
    lessons = _lessons(asked.data)
    groups = [each.group for each in lessons]
    told = np.zeros(len(lessons))
    for train, test in GroupKFold(5).split(lessons, groups=groups):
        names, model = _fitted([lessons[at] for at in train])
        told[test] = _told(names, model, [lessons[at] for at in test])
    _report("lessons, five folds", lessons, told)
    names, model = _fitted(lessons)
    if asked.held_out:
        rows = [_Lesson("", row["line"], row["furniture"]) for row in read_rows(asked.held_out)]
        told = _told(names, model, rows)
        _report("held out", rows, told)
        for row, score in sorted(zip(rows, told, strict=True), key=lambda each: each[1]):
            if row.furniture != (score >= SURE):
                print(f"{'missed' if row.furniture else 'taken'} {score:.2f} {row.line[:150]}")
    weights = {
        name: round(float(weight), 2)
        for name, weight in zip(names.feature_names_, model.coef_[0], strict=True)
        if abs(weight) >= _FEWEST
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    written = {"bias": round(float(model.intercept_[0]), 2), "weights": weights}
    WEIGHTS.write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
