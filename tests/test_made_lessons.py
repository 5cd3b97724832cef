"""The lessons that the taggers of speakers and stances are taught with besides what annotators marked."""

import json
import random
import re
from pathlib import Path

import pytest

from training import attribution_lessons, stance_passages
from training.attribution_lessons import Reports
from training.fillers import Fillers
from training.frames import CODES
from training.stance_passages import labelled_passages

TEXTS = [
    "Maria Diaz runs the port. The port was built in 1911. “The ships will come back in the spring,” Diaz said.",
    "Kofi Mensah was born in Accra. He moved to Oslo in 1998. “Nobody asked the fishermen,” Mensah told the council.",
]


@pytest.fixture(scope="module")
def reports() -> Reports:
    return Reports(Fillers(TEXTS, aside=False), TEXTS)


def test_made_reports_are_annotated_where_they_say_so(reports: Reports) -> None:
    rng = random.Random(3)
    for _ in range(300):
        row = reports.row(rng)
        assert not re.search(r"[\[\]{}]", row["text"])
        for given in row["attributions"]:
            for part in ("source", "cue", "content"):
                for span in given[part]:
                    words = row["text"][span["start"] : span["end"]]
                    assert words and words == words.strip()


def test_every_frame_of_who_said_what_closes_what_it_opens() -> None:
    head = Path(attribution_lessons.__file__).with_name("attribution_frames.txt").read_text(encoding="utf-8")
    for line in head.partition("[verb]")[0].splitlines():
        if line and not line.startswith("#"):
            assert line.count("[") == line.count("]") > 0 or "[" not in line, line
            assert line.count("(") == line.count(")"), line


def test_labels_without_text_lie_in_their_passages() -> None:
    lines = Path(stance_passages.__file__).with_name("stance_passages.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        assert all(0 <= start < end <= row["length"] for start, end, *_ in [*row["spans"], *row["cues"]])
        assert {kind for *_, kind in row["spans"]} <= {*CODES, "unknown"}
    assert labelled_passages(TEXTS) == []
