"""The page, in a real browser."""

import threading
import time
from dataclasses import replace

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.browsing import serious
from tests.conftest import Server, make_article, serving

MEN = "How many men left Russia after the draft was announced?"
SHORT = "261,000, according to Novaya Gazeta. Europe [1]"


def ask(page: Page, question: str) -> Locator:
    """Ask by keyboard alone, and return the turn once it is complete."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    turn = page.locator(".turn").last
    expect(turn.locator("h2")).to_have_text(question)
    expect(turn).not_to_have_attribute("aria-busy", "true", timeout=30_000)
    return turn


def test_a_quote_opens_its_article_beside_with_the_same_words_lit_up(page: Page) -> None:
    turn = ask(page, MEN)
    quote = turn.locator(".quote").first
    assert quote.locator("mark").all_inner_texts() == ["261,000"]
    shown = quote.locator("blockquote").inner_text()
    assert turn.locator(".short").inner_text() == SHORT
    quote.locator("blockquote").click()
    lit = page.locator("#reader mark")
    assert shown == f"[1] “{lit.inner_text()}”"
    assert lit.inner_text().startswith("The FSB recorded 261,000 men")
    expect(lit).to_be_in_viewport()
    page.keyboard.press("Escape")
    assert page.locator("#reader").is_hidden() and turn.locator(".short").inner_text() == SHORT
    expect(quote.get_by_role("link").first).to_be_focused()


def test_a_quote_opens_its_article_on_a_page_of_its_own(page: Page) -> None:
    link = ask(page, MEN).locator("figcaption a").first
    page.goto(str(link.get_attribute("href")))
    lit = page.locator("article mark")
    assert lit.inner_text().startswith("The FSB recorded 261,000 men")
    expect(lit).to_be_in_viewport()
    assert serious(page) == []


def test_a_conversation_goes_on(page: Page) -> None:
    ask(page, MEN)
    second = ask(page, "And who counted them?")
    assert second.locator(".short").inner_text().startswith("The FSB")
    assert "searched as: And who counted them?" in second.locator(".note").first.inner_text()
    refused = ask(page, "What about women?")
    assert refused.locator(".refusal").is_visible()
    assert page.locator(".turn").count() == 3
    page.get_by_role("button", name="New conversation").click()
    assert page.locator(".turn").count() == 0
    assert "searched as" not in ask(page, MEN).inner_text()


def test_the_address_brings_the_conversation_back(page: Page) -> None:
    ask(page, MEN)
    short = ask(page, "And who counted them?").locator(".short").inner_text()
    page.reload()
    expect(page.locator(".turn .short")).to_have_text([SHORT, short], timeout=30_000)


def test_pressing_twice_does_not_stop_the_answer(page: Page) -> None:
    page.get_by_label("Your question").fill(MEN)
    page.get_by_role("button", name="Ask").dblclick()
    expect(page.locator(".turn .short")).to_have_text(SHORT, timeout=30_000)
    page.get_by_label("Your question").fill("And who counted them?")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .short")).to_have_count(2, timeout=30_000)


def test_an_article_that_comes_late_does_not_open_again(page: Page) -> None:
    quote = ask(page, MEN).locator(".quote blockquote").first
    held: list[Route] = []
    page.route("**/v1/resolve", lambda route: held.append(route))
    with page.expect_request("**/v1/resolve"):
        quote.click()
    expect(page.locator("#reader")).to_contain_text("Opening")
    page.keyboard.press("Escape")
    held[0].continue_()
    page.wait_for_timeout(300)
    assert page.locator("#reader").is_hidden()
    assert page.evaluate("document.body.classList.contains('beside')") is False


def test_an_article_that_changed_opens_at_the_words_where_they_are_now(own_page: Page, seeded: Services) -> None:
    quote = ask(own_page, MEN).locator(".quote blockquote").first
    old = seeded.store.article(1)
    seeded.ingester.add(replace(old, text=f"CORRECTED. {old.text}"))
    quote.click()
    expect(own_page.locator("#reader .error")).to_contain_text("another place")
    assert f"[1] “{own_page.locator('#reader mark').inner_text()}”" == quote.inner_text()
    own_page.keyboard.press("Escape")
    seeded.ingester.add(replace(old, text=old.text.replace("261,000 men", "300,000 men")))
    quote.click()
    expect(own_page.locator("#reader .error")).to_contain_text("the words with it")
    assert "300,000 men" in own_page.locator("#reader mark").inner_text()


def test_a_long_title_leaves_room_for_the_article(own_page: Page, seeded: Services) -> None:
    seeded.ingester.add(make_article("The llama wore 7 hats.", title="Very long title " * 100))
    own_page.set_viewport_size({"width": 375, "height": 700})
    ask(own_page, "How many hats did the llama wear?").locator(".quote blockquote").first.click()
    expect(own_page.locator("#reader mark")).to_be_in_viewport()
    assert own_page.locator("#reader .bar").bounding_box()["height"] < 200
    # What the panel covers cannot be reached.
    for _ in range(6):
        own_page.keyboard.press("Tab")
        assert own_page.evaluate("document.activeElement.closest('aside, body').id || 'body'") in ("reader", "body")


def test_speakers_are_shown_as_they_are_served(page: Page, server: Server) -> None:
    question = "When is the most likely date that the border would be closed to draft-age men?"
    turn = ask(page, question)
    answer = httpx.post(f"{server.url}/v1/ask", json={"question": question}, timeout=30).json()
    served = [quote["said_by"] for quote in answer["quotes"]]
    assert served[0] == "Meduza and Khodorkovsky Live"
    shown = turn.locator(".quote strong").all_inner_texts()
    assert shown and set(shown) == {f"said by {names}" for names in served}


def test_a_refusal_looks_like_one(page: Page) -> None:
    turn = ask(page, "Who won the 2022 World Cup?")
    assert turn.locator(".refusal").inner_text() == "Nothing in these articles answers that."
    assert turn.locator(".quote").first.is_hidden()
    turn.locator("summary").click()
    assert turn.locator(".quote").first.is_visible()


def test_the_search_can_be_narrowed_to_a_speaker(page: Page) -> None:
    page.get_by_text("Narrow the search").click()
    page.get_by_label("Said by").fill("Vyorstka")
    turn = ask(page, "When could the border close?")
    assert turn.locator(".quote").count() > 0
    assert all("said by Vyorstka" in text for text in turn.locator(".quote strong").all_inner_texts())


def test_a_quotation_is_copied_with_its_citation(page: Page, server: Server) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, MEN).get_by_role("button", name="Copy quotation 1").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“The FSB recorded 261,000 men")
    assert copied.endswith(f", 2022-09-26, {server.url}/articles/1#q=2352-2527&v=1&h=f89715f0be90e3c6)")
    assert "said by Novaya Gazeta. Europe" in copied


def test_files_can_be_dropped(own_page: Page) -> None:
    own_page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["Rain fell on Rome for 9 days."], "rome.txt"));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(own_page.locator(".outcomes")).to_contain_text("added: Rain fell on Rome for 9 days.")


def test_articles_are_never_read_as_html_and_offsets_hold(own_page: Page, seeded: Services) -> None:
    text = "👍🏽 First. <img src=x onerror=alert(1)> costs 14 zlotys & <b>more</b>.\r\nLast."
    stored = seeded.ingester.add(make_article(text, title="<script>alert(1)</script>", published=None))
    quote = ask(own_page, "How many zlotys does it cost?").locator(".quote").first
    assert own_page.locator(".turn img, .turn b, .turn script").count() == 0
    link = quote.locator("figcaption a").first
    assert link.inner_text() == "<script>alert(1)</script>"
    link.click()
    lit = own_page.locator("#reader mark")
    assert lit.inner_text() == "<img src=x onerror=alert(1)> costs 14 zlotys & <b>more</b>."
    assert own_page.locator("#reader h2").inner_text() == "<script>alert(1)</script>"
    assert own_page.locator("#reader article").evaluate("each => each.textContent") == text
    own_page.goto(f"/articles/{stored.id}")
    expect(own_page.locator("h1")).to_have_text("<script>alert(1)</script>")
    own_page.goto("/articles")
    expect(own_page.locator(".entry .name").last).to_have_text("<script>alert(1)</script>")
    assert own_page.locator("main img, main b, main script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_serious_stands_in_anyones_way(page: Page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    ask(page, MEN)
    turn = ask(page, "Who won the 2022 World Cup?")
    turn.locator("summary").click()
    assert serious(page) == []
    page.locator(".quote a").first.click()
    page.locator("#reader mark").wait_for()
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_under_way_can_be_stopped(own_page: Page, seeded: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    going = threading.Event()
    read = seeded.reader.read

    def slow(*given: object) -> object:
        going.wait(10)
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(seeded.reader, "read", slow)
    own_page.get_by_label("Your question").fill("Anything?")
    own_page.keyboard.press("Enter")
    expect(own_page.locator(".turn .note")).to_contain_text("Reading")
    own_page.wait_for_timeout(600)
    own_page.get_by_role("button", name="Stop").click()
    expect(own_page.locator(".turn .answer")).to_have_text("Stopped.")
    going.set()
    assert ask(own_page, MEN).locator(".short").inner_text() == SHORT


def test_a_key_is_asked_for_where_one_is_needed(browser: Browser, seeded: Services) -> None:
    with serving(create_app(Settings(api_keys=("a",), admin_keys=("c",)), seeded)) as server:
        page = browser.new_page(base_url=server.url)
        page.goto("/")
        page.get_by_label("Key", exact=True).last.fill("a")
        page.keyboard.press("Enter")
        expect(page.locator("dialog")).to_have_count(0)
        page.get_by_label("Your question").fill(MEN)
        page.keyboard.press("Enter")
        expect(page.locator(".turn .short")).to_have_text(SHORT, timeout=30_000)
        page.goto("/articles")
        page.locator(".entry input").check()
        page.get_by_role("button", name="Remove").click()
        page.locator("dialog").get_by_role("button", name="Remove").click()
        asking = page.get_by_role("dialog", name="Key")
        expect(asking).to_contain_text("admin key")
        asking.get_by_role("button", name="Cancel").click()
        expect(page.locator("dialog .error")).to_contain_text("admin key")
        page.close()


def test_an_article_that_is_gone_is_reported(browser: Browser, server: Server) -> None:
    page = browser.new_page(base_url=server.url)
    page.goto("/articles/99")
    page.locator(".error").wait_for()
    assert "There is no article 99." in page.locator(".error").inner_text()
    page.close()


def test_a_service_that_is_gone_is_reported(browser: Browser, own_server: Server, seeded: Services) -> None:
    page = browser.new_page(base_url=own_server.url)
    page.goto("/")
    seeded.store.close()
    ask(page, "Anything?")
    assert "is closed" in page.locator(".turn .error").inner_text()
    own_server.should_exit = True
    while own_server.started and own_server.servers:
        time.sleep(0.05)
        if not own_server.servers[0].is_serving():
            break
    ask(page, "Anything?")
    assert "cannot be reached" in page.locator(".turn .error").last.inner_text()
    page.close()
