"""What chat UIs and SDKs send beside a plain question: tools, tasks, templates, schemas."""

import json
from collections.abc import Iterator

import httpx
import openai
import pytest
from pydantic import BaseModel

from service.http.chat.conversation import question_in
from service.http.chat.tasks import Task, task_in
from tests.conftest import Server

QUESTION = "How many men left Russia after the draft was announced?"
HISTORY = f"""### Chat History:
<chat_history>
USER: {QUESTION}
ASSISTANT: 261,000, according to Novaya Gazeta. Europe [1]

> [1] “The FSB recorded **261,000** men”
</chat_history>"""
TITLE = 'JSON format: { "title": "your concise title here" }'
TAGS = 'JSON format: { "tags": ["tag1", "tag2", "tag3"] }'
FOLLOW_UPS = 'JSON format: { "follow_ups": ["Question 1?", "Question 2?"] }'
QUERIES = 'Strictly return in JSON format: \n{\n  "queries": ["query1", "query2"]\n}'


class Quotation(BaseModel):
    """A quotation, as an SDK's user may name its parts."""

    quote: str
    speaker: str | None
    title: str
    url: str


class Finding(BaseModel):
    """An answer, as an SDK's user may name its parts."""

    answered: bool
    answer: str
    confidence: float
    quotes: list[Quotation]
    sources: list[str]


@pytest.fixture
def chat(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as chat:
        yield chat


def asked(chat: openai.OpenAI, content: str, **more: object) -> openai.types.chat.ChatCompletion:
    messages = [{"role": "user", "content": content}]
    return chat.chat.completions.create(model="pullquote", messages=messages, **more)  # type: ignore[call-overload,no-any-return]


def task(wanted: str) -> str:
    return f"### Task:\nDo something with the chat history.\n### Output:\n{wanted}\n{HISTORY}"


@pytest.mark.parametrize("stream", [False, True])
def test_tools_are_accepted_and_not_called(chat: openai.OpenAI, stream: bool) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    given = {"tools": [tool] * 36, "tool_choice": "auto", "stream": stream}
    if stream:
        *_, last = asked(chat, QUESTION, **given)  # type: ignore[misc]
        assert last.choices[0].finish_reason == "stop" and last.citations
    else:
        found = asked(chat, QUESTION, **given)
        assert found.choices[0].message.content.startswith("261,000") and not found.choices[0].message.tool_calls
        assert "tools has no effect: no tool is called." in found.warnings


def test_openais_own_stream_helper_keeps_every_annotation(chat: openai.OpenAI) -> None:
    question = "What dates for a travel ban have been reported?"
    with chat.chat.completions.stream(model="pullquote", messages=[{"role": "user", "content": question}]) as stream:
        for _ in stream:
            pass
        whole = stream.get_final_completion()
    message = whole.choices[0].message
    assert len(message.annotations) == len(asked(chat, question).citations) >= 2
    for annotation in message.annotations:
        cited = annotation.url_citation
        words = message.content[cited.start_index : cited.end_index]
        assert words.replace("**", "").replace("\\", "") == cited.content


def test_a_title_is_the_question(chat: openai.OpenAI) -> None:
    title = json.loads(asked(chat, task(TITLE)).choices[0].message.content)
    assert title == {"title": "How many men left Russia after the draft was announced"}
    plain = f"Provide a concise, 5-word-or-less title for the conversation.\n\nConversation:\nUser: {QUESTION}\nAI: 261"
    assert asked(chat, plain).choices[0].message.content == "How many men left Russia after the draft was announced"


def test_a_title_asked_for_by_schema_is_given(chat: openai.OpenAI) -> None:
    prompt = f"Analyze this conversation and provide:\n1. The detected language\n2. A concise title\n\nUser: {QUESTION}"
    fields = {"language": {"type": "string"}, "title": {"type": "string"}}
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    tool = {"type": "function", "function": {"name": "extract", "parameters": schema}}
    choice = {"type": "function", "function": {"name": "extract"}}
    (call,) = asked(chat, prompt, tools=[tool], tool_choice=choice).choices[0].message.tool_calls
    assert json.loads(call.function.arguments)["title"].startswith("How many men left Russia")


def test_tags_are_speakers_and_publishers(chat: openai.OpenAI) -> None:
    tags = json.loads(asked(chat, task(TAGS)).choices[0].message.content)["tags"]
    assert "Novaya Gazeta. Europe" in tags


def test_follow_ups_are_questions_that_are_answered(chat: openai.OpenAI) -> None:
    found = json.loads(asked(chat, task(FOLLOW_UPS)).choices[0].message.content)["follow_ups"]
    assert 1 <= len(found) <= 3
    assert all(asked(chat, each).answered for each in found)


def test_a_search_query_is_the_question(chat: openai.OpenAI) -> None:
    assert json.loads(asked(chat, task(QUERIES)).choices[0].message.content) == {"queries": [QUESTION]}


def test_a_task_of_thousands_of_characters_is_no_question_too_long(chat: openai.OpenAI) -> None:
    assert asked(chat, task(TITLE + " " * 9_000)).choices[0].message.content.startswith('{"title"')


@pytest.mark.parametrize(
    "question", ["What is the title of the novel?", "### Task: who won?", "Give the title of the mayor.", "User: who?"]
)
def test_a_question_is_no_task(question: str) -> None:
    assert task_in(question) is None


def test_a_task_without_a_conversation_has_no_question() -> None:
    assert task_in(f"### Task:\nTitle.\n{TITLE}") == Task("title", "", as_json=True)


@pytest.mark.parametrize(
    "template",
    [
        '### Task:\nRespond to the user query.\n\n<context>\n<source id="1">Old news.</source>\n</context>\n\n{}',
        "Use the context.\n<context>\nOld news.\n</context>\n<user_query>\n{}\n</user_query>",
        "Use the following pieces of context to answer.\n\nOld news.\n\nQuestion: {}\nHelpful Answer:",
        "You are an assistant.\nQuestion: {}\nContext: Old news.\nAnswer:",
        "Context information is below.\n---\nOld news.\n---\nGiven the context, answer the query.\nQuery: {}\nAnswer: ",
    ],
)
def test_a_question_is_taken_out_of_a_template(chat: openai.OpenAI, template: str) -> None:
    text = template.replace("{}", QUESTION)
    assert question_in(text) == QUESTION
    found = asked(chat, text)
    assert found.answered and any("material around the question" in each for each in found.warnings)


@pytest.mark.parametrize(
    "question", ["Question: who left?", "In what context was it said?", "Who asked the question: why?"]
)
def test_a_question_of_its_own_is_left_as_it_is(question: str) -> None:
    assert question_in(question) == question


def test_a_schema_is_filled_by_the_names_of_its_fields(chat: openai.OpenAI) -> None:
    messages = [{"role": "user", "content": QUESTION}]
    parsed = chat.chat.completions.parse(model="pullquote", messages=messages, response_format=Finding)  # type: ignore[arg-type]
    found = parsed.choices[0].message.parsed
    assert found is not None and found.answered and found.answer.startswith("261,000") and found.confidence > 0.5
    (quote,) = found.quotes
    assert quote.quote.startswith("The FSB recorded") and quote.speaker == "Novaya Gazeta. Europe"
    assert found.sources == [quote.url] and "/articles/1#q=" in quote.url


def test_a_schema_is_filled_where_nothing_answers(chat: openai.OpenAI) -> None:
    messages = [{"role": "user", "content": "Who won the 2022 World Cup?"}]
    parsed = chat.chat.completions.parse(model="pullquote", messages=messages, response_format=Finding)  # type: ignore[arg-type]
    found = parsed.choices[0].message.parsed
    assert found is not None and not found.answered and found.quotes == []
    assert found.answer == "Nothing in these articles answers that."


def test_json_without_a_schema_is_the_answer_as_everywhere(chat: openai.OpenAI, client: httpx.Client) -> None:
    found = json.loads(asked(chat, QUESTION, response_format={"type": "json_object"}).choices[0].message.content)
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert found["quotes"] == answer["quotes"] and found["answered"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "object", "properties": {"mood": {"type": "string"}}, "required": ["mood"]}, "known for 'mood'"),
        (
            {"type": "object", "properties": {"answer": {"type": "integer"}}, "required": ["answer"]},
            "known for 'answer'",
        ),
        ({"type": "object", "properties": {"answer": {"enum": ["yes"]}}, "required": ["answer"]}, "is not one of"),
        (
            {"type": "object", "properties": {"answer": {"$ref": "#/nowhere"}}, "required": ["answer"]},
            "is nowhere in it",
        ),
        ({"$ref": "#"}, "is nowhere in it"),
        ({"$ref": "#/a", "a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}}, "is nowhere in it"),
        ({"type": "object", "properties": {}, "allOf": [{"$ref": "http://127.0.0.1:1/x.json"}]}, "cannot be filled"),
        ({"type": "object", "properties": {"answer": {"type": "string", "pattern": "(a+)+$"}}}, "it has a pattern"),
    ],
)
def test_a_schema_that_asks_for_more_is_refused(
    chat: openai.OpenAI, schema: dict[str, object], message: str, stream: bool
) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    with pytest.raises(openai.BadRequestError, match=message):
        asked(chat, QUESTION, response_format=form, stream=stream)


@pytest.mark.parametrize("stream", [False, True])
def test_a_tool_that_only_takes_an_answer_apart_is_filled(chat: openai.OpenAI, stream: bool) -> None:
    tool = {"type": "function", "function": {"name": "report", "parameters": Finding.model_json_schema()}}
    given = {"tools": [tool], "tool_choice": "required", "stream": stream}
    if stream:
        deltas = [each.choices[0].delta for each in asked(chat, QUESTION, **given) if each.choices]  # type: ignore[attr-defined]
        (call,) = [call for delta in deltas for call in delta.tool_calls or []]
    else:
        (choice,) = asked(chat, QUESTION, **given).choices
        assert choice.finish_reason == "tool_calls" and choice.message.content is None
        (call,) = choice.message.tool_calls
    assert call.function.name == "report"
    assert Finding.model_validate_json(call.function.arguments).answer.startswith("261,000")


def test_a_chat_can_be_filtered(chat: openai.OpenAI) -> None:
    filters = {"published_from": "2023-01-01"}
    found = asked(chat, QUESTION, extra_body={"filters": filters, "max_quotes": 1})
    assert not found.answered
    with pytest.raises(openai.UnprocessableEntityError, match="publishers"):
        asked(chat, QUESTION, extra_body={"filters": {"publishers": ["x"]}})


@pytest.mark.parametrize(
    ("path", "more", "status"),
    [
        ("chat/completions", {"response_format": {"type": "json_schema", "json_schema": "x"}}, 422),
        ("chat/completions", {"response_format": {"type": "json_schema", "json_schema": None}}, 400),
        ("chat/completions", {"response_format": {"type": {}}}, 422),
        (
            "chat/completions",
            {"tool_choice": {"type": "function", "function": "f"}, "tools": [{"type": "function"}]},
            400,
        ),
        ("chat/completions", {"tool_choice": "required", "tools": [{"type": "function", "function": None}, 1]}, 400),
        ("chat/completions", {"tool_choice": "required"}, 400),
        ("responses", {"text": {"format": None}}, 200),
        ("responses", {"text": None, "tools": None, "tool_choice": None}, 200),
        ("responses", {"tool_choice": {"type": "function", "name": []}, "tools": [{"type": "function"}]}, 400),
    ],
)
def test_odd_options_are_refused_or_taken_and_never_a_fault(
    client: httpx.Client, path: str, more: dict[str, object], status: int
) -> None:
    asked_for = {"input": QUESTION} if path == "responses" else {"messages": [{"role": "user", "content": QUESTION}]}
    assert client.post(f"/v1/{path}", json={**asked_for, **more}).status_code == status


def test_what_a_quotation_has_not_is_named(chat: openai.OpenAI) -> None:
    assert "logprobs has no effect: quotations have none." in asked(chat, QUESTION, logprobs=True).warnings
