"""Whose words a question asks for, in whatever form."""

from collections.abc import Iterator

import pytest

from index.speakers import Directory
from index.store.catalogue import CitedName
from service.answering.question.speaker_asked import as_question, could_ask_for_words, speaker_asked
from service.answering.types import Turn
from service.assembly import Services
from tests.conftest import make_article

KNOWN = Directory(
    [CitedName(name, 1, 1) for name in ("Musa Okafor", "Ann Cole", "Meduza", "The White House", "Will Marsh")]
)


def asked(question: str, *before: str) -> str | None:
    found = speaker_asked(question, [Turn("user", each) for each in before], KNOWN)
    return found.speakers[0].name if found else None


@pytest.mark.parametrize(
    "question",
    [
        "What did Okafor say about wages?",
        "Okafor on wages",
        "okafor on wages",
        "quotes by Musa Okafor",
        "Give me everything Okafor said on housing",
        "How did Mr. Okafor justify the strike?",
        "What's Okafor's position on the merger?",
        "What did Okafor say about Ann Cole?",
        "I need a statement by Okafor on the flood",
    ],
)
def test_the_words_of_whoever_is_named_are_asked_for(question: str) -> None:
    assert asked(question) == "Musa Okafor"


@pytest.mark.parametrize(
    "question",
    [
        "How old is Okafor?",
        "Who criticised Okafor?",
        "When did Okafor resign?",
        "What happened to Okafor?",
        "How much does Okafor earn?",
        "Who is Musa Okafor?",
        "What will happen next?",
        "What did Smith say?",
    ],
)
def test_other_questions_ask_for_nobodys_words(question: str) -> None:
    assert asked(question) is None


def test_of_two_who_are_named_the_one_who_speaks_is_asked_for() -> None:
    assert asked("What did Cole say about Okafor?") == "Ann Cole"
    assert asked("Okafor on Cole") == "Musa Okafor"


def test_a_body_is_asked_for_like_a_person() -> None:
    assert asked("What did the White House say about the strike?") == "The White House"


def test_a_pronoun_is_whoever_was_asked_about_before() -> None:
    assert asked("What did she say about wages?", "Who is Ann Cole?") == "Ann Cole"
    assert asked("How old is she?", "Who is Ann Cole?") is None


def test_a_follow_up_on_another_topic_asks_for_the_same_speakers_words() -> None:
    assert asked("And on housing?", "What did Okafor say about wages?") == "Musa Okafor"
    assert asked("And the bridge?", "Who is Ann Cole?") is None


def test_keywords_are_read_as_the_question_that_they_stand_for() -> None:
    found = speaker_asked("Okafor on wages", [], KNOWN)
    assert found and as_question("Okafor on wages", found) == "What did Okafor say about wages?"
    found = speaker_asked("quotes by Okafor", [], KNOWN)
    assert found and as_question("quotes by Okafor", found) == "quotes by Okafor"


@pytest.mark.parametrize("question", ["How many men left Russia?", "When did Okafor resign?", "What will happen next?"])
def test_the_directory_is_not_made_for_a_question_for_nobodys_words(question: str, fake: Services) -> None:
    assert not could_ask_for_words(question, [])
    speakers = fake.searcher.speakers
    fake.answerer.ask(question)
    assert not speakers.is_made
    fake.answerer.ask("What did Okafor say about wages?")
    assert speakers.is_made


@pytest.fixture
def archive(seeded: Services) -> Iterator[Services]:
    for number, text in enumerate(
        [
            "Union leader Musa Okafor said that wages must rise by nine percent. The talks go on.",
            "Wages were much discussed. Ann Cole, the mayor, said that wages must not rise at all this year.",
            "Okafor told reporters that low wages drive young nurses out of town.",
        ]
    ):
        seeded.ingester.add(make_article(text, key=str(number)))
    yield seeded


def test_only_the_words_of_the_speaker_are_quoted(archive: Services) -> None:
    for question in ("Okafor on wages", "What did Musa Okafor say about wages?", "Give me Okafor's view of wages"):
        answer = archive.answerer.ask(question)
        assert answer.answered and len(answer.quotes) == 2, question
        assert all("Okafor" in quote.attributions[0].speaker for quote in answer.quotes), question


def test_a_speaker_who_said_nothing_of_it_does_not_hide_others(archive: Services) -> None:
    answer = archive.answerer.ask("How many men left Russia according to Okafor?")
    assert all("Okafor" in each.text for each in answer.quotes)
