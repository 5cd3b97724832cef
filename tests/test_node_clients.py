"""Asked as clients in Node ask: the Vercel AI SDK and OpenAI's SDK, of the last major versions that run on Node 18."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Server
from tests.node import NODE, SCRIPTS, installed

ANSWERED = "How many men left Russia after the draft was announced?"
SEVERAL = "What dates for a travel ban have been reported?"
REFUSED = "Who won the 2022 World Cup?"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory.mktemp("node"), SCRIPTS)


def ask(script: Path, server: Server, question: str) -> dict[str, Any]:
    command = [str(NODE), str(script), f"{server.url}/v1", question]
    done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("question", "quotes"), [(ANSWERED, 1), (SEVERAL, 3), (REFUSED, 0)])
def test_the_ai_sdk_gets_quotes_as_text_and_as_sources(
    scripts: Path, server: Server, question: str, quotes: int
) -> None:
    found = ask(scripts / "ai_sdk.mjs", server, question)
    for api in ("responses", "chat"):
        plain = found[api]
        assert found[f"{api}_tools"] == found[f"{api}_stream"] == plain
        assert len(plain["sources"]) == quotes and all(each["title"] for each in plain["sources"])
        assert all(each["url"].startswith(f"{server.url}/articles/1#q=") for each in plain["sources"])
        given = found[f"{api}_object"]
        assert len(given["quotes"]) == quotes and given["answered"] == bool(quotes)
    assert found["responses"] == found["chat"]


def test_openais_sdk_keeps_every_citation_of_a_stream(scripts: Path, server: Server) -> None:
    found = ask(scripts / "openai_sdk.mjs", server, SEVERAL)
    assert len(found["plain"]["urls"]) == 3
    assert found["chat"] == found["responses"] == found["plain"]
