"""A real browser."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start a browser."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, url: str, path: str = "/") -> Iterator[Page]:
    """Open a page on which every script error, and every fetch from elsewhere, fails the test."""
    page = browser.new_page(base_url=url)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text) if message.type == "error" and "status of 422" not in message.text else None
        ),
    )
    page.on(
        "request",
        lambda request: faults.append(request.url) if not request.url.startswith((url, "data:", "blob:")) else None,
    )
    page.goto(path)
    yield page
    page.close()
    assert faults == []


def serious(page: Page) -> list[str]:
    """Return the serious and critical faults that axe-core finds."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
