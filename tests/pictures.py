"""Take the pictures of the pages that the README shows, over a small archive that is made up.

Run ``python -m tests.pictures`` with Chromium installed.
"""

import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Page

from index.types import Article
from service.assembly import assemble
from service.http.app import create_app
from service.settings import Settings
from tests.browsing import browsing
from tests.conftest import serving

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
QUESTION = "When will the ferry quay close?"
FOLLOW_UP = "What did Lund say about the pay?"
DRAFT = """The council has sealed the fate of the ferry quay. “We will close the quay for good on 4 May,” \
Mayor Ann Cole told councillors.

The port fears for its trade. “Eleven hundred passengers a day will have to take the bridge,” said harbour master \
Jonas Weir.

“No boat crew will lose its job,” Weir promised. The town has put aside 2.4 million crowns for the crossing, according \
to treasurer Ida Marsh.

“The bridge is safe,” Cole said. “It is the best day of my life,” she added.
"""


def _article(title: str, publisher: str, author: str, published: date, *paragraphs: str) -> Article:
    text = "\n\n".join((title, *paragraphs))
    address = f"https://news.example/{published}"
    return Article(text, title, url=address, key=address, publisher=publisher, author=author, published=published)


ARTICLES = (
    _article(
        "Norvik votes to close its ferry quay",
        "Norvik Post",
        "Lena Holm",
        date(2026, 3, 3),
        "The town council voted on Monday evening to close the ferry quay at the foot of Mill Street, after a survey "
        "found cracks in three of its eight pillars.",
        "“We will close the quay for good on 4 May,” Mayor Ann Cole told councillors. “Until then the boats run as "
        "they do today.”",
        "About 1,200 passengers use the ferry every day, according to the port. Harbour master Jonas Weir said he had "
        "asked for a second survey and had been refused.",
        "“Twelve hundred passengers a day will have to take the bridge,” Weir said. “Nobody has counted how many buses "
        "that is.”",
    ),
    _article(
        "Bridge needs repairs before buses cross it",
        "Coast Herald",
        "Tomas Arden",
        date(2026, 3, 12),
        "The road bridge over the Nor will need new bearings before buses can use it, engineers told the county on "
        "Wednesday.",
        "Ida Marsh, the town’s treasurer, said 2.6 million crowns had been put aside for the crossing.",
        "Mayor Ann Cole denied that the bridge was unsafe. “I would not say the bridge is safe for buses,” she said. "
        "“It is safe for cars.”",
        "The county expects the work to take nine weeks.",
    ),
    _article(
        "Ferry crews to move to the pilot boats",
        "Norvik Post",
        "Lena Holm",
        date(2026, 4, 9),
        "The 14 people who crew the Norvik ferry have been offered work on the pilot boats, Mayor Cole said on "
        "Thursday.",
        "“No boat crew will lose its job,” Cole said after a meeting with the seamen’s union. “That was a promise, and "
        "we keep it.”",
        "Union secretary Peter Lund called the offer decent. “The pay is the same and the nights are longer,” he said.",
    ),
    _article(
        "Port asks court to stop closure",
        "Coast Herald",
        "Tomas Arden",
        date(2026, 4, 20),
        "The port of Norvik has asked the district court to stop the closure of the ferry quay, its lawyers said.",
        "According to Jonas Weir, the survey was made at low tide by a firm that had never seen the pillars before.",
        "Ann Cole said the town would not comment on the case. “The survey speaks for itself,” she said.",
    ),
)


def _ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn:last-child:not([aria-busy]) .quote", timeout=60_000)


def _take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")


def _pictures(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector(".columns li button", timeout=120_000)
    _take(page, "start")
    _ask(page, QUESTION)
    _take(page, "answer")
    page.locator(".quote blockquote").first.click()
    page.wait_for_selector("#reader mark")
    _take(page, "article")
    page.goto("/check")
    page.locator("textarea").fill(DRAFT)
    page.get_by_role("button", name="Check it").click()
    page.wait_for_selector("#report h2", timeout=60_000)
    page.locator(".draft .mark.misattributed, .draft .mark.altered").first.click()
    page.wait_for_selector("#reader article mark")
    _take(page, "draft")
    page.goto("/people")
    page.get_by_role("link", name="Ann Cole").first.click()
    page.wait_for_selector(".quote")
    _take(page, "people")
    page.set_viewport_size(PHONE)
    page.goto("/")
    _ask(page, QUESTION)
    _ask(page, FOLLOW_UP)
    _take(page, "phone")


def main() -> None:
    """Take all six pictures."""
    with tempfile.TemporaryDirectory() as folder:
        services = assemble(Settings(store=f"file:{folder}"))
        for article in ARTICLES:
            services.ingester.add(article)
        with serving(create_app(Settings(), services)) as server, browsing() as browser:
            page = browser.new_page(base_url=server.url, viewport=WIDE, color_scheme="light")
            _pictures(page)


if __name__ == "__main__":
    main()
