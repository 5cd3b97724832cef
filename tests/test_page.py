"""The page, in a real browser."""

import shutil
from collections.abc import Iterator

import pytest

from service.assembly import Parts
from tests.conftest import Server, make_article

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: "playwright.Browser", server: Server) -> Iterator["playwright.Page"]:
    """A page whose every script error and refused fetch fails the test."""
    page = browser.new_page(base_url=server.url)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: faults.append(request.url) if not request.url.startswith((server.url, "data:")) else None,
    )
    page.goto("/")
    yield page
    page.close()
    assert faults == []


def ask(page: "playwright.Page", question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_a_quote_opens_its_article_with_the_same_words_lit_up(page: "playwright.Page") -> None:
    ask(page, "How many men left Russia after the draft was announced?")
    quote = page.locator(".quote").first
    quote.wait_for()
    assert quote.locator("mark").all_inner_texts() == ["261,000"]
    shown = quote.locator("blockquote").inner_text()
    assert page.locator(".short").inner_text() == "261,000, according to Novaya Gazeta. Europe [1]"
    quote.click()
    page.wait_for_url("**/articles/1#q=2352-2527")
    lit = page.locator("article mark")
    assert shown == f"[1] “{lit.inner_text()}”"
    assert lit.inner_text().startswith("The FSB recorded 261,000 men")
    box = lit.bounding_box()
    page.go_back()
    assert page.locator(".short").inner_text() == "261,000, according to Novaya Gazeta. Europe [1]"
    assert page.get_by_label("Your question").input_value() == "How many men left Russia after the draft was announced?"
    assert box and 0 <= box["y"] <= page.viewport_size["height"]


def test_a_refusal_looks_like_one(page: "playwright.Page") -> None:
    ask(page, "Who won the 2022 World Cup?")
    assert page.locator(".refusal").inner_text() == "Nothing in these articles answers that."
    assert page.locator(".quote").first.is_hidden()
    page.locator("summary").click()
    assert page.locator(".quote").first.is_visible()


def test_articles_are_never_read_as_html_and_offsets_hold(page: "playwright.Page", seeded: Parts) -> None:
    text = "👍🏽 First. <img src=x onerror=alert(1)> costs 14 zlotys & <b>more</b>.\r\nLast."
    stored = seeded.ingester.add(make_article(text, title="<script>alert(1)</script>", published=None))
    ask(page, "How many zlotys does it cost?")
    page.locator(".quote").first.wait_for()
    assert page.locator(".quote img, .quote b, .quote script").count() == 0
    assert page.locator(".quote figcaption a").first.inner_text() == "<script>alert(1)</script>"
    page.locator(".quote figcaption a").first.click()
    page.wait_for_url(f"**/articles/{stored.id}#q=*")
    page.locator("article mark").wait_for()
    assert page.locator("article mark").inner_text() == "<img src=x onerror=alert(1)> costs 14 zlotys & <b>more</b>."
    assert page.locator("h1").inner_text() == "<script>alert(1)</script>"
    assert page.locator("article").evaluate("each => each.textContent") == text


def test_an_article_that_is_gone_is_told(browser: "playwright.Browser", server: Server) -> None:
    page = browser.new_page(base_url=server.url)
    page.goto("/articles/99")
    page.locator(".error").wait_for()
    assert "There is no article 99." in page.locator(".error").inner_text()
    page.close()


def test_a_service_that_is_gone_is_told(browser: "playwright.Browser", server: Server, seeded: Parts) -> None:
    page = browser.new_page(base_url=server.url)
    page.goto("/")
    seeded.store.close()
    ask(page, "Anything?")
    page.locator(".error").wait_for()
    assert "is closed" in page.locator(".error").inner_text()
    page.close()
