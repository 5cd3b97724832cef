"""Who speaks, where the layout tells it: transcripts, interviews, names behind a dash or above a quotation."""

import pytest

from index.attribution.finding import find_attributions
from index.attribution.layout import layout_statements
from index.attribution.rules import RuleTagger
from index.text.sentences import split_sentences


def said(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the speakers of a text's statements with their words."""
    found = find_attributions(text, split_sentences(text), RuleTagger())
    return [(each.speaker, tuple(text[slice(*words)] for words in each.contents)) for each in found]


TRANSCRIPT = """\
RIVERA (voice-over): This is what it looks like.

HOLT: Thank you, Ana Rivera. Senator, what do you make of it?

SEN. JOAN TRASK (D-OR): We have to act now.

We have waited long enough.

HOLT: Will you vote for it?

TRASK: I will.
"""


def test_a_transcripts_turns_are_their_speakers() -> None:
    assert said(TRANSCRIPT) == [
        ("Ana Rivera", ("This is what it looks like.",)),
        ("Holt", ("Thank you, Ana Rivera. Senator, what do you make of it?",)),
        ("Joan Trask", ("We have to act now.", "We have waited long enough.")),
        ("Holt", ("Will you vote for it?",)),
        ("Joan Trask", ("I will.",)),
    ]


def test_an_interviews_answers_are_the_one_persons_who_is_introduced() -> None:
    interview = (
        "Olga Brandt has run the bank since May.\n\nQ: Why now?\n\nA: Because we can.\n\nQ: And then?\n\nA: We rest."
    )
    assert said(interview) == [("Olga Brandt", ("Because we can.",)), ("Olga Brandt", ("We rest.",))]
    assert said(interview.replace("since May", "with Ida Holm")) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“Anna is a true expert, and we are glad to have her.” – Commissioner Geoffrey Pike", "Geoffrey Pike"),
        ('"Anna is a true expert, and we are glad to have her." -Rosa Wahl, VP at WSK', "Rosa Wahl"),
        ("And from Chairwoman Rosa Wahl:\n\n“Anna is a true expert, and we are glad.”", "Rosa Wahl"),
        ("From the desk of John Dern, VP analyst at WSK:\n\n“Anna is a true expert, and we are glad.”", "John Dern"),
    ],
)
def test_a_name_behind_a_dash_or_above_a_quotation_is_its_speaker(text: str, speaker: str) -> None:
    ((name, (words,)),) = said(text)
    assert name == speaker and "Anna is a true expert" in words


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE: The road is open again.\n\nIt was closed on Monday.",
        "READ MORE: Ten bridges to see\n\nWATCH: The flood from above",
        "The menu: fish.\n\nThe wine: red.",
        "“Red” – a colour that she likes",
    ],
)
def test_labels_of_other_kinds_are_nobody(text: str) -> None:
    assert layout_statements(text) == []
