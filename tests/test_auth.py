import re

import httpx
import pytest
from starlette.testclient import TestClient

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings

ARTICLE = {"text": "Rain fell."}


def call(services: Services, settings: Settings, path: str, key: str | None) -> httpx.Response:
    client = TestClient(create_app(settings, services))
    headers = {"Authorization": f"Bearer {key}".encode()} if key else {}
    if path == "add":
        return client.post("/v1/articles", json=ARTICLE, headers=headers)  # type: ignore[return-value]
    return client.get(path, headers=headers)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("api_keys", "admin_keys", "path", "key", "status"),
    [
        ((), (), "/v1/articles", None, 200),
        ((), (), "add", None, 201),
        (("a",), (), "/v1/articles", None, 401),
        (("a",), (), "/v1/articles", "b", 401),
        (("a",), (), "/v1/articles", "ä", 401),
        (("a",), (), "/v1/articles", "a", 200),
        (("a",), (), "add", "a", 201),
        (("a",), ("c",), "add", "a", 403),
        (("a",), ("c",), "add", "c", 201),
        (("a",), ("c",), "/v1/articles", "c", 200),
        ((), ("c",), "/v1/articles", None, 200),
        ((), ("c",), "add", None, 403),
        (("a",), (), "/healthz", None, 200),
        (("a",), (), "/", None, 200),
    ],
)
def test_keys(
    fake: Services,
    api_keys: tuple[str, ...],
    admin_keys: tuple[str, ...],
    path: str,
    key: str | None,
    status: int,
) -> None:
    settings = Settings(api_keys=api_keys, admin_keys=admin_keys)
    response = call(fake, settings, path, key)
    assert response.status_code == status, response.text
    if status == 401:
        assert response.headers["www-authenticate"] == "Bearer"
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"


def test_other_origins_may_call_only_where_set(fake: Services) -> None:
    origin = {"Origin": "https://x.org"}
    closed = TestClient(create_app(Settings(), fake)).get("/healthz", headers=origin)
    assert "access-control-allow-origin" not in closed.headers
    opened = TestClient(create_app(Settings(cors_origins=("https://x.org",)), fake)).get("/healthz", headers=origin)
    assert opened.headers["access-control-allow-origin"] == "https://x.org"


@pytest.mark.parametrize("told", [{"Sec-Fetch-Site": "cross-site"}, {}])
def test_another_sites_page_cannot_write(fake: Services, told: dict[str, str]) -> None:
    headers = {"Origin": "https://x.org", **told}
    client = TestClient(create_app(Settings(), fake))
    refused = client.post("/v1/articles", files={"file": ("a.txt", b"Rain fell.")}, headers=headers)
    assert refused.status_code == 403 and "https://x.org" in refused.json()["detail"]
    assert client.delete("/v1/articles/1", headers=headers).status_code == 403
    assert fake.store.counts().articles == 0
    own = {"Origin": "http://testserver", **dict.fromkeys(told, "same-origin")}
    assert client.post("/v1/articles", json={"text": "Snow fell."}, headers=own).status_code == 201
    allowed = TestClient(create_app(Settings(cors_origins=("https://x.org",)), fake))
    assert allowed.post("/v1/articles", json=ARTICLE, headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("headers", "client", "status"),
    [
        ({"Origin": "null"}, "testclient", 403),
        ({"Origin": "http://[::1"}, "testclient", 403),
        ({"Origin": "http://[::1", "Host": "[::1"}, "127.0.0.1", 403),
        ({"Origin": "http://testserver:3000", "Sec-Fetch-Site": "same-site"}, "testclient", 403),
        ({"Origin": "http://evil.example", "Host": "evil.example"}, "127.0.0.1", 403),
        ({"Origin": "http://quotes.example", "Host": "quotes.example"}, "127.0.0.1", 201),
        ({"Origin": "http://evil.example", "Host": "evil.example", "X-Forwarded-For": "1.2.3.4"}, "127.0.0.1", 403),
        ({"Origin": "http://evil.example", "Host": "evil.example", "Forwarded": "for=1.2.3.4"}, "127.0.0.1", 403),
        ({"Origin": "http://evil.example", "Host": "evil.example", "X-Forwarded-Host": "a.b"}, "127.0.0.1", 403),
        (
            {"Origin": "http://localhost:8000", "Host": "localhost:8000", "Sec-Fetch-Site": "same-origin"},
            "127.0.0.1",
            201,
        ),
        ({"Sec-Fetch-Site": "none"}, "127.0.0.1", 201),
        ({}, "127.0.0.1", 201),
    ],
)
def test_who_may_write_from_a_browser(fake: Services, headers: dict[str, str], client: str, status: int) -> None:
    settings = Settings(public_url="http://quotes.example")
    test = TestClient(create_app(settings, fake), client=(client, 5000))
    assert test.post("/v1/articles", json=ARTICLE, headers=headers).status_code == status


def test_no_route_of_the_api_is_open_without_a_key(fake: Services) -> None:
    app = create_app(Settings(api_keys=("a",), admin_keys=("c",)), fake)
    client = TestClient(app)
    calls = [
        (method.upper(), re.sub("{[^}]+}", "1", path))
        for path, methods in app.openapi()["paths"].items()
        if path.startswith("/v1/")
        for method in methods
    ]
    assert len(calls) >= 28
    for method, path in calls:
        assert client.request(method, path).status_code == 401, (method, path)
        if method in ("POST", "PATCH", "DELETE") and path.startswith("/v1/articles"):
            assert client.request(method, path, headers={"Authorization": "Bearer a"}).status_code == 403, (
                method,
                path,
            )
