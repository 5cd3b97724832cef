"""A real language model chooses: `make test-llm`, which downloads 1.1 GB; left out of `make test`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.answering.answer import Answerer
from service.answering.language_model import OpenAiModel
from service.answering.question.rewriting import Rewriter
from service.answering.reading.chooser import Chooser
from service.answering.types import Turn
from service.assembly import Services
from tests.real_llm import NAME, is_installed, serving_real_llm

pytestmark = pytest.mark.skipif(
    not os.environ.get("TEST_LLM") or not is_installed(), reason="needs llama.cpp and a model: `make test-llm`"
)
_SECONDS = 300.0


@pytest.fixture(scope="module")
def language_model() -> Iterator[OpenAiModel]:
    folder = Path(__file__).parents[1] / ".venv-llm" / "models"
    with serving_real_llm(folder) as url:
        yield OpenAiModel(url, model=NAME, api_key="", seconds=_SECONDS)


@pytest.mark.parametrize(
    "question",
    [
        "How many men left Russia?",
        "When could the border close?",
        "Which country shares the longest border with Russia?",
    ],
)
def test_a_small_model_chooses_and_everything_shown_is_the_articles(
    language_model: OpenAiModel, seeded: Services, question: str
) -> None:
    answer = Answerer(seeded.searcher, seeded.reader, chooser=Chooser(language_model)).ask(question)
    assert answer.chosen_by is not None and answer.chosen_by.model == NAME
    assert answer.quotes
    for quote in answer.quotes:
        assert quote.text == quote.article.text[quote.span.start : quote.span.end]
        assert all(words in quote.text for words in quote.highlighted)


def test_a_small_model_turns_no_clear_refusal_into_an_answer(language_model: OpenAiModel, seeded: Services) -> None:
    answerer = Answerer(seeded.searcher, seeded.reader, chooser=Chooser(language_model))
    assert not answerer.ask("Who won the 2022 World Cup?").answered


def test_a_follow_up_still_finds_its_answer(language_model: OpenAiModel, seeded: Services) -> None:
    history = [Turn("user", "How many men left Russia?"), Turn("assistant", "261,000 [1]")]
    answerer = Answerer(seeded.searcher, seeded.reader, rewriter=Rewriter(language_model))
    answer = answerer.ask("And who counted them?", history=history)
    assert any("FSB recorded 261,000" in quote.text for quote in (*answer.quotes, *answer.nearest))
