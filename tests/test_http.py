"""The HTTP interface, over a real server on a real socket."""

import json
from typing import Any

import httpx
import pytest

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import SEED_FILE, make_article, serving

QUESTION = "How many men left Russia after the draft was announced?"


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert set(body) >= {"type", "title", "status", "detail"}
    return body  # type: ignore[no-any-return]


def ask(client: httpx.Client, question: str = QUESTION, **more: object) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return response.json()  # type: ignore[no-any-return]


def test_an_answer_has_the_shape_of_the_contract(client: httpx.Client) -> None:
    answer = ask(client)
    assert set(answer) == {
        "id", "question", "search_question", "answered", "confidence", "answer", "short", "reason", "quotes", "nearest",
        "warnings", "took_ms", "chosen_by", "prompts", "stance", "evidence", "kind",
    }  # fmt: skip
    assert (answer["answered"], answer["reason"], answer["nearest"]) == (True, None, [])
    assert set(answer["took_ms"]) == {"search", "read", "choose", "total"}
    quote = answer["quotes"][0]
    assert set(quote) >= {
        "number", "text", "confidence", "highlights", "citation", "selectors", "source", "attribution", "said_by",
        "credit", "stance", "stance_cue", "dates", "link",
    }  # fmt: skip
    text = client.get("/v1/articles/1").json()["text"]
    citation = quote["citation"]
    assert quote["text"] == text[citation["start"] : citation["end"]]
    assert citation == {
        "article_id": 1, "version": 1, "sha256": client.get("/v1/articles/1").json()["sha256"], "start": 2352,
        "end": 2527, "start_utf16": 2352, "end_utf16": 2527, "page": None, "last_page": None, "occurrence": 1,
    }  # fmt: skip
    assert quote["selectors"][0] == {"type": "TextPositionSelector", "start": 2352, "end": 2527}
    assert quote["selectors"][1]["exact"] == quote["text"]
    assert quote["source"]["published"] == "2022-09-26"
    assert quote["link"] == "/articles/1#q=2352-2527&v=1&h=f89715f0be90e3c6"
    assert [lit["text"] for lit in quote["highlights"]] == ["261,000"]


def test_a_refusal_is_a_plain_200(client: httpx.Client) -> None:
    answer = ask(client, "Who won the 2022 World Cup?")
    assert (answer["answered"], answer["quotes"], answer["reason"]) == (False, [], "no_passage_answers")
    assert len(answer["nearest"]) == 3


def test_options_are_heeded(client: httpx.Client) -> None:
    assert len(ask(client, max_quotes=1)["quotes"]) == 1
    assert ask(client, filters={"article_ids": [99]})["reason"] == "filters_exclude_all"
    assert ask(client, filters={"published_from": "2022-09-26", "published_to": "2022-09-26"})["answered"]
    before = [{"role": "user", "content": "When could the border close?"}, {"role": "assistant", "content": "Soon."}]
    assert ask(client, question="And who said that?", history=before)["search_question"] == (
        "And who said that? When could the border close?"
    )


def events(client: httpx.Client, question: str) -> list[tuple[str, dict[str, Any]]]:
    with client.stream("POST", "/v1/ask", json={"question": question, "stream": True}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        blocks = "".join(response.iter_text()).strip().split("\n\n")
    pairs = [block.split("\n", maxsplit=1) for block in blocks]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in pairs]


@pytest.mark.parametrize("question", [QUESTION, "Who won the 2022 World Cup?"])
def test_a_stream_tells_what_the_whole_answer_tells(client: httpx.Client, question: str) -> None:
    whole = ask(client, question)
    (first, searched), read, all_read, *quotes, (last_but_one, answer), last = events(client, question)
    assert (first, last_but_one, last) == ("search", "answer", ("done", {}))
    assert (read[0], all_read) == ("progress", ("progress", {"passages_read": 5, "passages": 5}))
    assert searched == {"search_question": question, "passages": 5}
    assert quotes == [("quote", quote) for quote in whole["quotes"]]
    for changing in ("id", "took_ms", "evidence"):
        del whole[changing], answer[changing]
    assert answer == whole


def test_an_error_after_the_first_byte_is_an_event(
    own_client: httpx.Client, seeded: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader's own model is made to fail as a broken one would, once the search is done."""
    from index.errors import ModelError

    def broken(question: str, passages: object) -> None:
        raise ModelError("The model is gone.")

    monkeypatch.setattr(seeded.reader._model, "score", broken)
    names = events(own_client, "Which regions are being annexed?")
    assert [name for name, _ in names] == ["search", "error"]
    assert names[1][1]["status"] == 503
    assert names[1][1]["detail"] == "The model is gone."
    assert (
        problem(own_client.post("/v1/ask", json={"question": "Which regions?"}), 503)["detail"] == "The model is gone."
    )


def test_an_error_that_is_not_ours_is_reported_without_its_text(
    own_client: httpx.Client, seeded: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(question: str, passages: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(seeded.reader._model, "score", broken)
    (_, _), (name, error) = events(own_client, "Which regions are being annexed?")
    assert (name, error["status"]) == ("error", 500)
    whole = problem(own_client.post("/v1/ask", json={"question": "Which regions?"}), 500)
    assert "secret" not in error["detail"] + whole["detail"]
    assert "secret" in caplog.text


def test_a_client_that_leaves_a_stream_holds_nothing_up(fake: Services) -> None:
    """More streams are left than the thread pool has threads (40)."""
    fake.ingester.add(make_article("The mayor opened 14 bridges."))
    asked = {"question": "How many bridges did the mayor open?"}
    with serving(create_app(Settings(), fake)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        for _ in range(50):
            with client.stream("POST", "/v1/ask", json={**asked, "stream": True}) as response:
                next(response.iter_lines())
        assert ask(client, **asked)["answered"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("question", "message"),
    [("", "empty"), ("x" * 10_000, "10,000 characters"), ("a\0", "NUL byte"), ("a\\ud800", "surrogate")],
)
def test_what_is_no_question_is_reported(client: httpx.Client, question: str, message: str, stream: bool) -> None:
    body = f'{{"question": {json.dumps(question).replace(chr(92) * 2, chr(92))}, "stream": {json.dumps(stream)}}}'
    response = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert message in problem(response, 422)["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": 3}, "question"),
        ({"question": "x", "max_quotes": 0}, "max_quotes"),
        ({"question": "x", "max_quote": 2}, "max_quote"),
        ({"question": "x", "filters": {"speaker": "Meduza"}}, "filters.speaker"),
        ({"question": "x", "filters": {"published_from": "soon"}}, "filters.published_from"),
        ({"question": "x", "filters": {"published_from": "2024-01-02", "published_to": "2024-01-01"}}, "filters"),
        ({"question": "x", "filters": {"article_ids": [2**70]}}, "filters.article_ids.0"),
        ({"question": "x", "history": [{"role": "system", "content": "x"}]}, "history.0.role"),
    ],
)
def test_a_field_that_does_not_fit_is_named(client: httpx.Client, body: dict[str, Any], field: str) -> None:
    errors = problem(client.post("/v1/ask", json=body), 422)["errors"]
    assert [error["field"] for error in errors] == [field]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/articles"])
def test_what_is_no_json_is_reported(client: httpx.Client, path: str) -> None:
    response = client.post(path, content=b'{"question": x', headers={"Content-Type": "application/json"})
    assert [error["field"] for error in problem(response, 422)["errors"]] == ["body"]


ADDED = {
    "id": 2,
    "version": 1,
    "status": "added",
    "title": "Bridges",
    "near_duplicates": [],
    "verdict": "complete",
    "warnings": [],
}


def test_an_article_goes_in_is_quoted_changed_and_removed(own_client: httpx.Client) -> None:
    article = {
        "text": "The mayor of Örebro opened 14 bridges 👍🏽 on Friday.",
        "title": "Bridges",
        "url": "https://x.org/bridges",
        "publisher": "The Post",
        "published": "2024-05-06",
    }
    added = own_client.post("/v1/articles", json=article)
    assert (added.status_code, added.json()) == (201, ADDED)
    again = own_client.post("/v1/articles", json=article)
    assert (again.status_code, again.json()["status"]) == (200, "unchanged")

    quote = ask(own_client, "How many bridges did the mayor of Örebro open?")["quotes"][0]
    assert quote["text"] == article["text"]
    assert quote["source"] == {
        "title": "Bridges", "title_given": True, "publisher": "The Post", "author": None, "published": "2024-05-06",
        "url": "https://x.org/bridges", "rights": None, "embargo": None,
    }  # fmt: skip
    assert quote["citation"]["end_utf16"] == len(article["text"]) + 2
    assert quote["source_link"].startswith("https://x.org/bridges#:~:text=The%20mayor")

    changed = own_client.post("/v1/articles", json={**article, "text": "The mayor of Örebro opened 15 bridges."})
    assert (changed.status_code, changed.json()["version"], changed.json()["status"]) == (200, 2, "replaced")
    assert "15 bridges" in ask(own_client, "How many bridges did the mayor of Örebro open?")["quotes"][0]["text"]

    assert own_client.delete("/v1/articles/2").status_code == 204
    problem(own_client.get("/v1/articles/2"), 404)
    problem(own_client.delete("/v1/articles/2"), 404)
    assert not ask(own_client, "How many bridges did the mayor of Örebro open?")["answered"]


def test_a_file_is_uploaded_with_what_is_known_of_it(own_client: httpx.Client) -> None:
    files = {"file": ("a.md", b"---\ntitle: Own\nauthor: A\n---\nRain fell.", "text/markdown")}
    added = own_client.post("/v1/articles", files=files, data={"title": "Given", "published": "2024-05-06"})
    assert added.status_code == 201, added.text
    article = own_client.get(f"/v1/articles/{added.json()['id']}").json()
    assert (article["text"], article["title"], article["author"]) == ("Rain fell.", "Given", "A")
    assert (article["published"], article["version"], article["characters"]) == ("2024-05-06", 1, 10)
    same = own_client.post("/v1/articles", files={"file": ("seed.txt", SEED_FILE.read_bytes())})
    assert (same.status_code, same.json()["id"], same.json()["status"]) == (200, 1, "unchanged")


def test_what_is_said_of_an_article_is_tidied(own_client: httpx.Client) -> None:
    said = {"text": "Rain fell.", "title": "Two\n lines ", "author": " ", "published": "2024-05-06T23:00:00Z"}
    article = own_client.get(f"/v1/articles/{own_client.post('/v1/articles', json=said).json()['id']}").json()
    assert (article["title"], article["author"], article["published"]) == ("Two lines", None, "2024-05-06")


def test_the_date_line_of_a_text_is_its_date(own_client: httpx.Client) -> None:
    added = own_client.post("/v1/articles", json={"text": " date 2021-02-03 Snow fell on the town."}).json()
    article = own_client.get(f"/v1/articles/{added['id']}").json()
    assert (article["text"], article["published"], article["title_given"]) == (
        "Snow fell on the town.",
        "2021-02-03",
        False,
    )


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"json": {"text": ""}}, "no text to quote"),
        ({"json": {"text": "a\0b"}}, "NUL byte at character 1"),
        ({"json": {"title": "No text"}}, "give either text or html"),
        ({"json": {"text": "x", "url": "javascript:alert(1)"}}, "url is 'javascript"),
        ({"json": {"text": "x", "published": "soon"}}, "published: 'soon' is no date; write it as YYYY-MM-DD"),
        ({"json": {"text": "x", "published": 0}}, "published: 0 is no date"),
        ({"json": {"text": "x", "url": "http://"}}, "url is 'http://'"),
        ({"json": {"text": "x", "url": "http://a b"}}, "url is 'http://a b'"),
        ({"json": {"text": "x", "titel": "x"}}, "titel"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, "JSON"),
        ({"content": b"x", "headers": {"Content-Type": "text/plain"}}, "content type is 'text/plain'"),
        ({"files": {"file": ("a.txt", bytes(range(128, 256)))}}, "a.txt is no text in an encoding that is known"),
        ({"files": {"file": ("a.pdf", b"%PDF-1.7 and no more")}}, "a.pdf is no PDF that can be read"),
        ({"files": {"file": ("a.exe", b"x")}}, "a.exe cannot be read"),
        ({"files": {"other": ("a.txt", b"x")}}, "no file"),
        ({"files": {"file": ("a.txt", b"words")}, "data": {"published": "soon"}}, "published"),
        ({"files": {"file": ("a.txt", b"words")}, "data": {"titel": "x"}}, "titel"),
        ({"files": {"file": ("a.md", b"---\na: " + b"[" * 5000 + b"\n---\nText.")}}, "front matter of a.md"),
    ],
)
def test_what_is_no_article_is_reported_and_nothing_is_lost(
    client: httpx.Client, request_: dict[str, Any], message: str
) -> None:
    assert message in problem(client.post("/v1/articles", **request_), 422)["detail"]
    assert client.get("/readyz").json()["articles"] == 1


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused(client: httpx.Client, chunked: bool) -> None:
    body = b'{"text": "' + b"x" * 21_000_000 + b'"}'
    content = iter([body[i : i + 1_000_000] for i in range(0, len(body), 1_000_000)]) if chunked else body
    response = client.post("/v1/articles", content=content, headers={"Content-Type": "application/json"})
    assert "larger than 20 MB" in problem(response, 413)["detail"]


def test_articles_are_listed_in_pages(own_client: httpx.Client) -> None:
    for number in range(4):
        own_client.post("/v1/articles", json={"text": f"Report {number} came out."})
    first = own_client.get("/v1/articles", params={"limit": 3}).json()
    assert [article["id"] for article in first["articles"]] == [1, 2, 3]
    assert "text" not in first["articles"][0]
    second = own_client.get("/v1/articles", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert ([article["id"] for article in second["articles"]], second["next_cursor"]) == ([4, 5], None)


@pytest.mark.parametrize(
    "path", ["/v1/articles/0", "/v1/articles/x", f"/v1/articles/{2**63}", "/v1/articles?limit=0", "/v1/search"]
)
def test_paths_and_queries_are_checked(client: httpx.Client, path: str) -> None:
    problem(client.get(path), 422)


def test_a_problem_repeats_little_of_what_was_sent(client: httpx.Client) -> None:
    sent = {"question": QUESTION, "x" * 10_000: 1, **{f"key{number}": 1 for number in range(5_000)}}
    response = client.post("/v1/ask", json=sent)
    found = problem(response, 422)
    assert len(response.content) < 10_000 and len(found["errors"]) == 10
    assert found["detail"].endswith("; and 4,991 more.")


def test_an_unknown_path_is_a_problem_too(client: httpx.Client) -> None:
    found = problem(client.get("/nowhere"), 404)
    assert found["detail"] == "There is no GET /nowhere here. /openapi.json lists what there is."
    assert "There is no PUT /v1/ask here." in problem(client.put("/v1/ask"), 405)["detail"]
    problem(client.get("/web/nothing.js"), 404)
    problem(client.put("/v1/ask"), 405)


def test_search_gives_ranked_passages_with_their_scores(client: httpx.Client) -> None:
    passages = client.get("/v1/search", params={"q": QUESTION, "k": 3}).json()["passages"]
    assert len(passages) == 3
    assert "261,000 men" in passages[0]["text"]
    assert passages == sorted(passages, key=lambda passage: -passage["score"])
    text = client.get("/v1/articles/1").json()["text"]
    for passage in passages:
        assert passage["text"] == text[passage["start"] : passage["end"]]
        assert all(passage[name] is None or 0 <= passage[name] <= 1 for name in ("dense", "lexical", "score"))


def test_operations(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert 0 <= ready.pop("model_answered") < 60
    assert ready == {"status": "ready", "model": "all-MiniLM-L6-v2", "articles": 1, "passages": 5}


def test_the_documentation_needs_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/docs").text
    assert "swagger" in page and "https://" not in page
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/ask", "/v1/verify", "/v1/answers/{answer_id}", "/v1/archive/questions", "/metrics"} <= set(paths)
    assert not [path for path in paths if not path.startswith("/v1/") and path.count("/") > 1]


@pytest.mark.parametrize("path", ["/", "/articles/1", "/web/chat.js", "/web/style.css"])
def test_pages_allow_nothing_from_elsewhere(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "innerHTML" not in response.text and "http" not in response.text.replace("http-equiv", "")


def test_a_store_that_fails_is_an_outage_not_an_empty_answer(own_client: httpx.Client, seeded: Services) -> None:
    seeded.store.close()
    assert "closed" in problem(own_client.post("/v1/ask", json={"question": QUESTION}), 503)["detail"]
    problem(own_client.get("/readyz"), 503)
    assert own_client.get("/healthz").status_code == 200
