"""HEAD, ETags, compression and parameters that a path does not have."""

import httpx
import pytest


def test_head_is_answered_as_get_without_the_body(client: httpx.Client) -> None:
    for path in ("/", "/healthz", "/v1/articles", "/v1/models"):
        head, get = client.head(path), client.get(path)
        assert head.status_code == get.status_code == 200 and head.content == b"" != get.content
    assert client.head("/v1/articles/999").status_code == 404


@pytest.mark.parametrize("path", ["/v1/articles/1", "/v1/articles/1/speakers"])
def test_an_article_that_has_not_changed_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).json() == first.json()


def test_what_is_long_is_compressed(client: httpx.Client) -> None:
    found = client.get("/v1/articles/1", headers={"Accept-Encoding": "gzip"})
    assert found.headers["content-encoding"] == "gzip" and found.json()["id"] == 1
    assert "content-encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


def test_a_stream_is_neither_kept_nor_compressed_nor_held_back(client: httpx.Client) -> None:
    question = "How many men left Russia after the draft was announced?"
    bodies = {
        "/v1/ask": {"question": question},
        "/v1/chat/completions": {"messages": [{"role": "user", "content": question}]},
        "/v1/responses": {"input": question},
        "/v1/completions": {"prompt": question},
    }
    for path, body in bodies.items():
        headers = client.post(path, json={**body, "stream": True}, headers={"Accept-Encoding": "gzip"}).headers
        assert headers["content-type"].startswith("text/event-stream") and "content-encoding" not in headers
        assert headers["cache-control"] == "no-store" and headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize(
    "path",
    ["/v1/articles?publishers=x", "/v1/search?q=men&limit=3", "/v1/articles/1?version=2", "/healthz?deep=1"],
)
def test_a_parameter_that_a_path_does_not_have_is_reported(client: httpx.Client, path: str) -> None:
    found = client.get(path)
    name = path.rpartition("?")[2].rpartition("&")[2].partition("=")[0]
    assert found.status_code == 422 and f"{name}: is no parameter" in found.json()["detail"]


def test_a_page_takes_whatever_its_address_has(client: httpx.Client) -> None:
    for path in ("/?q=Who%3F&q=Why%3F&utm_source=x", "/articles/1?x=1", "/web/chat.js?v=2"):
        assert client.get(path).status_code == 200
