"""Callers that call too often, under a false name or address, or with a body that is too large."""

import socket
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from service.assembly import Services
from service.http.access import rates
from service.http.access.rates import RateLimiter, network_of
from service.http.app import create_app
from service.settings import Rate, Settings
from tests.conftest import Server, serving
from tests.doubles import make_article

PROXY = "10.0.0.9"
MESSAGES = [{"role": "user", "content": "Who?"}]


def calling(services: Services, address: str = "127.0.0.1", **settings: Any) -> TestClient:  # noqa: ANN401 - the values of settings
    return TestClient(
        create_app(Settings(**settings), services), client=(address, 5000), base_url="http://127.0.0.1:8000"
    )


def test_who_calls_too_often_is_told_when_to_call_again(fake: Services) -> None:
    client = calling(fake, rate_limit="2/minute")
    first, second, third = (client.get("/v1/articles") for _ in range(3))
    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 429)
    assert first.headers["ratelimit-policy"] == '"default";q=2;w=60'
    assert first.headers["ratelimit"].startswith('"default";r=1;t=')
    assert third.headers["ratelimit"].startswith('"default";r=0;t=')
    assert 1 <= int(third.headers["retry-after"]) <= 60
    assert third.headers["ratelimit"].endswith(f"t={third.headers['retry-after']}")
    assert third.headers["content-type"] == "application/problem+json"
    assert third.json()["violated-policies"] == ["default"]
    assert [client.get(path).status_code for path in ("/healthz", "/readyz", "/")] == [200, 200, 200]
    chat = client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "Who?"}]})
    assert chat.status_code == 429 and "more than 2 in 60 s" in chat.json()["error"]["message"]


def test_each_key_is_counted_and_unknown_ones_by_their_address(fake: Services) -> None:
    client = calling(fake, api_keys=("a", "b"), rate_limit="2/hour")
    statuses = [
        client.get("/v1/articles", headers={"Authorization": f"Bearer {key}"}).status_code
        for key in ("a", "a", "a", "b", "x", "y", "z")
    ]
    assert statuses == [200, 200, 429, 200, 401, 401, 429]


def test_nothing_is_limited_where_nothing_is_set(fake: Services) -> None:
    response = calling(fake).get("/v1/articles")
    assert "ratelimit" not in response.headers


def test_a_window_ends_and_no_more_callers_are_remembered_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MOST_CALLERS", 100)
    limiter = RateLimiter(Rate(1, 60))
    for number in range(1_000):
        limiter.count(str(number))
    assert len(limiter._windows) == 100
    with pytest.raises(rates.TooManyRequestsError):
        limiter.count("999")
    limiter._windows["999"].ends = 0
    assert limiter.count("999").requests == 0


def test_an_ipv6_client_is_its_network() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::2:3") != network_of("2001:db8:1::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")


@pytest.mark.parametrize(
    ("peer", "headers", "counted"),
    [
        (PROXY, {"X-Forwarded-For": "198.51.100.7"}, "198.51.100.7"),
        (PROXY, {"X-Forwarded-For": "6.6.6.6, 198.51.100.7"}, "198.51.100.7"),
        (PROXY, {"X-Forwarded-For": "198.51.100.7, 10.0.0.8"}, "198.51.100.7"),
        (PROXY, {"X-Forwarded-For": "198.51.100.7:4711"}, "198.51.100.7"),
        (PROXY, {"X-Forwarded-For": "unknown"}, PROXY),
        (PROXY, {"Forwarded": 'for=6.6.6.6, for="[2001:db8::1]:4711";proto=https'}, "2001:db8::1"),
        (PROXY, {"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=6.6.6.6"}, "198.51.100.7"),
        (PROXY, {}, PROXY),
        ("10.0.1.1", {"X-Forwarded-For": "198.51.100.7"}, "10.0.1.1"),
        ("10.0.1.1", {"Forwarded": "for=198.51.100.7"}, "10.0.1.1"),
    ],
)
def test_only_trusted_proxies_say_who_calls(
    fake: Services, caplog: pytest.LogCaptureFixture, peer: str, headers: dict[str, str], counted: str
) -> None:
    client = calling(fake, peer, trusted_proxies=("10.0.0.0/24",))
    client.delete("/v1/articles/1", headers=headers)
    assert f" {counted} DELETE" in caplog.text


def test_a_proxy_that_is_not_named_is_not_believed_by_the_server_either(fake: Services) -> None:
    with serving(create_app(Settings(rate_limit="1/hour"), fake)) as server:
        given = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(2)]
        statuses = [httpx.get(f"{server.url}/v1/articles", headers=each).status_code for each in given]
        assert statuses == [200, 429]
        assert "server" not in httpx.get(server.url).headers


@pytest.mark.parametrize(
    ("host", "client", "status"),
    [
        ("evil.example", "127.0.0.1", 403),
        ("evil.example:8000", "172.17.0.1", 403),
        ("evil.example.", "127.0.0.1", 403),
        ("localhost.evil.example", "192.168.1.5", 403),
        ("x y", "127.0.0.1", 403),
        ("quotes.example", "127.0.0.1", 200),
        ("pages.example", "127.0.0.1", 200),
        ("localhost:8000", "127.0.0.1", 200),
        ("127.0.0.1:8000", "172.17.0.1", 200),
        ("[::1]:8000", "::1", 200),
        ("192.168.1.4:8000", "192.168.1.5", 200),
        ("pullquote:8000", "172.18.0.3", 200),
        ("newsroom-pc.local:8000", "192.168.1.5", 200),
        ("pullquote.default.svc.cluster.local", "10.1.2.3", 200),
        ("evil.example", "8.8.8.8", 200),
    ],
)
def test_a_name_that_anybody_can_give_is_none_of_the_service(
    fake: Services, host: str, client: str, status: int
) -> None:
    """Reading and asking too, from this machine, its network and a container's bridge."""
    settings = {"public_url": "https://quotes.example", "cors_origins": ("https://pages.example",)}
    caller = calling(fake, client, **settings)
    assert caller.get("/v1/articles", headers={"Host": host}).status_code == status
    assert caller.get("/v1/articles/1", headers={"Host": host}).status_code in (status, 404)
    forwarded = {"Host": host, "X-Forwarded-Host": "quotes.example", "X-Forwarded-For": "8.8.8.8"}
    assert caller.get("/v1/articles", headers=forwarded).status_code == status


def test_a_trusted_proxy_does_not_hide_the_name_that_was_called(fake: Services) -> None:
    """nginx passes on an X-Forwarded-Host that a page made up."""
    caller = calling(fake, PROXY, public_url="https://quotes.example", trusted_proxies=(PROXY,))
    given = {"X-Forwarded-Host": "quotes.example", "X-Forwarded-For": "192.168.1.5"}
    assert caller.get("/v1/articles", headers={"Host": "evil.example", **given}).status_code == 403
    assert caller.get("/v1/articles", headers={"Host": "backend:8000", **given}).status_code == 200


def test_who_has_a_key_may_call_by_any_name(fake: Services) -> None:
    caller = calling(fake, api_keys=("a",))
    headers = {"Host": "quotes.example", "Authorization": "Bearer a"}
    assert caller.get("/v1/articles", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("host", "begins"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("pullquote:8000", "http://pullquote:8000/"),
        ("evil.example", "http://127.0.0.1:"),
        ("x)[y](http://evil.example", "http://127.0.0.1:"),
    ],
)
def test_links_lead_to_no_name_that_the_caller_made_up(server: Server, host: str, begins: str) -> None:
    app = server.config.app
    client = TestClient(app, client=("8.8.8.8", 5000), base_url="http://127.0.0.1:8000")  # type: ignore[arg-type]
    body = {"messages": [{"role": "user", "content": "How many men left Russia?"}]}
    found = client.post("/v1/chat/completions", json=body, headers={"Host": host}).json()
    annotations = found["choices"][0]["message"]["annotations"]
    assert annotations and all(each["url_citation"]["url"].startswith(begins) for each in annotations)
    assert "evil.example" not in found["choices"][0]["message"]["content"]


def test_json_that_is_no_article_is_bounded(fake: Services) -> None:
    client = calling(fake)
    large = b'{"question": "' + b"x" * 1_000_001 + b'"}'
    refused = client.post("/v1/ask", content=large, headers={"Content-Type": "application/json"})
    assert refused.status_code == 413 and "larger than 1 MB" in refused.json()["detail"]
    article = b'{"text": "Rain fell on Rome."' + b" " * 1_000_001 + b"}"
    added = client.post("/v1/articles", content=article, headers={"Content-Type": "application/json"})
    assert added.status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/ask", {"x" * 900_000: 1}),
        ("POST", "/v1/ask", {"question": "Who?", **{f"wrong{n}": n for n in range(10_000)}}),
        ("POST", "/v1/ask", {"question": "Who?", "history": [{"role": "x" * 10_000, "content": 1}] * 100}),
        ("POST", "/v1/chat/completions", {"messages": MESSAGES, "tool_choice": {"x": "y" * 900_000}}),
        ("GET", f"/v1/models/{'x' * 20_000}", None),
        ("GET", f"/web/{'x' * 20_000}", None),
        ("GET", f"/v1/search?q=x&{'y' * 20_000}=1", None),
        ("POST", "/v1/resolve", {"citation": {"article_id": 10**4_000}}),
    ],
)  # fmt: skip
def test_an_error_repeats_little_of_what_was_sent(
    fake: Services, method: str, path: str, body: dict[str, object] | None
) -> None:
    refused = calling(fake).request(method, path, json=body)
    assert 400 <= refused.status_code < 500 and len(refused.content) < 15_000


def test_json_that_is_nested_too_deeply_is_refused(fake: Services) -> None:
    given = b'{"question":' + b"[" * 200_000
    refused = calling(fake).post("/v1/ask", content=given, headers={"Content-Type": "application/json"})
    assert refused.status_code in (400, 422)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/articles", "/mcp"])
def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_error(
    fake: Services, caplog: pytest.LogCaptureFixture, path: str, kind: str
) -> None:
    with serving(create_app(Settings(), fake)) as server:
        port = int(server.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as leaving:
            head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 99\r\n\r\n--x"
            leaving.sendall(head.encode())
        assert httpx.get(f"{server.url}/readyz").status_code == 200
    assert "unexpected" not in caplog.text and "Traceback" not in caplog.text


def test_wrong_fields_of_an_article_are_not_told_by_the_million(fake: Services) -> None:
    given = b'{"text": "Rain.", ' + b", ".join(b'"k%d": 1' % number for number in range(100_000)) + b"}"
    refused = calling(fake).post("/v1/articles", content=given, headers={"Content-Type": "application/json"})
    assert refused.status_code == 422 and "k0: Extra inputs" in refused.json()["detail"]
    assert len(refused.content) < 5_000


def test_an_address_that_is_none_of_the_web_is_left_out_and_told(fake: Services) -> None:
    page = b"---\ntitle: Rome\nurl: 'javascript:alert(1)'\n---\nRain fell on Rome.\n"
    client = calling(fake)
    added = client.post("/v1/articles", files={"file": ("a.md", page)}).json()
    assert added["title"] == "Rome" and "'javascript:alert(1)' is none of the web" in added["warnings"][0]
    assert client.get(f"/v1/articles/{added['id']}").json()["url"] is None
    assert client.post("/v1/articles", json={"text": "Snow.", "url": "javascript:alert(1)"}).status_code == 422


def test_what_the_store_has_is_judged_again_before_it_is_linked() -> None:
    from index.types import Span
    from service.answering.quoting.selectors import source_link

    for address in ("javascript:alert(1)", "data:text/html,x", "vbscript:x", "java\nscript:x", "file:///etc/passwd"):
        assert source_link(make_article(url=address), Span(0, 5)) is None
    assert source_link(make_article(url="https://x.example/a"), Span(0, 5))
