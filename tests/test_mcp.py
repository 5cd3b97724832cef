"""The tools at /mcp, over the SDK's own client against a real server."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path

import httpx
import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult, Tool
from starlette.testclient import TestClient

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import Server, make_article

PING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
ACCEPT = {"Accept": "application/json, text/event-stream"}


async def _called(url: str, tool: str, arguments: dict[str, object]) -> CallToolResult:
    async with Client(f"{url}/mcp") as client:
        return await client.call_tool(tool, arguments)


def call(url: str, tool: str, **arguments: object) -> CallToolResult:
    return asyncio.run(_called(url, tool, arguments))


def test_the_tools_are_listed_with_what_they_take_and_give(server: Server) -> None:
    async def listed() -> list[Tool]:
        async with Client(f"{server.url}/mcp") as client:
            return (await client.list_tools()).tools

    tools = {each.name: each for each in asyncio.run(listed())}
    assert set(tools) == {"ask", "search", "fetch", "list_articles", "speakers", "verify_quote"}
    assert all(each.description and each.annotations.read_only_hint for each in tools.values())
    assert all(each.output_schema for name, each in tools.items() if name != "fetch")
    assert all(each.input_schema["additionalProperties"] is False for each in tools.values())
    assert tools["ask"].input_schema["required"] == ["question"]
    assert tools["fetch"].input_schema["required"] == ["id"]


def test_ask_gives_exact_quotes_as_text_and_in_full(server: Server) -> None:
    found = call(server.url, "ask", question="Which country shares the longest border with Russia?")
    answer = found.structured_content
    assert not found.is_error and answer["answered"]
    quote = answer["quotes"][0]
    article = httpx.get(f"{server.url}/v1/articles/{quote['citation']['article_id']}").json()
    assert quote["text"] == article["text"][quote["citation"]["start"] : quote["citation"]["end"]]
    assert f"[1] “{quote['text']}”" in found.content[0].text and quote["link"] in found.content[0].text
    assert quote["link"].startswith(f"{server.url}/articles/")


def test_ask_refuses_as_everywhere(server: Server) -> None:
    found = call(server.url, "ask", question="Who won the 2022 World Cup?")
    assert not found.is_error and not found.structured_content["answered"]
    assert found.structured_content["reason"] == "no_passage_answers" and not found.structured_content["quotes"]
    text = found.content[0].text
    assert text.startswith("Nothing in these articles answers that.\n\nNearest passages, none of which answers:")
    assert all(each["text"] in text for each in found.structured_content["nearest"])


def test_ask_keeps_to_a_speaker(server: Server) -> None:
    answer = call(server.url, "ask", question="When could the border close?", speaker="Vyorstka").structured_content
    assert answer["answered"]
    assert all(any("Vyorstka" in said["speaker"] for said in each["attribution"]) for each in answer["quotes"])


def test_search_and_fetch_go_together(server: Server) -> None:
    found = call(server.url, "search", query="mobilization", k=2)
    first = json.loads(found.content[0].text)["results"][0]
    assert found.structured_content["results"][0] == first
    assert first["url"].startswith(f"{server.url}/articles/{first['id']}#q=")
    fetched = call(server.url, "fetch", id=first["id"])
    assert fetched.structured_content is None
    whole = json.loads(fetched.content[0].text)
    assert whole["next_start"] is None and whole["characters"] == len(whole["text"])
    assert whole["text"][first["start"] : first["end"]] == first["text"]
    assert whole["metadata"]["published"] == "2022-09-26" and len(whole["metadata"]["sha256"]) == 64


def test_a_long_article_is_fetched_in_parts(server: Server) -> None:
    whole = json.loads(call(server.url, "fetch", id="1").content[0].text)["text"]
    parts, start = [], 0
    while start is not None:
        part = json.loads(call(server.url, "fetch", id="1", start=start, length=1_000).content[0].text)
        assert part["start"] == start
        parts.append(part["text"])
        start = part["next_start"]
    assert len(parts) > 2 and "".join(parts) == whole


def test_articles_and_speakers_are_listed(server: Server) -> None:
    listing = call(server.url, "list_articles").structured_content
    (article,) = listing["articles"]
    assert listing["next_cursor"] is None and article["published"] == "2022-09-26"
    assert call(server.url, "list_articles", published_from="2023-01-01").structured_content["articles"] == []
    assert call(server.url, "list_articles", title="NO SUCH TITLE").structured_content["articles"] == []
    cited = call(server.url, "speakers", article_id=int(article["id"])).structured_content["speakers"]
    assert {"Meduza", "Novaya Gazeta. Europe"} <= {each["speaker"] for each in cited}
    assert [each["times"] for each in cited] == sorted((each["times"] for each in cited), reverse=True)


@pytest.mark.parametrize(
    "filters", [{"published_from": "2023-01-01"}, {"publisher": ["The Other"]}, {"article_ids": [99]}]
)
def test_questions_and_searches_can_be_filtered(server: Server, filters: dict[str, object]) -> None:
    answer = call(server.url, "ask", question="How many men left Russia?", **filters).structured_content
    assert answer["reason"] == "filters_exclude_all"
    assert call(server.url, "search", query="mobilization", **filters).structured_content["results"] == []


def test_what_articles_say_is_not_escaped(fake: Services) -> None:
    fake.ingester.add(make_article("The mayor opened * 14 [old] bridges_ in December.", title="A *title*"))
    with TestClient(create_app(Settings(), fake)) as client:
        params = {"name": "ask", "arguments": {"question": "How many bridges did the mayor open?"}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        text = client.post("/mcp", json=body, headers=ACCEPT).json()["result"]["content"][0]["text"]
    assert "“The mayor opened * 14 [old] bridges_ in December.”" in text and "A *title*" in text


def test_the_tools_are_served_over_stdio(seed_store: Path, folder: Path) -> None:
    shutil.copytree(seed_store, folder)
    environment = {**os.environ, "PULLQUOTE_STORE": f"file:{folder}", "PULLQUOTE_PUBLIC_URL": "https://q.example/"}
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "service", "mcp"], env=environment, cwd=Path(__file__).parents[1]
    )

    async def asked() -> CallToolResult:
        async with Client(stdio_client(command)) as client:
            return await client.call_tool("ask", {"question": "How many men left Russia?"})

    answer = asyncio.run(asked())
    assert answer.structured_content["quotes"][0]["link"].startswith("https://q.example/articles/1#q=")


def test_verify_quote_tells_what_is_wrong(server: Server) -> None:
    assert call(server.url, "verify_quote", text="“261,000 men”").structured_content["status"] == "found"
    assert (
        call(server.url, "verify_quote", text="261,000 men", speaker="Meduza").structured_content["status"]
        == "misattributed"
    )
    altered = call(server.url, "verify_quote", text="Sept. 28 is named as the only date").structured_content
    assert altered["status"] == "altered" and altered["differences"]


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("ask", {"question": "  "}, "question is empty"),
        ("ask", {"question": "When?", "max_quotes": 0}, "max_quotes"),
        ("ask", {}, "question"),
        ("search", {"query": ""}, "question is empty"),
        ("ask", {"question": "👍"}, "question has no words"),
        ("search", {"query": "*"}, "question has no words"),
        ("fetch", {"id": "999999"}, "There is no article 999999."),
        ("ask", {"question": "When?", "publishers": ["x"]}, "no argument 'publishers': ask takes question, max_quotes"),
        ("ask", {"question": "When?", "published_from": "2023-02-02", "published_to": "2023-01-01"}, "is after"),
        ("list_articles", {"cursor": -1}, "cursor"),
        ("speakers", {"article_id": 999}, "There is no article 999."),
        ("fetch", {"id": "../1"}, "id"),
        ("verify_quote", {"text": "…"}, "no words"),
    ],
)
def test_an_error_is_reported_to_the_agent(
    server: Server, tool: str, arguments: dict[str, object], message: str
) -> None:
    found = call(server.url, tool, **arguments)
    assert found.is_error and message in found.content[0].text
    assert "`pullquote " not in found.content[0].text


def test_a_client_of_the_older_protocol_is_answered_too(server: Server) -> None:
    async def asked() -> CallToolResult:
        async with Client(f"{server.url}/mcp", mode="legacy") as client:
            return await client.call_tool("ask", {"question": "How many men left Russia?"})

    assert asyncio.run(asked()).structured_content["answered"]


def test_a_key_is_needed_where_keys_are_set(fake: Services) -> None:
    with TestClient(create_app(Settings(api_keys=("a",)), fake)) as client:
        refused = client.post("/mcp", json=PING, headers=ACCEPT)
        assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["detail"].startswith("This service needs a key.")
        assert client.post("/mcp", json=PING, headers={**ACCEPT, "Authorization": "Bearer a"}).status_code == 200


def test_a_page_of_another_site_cannot_call(fake: Services) -> None:
    with TestClient(create_app(Settings(), fake)) as client:
        refused = client.post("/mcp", json=PING, headers={**ACCEPT, "Origin": "http://evil.example"})
        assert refused.status_code == 403 and "evil.example" in refused.json()["detail"]


def test_requests_that_are_none_of_the_protocol_are_refused(server: Server) -> None:
    assert (
        httpx.post(
            f"{server.url}/mcp", content=b"{", headers={**ACCEPT, "Content-Type": "application/json"}
        ).status_code
        == 400
    )
    assert httpx.get(f"{server.url}/mcp").status_code == 405  # nothing is ever sent but answers
