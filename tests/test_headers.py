"""What every response tells browsers, and that the pages work under it."""

import httpx
import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import Server


@pytest.mark.parametrize(
    ("path", "policy", "cache"),
    [
        ("/v1/articles", "default-src 'none'", "no-store"),
        ("/v1/articles/1", "default-src 'none'", "private, no-cache"),
        ("/v1/articles/99", "default-src 'none'", "no-store"),
        ("/nowhere", "default-src 'none'", "no-store"),
        ("/healthz", "default-src 'none'", "no-store"),
        ("/openapi.json", "default-src 'none'", "no-store"),
        ("/", "script-src 'self';", "no-cache"),
        ("/docs", "script-src 'self' 'sha256-", "no-cache"),
        ("/static-offline-docs/swagger-ui.css", "default-src 'none'", "private, no-cache"),
    ],
)
def test_every_response_is_guarded(client: httpx.Client, path: str, policy: str, cache: str) -> None:
    headers = client.get(path).headers
    assert policy in headers["content-security-policy"] and "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == cache
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in headers


def test_an_unexpected_error_is_guarded_as_well(fake: Services) -> None:
    app = create_app(Settings(), fake)
    fake.store.close()
    app.state.services = None
    failed = TestClient(app, raise_server_exceptions=False).get("/v1/articles")
    assert failed.status_code == 500
    assert failed.headers["cache-control"] == "no-store" and failed.headers["x-content-type-options"] == "nosniff"


def test_the_api_is_described_without_breaking_its_policy(browser: Browser, server: Server) -> None:
    page, told = browser.new_page(base_url=server.url), list[str]()
    page.on("console", lambda message: told.append(message.text))
    page.goto("/docs")
    page.get_by_text("/v1/ask", exact=True).first.wait_for(timeout=30_000)
    page.close()
    assert [each for each in told if "Content Security Policy" in each] == []
