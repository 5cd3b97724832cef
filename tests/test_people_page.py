"""The page of the people who are cited, in a real browser."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from index.types import Annotations, Span, Stance
from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.browsing import opened, serious
from tests.conftest import make_article, serving

ARTICLES = [
    ("Rain", "The Post", date(2026, 3, 2), "Mayor Ann Cole said that the wages will rise. Bo Lind said that it rains."),
    ("Snow", "The Postman", date(2026, 1, 5), "Ann Cole denied that the bridge is closed. “It is open,” Cole said."),
    ("Hail", None, None, "Ann Cole warned that hail falls on <b>Rome</b>."),
]


@pytest.fixture
def people(browser: Browser, fake: Services) -> Iterator[Page]:
    """The page of a service of its own, with two people who are cited."""
    for number, (title, publisher, day, text) in enumerate(ARTICLES):
        fake.ingester.add(make_article(text, key=str(number), title=title, publisher=publisher, published=day))
    with serving(create_app(Settings(), fake)) as server, opened(browser, server.url, "/people") as page:
        expect(page.locator("#list li")).to_have_count(2)
        yield page


def test_who_is_cited_is_listed_and_found_by_a_part_of_a_name(people: Page) -> None:
    expect(people.locator("#count")).to_have_text("2 names, those in the most articles first")
    first = people.locator("#list li").first
    expect(first).to_contain_text("Ann Cole")
    expect(first).to_contain_text("4 quotes in 3 articles")
    people.get_by_label("Who is cited").fill("lind")
    expect(people.locator("#list a")).to_have_text(["Bo Lind"])
    people.reload()
    expect(people.locator("#list a")).to_have_text(["Bo Lind"])
    people.get_by_label("Who is cited").fill("nobody")
    expect(people.locator(".empty")).to_contain_text("Nobody of that name is cited")


def test_what_somebody_said_stands_in_order_of_day_each_with_its_article(people: Page, fake: Services) -> None:
    denied = fake.store.article(2)
    stance = Stance("denied", Span(9, 15), Span(0, 42))
    fake.store.annotate(denied, Annotations("later", tuple(fake.store.attributions(2)), (stance,)))
    people.get_by_role("link", name="Ann Cole").click()
    expect(people.locator("#name")).to_be_focused()
    expect(people.locator("#about")).to_contain_text("4 quotes in 3 articles")
    expect(people.locator("#sayings h3")).to_have_text(["5 Jan 2026", "2 Mar 2026", "Without a day"])
    quotes = people.locator(".quote")
    expect(quotes).to_have_count(4)
    expect(people.locator("#said")).to_have_text("4 quotes, by day")
    expect(people.locator("#person").get_by_text("Export")).to_be_visible()
    expect(quotes.first.locator(".stance")).to_have_text("denied")
    assert people.locator(".quote b").count() == 0
    quotes.nth(2).locator("blockquote").click()
    expect(people.locator("#reader mark")).to_have_text("Mayor Ann Cole said that the wages will rise.")
    people.keyboard.press("Escape")
    people.get_by_role("link", name="All people").click()
    expect(people.locator("#list li")).to_have_count(2)
    people.go_back()
    expect(people.locator("#name")).to_have_text("Ann Cole")


def test_sayings_are_searched_by_topic_and_narrowed(people: Page) -> None:
    people.goto("/people#id=ann-cole")
    quotes = people.locator(".quote blockquote")
    expect(quotes).to_have_count(4)
    people.get_by_label("What they said about").fill("wages")
    expect(quotes).to_have_count(1)
    expect(quotes).to_contain_text("wages will rise")
    people.get_by_label("What they said about").fill("")
    people.get_by_label("Published by").fill("postm")
    expect(quotes).to_have_count(2)
    expect(people.locator("#said")).to_contain_text("Of The Postman.")
    people.get_by_label("Published by").fill("")
    people.get_by_label("From").fill("2026-02-01")
    expect(quotes).to_have_count(1)
    people.reload()
    expect(quotes).to_have_count(1)
    people.get_by_label("From").fill("2027-01-01")
    expect(people.locator(".empty")).to_contain_text("Nothing they said fits")
    assert people.get_by_role("link", name="Ask what they said").get_attribute("href") == "/?speaker=Ann+Cole"


def test_all_that_somebody_said_comes_by_scrolling(browser: Browser, fake: Services) -> None:
    for number in range(130):
        day = date(2026, 1, 1) + timedelta(days=number)
        fake.ingester.add(make_article(f"Ann Cole said that it rains {number}.", key=str(number), published=day))
    with serving(create_app(Settings(), fake)) as server, opened(browser, server.url, "/people#id=ann-cole") as page:
        quotes = page.locator(".quote")
        expect(quotes).to_have_count(50)
        for count in (100, 130):
            quotes.last.scroll_into_view_if_needed()
            page.locator("main").evaluate("main => main.scrollTo(0, main.scrollHeight)")
            expect(quotes).to_have_count(count)
        expect(page.locator("#said")).to_have_text("130 quotes, by day")
        days = page.locator("#sayings h3").all_inner_texts()
        assert len(set(days)) == 130 and days[-1] == "10 May 2026"


def test_somebody_who_is_not_cited_is_reported(browser: Browser, fake: Services) -> None:
    with serving(create_app(Settings(), fake)) as server:
        page = browser.new_page(base_url=server.url)
        page.goto("/people#id=nobody")
        expect(page.locator(".error")).to_contain_text("No speaker has the id 'nobody'.")
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_anyones_way(people: Page, scheme: str) -> None:
    people.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for width in (1280, 390):
        people.set_viewport_size({"width": width, "height": 800})
        people.goto("/people")
        expect(people.locator("#list li")).to_have_count(2)
        assert serious(people) == []
        people.goto("/people#id=ann-cole")
        expect(people.locator(".quote")).to_have_count(4)
        assert serious(people) == []
        assert people.evaluate("document.documentElement.scrollWidth") <= width
