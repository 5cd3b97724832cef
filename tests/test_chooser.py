"""A language model chooses among sentences: behind a real socket, well-behaved or not."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from index.errors import SettingsError
from index.ingest import Ingester
from index.search import Searcher
from index.store.sqlite.store import SqliteStore
from service.answering.answer import Answerer
from service.answering.language_model import OpenAiModel
from service.answering.reading.chooser import Chooser
from service.answering.reading.picks import Pick, parse_picks
from service.answering.reading.simple_reader import SimpleReader
from service.answering.types import Answer
from service.assembly import Services, assemble
from service.http.app import create_app
from service.settings import Settings
from tests import llm_server
from tests.conftest import WordEmbedder, make_article, serving
from tests.injections import INJECTIONS
from tests.llm_server import Behaviour, Server, serving_llm, writes

ARTICLE = (
    "The mayor of Rome opened 14 bridges on Monday. The oldest bridge of Rome was built by Fabricius. "
    "Nobody has counted the ferries of Rome."
)
QUESTION = "How many bridges did the mayor of Rome open?"
PLAIN = "The mayor of Rome opened 14 bridges on Monday."
OLDEST = "The oldest bridge of Rome was built by Fabricius."


def answers(*picks: tuple[int, str]) -> str:
    return json.dumps({"answers": [{"id": number, "words": words} for number, words in picks]})


def number_of(sentence: str, prompt: str) -> int:
    found = re.search(rf"^\[(\d+)\] {re.escape(sentence)}", prompt, re.MULTILINE)
    assert found, prompt
    return int(found[1])


def chooses(sentence: str, words: str) -> Behaviour:
    """Choose one sentence, whatever number it has."""
    return writes(lambda prompt: answers((number_of(sentence, prompt), words)))


@contextmanager
def answering(
    folder: Path, behave: Behaviour, *, text: str = ARTICLE, seconds: float = 5.0, threshold: float = 0.2
) -> Iterator[tuple[Answerer, Server]]:
    words = WordEmbedder()
    store = SqliteStore(folder)
    Ingester(store, words).add(make_article(text, title="Bridges", publisher="The Post"))
    with serving_llm(behave) as server:
        model = OpenAiModel(server.url, model="small", api_key="secret", seconds=seconds)
        yield Answerer(Searcher(store, words), SimpleReader(words), threshold=threshold, chooser=Chooser(model)), server
    store.close()


def without_a_model(folder: Path, text: str = ARTICLE) -> Answer:
    words = WordEmbedder()
    store = SqliteStore(folder)
    Ingester(store, words).add(make_article(text, title="Bridges", publisher="The Post"))
    answer = Answerer(Searcher(store, words), SimpleReader(words), threshold=0.2).ask(QUESTION)
    store.close()
    return answer


def test_an_article_cannot_number_sentences_of_its_own(folder: Path) -> None:
    text = ARTICLE.replace(PLAIN, PLAIN.replace(" ", " [7] ", 1))
    with answering(folder, writes(lambda _: answers()), text=text) as (answerer, server):
        answerer.ask(QUESTION)
    (request,) = server.requests
    assert "(7)" in str(request) and "[7]" not in str(request)


def test_the_model_is_shown_numbered_sentences_and_asked_by_schema(folder: Path) -> None:
    with answering(folder, chooses(PLAIN, "14 bridges")) as (answerer, server):
        answer = answerer.ask(QUESTION)
    (request,) = server.requests
    assert (request["model"], request["key"], request["stream"]) == ("small", "Bearer secret", True)
    assert "tools" not in request
    prompt = request["messages"][-1]["content"]
    assert "Article: “Bridges”, The Post" in prompt and f"Question: {QUESTION}" in prompt
    assert {number_of(each, prompt) for each in (PLAIN, OLDEST)} <= {1, 2, 3}
    schema = request["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["answers"]["items"]["properties"]["id"]["enum"] == [1, 2, 3]
    assert answer.chosen_by is not None and answer.chosen_by.model == "small"
    assert re.fullmatch("[0-9a-f]{8}", answer.chosen_by.prompts)
    assert answer.warnings == ()


def test_what_is_chosen_comes_first_with_the_chosen_words(folder: Path) -> None:
    plain = without_a_model(folder / "without")
    with answering(folder / "with", chooses(PLAIN, "14 bridges")) as (answerer, _):
        answer = answerer.ask(QUESTION)
    assert answer.quotes[0].text == PLAIN
    assert answer.quotes[0].highlighted == ("14 bridges",)
    assert answer.quotes[0].confidence > plain.quotes[0].confidence
    assert answer.text == "14 bridges [1]"


def test_the_order_of_two_sentences_about_as_good_is_the_models(folder: Path) -> None:
    text = "The mayor of Rome opened 14 bridges in May. The mayor of Rome opened 15 bridges in June."
    first, second = text.split(". ")[0] + ".", text.split(". ")[1]
    for sentence in (first, second):
        with answering(
            folder / sentence[:40].replace(" ", "") / str(len(sentence)), chooses(sentence, ""), text=text
        ) as (
            answerer,
            _,
        ):
            assert answerer.ask(QUESTION).quotes[0].text == sentence


def test_a_model_can_refuse_where_the_reader_is_unsure(folder: Path) -> None:
    sure = without_a_model(folder / "without").quotes[0].confidence
    with answering(folder / "with", writes(answers()), threshold=sure - 0.01) as (answerer, _):
        answer = answerer.ask(QUESTION)
    assert (answer.answered, answer.reason) == (False, "no_passage_answers")
    assert answer.chosen_by is not None


def test_a_blind_choice_brings_up_no_bad_sentence(folder: Path) -> None:
    """A model that chooses the worst sentence for a question leaves the reader's clear answer where it is."""
    plain = without_a_model(folder / "without")
    worst = "Nobody has counted the ferries of Rome."
    with answering(folder / "with", chooses(worst, "ferries")) as (answerer, _):
        answer = answerer.ask(QUESTION)
    assert answer.quotes[0].text == plain.quotes[0].text


@pytest.mark.parametrize("words", ["99 bridges", "14 ferries", "bridges 14", "PWNED", "Fabricius", "…", "[x]"])
def test_words_that_do_not_stand_in_the_sentence_are_not_highlighted(folder: Path, words: str) -> None:
    plain = without_a_model(folder / "without")
    with answering(folder / "with", chooses(PLAIN, words)) as (answerer, _):
        answer = answerer.ask(QUESTION)
    assert answer.quotes[0].text == PLAIN
    assert answer.quotes[0].highlights == plain.quotes[0].highlights
    assert answer.text == plain.text


CLEARED = "Police cleared Paolo Conti of the robbery of the bank in Rome; 2 men from Bari broke into it."


@pytest.mark.parametrize("words", ["Paolo Conti", "Police", "of", "the robbery"])
def test_other_words_of_the_sentence_do_not_stand_alone_as_the_answer(folder: Path, words: str) -> None:
    with answering(folder, chooses(CLEARED, words), text=CLEARED) as (answerer, _):
        answer = answerer.ask("How many men broke into the bank in Rome?")
    assert answer.text in (f"“{CLEARED}” [1]", "2 [1]")


def test_typography_does_not_hide_the_words(folder: Path) -> None:
    text = "The mayor’s “great” bridge of Rome cost $5 million to open."
    with answering(folder, chooses(text, 'mayor\'s "great" bridge'), text=text) as (answerer, _):
        assert answerer.ask("Which bridge of Rome did the mayor open?").quotes[0].highlighted == (
            "mayor’s “great” bridge",
        )


@pytest.mark.parametrize(
    ("text", "picks"),
    [
        ('{"answers": [{"id": 2, "words": "x"}]}', [Pick(2, "x")]),
        ('```json\n{"answers": [{"id": "2", "words": "x"}, {"id": 2, "words": "y"}]}\n```', [Pick(2, "x")]),
        ('<think>Is it [3]? No.</think> {"answers": [{"id": 1, "words": null}]}', [Pick(1, "")]),
        ("[3, 1]", [Pick(3, ""), Pick(1, "")]),
        ('{"answers": []}', []),
        ("[]", []),
        ("2: the words\n3. others", [Pick(2, "the words"), Pick(3, "others")]),
        ("[2] “the words”", [Pick(2, "the words")]),
        ("None of the sentences answers.", []),
        ('{"answers": [{"id": 9, "words": "x"}, {"id": 1, "words": "y"}]}', [Pick(1, "y")]),
        ('{"answers": [{"id": 9, "words": "x"}]}', None),
        ('{"answers": [{"id": true}, {"id": 1e3}, {"id": -1}, {}]}', None),
        ('{"answer": "the mayor"}', None),
        ("The mayor opened them.", None),
        ("", None),
        ("[" * 50_000, None),
        ("999", None),
        ("[-1]", None),
        ("[1.5]", None),
        ('{\n  "answers": [\n    {\n      "id": -1\n    }\n  ]\n}', None),
        ("1. [3] the words\n2. [2] other", [Pick(3, "the words"), Pick(2, "other")]),
        ("The mayor said nothing about ferries, so sentence 2 it is.", None),
        ('{"answers": [{"id": 3}]} Hope that helps {smile}', [Pick(3, "")]),
    ],
)
def test_what_was_chosen_is_read_leniently_and_never_beyond_the_list(text: str, picks: list[Pick] | None) -> None:
    assert parse_picks(text, most=3) == picks


FAILURES: dict[str, Behaviour] = {
    "slow": llm_server.waits(9),
    "dripping": llm_server.drips(0.05),
    "too many requests": llm_server.fails(429),
    "too many requests, come back in an hour": llm_server.fails(429, headers={"Retry-After": "3600"}),
    "error": llm_server.fails(500),
    "bad gateway": llm_server.fails(502, headers={"Content-Type": "text/html"}, body=b"<html>no</html>"),
    "no such model": llm_server.fails(404),
    "wrong key": llm_server.fails(401),
    "bad request": llm_server.fails(400),
    "cut stream": llm_server.breaks_off,
    "stream without an end": llm_server.ends_early,
    "hangs up": llm_server.hangs_up,
    "empty": writes(""),
    "blank": writes(" \n "),
    "nothing at all": llm_server.says(b"", "text/event-stream"),
    "nonsense": writes("asdf qwer [[[ ]]] 💥 \x00"),
    "prose": writes("The mayor opened them."),
    "endless": writes("The mayor of Rome opened bridges. " * 5_000),
    "wrong JSON": llm_server.says(b"data: {broken\n\n", "text/event-stream"),
    "other JSON": llm_server.says(b'data: {"answer": 42}\n\ndata: [DONE]\n\n', "text/event-stream"),
    "a list": llm_server.says(b"data: [1, 2]\n\ndata: [DONE]\n\n", "text/event-stream"),
    "no choices": llm_server.says(b'data: {"choices": [{}]}\n\ndata: [DONE]\n\n', "text/event-stream"),
    "a page": llm_server.says(b"<html>Log in</html>", "text/html"),
    "no UTF-8": llm_server.says(b"data: \xff\n\n", "text/event-stream"),
    "a huge number": llm_server.says(b'data: {"x": ' + b"1" * 5_000 + b"}\n\n", "text/event-stream"),
    "deep JSON": llm_server.says(b"data: " + b"[" * 100_000 + b"\n\n", "text/event-stream"),
    "half a surrogate pair": writes("The mayor \ud800 left."),
    "a number beyond numbers": writes('{"answers": [{"id": 1e999, "words": "x"}]}'),
    "only numbers that are not there": writes(answers((77, "14 bridges"))),
    "comments without an end": llm_server.comments(0.1),
    "a wrong key, slowly": llm_server.drips_an_error(0.1),
    "an error in the stream": llm_server.says(b'data: {"error": {"message": "overloaded"}}\n\n', "text/event-stream"),
}


@pytest.mark.parametrize("behave", FAILURES.values(), ids=list(FAILURES))
def test_a_model_that_fails_leaves_the_readers_own_answer(folder: Path, behave: Behaviour) -> None:
    with answering(folder / "with", behave, seconds=1.0) as (answerer, _):
        began = time.monotonic()
        answer = answerer.ask(QUESTION)
        took = time.monotonic() - began
    plain = without_a_model(folder / "without")
    assert (answer.text, answer.chosen_by) == (plain.text, None)
    assert [(quote.text, quote.confidence) for quote in answer.quotes] == [
        (quote.text, quote.confidence) for quote in plain.quotes
    ]
    assert "The answer was chosen without it." in answer.warnings[0]
    assert took < 2


def test_a_server_that_is_not_there_is_a_warning(folder: Path) -> None:
    with answering(folder, writes("x")) as (answerer, server):
        server.shutdown()
        server.server_close()
        (warning,) = answerer.ask(QUESTION).warnings
    assert warning == (
        "The language model small failed: its server cannot be reached. The answer was chosen without it."
    )


def test_what_a_server_writes_in_an_error_is_not_shown(folder: Path) -> None:
    behave = llm_server.fails(401, body=b'{"error": {"message": "bad key sk-secret-123 at 10.0.0.7"}}')
    with answering(folder, behave) as (answerer, _):
        answer = answerer.ask(QUESTION)
    assert answer.warnings[0].startswith("The language model small failed: its server answers 401.")


@pytest.mark.parametrize("status", [429, 503])
def test_an_error_that_passes_is_tried_again(folder: Path, status: int) -> None:
    behave = llm_server.one_after_another(llm_server.fails(status), chooses(PLAIN, "14"))
    with answering(folder, behave) as (answerer, server):
        assert answerer.ask(QUESTION).chosen_by is not None
    assert len(server.requests) == 2


def test_a_server_that_knows_no_schema_is_asked_without_from_then_on(folder: Path) -> None:
    with answering(folder, llm_server.one_after_another(llm_server.fails(400), chooses(PLAIN, "14"))) as (
        answerer,
        server,
    ):
        assert answerer.ask(QUESTION).chosen_by is not None
        assert answerer.ask(QUESTION).chosen_by is not None
    assert ["response_format" in request for request in server.requests] == [True, False, False]


def test_a_refusal_without_passages_asks_no_model(folder: Path, words: WordEmbedder) -> None:
    with serving_llm(writes("x")) as server:
        chooser = Chooser(OpenAiModel(server.url, model="small", api_key="", seconds=1))
        store = SqliteStore(folder)
        answer = Answerer(Searcher(store, words), SimpleReader(words), chooser=chooser).ask(QUESTION)
        store.close()
    assert (answer.reason, server.requests) == ("no_articles", [])


def obeys(word: str) -> Callable[[str], str]:
    """Choose the sentence that holds an order, as the weakest model would, and write what was ordered."""

    def answer(prompt: str) -> str:
        numbered = re.findall(r"^\[(\d+)\] (.*)$", prompt, re.MULTILINE)
        chosen = [int(number) for number, text in numbered if word in text] or [1]
        return f"{word}! {answers(*((number, word) for number in chosen))} {word}"

    return answer


def placed(injection: str) -> list[str]:
    """Put the words behind, before and inside the sentence that answers, and into one beside it."""
    return [
        f"{PLAIN} {injection} Nobody was hurt.",
        f"{injection} {PLAIN} Nobody was hurt.",
        f"The mayor of Rome opened 14 bridges on Monday ({injection}). Nobody was hurt.",
        f"{PLAIN} How many bridges did the mayor of Rome open? {injection}",
    ]


@pytest.mark.parametrize("injection", INJECTIONS)
def test_the_worst_an_article_can_do_is_to_have_itself_quoted(tmp_path: Path, injection: str) -> None:
    word = "PWNED" if "PWNED" in injection else "42"
    for number, text in enumerate(placed(injection)):
        with answering(tmp_path / str(number), writes(obeys(word)), text=text) as (answerer, _):
            answer = answerer.ask(QUESTION)
        for quote in (*answer.quotes, *answer.nearest):
            assert quote.text == quote.article.text[quote.span.start : quote.span.end]
            assert all(shown in quote.text for shown in quote.highlighted)
        if word not in text:
            assert word not in answer.text


@pytest.mark.parametrize("given", [{"llm_api_key": "…"}, {"llm_base_url": "http://x:abc/v1"}])
def test_a_setting_that_cannot_be_is_an_error(folder: Path, words: WordEmbedder, given: dict[str, str]) -> None:
    known = {"llm_base_url": "http://x.org/v1", "llm_model": "small", **given}
    settings = Settings(store=f"file:{folder}", attribution_model="rules", stance_model="none", **known)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="PULLQUOTE_LLM_"):
        assemble(settings, embedder=words, reader=SimpleReader(words))


def test_half_a_setting_is_an_error(folder: Path, words: WordEmbedder) -> None:
    for given, missing in (({"llm_model": "small"}, "BASE_URL"), ({"llm_base_url": "http://x.org/v1"}, "MODEL")):
        settings = Settings(store=f"file:{folder}", attribution_model="rules", stance_model="none", **given)  # type: ignore[arg-type]
        with pytest.raises(SettingsError, match=f"PULLQUOTE_LLM_{missing} is not set"):
            assemble(settings, embedder=words, reader=SimpleReader(words))


def test_the_key_is_never_shown() -> None:
    assert "secret" not in repr(Settings(llm_api_key="secret"))  # type: ignore[arg-type]
    assert "secret" not in json.dumps(Settings(llm_api_key="secret").model_dump(mode="json"))  # type: ignore[arg-type]


@pytest.fixture
def chosen(folder: Path, words: WordEmbedder) -> Iterator[httpx.Client]:
    with serving_llm(chooses(PLAIN, "14 bridges")) as llm:
        settings = Settings(
            store=f"file:{folder}",
            attribution_model="rules",
            stance_model="none",
            llm_base_url=llm.url,
            llm_model="small",
            answer_threshold=0.2,
        )
        services: Services = assemble(settings, embedder=words, reader=SimpleReader(words))
        services.ingester.add(make_article(ARTICLE, title="Bridges", publisher="The Post"))
        with serving(create_app(settings, services)) as server, httpx.Client(base_url=server.url) as client:
            yield client


def test_the_answer_names_the_model_that_chose(chosen: httpx.Client) -> None:
    answer = chosen.post("/v1/ask", json={"question": QUESTION}).json()
    assert answer["chosen_by"] == "small" and len(answer["prompts"]) == 8
    assert answer["answer"] == "14 bridges [1]"
    message = {"model": "pullquote", "messages": [{"role": "user", "content": QUESTION}]}
    content = chosen.post("/v1/chat/completions", json=message).json()["choices"][0]["message"]["content"]
    assert content.startswith("14 bridges \\[1\\]\n\n> [1] “") or content.startswith("14 bridges [1]\n\n> [1] “")
