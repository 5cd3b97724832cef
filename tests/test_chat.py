"""Chat completions, asked as OpenAI's own client asks."""

import json
import threading
from collections.abc import Iterator

import httpx
import openai
import pytest
from starlette.testclient import TestClient

from index.errors import StoreUnavailableError
from index.types import Span
from service.answering.quoting.answer_text import answer_text, is_short
from service.answering.reading.reader import Reader
from service.answering.types import Answer, Quote, TookMs
from service.assembly import Services
from service.http.app import create_app
from service.http.markdown import escaped, pieces
from service.settings import Settings
from tests.conftest import Server, hit_of, make_article

QUESTION = "How many men left Russia after the draft was announced?"
NOT_ANSWERED = "Who won the 2022 World Cup?"

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "integer"}}, "required": ["city"]},
    },
}


@pytest.fixture
def chat(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as chat:
        yield chat


def messages(*texts: str) -> list[dict[str, str]]:
    roles = ["user", "assistant"] * len(texts)
    return [{"role": role, "content": text} for role, text in zip(roles, texts, strict=False)]


def test_an_answer_is_a_message_with_its_quotes(chat: openai.OpenAI, client: httpx.Client) -> None:
    completion = chat.chat.completions.create(model="pullquote", messages=messages(QUESTION))  # type: ignore[call-overload]
    (choice,) = completion.choices
    content = choice.message.content
    assert content.startswith("261,000, according to Novaya Gazeta. Europe [1]\n\n> [1] “The FSB recorded **261,000**")
    assert "said by Novaya Gazeta. Europe" in content and "2022-09-26" in content
    assert choice.finish_reason == "stop"
    for annotation, citation in zip(choice.message.annotations, completion.citations, strict=True):
        cited = annotation.url_citation
        assert content[cited.start_index : cited.end_index].replace("**", "") == cited.content == citation["text"]
        path = cited.url.removeprefix(str(client.base_url).rstrip("/")).partition("#")[0]
        assert client.get(path).status_code == 200
    assert completion.answered is True


def test_a_refusal_is_a_message_without_quotes(chat: openai.OpenAI) -> None:
    completion = chat.chat.completions.create(model="pullquote", messages=messages(NOT_ANSWERED))  # type: ignore[call-overload]
    assert completion.choices[0].message.content == "Nothing in these articles answers that."
    assert (completion.answered, completion.citations) == (False, [])


def test_a_stream_says_the_same(chat: openai.OpenAI) -> None:
    whole = chat.chat.completions.create(model="pullquote", messages=messages(QUESTION))  # type: ignore[call-overload]
    chunks = list(
        chat.chat.completions.create(  # type: ignore[call-overload]
            model="pullquote", messages=messages(QUESTION), stream=True, stream_options={"include_usage": True}
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    annotations = [each for delta in deltas for each in getattr(delta, "annotations", [])]
    assert [each.pop("index") for each in annotations] == list(range(len(annotations)))
    assert annotations == [each.model_dump() for each in whole.choices[0].message.annotations]
    *_, last, usage = chunks
    assert last.choices[0].finish_reason == "stop"
    assert last.citations == whole.citations
    assert usage.usage.total_tokens == 0


def test_a_stream_ends_with_its_warnings(chat: openai.OpenAI) -> None:
    asked = messages("How many men left Russia this week?")
    whole = chat.chat.completions.create(model="pullquote", messages=asked)  # type: ignore[call-overload]
    *_, last = chat.chat.completions.create(model="pullquote", messages=asked, stream=True)  # type: ignore[call-overload]
    assert last.warnings == whole.warnings != []


def test_a_follow_up_is_understood(chat: openai.OpenAI) -> None:
    first = chat.chat.completions.create(model="pullquote", messages=messages(QUESTION))  # type: ignore[call-overload]
    turns = messages(QUESTION, first.choices[0].message.content, "And who counted them?")
    second = chat.chat.completions.create(model="pullquote", messages=turns)  # type: ignore[call-overload]
    assert second.choices[0].message.content.startswith("The FSB")
    refused = chat.chat.completions.create(model="pullquote", messages=[*turns[:-1], *messages("What about women?")])  # type: ignore[call-overload]
    assert not refused.answered


def test_a_stream_begins_before_the_passages_are_read(
    own_client: httpx.Client, seeded: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = threading.Event()
    read = seeded.reader.read
    monkeypatch.setattr(seeded.reader, "read", lambda *given: going.wait(20) and read(*given))
    body = {"messages": messages(QUESTION), "stream": True}
    with own_client.stream("POST", "/v1/chat/completions", json=body) as response:
        chunks = response.iter_text()
        assert '"role": "assistant"' in next(chunks)
        going.set()
        assert "261,000" in "".join(chunks)


def test_an_error_in_mid_stream_is_reported(
    chat: openai.OpenAI, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise StoreUnavailableError("The disk is gone.")

    monkeypatch.setattr(reader, "read", failing)
    stream = chat.chat.completions.create(model="pullquote", messages=messages(QUESTION), stream=True)  # type: ignore[call-overload]
    with pytest.raises(openai.APIError, match="The disk is gone."):
        list(stream)


def test_what_openai_allows_to_be_null_may_be(client: httpx.Client) -> None:
    body = {
        "model": None,
        "stream": None,
        "stream_options": {"include_usage": None},
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": QUESTION}, {"type": "image", "text": None}]}
        ],
    }
    assert client.post("/v1/chat/completions", json=body).json()["answered"]


def test_a_field_that_does_not_fit_is_named(client: httpx.Client) -> None:
    body = {"messages": [{"role": "user", "content": 5}]}
    detail = client.post("/v1/chat/completions", json=body).json()["detail"]
    assert "messages.0.content" in detail and "function-after" not in detail


def test_links_begin_with_the_public_address_where_one_is_set(seeded: Services) -> None:
    settings = Settings(public_url="https://quotes.example/app/")
    with TestClient(create_app(settings, seeded)) as client:
        found = client.post("/v1/chat/completions", json={"messages": messages(QUESTION)}).json()
    (annotation,) = found["choices"][0]["message"]["annotations"]
    assert (
        annotation["url_citation"]["url"] == "https://quotes.example/app/articles/1#q=2352-2527&v=1&h=f89715f0be90e3c6"
    )


@pytest.mark.parametrize("by_setting", [False, True])
def test_open_webui_gets_a_source_of_its_own_for_each_quote(seeded: Services, by_setting: bool) -> None:
    headers = {} if by_setting else {"X-Pullquote-Sources": "open-webui"}
    body = {"messages": messages("What dates for a travel ban have been reported?"), "stream": True}
    with TestClient(create_app(Settings(open_webui_sources=by_setting), seeded)) as client:
        text = client.post("/v1/chat/completions", json=body, headers=headers).text
    found = [json.loads(line.removeprefix("data: ")) for line in text.split("\n\n") if "{" in line]
    events = [each["event"] for each in found if "event" in each]
    assert [each["type"] for each in events] == ["source"] * 3
    sources = [each["data"]["metadata"][0] for each in events]
    assert len({each["source"] for each in sources}) == 3
    assert not any(each["source"].startswith("http") for each in sources)  # it would be shown in the title's place
    assert all(each["source_url"].startswith("http://testserver/articles/1#q=") and each["name"] for each in sources)
    citations = found[-1]["citations"]
    assert [each["data"]["document"] for each in events] == [[each["text"]] for each in citations]
    assert all(each["choices"] == [] for each in found if "event" in each)
    assert "annotations" not in text  # Open WebUI would make sources of them as well


def test_nobody_else_gets_open_webuis_events(client: httpx.Client) -> None:
    body = {"messages": messages(QUESTION), "stream": True}
    assert '"event"' not in client.post("/v1/chat/completions", json=body).text


def test_the_model_is_listed(chat: openai.OpenAI) -> None:
    assert [each.id for each in chat.models.list()] == ["pullquote"]
    assert chat.models.retrieve("pullquote").id == "pullquote"
    with pytest.raises(openai.NotFoundError, match="gpt-9"):
        chat.models.retrieve("gpt-9")


def test_what_means_nothing_here_is_let_be(chat: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {"url": "x"}}]
    completion = chat.chat.completions.create(  # type: ignore[call-overload]
        model="anything",
        messages=[{"role": "system", "content": "Sing."}, {"role": "user", "content": parts}],
        temperature=0.3,
        max_tokens=5,
        n=1,
        user="u",
        seed=1,
        extra_body={"surprise": {"a": 1}},
    )
    assert completion.choices[0].message.content.startswith("261,000")
    told = " ".join(completion.warnings)
    assert all(each in told for each in ("image_url was left out", "System messages", "max_tokens has no effect"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"n": 2}, "n is 2"),
        ({"tools": [WEATHER], "tool_choice": "required"}, "nothing is known for 'city'"),
        ({"tools": [WEATHER, {**WEATHER}], "tool_choice": "required"}, "no tool is called"),
        ({"tools": [WEATHER], "tool_choice": {"type": "function", "function": {"name": "sing"}}}, "no tool is called"),
        ({"response_format": {"type": "grammar"}}, "'grammar' is none of text"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}}, "with a schema"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_is_not_supported_is_reported(
    chat: openai.OpenAI, more: dict[str, object], message: str, stream: bool
) -> None:
    with pytest.raises(openai.BadRequestError, match=message):
        chat.chat.completions.create(model="pullquote", messages=messages(QUESTION), stream=stream, **more)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": []},
        {"messages": [{"role": "system", "content": "x"}]},
        {"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "user", "content": ""}]},
        {"messages": [{"role": "user", "content": "**"}]},
        {"messages": [{"role": "king", "content": "x"}]},
        {"messages": [{"role": "user", "content": "x" * 10_000}]},
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_is_no_question_is_reported(client: httpx.Client, body: dict[str, object], stream: bool) -> None:
    response = client.post("/v1/chat/completions", json={**body, "stream": stream})
    assert response.status_code == 422
    assert response.json()["error"]["message"] == response.json()["detail"]


def test_a_stream_ends_as_openais_does(client: httpx.Client) -> None:
    body = {"messages": messages(NOT_ANSWERED), "stream": True}
    lines = [line for line in client.post("/v1/chat/completions", json=body).text.split("\n\n") if line]
    assert lines[-1] == "data: [DONE]"
    for line in lines[:-1]:
        assert json.loads(line.removeprefix("data: "))["object"] == "chat.completion.chunk"


def answer_of(text: str, *highlights: tuple[int, int]) -> Answer:
    article = make_article(text, title="A [title]\nwith * in it", id=1)
    lit = tuple(Span(*each) for each in highlights)
    quote = Quote(hit_of(article), Span(0, len(text)), 0.9, lit, number=1)
    short = is_short("q", [quote])
    return Answer("i", "q", "q", answer_text([quote], short=short), short, 0.9, None, TookMs(0, 0, 0, 0), (quote,))


def test_what_an_article_says_never_works_as_markdown() -> None:
    text = "<b>*Hi*</b> [x](javascript:1)\n# not a heading\n1. no list"
    (quoted,) = pieces(answer_of(text), "http://h")
    assert r"\<b\>\*Hi\*\</b\> \[x\](javascript:1)" in quoted.text
    assert "\n> \\# not a heading\n> 1\\. no list”" in quoted.text
    assert r"[A \[title\] with \* in it](http://h/articles/1#q=0-56&v=0&h=" in quoted.text
    ((_, start, end),) = quoted.cited
    assert quoted.text[start:end].startswith(r"\<b\>")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Intro.\r# Heading\r- item", "Intro.\n> \\# Heading\n> \\- item"),
        ("x.\n\n    [a](b)", "x.\n> \n> \\[a\\](b)"),
        ("x.\u2028# y", "x.\n> \\# y"),
    ],
)
def test_no_line_of_an_article_begins_anything(text: str, quoted: str) -> None:
    (piece,) = pieces(answer_of(text), "")
    assert f"“{quoted}”" in piece.text


def test_an_answer_of_whole_quotes_stands_once(chat: openai.OpenAI) -> None:
    asked = messages("Why is the Kremlin looking to move swiftly?")
    found = chat.chat.completions.create(model="pullquote", messages=asked)  # type: ignore[call-overload]
    content = found.choices[0].message.content
    assert (
        content.startswith("> [1] “") and content.replace("**", "").count("The Kremlin is looking to move swiftly") == 1
    )


def test_highlights_are_bold_where_markdown_can() -> None:
    _, quoted = pieces(answer_of("It was 5 men", (7, 8)), "")
    assert "It was **5** men" in quoted.text
    _, quoted = pieces(answer_of("It was 5 men", (6, 8)), "")
    assert "It was 5 men" in quoted.text


def test_numbers_of_quotes_stay_as_they_are() -> None:
    assert escaped("a_b") == r"a\_b"
    first, _ = pieces(answer_of("It was 5 men", (7, 8)), "")
    assert first.text == "5 [1]"


@pytest.mark.parametrize("text", ["see [1](http://evil/x) there", "![1](http://e/x.png)", "[1]: http://evil"])
def test_a_number_in_an_article_makes_no_link(text: str) -> None:
    for lit in ((0, len(text) - 5), (0, 3)):
        first, *_ = pieces(answer_of(text + " and much more besides that is not lit up", lit), "")
        assert first.text.endswith(" [1]") and "[1]" not in first.text[:-4].replace("\\[1\\]", "")
