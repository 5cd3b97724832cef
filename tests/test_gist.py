"""Questions for the gist of an article, and the sentences that carry it."""

import pytest

from index.types import Filters
from service.answering.question.gist_asked import asks_for_gist
from service.answering.types import Turn
from service.assembly import Services
from tests.conftest import make_article

STORY = """The council will close the Harbour Bridge for two years from Monday, the mayor said.

Bridge works

Engineers found cracks in two of the bridge’s eight pillars in May. The bridge carries 40,000 cars a day.
“We have no choice but to close the bridge,” said the mayor, Ada Kwon. Ferries will run while the bridge is closed.
Cheese is cheap this week. The repairs of the bridge will cost the council $18 million."""


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What is this about?", True),
        ("summarise this article please", True),
        ("Key points?", True),
        ("tl;dr", True),
        ("What happened?", True),
        ("What happened to the bridge?", False),
        ("What is the film about?", False),
        ("How many pillars have cracks?", False),
        ("Why was the bridge closed?", False),
        ("hello", False),
    ],
)
def test_a_question_for_the_gist_is_told_from_others(question: str, asks: bool) -> None:
    assert asks_for_gist(question) == asks


def test_the_gist_is_the_opening_and_the_central_sentences_in_order(fake: Services) -> None:
    fake.ingester.add(make_article(STORY))
    answer = fake.answerer.ask("What is this about?")
    assert (answer.kind, answer.answered, answer.short) == ("gist", True, False)
    assert answer.quotes[0].text.startswith("The council will close")
    starts = [each.span.start for each in answer.quotes]
    assert len(starts) == 3 and starts == sorted(starts)
    assert [each.number for each in answer.quotes] == [1, 2, 3]
    assert all(each.text == STORY[each.span.start : each.span.end] for each in answer.quotes)
    assert not any("Cheese" in each.text or each.text == "Bridge works" for each in answer.quotes)
    assert all(f"[{number}]" in answer.text for number in (1, 2, 3))


def test_the_gist_is_of_the_article_that_the_filters_name(fake: Services) -> None:
    bridge = fake.ingester.add(make_article(STORY)).id
    fake.ingester.add(make_article("Rain fell on the hills for twelve days in a row. Nobody was hurt in the floods."))
    named = fake.answerer.ask("What are the key points?", filters=Filters(article_ids=(bridge,)), max_quotes=2)
    assert {each.article.id for each in named.quotes} == {bridge} and len(named.quotes) == 2
    of_all = fake.answerer.ask("What are the key points?")
    assert (of_all.answered, of_all.kind, of_all.reason) == (False, "gist", "no_passage_answers")
    assert of_all.text == "Ask that of one article: open it and ask there, or name it in `filters.article_ids`."


def test_what_follows_an_answer_is_no_gist_of_all_articles(fake: Services) -> None:
    fake.ingester.add(make_article(STORY))
    fake.ingester.add(make_article("Rain fell on the hills for twelve days in a row. Nobody was hurt in the floods."))
    history = (Turn("user", "Who closed the bridge?"), Turn("assistant", "The council [1]"))
    assert fake.answerer.ask("What happened?", history=history).kind == "answer"


def test_an_empty_store_has_no_gist(fake: Services) -> None:
    assert fake.answerer.ask("Summarise this").reason == "no_articles"
