import re
from pathlib import Path

import pytest

from prompts.rendering import render, version

FOLDER = Path(__file__).parents[1] / "prompts"
VALUES = {
    "answer_words": {"words": "Sept. 28", "numbers": "[1]"},
    "answer_words_said": {"words": "Sept. 28", "speakers": "Meduza", "numbers": "[1]"},
    "answer_sentence": {"text": "It closed at $5 & up.", "number": 2},
    "answer_sentence_said": {"text": "It closed at $5 & up.", "speakers": "Meduza", "number": 2},
    "no_articles": {},
    "no_passage_answers": {},
    "filters_exclude_all": {},
    "gist_of_one": {},
    "chooser_rules": {},
    "chooser_prompt": {"passages": "[1] It closed.", "question": "When?"},
    "chooser_passage": {"source": "“The border”, AP", "sentences": "[1] It closed."},
    "chooser_sentence": {"number": 1, "text": "It closed at $5 & up."},
    "rewriter_rules": {},
    "rewriter_prompt": {"history": "user: How much?", "question": "And when?"},
}


def test_every_template_is_used_and_gets_its_values() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(VALUES)
    for name, values in VALUES.items():
        wanted = set(re.findall(r"\$(\w+)", (FOLDER / f"{name}.txt").read_text(encoding="utf-8")))
        assert wanted == set(values)
        text = render(name, **values)
        assert text and not text.endswith("\n")


def test_values_are_filled_in_as_they_stand() -> None:
    assert render("answer_sentence", text="It cost $number [x].", number=2) == "“It cost $number [x].” [2]"


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("answer_words", words="x")
    with pytest.raises(FileNotFoundError):
        render("no_such_template")


def test_the_wording_has_a_version() -> None:
    assert version("chooser_rules") == version("chooser_rules") != version("chooser_rules", "chooser_prompt")
    assert re.fullmatch("[0-9a-f]{8}", version("chooser_rules"))
