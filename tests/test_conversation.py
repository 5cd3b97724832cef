"""Follow-ups: what a question means after what was asked before."""

from dataclasses import replace

import pytest

from index.types import Span
from service.answering.conversation import Reading, agreed, readings
from service.answering.types import ScoredSpan, Turn
from service.assembly import Parts
from tests.conftest import make_article

ASKED = "How many men left Russia?"
ANSWERED = "261,000, according to Novaya Gazeta. Europe [1]"
ARTICLE = make_article("Snow fell on Oslo. Rain fell on Rome.")
OSLO, ROME = "Snow fell on Oslo.", "Rain fell on Rome."


def said(*texts: str) -> list[Turn]:
    """Take turns, the user first."""
    roles = ["user", "assistant"] * len(texts)
    return [Turn("user" if role == "user" else "assistant", text) for role, text in zip(roles, texts, strict=False)]


def spans() -> tuple[Span, Span]:
    return Span(0, len(OSLO)), Span(len(OSLO) + 1, len(ARTICLE.text))


def scored(span: ScoredSpan, confidence: float) -> ScoredSpan:
    return replace(span, confidence=confidence)


def words(question: str, *before: str) -> list[str]:
    return [reading.question for reading in readings(question, said(*before))]


@pytest.mark.parametrize(
    ("question", "before"),
    [
        (ASKED, []),
        ("Who won the World Cup?", [ASKED, ANSWERED]),
        ("What is Vyorstka?", ["thanks", "You are welcome."]),
    ],
)
def test_a_question_that_stands_alone_is_read_alone(question: str, before: list[str]) -> None:
    assert readings(question, said(*before)) == (Reading(question, 1.0),)


def test_only_an_assistant_before_is_no_question_before() -> None:
    assert readings("And who?", [Turn("assistant", "Ask me.")]) == (Reading("And who?", 1.0),)


@pytest.mark.parametrize("question", ["And who counted them?", "What about women?", "Where did they go?"])
def test_one_that_points_back_is_read_with_the_question_before(question: str) -> None:
    alone, whole = readings(question, said(ASKED, ANSWERED))
    assert alone.question == question
    assert whole.question == f"{question} 261,000, according to Novaya Gazeta. Europe {ASKED}"
    assert whole.weight > alone.weight and whole.weight + alone.weight == 1


def test_one_that_shares_a_word_is_read_both_ways_alike() -> None:
    assert readings("Which men?", said(ASKED, ANSWERED)) == (
        Reading("Which men?", 0.5),
        Reading(f"Which men? {ASKED}", 0.5),
    )


@pytest.mark.parametrize("question", ["When?", "And why?", "who said that"])
def test_one_without_words_of_its_own_is_read_with_the_other_only(question: str) -> None:
    assert words(question, ASKED, "A long answer that names no quotes and says much.") == [f"{question} {ASKED}"]


def test_an_answer_of_several_quotes_is_not_what_it_means() -> None:
    assert words("When was it?", ASKED, "Rome [1]; Oslo [2]") == [f"When was it? {ASKED}"]


def test_a_chain_goes_back_to_the_question_that_started_it() -> None:
    before = ["Who rules Oslo?", "x", ASKED, "x", "And who counted them?", "x", "When?", "x"]
    assert words("Why?", *before) == [f"Why? When? {ASKED}"]


def test_a_long_question_before_is_cut_so_that_the_new_one_is_read_whole() -> None:
    (whole,) = words("Why?", "word " * 500)
    assert len(whole.split()) == 40


def test_what_both_readings_say_counts_together() -> None:
    asked = readings("Where did it fall?", said("What about snow?"))
    alone, whole = (reading.weight for reading in asked)
    oslo, rome = (ScoredSpan(ARTICLE, span, 0.0) for span in spans())
    first = [scored(rome, 0.8), scored(oslo, 0.3)]
    second = [scored(oslo, 0.9)]
    found = agreed([first, second], asked)
    assert [(each.text, each.confidence) for each in found] == [
        (OSLO, pytest.approx(0.3 * alone + 0.9 * whole)),
        (ROME, pytest.approx(0.8 * alone)),
    ]


def test_what_is_put_in_the_place_of_something_must_be_there() -> None:
    asked = readings("What about Rome?", said("What fell on Oslo?"))
    oslo, rome = (ScoredSpan(ARTICLE, span, 0.0) for span in spans())
    found = agreed([[scored(rome, 0.4), scored(oslo, 0.1)], [scored(oslo, 0.9), scored(rome, 0.5)]], asked)
    assert [each.text for each in found] == [ROME, OSLO]
    assert found[1].confidence == 0.1


def test_ten_turns_about_the_seed_article(seeded: Parts) -> None:
    """Three follow-ups by pronoun, a change of topic, two questions that nothing answers."""
    turns = [
        ("How many men left Russia after the draft was announced?", "261,000 men"),
        ("And who counted them?", "The FSB recorded"),
        ("What about women?", None),
        ("When could the border close?", "border"),
        ("And who said that?", "according to media reports citing government sources"),
        ("Who won the 2022 World Cup?", None),
        ("Which country shares the longest border with Russia?", "Kazakhstan"),
        ("What did its media report?", "Media in Kazakhstan"),
        ("What did Vyorstka report?", "Vyorstka, reported that Putin"),
        ("When will he decide that?", "Sept. 30"),
    ]
    history: list[Turn] = []
    for question, expected in turns:
        answer = seeded.answerer.ask(question, history=history)
        assert answer.answered == (expected is not None), (question, answer.search_question)
        if expected:
            assert expected in answer.quotes[0].text, (question, answer.search_question)
        history += [Turn("user", question), Turn("assistant", answer.text)]


def test_a_refusal_stays_one_in_the_second_turn(seeded: Parts) -> None:
    history = [Turn("user", ASKED), Turn("assistant", seeded.answerer.ask(ASKED).text)]
    for question in ("Did they take their dogs along?", "And who won the 2022 World Cup?", "Best pizza recipe?"):
        answer = seeded.answerer.ask(question, history=history)
        assert (answer.answered, answer.quotes, answer.reason) == (False, (), "no_passage_answers"), question
