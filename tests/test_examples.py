"""Questions to begin with."""

from pathlib import Path

import pytest

from index.types import Article, Attribution, Span
from service.answering.examples.candidates import candidates
from service.answering.examples.examples import Examples
from service.assembly import Services
from tests.conftest import make_article

QUAY = """Norvik closes its ferry quay

About 1,200 people were told to leave the quay on Monday, the port said.

“We will close the quay for good in May,” said Ann Cole.

40 percent of all fares were paid at the quay. 14 months in 2019 and 2020, then nothing.
"""


def asked(article: Article, *attributions: Attribution) -> list[str]:
    sentences = []
    at = 0
    for line in article.text.splitlines(keepends=True):
        sentences.append(Span(at, at + len(line.rstrip())))
        at += len(line)
    return [each.question for each in candidates(article, sentences, attributions)]


def said(text: str, words: str, speaker: str) -> Attribution:
    start, source = text.index(words), text.index(speaker.split()[-1])
    there = Span(source, source + len(speaker))
    return Attribution(speaker, there, there, (Span(start, start + len(words)),))


def test_questions_are_made_of_the_articles_words() -> None:
    article = make_article(QUAY, title="Norvik closes its ferry quay")
    cole = said(QUAY, "We will close the quay for good in May", "Ann Cole")
    assert asked(article, cole) == [
        "What did Ann Cole say about the quay?",
        "How many people were told to leave the quay on Monday?",
        "What did Ann Cole say?",
    ]


@pytest.mark.parametrize("speaker", ["Cole", "a CEO of Norvik", "Tesla CEO Cole", "the port"])
def test_only_people_named_in_full_are_asked_about(speaker: str) -> None:
    text = QUAY.replace("Ann Cole", speaker)
    article = make_article(text, title="Norvik closes its ferry quay")
    words = said(text, "We will close the quay for good in May", speaker)
    assert not [each for each in asked(article, words) if each.startswith("What did")]


def test_each_question_is_one_that_the_articles_answer(seeded: Services) -> None:
    examples = seeded.examples.examples()
    assert examples
    for each in examples:
        answer = seeded.answerer.ask(each.question)
        assert answer.confidence >= 0.8
        assert answer.quotes[0].article.id == each.article_id


def test_they_stay_while_their_articles_do(seeded: Services) -> None:
    first = seeded.examples.examples()
    seeded.ingester.add(make_article("The llama wore 7 hats."))
    assert [each for each in seeded.examples.examples() if each in first] == list(first)
    for each in seeded.store.articles(limit=10):
        seeded.store.remove(each.id)
    assert seeded.examples.examples() == ()


def test_an_empty_store_has_none(fake: Services) -> None:
    assert fake.examples.examples() == ()


def test_none_is_shown_that_the_reader_is_not_sure_of(fake: Services, tmp_path: Path) -> None:
    fake.ingester.add(make_article(QUAY, title="Norvik closes its ferry quay"))
    unsure = Examples(fake.store, fake.answerer)
    assert all(fake.answerer.ask(each.question).confidence >= 0.8 for each in unsure.examples())
