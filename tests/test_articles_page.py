"""The page of the articles, in a real browser."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from index.types import Verdict
from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.browsing import opened, serious
from tests.conftest import make_article, serving
from tests.factories import packed

KNOWN = [
    (
        "Zebras of Rome",
        "The Post",
        date(2026, 3, 2),
        "page",
        "The mayor counted 14 zebras. Ann Cole said that it rains.",
    ),
    ("Cream is short", "The Postman", date(2026, 1, 5), "pdf", "A baker ran out of cream, the mayor said."),
    ("Bridges", "Daily Rain", date(2026, 2, 1), "page", "It rained on the old stone bridge for 3.5 days."),
]


@pytest.fixture
def shelf(browser: Browser, fake: Services) -> Iterator[Page]:
    """The page of a service of its own with three articles."""
    for number, (title, publisher, day, kind, text) in enumerate(KNOWN):
        partial = Verdict("partial", "its text ends in mid-sentence") if title == "Bridges" else Verdict()
        known = {"title": title, "publisher": publisher, "published": day, "kind": kind, "verdict": partial}
        fake.ingester.add(make_article(text, key=str(number), **known))
    with serving(create_app(Settings(), fake)) as server, opened(browser, server.url, "/articles") as page:
        expect(page.locator(".entry")).to_have_count(3)
        yield page


def names(page: Page) -> list[str]:
    return page.locator(".entry .name a").all_inner_texts()


def test_articles_are_found_narrowed_and_sorted(shelf: Page) -> None:
    assert names(shelf) == ["Zebras of Rome", "Bridges", "Cream is short"]
    expect(shelf.locator("#count")).to_have_text("3 articles of 3 publishers")
    assert shelf.locator(".entry").first.inner_text().split("\n")[:4] == [
        "Zebras of Rome",
        "The Post",
        "2 Mar 2026",
        "Web page",
    ]
    expect(shelf.locator(".entry", has_text="Bridges").locator(".caution")).to_contain_text("mid-sentence")
    shelf.get_by_label("Sorted by").select_option("title, A to Z")
    expect(shelf.locator(".entry .name a")).to_have_text(["Bridges", "Cream is short", "Zebras of Rome"])
    shelf.get_by_label("Search titles and texts").fill("mayor")
    expect(shelf.locator(".entry .name a")).to_have_text(["Cream is short", "Zebras of Rome"])
    expect(shelf.locator("#count")).to_contain_text("2 of 3 articles")
    shelf.get_by_label("Came as").select_option("PDF (1)")
    expect(shelf.locator(".entry .name a")).to_have_text(["Cream is short"])
    shelf.reload()
    expect(shelf.locator(".entry .name a")).to_have_text(["Cream is short"])
    shelf.get_by_label("Search titles and texts").fill("giraffe")
    expect(shelf.locator(".empty")).to_contain_text("No article fits")
    shelf.get_by_role("button", name="Show all articles").click()
    expect(shelf.locator(".entry")).to_have_count(3)


def test_a_part_of_a_publishers_name_is_enough(shelf: Page) -> None:
    field = shelf.get_by_label("Published by")
    field.fill("pos")
    expect(shelf.locator("#count")).to_contain_text("Of The Post, The Postman.")
    expect(shelf.locator(".entry")).to_have_count(2)
    suggested = shelf.locator("#publisher-names option")
    expect(suggested).to_have_count(2)
    assert suggested.first.get_attribute("value") == "The Post"
    field.fill("the post")
    expect(shelf.locator(".entry .name a")).to_have_text(["Zebras of Rome"])
    field.fill("nobody")
    expect(shelf.locator("#count")).to_contain_text("No publisher is called “nobody”.")
    expect(shelf.locator(".entry")).to_have_count(0)


def test_an_article_is_corrected_in_its_row(shelf: Page, fake: Services) -> None:
    shelf.get_by_role("button", name="Edit Bridges").click()
    dialog = shelf.get_by_role("dialog", name="Correct this article")
    dialog.get_by_label("Title").fill("Old bridges")
    dialog.get_by_label("Day").fill("2025-12-31")
    dialog.get_by_label("Address").fill("https://x")
    dialog.get_by_label("Publisher").fill("")
    assert serious(shelf) == []
    dialog.get_by_role("button", name="Save").click()
    expect(shelf.locator("dialog")).to_have_count(0)
    row = shelf.locator(".entry", has_text="Old bridges")
    expect(row.locator(".about")).to_contain_text("31 Dec 2025")
    expect(row.get_by_role("button", name="Edit Old bridges")).to_be_focused()
    article = fake.store.article(3)
    assert (article.title, article.publisher, article.url, article.version) == ("Old bridges", None, "https://x", 2)
    row.get_by_role("button").click()
    dialog.get_by_label("Title").fill("x")
    dialog.get_by_role("button", name="Cancel").click()
    assert fake.store.article(3).version == 2


def test_what_cannot_be_saved_is_said_in_the_dialog(shelf: Page, fake: Services) -> None:
    fake.ingester.add(make_article("It hails.", key="https://x.org/a", url="https://x.org/a", title="Hail"))
    stored = fake.ingester.add(make_article("It thaws.", key="https://x.org/b", url="https://x.org/b", title="Thaw"))
    shelf.reload()
    shelf.get_by_role("button", name="Edit Thaw").click()
    shelf.get_by_label("Address").fill("https://x.org/a")
    shelf.get_by_role("button", name="Save").click()
    expect(shelf.locator("dialog .error")).to_contain_text("Another article has the address")
    shelf.get_by_label("Address").fill("ftp://x.org/a")
    shelf.get_by_role("button", name="Save").click()
    expect(shelf.locator("dialog .error")).to_contain_text("ftp://x.org/a")
    assert fake.store.article(stored.id).version == 1


def test_several_articles_are_asked_or_removed(shelf: Page, fake: Services) -> None:
    expect(shelf.get_by_role("button", name="Remove")).to_be_hidden()
    shelf.get_by_label("Select Bridges").check()
    expect(shelf.get_by_role("button", name="Ask this one")).to_be_visible()
    shelf.get_by_label("Select Zebras of Rome").check()
    shelf.get_by_role("button", name="Ask these 2").click()
    shelf.wait_for_url("**/?article=3&article=1")
    shelf.go_back()
    shelf.get_by_label("Select all shown").check()
    shelf.get_by_label("Select Zebras of Rome").uncheck()
    shelf.get_by_role("button", name="Remove").click()
    dialog = shelf.get_by_role("dialog", name="Remove 2 articles?")
    dialog.get_by_role("button", name="Cancel").click()
    shelf.get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(shelf.locator(".entry .name a")).to_have_text(["Zebras of Rome"])
    assert fake.store.counts().articles == 1
    expect(shelf.locator("#chosen")).to_be_hidden()


def test_an_article_opens_beside_with_those_who_are_cited_in_it(shelf: Page) -> None:
    shelf.get_by_role("link", name="Zebras of Rome").click()
    expect(shelf.locator("#reader article")).to_contain_text("counted 14 zebras")
    shelf.get_by_text("Cited here: 1").click()
    assert serious(shelf) == []
    shelf.locator("#reader").get_by_role("link", name="Ann Cole").click()
    expect(shelf.locator("h2#name")).to_have_text("Ann Cole")


def test_what_became_of_files_is_told_in_a_line(shelf: Page, tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"It snows for {number} days.", "title": f"Snow {number}"}) for number in range(3)]
    archive, bad, again = tmp_path / "a.zip", tmp_path / "bad.exe", tmp_path / "again.txt"
    archive.write_bytes(
        packed({"snow.jsonl": "\n".join(lines), "broken.docx": "x", "oslo.txt": "Oslo\n\nOslo is 1,000 years old."})
    )
    bad.write_bytes(b"MZ")
    again.write_text(KNOWN[2][-1], encoding="utf-8")
    shelf.get_by_label("Add articles").set_input_files([archive, bad, again])
    told = shelf.locator(".outcomes > li")
    expect(told.locator("summary")).to_have_text("4 added, 1 already there, 2 failed", timeout=30_000)
    expect(told.locator("li:visible")).to_have_count(2)
    expect(told.locator(".error:visible").last).to_contain_text(".exe")
    told.locator("summary").click()
    expect(told.locator("li:visible")).to_have_count(7)
    expect(told.locator("details li").nth(2)).to_have_text(re.compile(r"snow\.jsonl line 1 added: Snow 0"))
    assert serious(shelf) == []
    expect(shelf.locator(".entry")).to_have_count(7)
    expect(shelf.locator("#count")).to_contain_text("7 articles")


def test_a_feed_that_ends_in_xml_tells_each_of_its_articles(shelf: Page, tmp_path: Path) -> None:
    item = "<item><title>Snow {0}</title><description>It snows on {0}.</description></item>"
    items = "".join(item.format(day) for day in ("Monday", "Tuesday"))
    file = tmp_path / "feed.xml"
    file.write_text(f"<rss version='2.0'><channel><title>Post</title>{items}</channel></rss>", encoding="utf-8")
    shelf.get_by_label("Add articles").set_input_files([file])
    told = shelf.locator(".outcomes > li")
    expect(told.locator("summary")).to_have_text("2 added", timeout=30_000)
    expect(shelf.locator(".entry")).to_have_count(5)


def test_files_can_be_dropped_anywhere(shelf: Page) -> None:
    shelf.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["Rain fell on Rome for 9 days."], "rome.txt"));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(shelf.locator(".outcomes")).to_contain_text("rome.txt added: Rain fell on Rome for 9 days.")
    expect(shelf.locator(".entry")).to_have_count(4)


def test_a_long_list_goes_on(browser: Browser, fake: Services) -> None:
    for number in range(120):
        fake.ingester.add(make_article(f"It rains {number}.", key=str(number), title=f"Rain {number:03}"))
    with serving(create_app(Settings(), fake)) as server, opened(browser, server.url, "/articles?sort=title") as page:
        expect(page.locator(".entry")).to_have_count(50)
        for count in (100, 120):
            page.get_by_role("button", name="Show more").click()
            expect(page.locator(".entry")).to_have_count(count)
        expect(page.get_by_role("button", name="Show more")).to_be_hidden()
        assert names(page) == [f"Rain {number:03}" for number in range(120)]


def test_an_empty_archive_says_what_to_do(browser: Browser, fake: Services) -> None:
    with serving(create_app(Settings(), fake)) as server, opened(browser, server.url, "/articles") as page:
        expect(page.locator(".empty")).to_contain_text("There are no articles yet. Choose files above")
        page.goto("/people")
        expect(page.locator(".empty")).to_contain_text("Nobody is cited yet")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_anyones_way(shelf: Page, scheme: str) -> None:
    shelf.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for width in (1280, 390):
        shelf.set_viewport_size({"width": width, "height": 800})
        shelf.get_by_label("Select Bridges").check()
        assert serious(shelf) == []
        assert shelf.evaluate("document.documentElement.scrollWidth") <= width
