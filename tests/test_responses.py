"""OpenAI's Responses and first completions, asked as OpenAI's own client asks."""

from collections.abc import Iterator

import httpx
import openai
import pytest
from pydantic import BaseModel

from tests.conftest import Server

QUESTION = "How many men left Russia after the draft was announced?"
NOT_ANSWERED = "Who won the 2022 World Cup?"


class Finding(BaseModel):
    """What an SDK's user wants to have of an answer."""

    answer: str
    quotes: list[str]
    confidence: float
    speaker: str | None


@pytest.fixture
def sdk(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as sdk:
        yield sdk


def test_a_response_is_a_text_with_its_citations(sdk: openai.OpenAI) -> None:
    response = sdk.responses.create(model="pullquote", input=QUESTION)
    assert response.output_text.startswith("261,000, according to Novaya Gazeta. Europe [1]")
    (message,) = response.output
    (text,) = message.content
    assert text.annotations
    for cited in text.annotations:
        assert cited.type == "url_citation" and "/articles/1#q=" in cited.url
        assert text.text[cited.start_index : cited.end_index].replace("**", "") == cited.content
    assert response.status == "completed" and response.answered and response.citations


def test_a_stream_says_the_same_in_openais_events(sdk: openai.OpenAI) -> None:
    whole = sdk.responses.create(model="pullquote", input=QUESTION)
    with sdk.responses.stream(model="pullquote", input=QUESTION) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert [each.sequence_number for each in events] == list(range(len(events)))
    assert events[0].type == "response.created" and events[-1].type == "response.completed"
    deltas = "".join(each.delta for each in events if each.type == "response.output_text.delta")
    assert deltas == whole.output_text == final.output_text
    added = [each.annotation for each in events if each.type == "response.output_text.annotation.added"]
    assert len(added) == len(whole.output[0].content[0].annotations) > 0


def test_what_came_before_is_sent_along(sdk: openai.OpenAI) -> None:
    turns = [
        {"role": "user", "content": [{"type": "input_text", "text": QUESTION}]},
        {"role": "assistant", "content": [{"type": "output_text", "text": "261,000 [1]"}]},
        {"type": "function_call_output", "call_id": "c", "output": "x"},
        {"role": "user", "content": "And who counted them?"},
    ]
    assert sdk.responses.create(model="pullquote", input=turns).output_text.startswith("The FSB")  # type: ignore[arg-type]


def test_a_refusal_has_no_citations(sdk: openai.OpenAI) -> None:
    refused = sdk.responses.create(model="pullquote", input=NOT_ANSWERED)
    assert refused.output_text == "Nothing in these articles answers that." and not refused.answered


def test_what_has_no_effect_is_named(sdk: openai.OpenAI) -> None:
    tool = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}}
    response = sdk.responses.create(
        model="pullquote",
        input=QUESTION,
        instructions="Sing.",
        tools=[tool],
        max_output_tokens=5,  # type: ignore[list-item]
    )
    told = " ".join(response.warnings)
    assert all(f"{name} has no effect" in told for name in ("instructions", "tools", "max_output_tokens"))
    assert response.output_text.startswith("261,000")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"previous_response_id": "resp_1"}, "nothing is stored"),
        ({"background": True}, "background"),
        ({"tool_choice": "required"}, "no tool is called"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_is_not_supported_is_reported(
    sdk: openai.OpenAI, more: dict[str, object], message: str, stream: bool
) -> None:
    with pytest.raises(openai.BadRequestError, match=message):
        sdk.responses.create(model="pullquote", input=QUESTION, stream=stream, **more)  # type: ignore[call-overload]


def test_a_schema_that_fits_is_filled(sdk: openai.OpenAI) -> None:
    found = sdk.responses.parse(model="pullquote", input=QUESTION, text_format=Finding).output_parsed
    assert found is not None and found.answer.startswith("261,000") and found.quotes[0].startswith("The FSB recorded")
    assert found.speaker == "Novaya Gazeta. Europe" and found.confidence > 0.5


def test_nothing_is_stored(client: httpx.Client) -> None:
    assert client.get("/v1/responses/resp_1").json()["error"]["message"].endswith("nothing is stored here.")


def test_a_prompt_is_answered(sdk: openai.OpenAI) -> None:
    whole = sdk.completions.create(model="pullquote", prompt=QUESTION)
    assert whole.choices[0].text.startswith("261,000") and whole.choices[0].finish_reason == "stop"
    parts = list(sdk.completions.create(model="pullquote", prompt=QUESTION, stream=True))
    assert "".join(each.choices[0].text for each in parts) == whole.choices[0].text
    with pytest.raises(openai.BadRequestError, match="Send one prompt"):
        sdk.completions.create(model="pullquote", prompt=["a", "b"])


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/audio/speech", "/v1/assistants"])
def test_an_unknown_path_answers_in_openais_form(client: httpx.Client, path: str) -> None:
    body = client.post(path, json={}).json()
    assert body["status"] == 404 and body["error"]["message"] == body["detail"]
