"""Questions that name days by the day on which they are asked."""

from datetime import date
from pathlib import Path

import pytest

from index.ingest import Ingester
from index.search import Searcher
from index.store.sqlite.store import SqliteStore
from index.types import Filters
from service.answering.answer import Answerer
from service.answering.question.time_scope import time_scope
from service.answering.reading.simple_reader import SimpleReader
from service.answering.types import Answer, Searched
from tests.conftest import WordEmbedder, make_article

TODAY = date(2023, 3, 9)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What did the mayor open today?", date(2023, 3, 5), date(2023, 3, 10)),
        ("Who resigned yesterday?", date(2023, 3, 4), date(2023, 3, 10)),
        ("Which state voted this week?", date(2023, 2, 27), date(2023, 3, 10)),
        ("Which state voted this past week?", date(2023, 2, 27), date(2023, 3, 10)),
        ("Who won last week?", date(2023, 2, 20), date(2023, 3, 10)),
        ("Who recently resigned?", date(2023, 1, 20), date(2023, 3, 10)),
        ("Who resigned this month?", date(2023, 1, 20), date(2023, 3, 10)),
        ("Who resigned this year?", date(2023, 1, 1), date(2023, 3, 10)),
        ("Who resigned last year?", date(2022, 1, 1), date(2023, 1, 31)),
        ("Who resigned last week, and who this year?", date(2023, 1, 1), date(2023, 3, 10)),
        ("Did more resign this year than last year?", date(2022, 1, 1), date(2023, 3, 10)),
        ("How much has inflation risen since last year?", date(2022, 1, 1), date(2023, 3, 10)),
    ],
)
def test_the_days_are_those_before_the_question(question: str, first: date, last: date) -> None:
    when = time_scope(question, TODAY)
    assert when is not None
    assert (when.first, when.last) == (first, last)


@pytest.mark.parametrize(
    "question",
    [
        "Who built the bridge?",
        "What happened in the week of 2016?",
        "Who said “todays”?",
        "Who lasted a week?",
        "Who wrote Yesterday?",
        "Who wrote “yesterday”?",
        "Who founded USA Today?",
        "Who hosts Last Week Tonight?",
        "What happened in the last week of the war?",
        "What is the most recent version?",
        "What caused the recent recession of 2008?",
        "What happened this week 20 years ago?",
    ],
)
def test_other_questions_name_no_days(question: str) -> None:
    assert time_scope(question, TODAY) is None


def test_days_that_are_filtered_for_stand() -> None:
    scope = time_scope("Who resigned this week?", TODAY)
    assert scope is not None
    assert scope.applied_to(Filters(published_from=date(2016, 1, 1))) is None
    assert scope.applied_to(Filters(publishers=("AP",))) == Filters(
        publishers=("AP",), published_from=date(2023, 2, 27), published_to=date(2023, 3, 10)
    )


@pytest.fixture
def answerer(folder: Path, words: WordEmbedder) -> Answerer:
    store = SqliteStore(folder)
    ingester = Ingester(store, words)
    ingester.add(
        make_article("The voters of Arizona rejected the ballot measure.", key="a", published=date(2016, 11, 8))
    )
    ingester.add(
        make_article("The voters of Oklahoma rejected the ballot measure.", key="b", published=date(2023, 3, 8))
    )
    ingester.add(make_article("The mayor of Rome opened a bridge.", key="c", published=date(2015, 1, 1)))
    ingester.add(make_article("The voters of Ohio rejected the ballot measure.", key="d"))
    return Answerer(Searcher(store, words), SimpleReader(words), threshold=0.2)


def quoted(answer: Answer) -> list[str]:
    return [quote.text.split(" rejected")[0] for quote in answer.quotes]


def test_this_week_is_looked_for_in_articles_of_this_week(answerer: Answerer) -> None:
    answer = answerer.ask("Which voters rejected the ballot measure this week?", today=TODAY)
    assert quoted(answer) == ["The voters of Oklahoma"]
    assert answer.warnings == ("By “this week” articles from 2023-02-27 to 2023-03-10 are meant.",)


def test_where_nothing_of_those_days_answers_others_do_and_it_is_said(answerer: Answerer) -> None:
    answer = answerer.ask("Which bridge did the mayor of Rome open this week?", today=TODAY)
    assert quoted(answer) == ["The mayor of Rome opened a bridge."]
    assert answer.warnings == ("No article from 2023-02-27 to 2023-03-10 answers; these quotes are of other days.",)


def test_the_day_is_today_where_none_is_given(answerer: Answerer) -> None:
    answer = answerer.ask("Which voters rejected the ballot measure this week?")
    assert len(answer.quotes) == 3
    assert answer.warnings


def test_a_question_without_days_looks_everywhere(answerer: Answerer) -> None:
    answer = answerer.ask("Which voters rejected the ballot measure?", today=TODAY)
    assert len(answer.quotes) == 3
    assert answer.warnings == ()


def test_what_was_searched_is_reported_once(answerer: Answerer) -> None:
    for question in ("Which bridge did the mayor of Rome open this week?", "Who is the pope this week?"):
        steps = list(answerer.steps(question, today=TODAY))
        assert sum(isinstance(step, Searched) for step in steps) == 1
