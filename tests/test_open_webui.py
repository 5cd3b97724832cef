"""Open WebUI as it comes, driven in a browser: `make test-clients`; left out of `make test`.

Nothing is set in it but the address of the service. The picture that the first test takes is the one in the
documentation, with ``SCREENSHOTS`` naming the folder for it.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import Server, require

UV = Path(sys.executable).with_name("uv")
# torch as Pullquote pins it: of the newest, only builds with CUDA may be at hand, which are ten times the size.
COMMAND = [str(UV), "tool", "run", "--python", "3.11", "--with", "torch==2.13.0", "open-webui@0.12.4", "serve"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUESTION = "What dates for a travel ban have been reported?"
_STARTS = 900

pytestmark = pytest.mark.skipif(
    not os.environ.get("TEST_CLIENTS"), reason="needs Open WebUI, several GB: `make test-clients`"
)


@pytest.fixture
def open_webui(server: Server, tmp_path: Path) -> Iterator[str]:
    """The address of an Open WebUI that was just installed, with a connection to the service."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "DATA_DIR": str(tmp_path), "WEBUI_AUTH": "False", "WEBUI_SECRET_KEY": "x", "OFFLINE_MODE": "true",
        "ENABLE_OLLAMA_API": "False", "OPENAI_API_BASE_URL": f"{server.url}/v1", "OPENAI_API_KEY": "none",
    }  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        command = [*COMMAND, "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=tmp_path)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _STARTS
        while not _is_up(url):
            assert process.poll() is None and time.monotonic() < until, (tmp_path / "log").read_text()[-2_000:]
            time.sleep(1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def page(open_webui: str) -> Iterator[Page]:
    require(CHROMIUM, "Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        page.set_default_timeout(60_000)
        page.goto(open_webui)
        page.get_by_role("button", name=re.compile("Okay")).click()  # the notes on the release
        yield page
        browser.close()


def test_a_question_its_sources_its_title_and_a_follow_up(page: Page, server: Server) -> None:
    page.locator("#chat-input").click()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    chips = page.get_by_role("button", name=re.compile("^View source"))
    expect(page.get_by_text("3 Sources")).to_be_visible(timeout=60_000)
    expect(chips).to_have_count(3)
    expect(page.get_by_text("Nothing in these articles")).to_have_count(0)
    expect(page).to_have_title(re.compile(QUESTION[:20]), timeout=60_000)
    suggestion = page.get_by_text(re.compile("^What did .+ say\\?$")).first
    expect(suggestion).to_be_visible(timeout=60_000)
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "open-webui.png")

    links = page.locator("blockquote a")
    wanted = [links.nth(number).get_attribute("href") for number in range(3)]
    assert all(each and each.startswith(f"{server.url}/articles/1#q=") for each in wanted) and len(set(wanted)) == 3
    for number in range(3):
        with page.expect_popup() as opened:
            _open_source(page, number)
        assert opened.value.url == wanted[number]
        opened.value.close()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

    suggestion.click()
    expect(page.locator("blockquote").nth(3)).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Nothing in these articles")).to_have_count(0)


def _open_source(page: Page, number: int) -> None:
    """Open the source of the chip ``[number]`` by the link that Open WebUI shows for it."""
    page.get_by_role("button", name=re.compile("^View source")).nth(number).click()
    page.locator("[role=dialog] a, .modal a").first.click()
