"""Chat completions, asked as the Vercel AI SDK asks: in Node."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Server, require

PROJECT = Path(__file__).parent / "ai_sdk"
NO_NETWORK = re.compile(r"E(?:AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|NOTFOUND|TIMEDOUT)")
NODE, NPM = shutil.which("node"), shutil.which("npm")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the SDK in a folder of its own, beside the script that uses it."""
    require(NODE and NPM, "Node")
    folder = tmp_path_factory.mktemp("ai_sdk")
    for file in PROJECT.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    done = subprocess.run([NPM, "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True)
    if done.returncode and NO_NETWORK.search(done.stderr):
        require(None, f"the AI SDK (it cannot be fetched: {done.stderr[-300:]})")
    assert done.returncode == 0, done.stderr
    return folder / "ask.mjs"


def ask(script: Path, server: Server, question: str) -> list[dict[str, Any]]:
    command = [str(NODE), str(script), f"{server.url}/v1", question]
    done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_quotes_come_as_text_and_as_sources(script: Path, server: Server) -> None:
    plain, streamed = ask(script, server, "How many men left Russia after the draft was announced?")
    assert plain["text"].startswith("261,000") and streamed["text"] == plain["text"]
    assert [each["url"] for each in plain["sources"]] == [f"{server.url}/articles/1#q=2352-2527"]
    assert all(each["title"] for each in plain["sources"])


def test_a_stream_has_its_sources(script: Path, server: Server) -> None:
    plain, streamed = ask(script, server, "What dates for a travel ban have been reported?")
    assert len(plain["sources"]) == 3 and streamed["sources"] == plain["sources"]


def test_a_refusal_has_none(script: Path, server: Server) -> None:
    for answer in ask(script, server, "Who won the 2022 World Cup?"):
        assert answer == {"text": "Nothing in these articles answers that.", "sources": []}
