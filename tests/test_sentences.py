import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import LONGEST_SENTENCE, split_sentences
from index.types import Article


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "He met George W. Bush in the U.S. on Sept. 28.",
        "Sept. 28 is not the only date.",
        "Dr. J. K. Rowling spoke at 3 a.m. Monday.",
        "It cost $3.5 million in Washington, D.C., said Acme Inc. on Jan. 3.",
        "According to the outlet “Novaya Gazeta. Europe.”",
        "The paper “Novaya Gazeta. Europe.” said so.",
        'The paper "Novaya Gazeta. Europe." said so.',
        "“Do you know?” Mr. Schiff asked.",
        "“Stop!” she said, and left.",
        "The U.S. Secretary of State spoke.",
        "U.N. General Assembly members met S.C. Governor Haley.",
        "Then Lt. Gov. Dan Patrick and Lt. Jason Borneo arrived.",
        "The writer W.E.B. DuBois met—J.K. Dobbins.",
        "«Новая газета. Европа.» wrote it.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("He left the U.S. The city was hot.", ["He left the U.S.", "The city was hot."]),
        ("“We won,” he said. “They lost.”", ["“We won,” he said.", "“They lost.”"]),
        ("“Really?” No one believed it.", ["“Really?”", "No one believed it."]),
        ("A heading\n\nIts text.", ["A heading", "Its text."]),
        ("A heading\r\n\r\nIts\r\ntext.", ["A heading", "Its\r\ntext."]),
        ("A line.\u2029Another", ["A line.", "Another"]),
        ("  \n\t ", []),
        ("", []),
    ],
)
def test_boundaries(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_the_seed_article(seed: Article) -> None:
    found = sentences(seed.text)
    assert len(found) == 16
    assert found[0].startswith("Russian authorities could close")
    assert found[1].startswith("Sept. 28 is named") and found[1].endswith("Khodorkovsky Live.")
    assert found[14].startswith("The FSB recorded") and found[14].endswith("“Novaya Gazeta. Europe.”")


@pytest.mark.parametrize("text", ["x" * 5_000, "word " * 5_000, "!?" * 5_000, "\n".join(["line"] * 5_000)])
def test_what_never_ends_is_cut(text: str) -> None:
    found = sentences(text)
    assert max(map(len, found)) <= LONGEST_SENTENCE
    assert "".join("".join(found).split()) == "".join(text.split())


def test_quotation_after_quotation_is_split_in_linear_time() -> None:
    """The text is one piece for the rules, cut only at the end: quadratic work would take half a minute here."""
    assert len(split_sentences("“A. ”b " * 60_000)) > 400


def test_a_cut_falls_between_words() -> None:
    assert all(part.startswith("word") and part.endswith("word") for part in sentences("word " * 1_000))


@given(st.text(max_size=400) | st.text(alphabet=' .?!"“”«»\nabAB', max_size=200))
def test_spans_are_in_order_trimmed_and_leave_only_white_space_out(text: str) -> None:
    outside, at = "", 0
    for start, end in split_sentences(text):
        assert at <= start < end <= len(text)
        assert not text[start].isspace() and not text[end - 1].isspace()
        outside += text[at:start]
        at = end
    assert not (outside + text[at:]).strip()
