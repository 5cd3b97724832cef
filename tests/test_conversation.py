"""Follow-ups: what a question means after what was asked before."""

from dataclasses import replace

import pytest

from index.types import Span
from prompts.rendering import render
from service.answering.question.conversation import LONGEST_TURN, MOST_TURNS, Reading, agreed, readings, recent
from service.answering.types import Answer, ScoredSpan, Turn
from service.assembly import Services
from tests.conftest import hit_of, make_article

ASKED = "How many men left Russia?"
ANSWERED = "261,000, according to Novaya Gazeta. Europe [1]"
ARTICLE = make_article("Snow fell on Oslo. Rain fell on Rome.")
OSLO, ROME = "Snow fell on Oslo.", "Rain fell on Rome."


def said(*texts: str) -> list[Turn]:
    """Take turns, the user first."""
    roles = ["user", "assistant"] * len(texts)
    return [Turn("user" if role == "user" else "assistant", text) for role, text in zip(roles, texts, strict=False)]


def scored(text: str, confidence: float) -> ScoredSpan:
    start = ARTICLE.text.index(text)
    return ScoredSpan(hit_of(ARTICLE), Span(start, start + len(text)), confidence)


def words(question: str, *before: str) -> list[str]:
    return [reading.question for reading in readings(question, said(*before))]


@pytest.mark.parametrize(
    ("question", "before"),
    [
        (ASKED, []),
        ("Who won the World Cup?", [ASKED, ANSWERED]),
        ("What is Vyorstka?", ["thanks", "You are welcome."]),
        ("Thanks for that!", [ASKED, ANSWERED]),
        ("No.", [ASKED, ANSWERED]),
        ("Did Finland close its border?", ["Who won the World Cup?", "x"]),
        ("Is there a travel ban?", [ASKED, ANSWERED]),
        ("Is it true that Finland closed all crossings?", [ASKED, ANSWERED]),
        ("Are there more nurses than doctors in Rome?", [ASKED, ANSWERED]),
        ("What is inflation?", [ASKED, ANSWERED]),
        ("Who is Putin?", [ASKED, ANSWERED]),
        ("thanks, what is the capital of France?", [ASKED, ANSWERED]),
        ("Thank you very much. What is the capital of Norway?", [ASKED, ANSWERED]),
    ],
)
def test_what_stands_alone_is_read_alone(question: str, before: list[str]) -> None:
    assert readings(question, said(*before)) == (Reading(question, 1.0),)


def test_only_an_assistant_before_is_no_question_before() -> None:
    assert readings("And who?", [Turn("assistant", "Ask me.")]) == (Reading("And who?", 1.0),)


@pytest.mark.parametrize(
    "question",
    [
        "And who counted them?",
        "What about women?",
        "ok what about women",
        "Where did they go?",
        "How long?",
        "Since when?",
        "When exactly?",
        "How come?",
        "In which country?",
        "What happened next?",
        "What was the reason?",
        "Thanks, and who counted them",
        "No, I meant women",
    ],
)
def test_one_that_points_back_is_read_with_the_question_before(question: str) -> None:
    alone, whole = readings(question, said(ASKED, ANSWERED))
    assert (alone.question, whole.question) == (question, f"{question} {ASKED}")
    assert whole.weight > alone.weight and whole.weight + alone.weight == 1


def test_one_that_shares_a_word_is_read_both_ways_alike_unless_the_other_was_refused() -> None:
    assert readings("Were the men armed?", said(ASKED, ANSWERED)) == (
        Reading("Were the men armed?", 0.5),
        Reading(f"Were the men armed? {ASKED}", 0.5),
    )
    assert words("Were the men armed?", ASKED, render("no_passage_answers")) == ["Were the men armed?"]


@pytest.mark.parametrize("question", ["When?", "And why?", "who said that"])
def test_one_without_words_of_its_own_is_read_with_the_other_only(question: str) -> None:
    assert words(question, ASKED, ANSWERED) == [f"{question} {ASKED}"]


@pytest.mark.parametrize("question", ["What else?", "Tell me more", "More?"])
def test_more_of_the_same_asks_the_question_before_again(question: str) -> None:
    assert words(question, ASKED, ANSWERED) == [ASKED]


def test_a_chain_goes_back_to_the_question_that_started_it() -> None:
    before = ["Who rules Oslo?", "x", ASKED, "x", "And who counted them?", "x"]
    assert words("Why?", *before) == [f"Why? And who counted them? {ASKED}"]
    assert words("Why?", *before, "When?", "x", "thanks", "x") == [f"Why? {ASKED}"]


@pytest.mark.parametrize("long", ["word " * 500, "x" * 2_000_000, "俄" * 2_000_000])
def test_a_long_question_before_is_cut_so_that_the_new_one_is_read_whole(long: str) -> None:
    (whole,) = words("Why?", long)
    assert whole.startswith("Why? ") and len(whole.split()) <= 40 and len(whole) <= 410


def read_by(question: str, first: dict[str, float], second: dict[str, float], *before: str) -> dict[str, float]:
    """Return what two readings of ``question`` say together of each sentence."""
    history = said(*before)
    asked = readings(question, history)
    assert len(asked) == 2
    read = [[scored(text, confidence) for text, confidence in each.items()] for each in (first, second)]
    found = agreed(question, history, asked=asked, read=read)
    assert found == sorted(found, key=lambda each: -each.confidence)
    return {each.text: pytest.approx(each.confidence) for each in found}


def test_what_both_readings_say_counts_together() -> None:
    found = read_by("Where did it fall?", {ROME: 0.8, OSLO: 0.3}, {OSLO: 0.9}, "Does snow fall?", "x [1]")
    assert found == {OSLO: 0.3 / 3 + 0.9 * 2 / 3, ROME: 0.8 / 3}


def test_two_sentences_in_one_are_the_same_words_as_either() -> None:
    both = f"{OSLO} {ROME}"
    found = read_by("Where did it fall?", {both: 0.6}, {OSLO: 0.9}, "Does snow fall?", "x [1]")
    assert found[OSLO] == 0.6 / 3 + 0.9 * 2 / 3 == found[both]


def test_what_is_put_in_the_place_of_something_must_be_there() -> None:
    found = read_by("What about Rome?", {ROME: 0.4, OSLO: 0.1}, {OSLO: 0.9, ROME: 0.5}, "What fell on Oslo?", "x [1]")
    assert found[OSLO] == 0.1 and found[ROME] == 0.4 / 3 + 0.5 * 2 / 3


def test_after_a_refusal_both_readings_must_say_so() -> None:
    found = read_by("Where did it fall?", {ROME: 0.9}, {ROME: 0.1}, "Does snow fall?", render("no_passage_answers"))
    assert found == {ROME: 0.1}


@pytest.mark.parametrize("before", ["Nice attack death toll", "No-fly zone over Ukraine", "Good Friday Agreement text"])
def test_a_question_that_begins_like_a_courtesy_is_none(before: str) -> None:
    assert words("Who did it?", before, "x") == [f"Who did it? {before}"]


def test_more_than_asks_for_no_more_and_what_was_said_is_whole_words() -> None:
    history = said("What fell?", "Rain fell on Oslo 261 times [1]")
    for question, kept in (("Did more rain than snow fell?", True), ("What else fell?", False)):
        asked = readings(question, history)
        spans = [replace(scored(ROME, 0.9), highlights=(Span(len(OSLO) + 1, len(OSLO) + 5),))]
        assert bool(agreed(question, history, asked=asked, read=[spans] * len(asked))) == kept
    part = replace(scored(OSLO, 0.9), highlights=(Span(1, 4),))  # "now" is not "snow"
    asked = readings("What else fell?", said("What fell?", "snow [1]"))
    assert agreed("What else fell?", said("What fell?", "snow [1]"), asked=asked, read=[[part]] * len(asked))


def test_where_more_is_asked_for_what_was_said_is_left_out() -> None:
    history = said("What fell?", "Rain [1]")
    asked = readings("What else fell?", history)
    lit = replace(scored(ROME, 0.9), highlights=(Span(len(OSLO) + 1, len(OSLO) + 5),))
    found = agreed("What else fell?", history, asked=asked, read=[[lit, scored(OSLO, 0.2)]] * len(asked))
    assert [each.text for each in found] == [OSLO]


def test_ten_turns_about_the_seed_article(seeded: Services) -> None:
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


def last(seeded: Services, *questions: str) -> Answer:
    """Ask one after the other, and give the last answer."""
    history: list[Turn] = []
    for question in questions:
        answer = seeded.answerer.ask(question, history=history)
        history += [Turn("user", question), Turn("assistant", answer.text)]
    return answer


WORLD_CUP = "Who won the 2022 World Cup?"


@pytest.mark.parametrize(
    "questions",
    [
        (ASKED, "Did they take their dogs along?"),
        (ASKED, "And who won the 2022 World Cup?"),
        (ASKED, "When did they come back?"),
        (ASKED, "No."),
        (ASKED, "Thanks for that!"),
        (WORLD_CUP, "When?"),
        (WORLD_CUP, "When?", "And who reported that?"),
        (WORLD_CUP, "When?", "What about Russia?"),
        (WORLD_CUP, "When?", "How many?"),
        ("Did Finland close its border?", "When?", "And Kazakhstan?"),
    ],
)
def test_a_refusal_stays_one_in_later_turns(seeded: Services, questions: tuple[str, ...]) -> None:
    answer = last(seeded, *questions)
    assert (answer.answered, answer.quotes, answer.reason) == (False, (), "no_passage_answers"), answer.search_question


def test_an_answer_before_does_not_come_back_as_the_next(seeded: Services) -> None:
    for question in ("Where?", "Why?", "What else?"):
        answer = last(seeded, ASKED, question)
        assert answer.quotes and "261,000" not in answer.quotes[0].text, question


def test_of_a_long_conversation_the_end_is_read() -> None:
    long = said(*(f"{number} {'x' * 2 * LONGEST_TURN} {number}" for number in range(200)))
    turns, warning = recent(long)
    assert [turn.content.split()[-1] for turn in turns] == [str(number) for number in range(200 - MOST_TURNS, 200)]
    assert all(len(turn.content) == LONGEST_TURN for turn in turns)
    assert warning == (
        "Of the 200 messages before the question, only the last 40 and the last 20,000 characters of each were read."
    )
    assert recent(said(ASKED, ANSWERED)) == (tuple(said(ASKED, ANSWERED)), "")
    assert "20,000" in recent(said(ASKED, "x" * LONGEST_TURN + "x")).warning


@pytest.mark.parametrize("count", [200, 998])
def test_a_follow_up_to_a_long_conversation_is_answered_and_told(fake: Services, count: int) -> None:
    fake.ingester.add(make_article("Cole said rain fell on wages in Rome. Snow fell on Oslo."))
    long = [
        *said(*(f"And on wages {number}? {'x ' * 1_000}" for number in range(count))),
        Turn("user", "And on wages?"),
    ]
    told = fake.answerer.ask("And on rain?", history=long)
    assert any("messages before the question" in warning for warning in told.warnings)
    alone = fake.answerer.ask("Where did snow fall in the north of Europe?", history=long)
    assert alone.warnings == ()


def test_a_conversation_of_follow_ups_only_is_no_recursion(fake: Services) -> None:
    """Each of them puts something else in place of what the one before asked."""
    fake.ingester.add(make_article())
    asked = [Turn("user", f"And on wages {number}?") for number in range(999)]
    assert fake.answerer.ask("And on wages?", history=asked).warnings
