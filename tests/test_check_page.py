"""The page where a draft is checked, in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browsing import opened
from tests.conftest import Server
from tests.factories import docx, paragraph

DRAFT = """Men leave in a hurry

“The FSB recorded 261,000 men leaving in the four days,” Novaya Gazeta said.

“Sept. 28 is named as the only date for when Russian men would leave,” Meduza wrote.

“The <b>moon</b> is made of green cheese & honey,” said Wilma Trost. The “smart” border was closed."""
SUMMARY = "4 quotations: 1 found, 1 altered, 1 not in the archive, 1 not checked"


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with opened(browser, server.url, "/check") as page:
        yield page


def checked(page: Page, text: str = DRAFT) -> Page:
    """Check a draft by keyboard alone."""
    page.get_by_label("Your draft").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#report h2").first).to_be_visible(timeout=30_000)
    return page


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def test_a_draft_comes_back_marked_by_colour_and_word(page: Page) -> None:
    checked(page)
    heading = page.locator("#report h2").first
    expect(heading).to_have_text(SUMMARY)
    expect(heading).to_be_focused()
    marks = page.locator(".draft .mark")
    assert [each.get_attribute("class") for each in marks.all()] == [
        "mark found", "mark altered", "mark absent", "mark not_checked",
    ]  # fmt: skip
    assert page.locator(".draft .mark.altered .badge").inner_text() == "≠ altered"
    assert "The <b>moon</b> is made of green cheese & honey" in page.locator(".draft").inner_text()
    assert page.locator("#report b b").count() == 0  # nothing of a draft is HTML


def test_the_worst_comes_first_with_its_difference_word_by_word(page: Page) -> None:
    checked(page)
    first = page.locator(".findings li").first
    assert first.get_attribute("class") == "altered"
    assert (
        first.locator("del").first.inner_text() == "only" and first.locator("ins").first.inner_text() == "most likely"
    )
    absent = page.locator(".findings li.absent")
    assert "That is no proof that nobody said them." in absent.inner_text()
    absent.get_by_role("button", name="in the draft").click()
    expect(page.locator(".draft .mark.absent")).to_be_focused()


def test_a_mark_opens_its_source_beside_by_keyboard(page: Page) -> None:
    checked(page)
    mark = page.locator(".draft .mark.altered")
    mark.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#reader")
    expect(panel.locator("article mark")).to_be_in_viewport()
    assert panel.locator("article mark").inner_text().startswith("Sept. 28 is named as the most likely date")
    assert panel.locator("del").first.inner_text() == "only"
    target = panel.get_by_role("link", name="open the article").get_attribute("href")
    assert str(target).startswith("/articles/1#q=209-")
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()


def test_a_file_is_chosen_and_another_dropped(page: Page) -> None:
    data = docx(paragraph("Men leave") + paragraph("“The FSB recorded 261,000 men leaving in the four days,” it says."))
    page.locator("#file").set_input_files({"name": "a.docx", "mimeType": "", "buffer": data})
    expect(page.locator("#report h2").first).to_have_text("1 quotation: 1 found", timeout=30_000)
    page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["“The moon is made of cheese and honey,” he said."], "b.txt"));
          window.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator("#report h2").first).to_have_text("1 quotation: 1 not in the archive", timeout=30_000)
    page.get_by_role("button", name="Change the draft").click()
    expect(page.get_by_label("Your draft")).to_have_value("“The moon is made of cheese and honey,” he said.")


def test_the_report_is_taken_along(page: Page, browser: Browser, tmp_path: Path) -> None:
    checked(page)
    with page.expect_download() as told:
        page.get_by_role("button", name="Download as JSON").click()
    report = json.loads(Path(told.value.path()).read_text(encoding="utf-8"))
    assert report["text"] == DRAFT and report["summary"]["altered"] == 1
    with page.expect_download() as told:
        page.get_by_role("button", name="Download as a page").click()
    file = tmp_path / told.value.suggested_filename
    told.value.save_as(file)
    assert file.name == "Men-leave-in-a-hurry-report.html"
    alone = browser.new_page()
    fetched: list[str] = []
    alone.on("request", lambda request: fetched.append(request.url))
    alone.goto(file.as_uri())
    assert fetched == [file.as_uri()]
    assert alone.locator("p").first.inner_text() == SUMMARY
    assert "<b>moon</b>" in alone.locator(".draft").inner_text() and alone.locator("b").count() == 0
    quotation = alone.locator("blockquote").first
    assert "/articles/1#q=209-" in str(quotation.get_attribute("cite"))
    assert quotation.locator("ins").first.inner_text() == "most likely"
    alone.close()
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    page.get_by_role("button", name="Copy report").click()
    text = page.evaluate("window.copied")
    assert SUMMARY in text and "ALTERED: “Sept. 28" in text and "[-only-] {+most likely+}" in text


def test_what_is_wrong_with_a_draft_is_said(page: Page) -> None:
    page.locator("#file").set_input_files({"name": "a.exe", "mimeType": "", "buffer": b"x"})
    expect(page.locator("#status")).to_contain_text("a.exe cannot be read")
    page.get_by_label("Your draft").fill("The sun came out.")
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("#report h2").first).to_have_text("Nothing to check", timeout=30_000)
    expect(page.locator("#report .note")).to_contain_text("There are no quotations in this draft")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_check_is_readable_for_everyone(page: Page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    assert serious(page) == []
    checked(page)
    assert serious(page) == []
    assert page.evaluate("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth")
    page.locator(".draft .mark.altered").click()
    expect(page.locator("#reader article mark")).to_be_visible()
    assert serious(page) == []
