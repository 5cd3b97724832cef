"""Answers as evidence on the pages: kept, exported, printed, and links that find the right words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.browsing import opened
from tests.conftest import Server, serving

TITLE = "Nine days of rain"
RAIN = f"{TITLE}\n\nRain fell on Rome for nine days. Nobody was hurt in the floods. The river stood at five metres."
QUOTED = "Rain fell on Rome for nine days."
QUESTION = "How long did rain fall on Rome?"


@pytest.fixture
def here(fake: Services) -> Iterator[tuple[Server, httpx.Client]]:
    with serving(create_app(Settings(), fake)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        add(client, RAIN)
        yield server, client


def add(client: httpx.Client, text: str, key: str = "rain", title: str = TITLE) -> None:
    body = {"text": text, "url": f"https://x.org/{key}", "title": title, "publisher": "The Post"}
    client.post("/v1/articles", json=body).raise_for_status()


def kept(client: httpx.Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/ask", json={"question": QUESTION, "max_quotes": 1}).json()
    client.post("/v1/answers", json=answer).raise_for_status()
    return answer


def require_accessible(page: Page) -> None:
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found = [
                each for each in Axe().run(page).response["violations"] if each["impact"] in ("serious", "critical")
            ]
            assert not found, found
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_kept_answer_says_of_each_quotation_what_became_of_it(
    here: tuple[Server, httpx.Client], browser: Browser
) -> None:
    server, client = here
    answer = kept(client)
    with opened(browser, server.url, f"/answers/{answer['id']}") as page:
        expect(page.locator("h1")).to_have_text(QUESTION)
        quote = page.locator(".quote")
        expect(quote.locator("blockquote")).to_have_text(f"[1] “{QUOTED}”")
        expect(quote.locator(".state")).to_have_text("It stands in the article as it was quoted.")
        require_accessible(page)
        add(client, RAIN.replace("nine days.", "ten days."))
        page.reload()
        expect(quote.locator("blockquote")).to_have_text(f"[1] “{QUOTED}”")
        expect(quote.locator(".state")).to_have_text(
            "The article has changed since it was quoted, and the words with it."
        )
        expect(quote).to_contain_text("Now there stands: Rain fell on Rome for ten days.")
        client.delete("/v1/articles/1")
        page.reload()
        expect(page.locator(".refusal")).to_contain_text("has been removed, and its words with it")
        expect(page.locator(".refusal")).to_contain_text(TITLE)
        assert "nine days." not in page.locator("body").inner_text()
        require_accessible(page)


def test_an_answer_that_is_not_kept_is_told(here: tuple[Server, httpx.Client], browser: Browser) -> None:
    server, _ = here
    page = browser.new_page(base_url=server.url)
    page.goto("/answers/none")
    expect(page.locator(".error")).to_contain_text("No answer is kept as none")
    page.close()


def test_an_export_is_saved_as_a_file(here: tuple[Server, httpx.Client], browser: Browser, tmp_path: Path) -> None:
    server, client = here
    answer = kept(client)
    with opened(browser, server.url, f"/answers/{answer['id']}") as page:
        page.get_by_text("Export").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Markdown").click()
        assert download.value.suggested_filename.endswith("-how-long-did-rain-fall-on-rome.md")
        download.value.save_as(tmp_path / "answer.md")
        assert QUOTED in (tmp_path / "answer.md").read_text(encoding="utf-8")


def test_an_answer_is_kept_and_a_conversation_exported_from_the_page(
    here: tuple[Server, httpx.Client], browser: Browser, tmp_path: Path
) -> None:
    server, client = here
    answers = [client.post("/v1/ask", json={"question": QUESTION}).json() for _ in range(2)]
    with opened(browser, server.url, "/people") as page:
        page.evaluate(
            """async (answers) => {
                const { keepButton, exportMenu } = await import("/web/keep.js");
                const gone = { ...answers[0], evidence: null };
                const made = [keepButton(answers[0]), exportMenu(() => [...answers, gone])];
                document.querySelector("main").replaceChildren(...made);
            }""",
            answers,
        )
        page.get_by_role("button", name="Keep", exact=True).click()
        link = page.get_by_role("link", name="Kept")
        expect(link).to_be_focused()
        assert link.get_attribute("href") == f"/answers/{answers[0]['id']}"
        page.locator(".export summary").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="HTML").click()
        download.value.save_as(tmp_path / "conversation.html")
        assert (tmp_path / "conversation.html").read_text(encoding="utf-8").count("<blockquote") == sum(
            len(each["quotes"]) for each in answers
        )
        expect(page.locator(".export .note")).to_contain_text("it is left out")
        link.click()
        expect(page.locator("h1")).to_have_text(QUESTION)


def test_a_link_lights_up_the_words_that_were_quoted_or_says_what_became_of_them(
    here: tuple[Server, httpx.Client], browser: Browser
) -> None:
    server, client = here
    link = client.post("/v1/ask", json={"question": QUESTION, "max_quotes": 1}).json()["quotes"][0]["link"]
    with opened(browser, server.url, link) as page:
        expect(page.locator("mark")).to_have_text(QUOTED)
        expect(page.locator(".error")).to_have_count(0)
        require_accessible(page)
        add(client, f"{TITLE}\n\nUpdated on Monday. {RAIN.partition(chr(10) * 2)[2]}")
        page.reload()
        expect(page.locator("mark")).to_have_text(QUOTED)
        expect(page.locator(".error")).to_contain_text("stand in another place now")
        add(client, RAIN.replace("nine days.", "ten days."))
        page.reload()
        expect(page.locator("mark")).to_have_text("Rain fell on Rome for ten days.")
        expect(page.locator(".error")).to_contain_text("What stands in their place is lit up.")
        client.delete("/v1/articles/1")
        page.reload()
        expect(page.locator(".error")).to_contain_text("has been removed")
        expect(page.locator("mark")).to_have_count(0)


def test_an_old_link_works_and_says_what_it_cannot_tell(here: tuple[Server, httpx.Client], browser: Browser) -> None:
    server, _ = here
    start = RAIN.index(QUOTED)
    with opened(browser, server.url, f"/articles/1#q={start}-{start + len(QUOTED)}") as page:
        expect(page.locator("mark")).to_have_text(QUOTED)
        expect(page.locator(".error")).to_contain_text("does not tell which version")


def test_a_title_does_not_stand_twice_unless_it_is_quoted(here: tuple[Server, httpx.Client], browser: Browser) -> None:
    server, _ = here
    with opened(browser, server.url, "/articles/1") as page:
        expect(page.locator("h1")).to_have_text(TITLE)
        expect(page.locator("article")).to_have_text(RAIN.partition("\n\n")[2])
        page.goto(f"/articles/1#q=0-{len(TITLE)}&v=1")
        page.reload()
        expect(page.locator("mark")).to_have_text(TITLE)


def words_printed(page: Page) -> tuple[str, int]:
    """Return all words on paper, and how many sheets they take."""
    paper = pypdfium2.PdfDocument(page.pdf(format="A4"))
    sheets = [paper[at].get_textpage().get_text_range() for at in range(len(paper))]
    return " ".join(" ".join(sheets).split()), len(sheets)


def test_all_of_a_conversation_is_printed_and_nothing_to_press(
    here: tuple[Server, httpx.Client], browser: Browser
) -> None:
    server, client = here
    days = ["Monday", "Tuesday", "Wednesday", "Thursday"]
    for at, day in enumerate(days):
        add(client, f"On {day} snow lay on Oslo, and {3 + at} ships left for Bergen in the morning.", day, title=day)
    questions = [QUESTION, *(f"How many ships left for Bergen on {day}?" for day in days)]
    asked = "&".join(f"q={each.replace(' ', '+').replace('?', '%3F')}" for each in questions)
    with opened(browser, server.url, f"/?{asked}") as page:
        expect(page.locator(".turn")).to_have_count(len(questions), timeout=30_000)
        expect(page.locator("[aria-busy]")).to_have_count(0, timeout=30_000)
        printed, sheets = words_printed(page)
        assert sheets > 1
        for question in questions:
            assert question in printed
        for quote in page.locator(".turn > .answer > .quote blockquote").all_inner_texts():
            assert " ".join(quote.split()) in printed
        assert f"<{server.url}/articles/1#q=" in printed and "<https://x.org/rain>" in printed
        for control in ("Your question", "Narrow the search", "New conversation", "Check a draft", "Copy"):
            assert control not in printed


def test_what_is_folded_on_the_page_is_printed_too(here: tuple[Server, httpx.Client], browser: Browser) -> None:
    server, client = here
    answer = client.post("/v1/ask", json={"question": "Who won the chess match in Reykjavik?"}).json()
    client.post("/v1/answers", json=answer).raise_for_status()
    with opened(browser, server.url, f"/answers/{answer['id']}") as page:
        expect(page.locator(".nearest")).to_be_visible()
        expect(page.locator(".nearest blockquote").first).to_be_hidden()
        printed, _ = words_printed(page)
        assert answer["nearest"][0]["text"].split("\n")[0] in printed
        assert "Nothing in these articles answers that." in printed and "Export" not in printed
