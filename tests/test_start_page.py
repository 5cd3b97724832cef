"""The page of the conversation: where it starts, what it keeps, and its keys; in a real browser."""

import re

from playwright.sync_api import Browser, Page, expect

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.browsing import opened
from tests.conftest import Server, make_article, serving

MEN = "How many men left Russia after the draft was announced?"


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn[aria-busy]")).to_have_count(0, timeout=30_000)
    expect(page.locator(".turn h2").last).to_have_text(question)


def test_it_starts_with_what_there_is_and_questions_that_are_answered(page: Page) -> None:
    expect(page.locator(".start .lead")).to_have_text("1 article, of 26 Sept 2022.")
    cited = page.locator(".start li a").first
    assert str(cited.get_attribute("href")).startswith("/people#id=")
    example = page.locator(".start li button").first
    expect(example).to_be_visible(timeout=60_000)
    question = example.inner_text()
    example.click()
    expect(page.locator(".turn h2")).to_have_text(question)
    expect(page.locator(".turn .quote").first).to_be_visible(timeout=30_000)
    assert page.locator(".start").count() == 0


def test_an_empty_archive_says_what_to_do(browser: Browser, fake: Services) -> None:
    with serving(create_app(Settings(), fake)) as server, opened(browser, server.url) as page:
        expect(page.locator(".start .lead")).to_contain_text("no articles yet. Add some")
        page.set_input_files("#files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"The llama wore 7 hats."})
        expect(page.locator(".start .lead")).to_have_text("1 article.")
        assert page.get_by_label("address").count() == 0


def test_an_address_can_be_pasted_where_the_service_fetches(browser: Browser, fake: Services) -> None:
    with serving(create_app(Settings(fetch_urls=True), fake)) as server, opened(browser, server.url) as page:
        page.get_by_label("paste an article’s address").fill("http://127.0.0.1/private")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".start .error")).to_contain_text("127.0.0.1")


def test_a_new_conversation_loses_none(page: Page) -> None:
    ask(page, MEN)
    quoted = page.locator(".turn .quote blockquote").first.inner_text()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".start")).to_be_visible()
    page.get_by_text("Conversations").click()
    page.locator("#earlier").get_by_role("button", name=MEN, exact=True).click()
    assert page.locator(".turn .quote blockquote").first.inner_text() == quoted
    assert "q=How+many+men" in page.url
    page.get_by_text("Conversations").click()
    page.get_by_role("button", name="Forget").click()
    expect(page.locator("#earlier")).to_contain_text("None yet")


def test_what_was_removed_since_is_not_quoted_from_memory(own_page: Page, seeded: Services) -> None:
    seeded.ingester.add(make_article("The llama wore 7 hats.", title="Llamas"))
    ask(own_page, "How many hats did the llama wear?")
    expect(own_page.locator(".turn .quote")).to_contain_text("7 hats")
    seeded.store.remove(2)
    own_page.reload()
    expect(own_page.locator(".turn")).to_contain_text("removed since")
    assert "7 hats" not in own_page.locator("#turns").inner_text()
    assert "7 hats" not in own_page.evaluate("JSON.stringify({...localStorage})")


def test_the_address_carries_what_each_question_was_narrowed_to(page: Page, server: Server) -> None:
    page.get_by_text("Narrow the search").click()
    page.get_by_label("Said by").fill("Novaya Gazeta")
    ask(page, MEN)
    page.get_by_label("Said by").fill("")
    page.get_by_label("Until").fill("2001-01-01")
    ask(page, "Where did they go?")
    assert re.search(r"\?q=How.*&speaker=Novaya\+Gazeta&q=Where.*&until=2001-01-01$", page.url)
    assert page.locator(".narrowed").all_inner_texts() == ["said by Novaya Gazeta", "until 2001-01-01"]
    with opened(page.context.browser, server.url, page.url.removeprefix(server.url)) as other:
        expect(other.locator(".turn h2")).to_have_count(2, timeout=60_000)
        expect(other.locator(".narrowed")).to_have_text(["said by Novaya Gazeta", "until 2001-01-01"])
        expect(other.locator(".turn").last.locator(".refusal")).to_be_visible(timeout=30_000)
        assert other.get_by_label("Until").input_value() == "2001-01-01"


def test_some_articles_alone_are_asked(browser: Browser, own_server: Server, seeded: Services) -> None:
    seeded.ingester.add(make_article("The llama wore 7 hats.", title="Llamas"))
    with opened(browser, own_server.url, "/?article=2") as page:
        expect(page.locator("#scope")).to_contain_text("Only in “Llamas”")
        ask(page, MEN)
        expect(page.locator(".refusal")).to_be_visible()
        page.get_by_role("button", name="Ask all articles").click()
        ask(page, MEN)
        expect(page.locator(".turn").last.locator(".quote").first).to_be_visible()
        assert page.locator(".turn").last.locator(".narrowed").count() == 0


def test_a_number_in_the_answer_leads_to_its_quote(page: Page) -> None:
    ask(page, MEN)
    page.get_by_role("button", name="Quote 1", exact=True).click()
    expect(page.locator(".quote").first).to_be_focused()
    expect(page.locator(".quote.current")).to_have_count(1)


def test_keys_go_through_the_quotes(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, MEN)
    page.keyboard.type("jk/?")
    expect(page.get_by_label("Your question")).to_have_value("jk/?")
    page.get_by_label("Your question").fill("")
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator(".quote").first).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator(".quote.current > figcaption > .copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("“The FSB recorded")
    page.keyboard.press("o")
    expect(page.locator("#reader mark")).to_contain_text("261,000")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).not_to_be_focused()


def test_a_slow_answer_says_how_far_it_is(page: Page) -> None:
    page.evaluate(
        """() => {
          window.told = [];
          new MutationObserver(() => {
            const status = document.querySelector(".turn [role=status]");
            if (status && told.at(-1) !== status.textContent) told.push(status.textContent);
          }).observe(document.getElementById("turns"), { childList: true, subtree: true, characterData: true });
        }"""
    )
    ask(page, MEN)
    told = page.evaluate("told")
    assert "Searching …" in told and any(re.fullmatch(r"Reading \d of 5 passages …", each) for each in told)


def test_a_page_names_all_its_scripts_at_once(page: Page) -> None:
    fetched = page.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")
    named = page.evaluate("[...document.querySelectorAll('link[rel=modulepreload]')].map(({href}) => href)")
    assert {each for each in fetched if each.endswith(".js")} == set(named)
