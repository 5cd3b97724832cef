"""Clients as people have them, each in an environment of its own: `make test-clients`; left out of `make test`.

Each script of ``tests/clients/`` asks as its client does by default and prints what came back as JSON. Those in Python
name the client's version in their head, where uv reads it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SEED_FILE, Server
from tests.node import SCRIPTS, installed

PYTHON = SCRIPTS.parent / "python"
UV = Path(sys.executable).with_name("uv")
PULLQUOTE = Path(sys.executable).with_name("pullquote")
QUESTION = "How many men left Russia after the draft was announced?"
BEGINS = "261,000, according to Novaya Gazeta. Europe [1]"
QUOTE = "The FSB recorded 261,000 men leaving in the four days since Putin announced the draft"
SEVERAL = "What dates for a travel ban have been reported?"

pytestmark = pytest.mark.skipif(not os.environ.get("TEST_CLIENTS"), reason="needs the clients: `make test-clients`")


def run(*command: object, cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        [str(each) for each in command], cwd=cwd, capture_output=True, text=True, timeout=600,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(script: str, server: Server, *more: object) -> dict[str, Any]:
    command = [UV, "run", "--no-project", "--script", PYTHON / f"{script}.py", server.url, QUESTION, *more]
    found: dict[str, Any] = json.loads(run(*command).splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest SDKs, with the Node that they need, beside the scripts."""
    return installed(tmp_path_factory.mktemp("newest"), SCRIPTS, SCRIPTS / "newest")


def in_node(node: Path, script: str, *more: object) -> str:
    return run(node / "node_modules/.bin/node", node / script, *more, cwd=node)


def texts(found: object) -> Iterator[str]:
    """Yield every text of an answer that a script printed, whatever it named them."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for each in found.values():
            yield from texts(each if not isinstance(each, dict) else each.get("text") or each.get("answer"))


@pytest.mark.parametrize(
    "script",
    [
        "openai_sdk",
        "openai_agents",
        "langchain_openai_chat",
        "llama_index_llm",
        "litellm_sdk",
        "instructor_sdk",
        "pydantic_ai_agent",
    ],
)
def test_a_python_client_gets_the_answer_by_every_way_that_it_asks(server: Server, script: str) -> None:
    found = list(texts(printed(script, server)))
    assert len(found) >= 2
    for text in found:
        assert text.startswith(BEGINS)


def test_openais_sdk_gets_the_citations(server: Server) -> None:
    found = printed("openai_sdk", server)
    for way in ("plain", "chat", "responses"):
        assert found[way]["urls"] == [f"{server.url}/articles/1#q=2352-2527&v=1&h=f89715f0be90e3c6"]
    assert found["parsed"]["quotes"][0].startswith(QUOTE)


def test_llm_answers_on_the_command_line(server: Server, tmp_path: Path) -> None:
    model = f"- model_id: pullquote\n  model_name: pullquote\n  api_base: {server.url}/v1\n"
    (tmp_path / "extra-openai-models.yaml").write_text(model, encoding="utf-8")
    said = run(UV, "tool", "run", "llm@0.36", "-m", "pullquote", QUESTION, LLM_USER_PATH=str(tmp_path))
    assert said.startswith(BEGINS)


def test_openapi_python_client_generates_a_client_that_works(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "generated"
    generator = [UV, "tool", "run", "--with", "ruff", "openapi-python-client@0.29.1", "generate"]
    log = run(*generator, "--url", f"{server.url}/openapi.json", "--output-path", out)
    assert "WARNING" not in log
    found = printed("generated_client", server, out)
    assert found["answer"].startswith(BEGINS) and found["quotes"][0].startswith(QUOTE) and found["verbatim"]
    assert "no article 99" in found["missing"] and "question is empty" in found["invalid"]


def test_the_mcp_sdk_finds_the_same_by_http_and_by_a_command(server: Server, tmp_path: Path) -> None:
    run(PULLQUOTE, "add", SEED_FILE, PULLQUOTE_STORE=f"file:{tmp_path}")
    found = printed("mcp_sdk", server, "env", f"PULLQUOTE_STORE=file:{tmp_path}", PULLQUOTE, "mcp")
    for way in ("http", "stdio"):
        assert found[way]["tools"] == ["ask", "search", "fetch", "list_articles", "speakers", "verify_quote"]
        assert found[way]["text"].startswith(BEGINS)


@pytest.mark.parametrize("script", ["ai_sdk.mjs", "openai_sdk.mjs"])
def test_the_newest_clients_in_node_get_the_citations(server: Server, node: Path, script: str) -> None:
    for name, answer in json.loads(in_node(node, script, f"{server.url}/v1", SEVERAL)).items():
        if name.endswith("_object"):
            assert answer["answered"] and len(answer["quotes"]) == 3
        else:
            assert len(answer["sources"] if "sources" in answer else answer["urls"]) == 3


def test_a_client_of_openapi_typescript_compiles_and_works(server: Server, node: Path) -> None:
    options = ["--default-non-nullable=false", "-o", "schema.d.ts"]
    in_node(node, "node_modules/openapi-typescript/bin/cli.js", f"{server.url}/openapi.json", *options)
    checks = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--allowImportingTsExtensions"]
    in_node(node, "node_modules/typescript/bin/tsc", *checks, "--types", "node", "generated.ts")
    found = json.loads(in_node(node, "generated.ts", server.url, QUESTION))
    assert found["answer"].startswith(BEGINS) and "no article 99" in found["missing"]


def test_the_mcp_inspector_calls_a_tool(server: Server, node: Path) -> None:
    inspector = ["node_modules/.bin/mcp-inspector", "--cli", f"{server.url}/mcp", "--transport", "http"]
    tools = json.loads(in_node(node, *inspector, "--method", "tools/list"))["tools"]
    assert {each["name"] for each in tools} >= {"ask", "list_articles", "speakers"}
    call = ["--method", "tools/call", "--tool-name", "ask", "--tool-arg", f"question={QUESTION}"]
    result = json.loads(in_node(node, *inspector, *call))
    assert result["content"][0]["text"].startswith(BEGINS)
    assert result["structuredContent"]["quotes"][0]["link"].startswith(server.url)


def test_curl_revalidates_and_asks_for_headers(server: Server) -> None:
    whole = run("curl", "-sS", "--compressed", "-i", f"{server.url}/v1/articles/1")
    tag = next(line.partition(": ")[2] for line in whole.splitlines() if line.lower().startswith("etag"))
    again = run("curl", "-sS", "-i", "-H", f"If-None-Match: {tag}", f"{server.url}/v1/articles/1")
    assert again.startswith("HTTP/1.1 304")
    assert run("curl", "-sS", "-I", server.url).startswith("HTTP/1.1 200")
