"""From question to answer, with the real store; promise 1 and promise 3 are kept here."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import QuestionError
from index.types import Filters
from service.answering.answer import LONGEST_QUESTION, Answerer, check_question
from service.answering.types import Answer, Progress, Quote, Searched
from service.assembly import Services, assemble
from service.http.schemas.asking import AnswerOut
from service.http.schemas.quotes import QuoteOut
from service.settings import Settings
from tests.conftest import WordEmbedder, make_article


def test_the_seed_article_answers(seeded: Services) -> None:
    answer = seeded.answerer.ask("How many men left Russia after the draft was announced?")
    assert answer.answered and answer.reason is None
    assert answer.quotes[0].text.startswith("The FSB recorded 261,000 men")
    assert answer.quotes[0].text.endswith("“Novaya Gazeta. Europe.”")
    assert answer.text == "261,000, according to Novaya Gazeta. Europe [1]"
    assert answer.confidence == answer.quotes[0].confidence
    assert answer.nearest == ()


def test_several_dates_come_back_as_several_quotes(seeded: Services) -> None:
    answer = seeded.answerer.ask("What dates for a travel ban have been reported?")
    texts = " ".join(quote.text for quote in answer.quotes)
    assert len(answer.quotes) == 3
    assert all(words in texts for words in ("Sept. 28", "as early as Monday", "Sept. 30"))
    assert [quote.number for quote in answer.quotes] == [1, 2, 3]


@pytest.mark.parametrize(
    "question", ["Who won the 2022 World Cup?", "Did Finland close its border?", "best pizza recipe"]
)
def test_what_is_not_there_is_refused_with_the_nearest(seeded: Services, question: str) -> None:
    answer = seeded.answerer.ask(question)
    assert not answer.answered
    assert (answer.reason, answer.quotes) == ("no_passage_answers", ())
    assert answer.text == "Nothing in these articles answers that."
    assert len(answer.nearest) == 3


def test_an_empty_store_says_that_it_is_empty(fake: Services) -> None:
    answer = fake.answerer.ask("Who?")
    assert (answer.answered, answer.reason, answer.nearest, answer.confidence) == (False, "no_articles", (), 0.0)


def test_filters_that_exclude_all_are_told_apart_from_no_answer(fake: Services) -> None:
    fake.ingester.add(make_article(published=date(2024, 1, 1)))
    later = Filters(published_from=date(2025, 1, 1))
    assert fake.answerer.ask("cat", filters=later).reason == "filters_exclude_all"
    assert fake.answerer.ask("cat").answered


def test_the_threshold_decides(seeded: Services, words: WordEmbedder) -> None:
    reader = seeded.answerer._reader
    question = "How many men left Russia after the draft was announced?"
    confidence = seeded.answerer.ask(question).confidence
    strict = Answerer(seeded.searcher, reader, threshold=confidence + 0.01)
    assert strict.ask(question).reason == "no_passage_answers"
    assert Answerer(seeded.searcher, reader, threshold=confidence - 0.01).ask(question).answered


def test_the_steps_come_in_order(seeded: Services) -> None:
    searched, first, second, *quotes, answer = seeded.answerer.steps("  How many\nmen left? ")
    assert searched == Searched("How many men left?", 5)
    assert (first, second) == (Progress(4, 5), Progress(5, 5))
    assert isinstance(answer, Answer)
    assert tuple(quotes) == answer.quotes
    assert answer.question == "  How many\nmen left? "
    assert answer.search_question == "How many men left?"
    assert answer.took_ms.total >= answer.took_ms.search


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "empty"),
        (" \n\t\u00a0", "empty"),
        ("\u200b\u200d\ufeff", "empty"),
        ("x" * 10_000, "10,000 characters.*1 to 2,000"),
        ("Who\0?", "NUL byte at character 3"),
        ("Who \ud83d?", "half of a surrogate pair at character 4"),
    ],
)
def test_what_is_no_question_is_reported(fake: Services, question: str, told: str) -> None:
    with pytest.raises(QuestionError, match=told):
        fake.answerer.ask(question)


@pytest.mark.parametrize(
    "question",
    [
        "¿7?",
        "👍🏽 why",
        "من غادر؟",
        "zero\u200bwidth",
        "\u202eright to left",
        "x" * LONGEST_QUESTION,
        '"; DROP TABLE articles',
        "NEAR(a b) AND *",
    ],
)
def test_odd_questions_are_answered_or_refused(fake: Services, question: str) -> None:
    fake.ingester.add(make_article())
    assert isinstance(fake.answerer.ask(question), Answer)
    assert check_question(question)


@pytest.mark.parametrize("question", ["*", "-", "_", "?", "…!?", "👍🏽", "✌️ 😀", "€ + ¥", "\u200b–\u200b"])
def test_a_question_without_a_letter_or_digit_is_refused(fake: Services, question: str) -> None:
    fake.ingester.add(make_article())
    with pytest.raises(QuestionError, match="The question has no words: no letter and no digit. Ask in words."):
        fake.answerer.ask(question)


def check_quote(quote: Quote, stored: str) -> None:
    """A quote is a span: through the object and through its JSON."""
    served = QuoteOut.of(quote)
    start, end = served.citation.start, served.citation.end
    assert served.text == quote.text == stored[start:end]
    assert served.text.strip() == served.text != ""
    utf16 = stored.encode("utf-16-le")
    assert utf16[2 * served.citation.start_utf16 : 2 * served.citation.end_utf16].decode("utf-16-le") == served.text
    position, words = served.selectors
    assert (position.start, position.end) == (start, end)  # type: ignore[union-attr]
    assert stored[:start].endswith(words.prefix) and stored[end:].startswith(words.suffix)  # type: ignore[union-attr]
    for lit in served.highlights:
        assert start <= lit.start < lit.end <= end
        assert lit.text == stored[lit.start : lit.end]


characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
articles = st.lists(st.text(characters, max_size=120), min_size=1, max_size=5).map(
    lambda services: "\r\n\r\n".join([*services, "The 7 cats left on Sept. 28."])
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(articles, st.sampled_from(["How many cats left?", "When did the cats leave?", "Who sings?"]))
def test_every_quote_served_is_its_span(tmp_path_factory: pytest.TempPathFactory, text: str, question: str) -> None:
    services = assemble(Settings(store=f"file:{tmp_path_factory.mktemp('store')}"), embedder=WordEmbedder())
    stored = services.ingester.add(make_article(text, key="k"))
    answer = services.answerer.ask(question, max_quotes=20)
    kept = services.store.article(stored.id).text
    assert kept == text
    for quote in (*answer.quotes, *answer.nearest):
        check_quote(quote, kept)
    assert AnswerOut.of(answer).model_dump_json()
    services.close()


def test_every_quote_on_the_seed_article_is_its_span(seeded: Services) -> None:
    text = seeded.store.article(1).text
    for question in ("When could the border close?", "Who counted the men?", "Who won the World Cup?"):
        answer = seeded.answerer.ask(question, max_quotes=20)
        for quote in (*answer.quotes, *answer.nearest):
            check_quote(quote, text)
            assert "2022-09-26" not in quote.text


def test_every_quote_reaches_the_threshold(seeded: Services) -> None:
    answer = seeded.answerer.ask("When could the border close?", max_quotes=20)
    assert len(answer.quotes) > 1
    assert all(quote.confidence >= seeded.reader.threshold for quote in answer.quotes)
    assert [quote.confidence for quote in answer.quotes] == sorted((q.confidence for q in answer.quotes), reverse=True)
    assert all(f"[{quote.number}]" in answer.text for quote in answer.quotes)


def test_beside_a_number_stand_only_numbers(seeded: Services) -> None:
    answerer = Answerer(seeded.searcher, seeded.reader, threshold=0.01)
    for quote in answerer.ask("How many men left Russia after the draft was announced?", max_quotes=20).quotes:
        lit = " ".join(quote.article.text[start:end] for start, end in quote.highlights)
        assert any(character.isdigit() for character in lit) or "four" in lit or "one" in lit.lower(), lit


def test_why_is_answered_by_a_sentence(seeded: Services) -> None:
    answer = seeded.answerer.ask("Why are men leaving?", max_quotes=1)
    assert answer.quotes[0].text in answer.text
