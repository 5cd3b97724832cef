"""Answers as evidence over HTTP: only what was given is kept, and what became of it is told."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from index.store.kept.base import KeptAnswer, KeptQuote
from index.store.sqlite.store import SqliteStore
from index.types import Span
from service.assembly import Services
from service.commands.app import app
from service.http.app import create_app
from service.http.evidence import keeping
from service.settings import Settings
from tests.conftest import Server, make_article, serving

RAIN = "Rain fell on Rome for nine days. Nobody was hurt in the floods. The river stood at five metres."
QUESTION = "How long did rain fall on Rome?"
URL = "https://x.org/rain"


@pytest.fixture
def app_client(fake: Services) -> Iterator[httpx.Client]:
    with serving(create_app(Settings(), fake)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        add(client, RAIN)
        yield client


def add(client: httpx.Client, text: str, **known: str) -> int:
    body = {"text": text, "url": URL, "title": "Nine days of rain", "published": "2024-01-02", **known}
    return int(client.post("/v1/articles", json=body).raise_for_status().json()["id"])


def ask(client: httpx.Client, question: str = QUESTION) -> dict[str, Any]:
    found: dict[str, Any] = client.post("/v1/ask", json={"question": question}).raise_for_status().json()
    return found


def kept(client: httpx.Client, answer: dict[str, Any]) -> dict[str, Any]:
    assert client.post("/v1/answers", json=answer).status_code == 201
    found: dict[str, Any] = client.get(f"/v1/answers/{answer['id']}").raise_for_status().json()
    return found


def test_a_kept_answer_is_shown_as_it_was_given(app_client: httpx.Client) -> None:
    answer = ask(app_client)
    found = kept(app_client, answer)
    assert [each["quote"] for each in found["quotes"]] == answer["quotes"] != []
    for name in ("id", "question", "search_question", "answered", "answer", "confidence", "warnings", "stance"):
        assert found[name] == answer[name], name
    assert found["given"] == answer["evidence"]["given"] and found["models"]["embedding"] == "words"
    assert found["link"] == f"/answers/{answer['id']}" and found["kept"]
    assert {each["now"]["status"] for each in found["quotes"]} == {"current"}
    again = app_client.post("/v1/answers", json=answer)
    assert (again.status_code, again.json()["kept"]) == (200, found["kept"])


def test_an_answer_is_known_again_by_another_process(app_client: httpx.Client, fake: Services) -> None:
    answer = ask(app_client)
    with TestClient(create_app(Settings(), fake)) as other:
        assert other.post("/v1/answers", json=answer).status_code == 201


def test_that_nothing_answers_can_be_kept_too(app_client: httpx.Client) -> None:
    answer = ask(app_client, "Who won the chess match in Reykjavik?")
    assert not answer["answered"]
    found = kept(app_client, answer)
    assert (found["answered"], found["reason"], found["quotes"]) == (False, "no_passage_answers", [])
    assert [each["quote"] for each in found["nearest"]] == answer["nearest"]


def _words(answer: dict[str, Any]) -> None:
    answer["quotes"][0]["text"] = "Rain fell on Rome for ten days."


def _highlight(answer: dict[str, Any]) -> None:
    answer["quotes"][0]["highlights"] = []


def _question(answer: dict[str, Any]) -> None:
    answer["question"] = "How long will it rain?"


def _stance(answer: dict[str, Any]) -> None:
    answer["quotes"][0]["stance"] = "denied"


def _day(answer: dict[str, Any]) -> None:
    answer["evidence"]["given"] = "2020-01-01T00:00:00Z"


def _article(answer: dict[str, Any]) -> None:
    answer["quotes"][0]["citation"]["article_id"] = 99


CHANGES: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (_words, "Quote 1 does not stand at 0 to 32 of article 1"),
    (_article, "Quote 1 is of article 99, which never was here"),
    (_highlight, "not as this service gave it"),
    (_question, "not as this service gave it"),
    (_stance, "not as this service gave it"),
    (_day, "not as this service gave it"),
    (lambda answer: answer.update(evidence=None), "has no evidence"),
]


def test_what_was_not_given_is_neither_kept_nor_exported(app_client: httpx.Client) -> None:
    answer = ask(app_client)
    for change, said in CHANGES:
        wrong = copy.deepcopy(answer)
        change(wrong)
        for refused in (
            app_client.post("/v1/answers", json=wrong),
            app_client.post("/v1/export", json={"answers": [answer, wrong], "format": "html"}),
        ):
            assert refused.status_code == 422 and said in refused.json()["detail"]
    assert app_client.get(f"/v1/answers/{answer['id']}").status_code == 404


def test_what_is_no_answer_is_refused_by_its_fields(app_client: httpx.Client) -> None:
    refused = app_client.post("/v1/export", json={"answers": [{"question": "Who?"}], "format": "csl"})
    assert refused.status_code == 422
    assert "answers.0.id" in {each["field"] for each in refused.json()["errors"]}


def test_a_citation_of_a_number_that_no_article_can_have_is_refused(app_client: httpx.Client) -> None:
    answer = ask(app_client)
    answer["quotes"][0]["citation"]["article_id"] = 2**63
    refused = app_client.post("/v1/answers", json=answer)
    assert refused.status_code == 422 and "article_id" in refused.json()["errors"][0]["field"]


def test_what_became_of_a_citation_is_told(app_client: httpx.Client) -> None:
    answer = ask(app_client)
    add(app_client, f"Updated on Monday. {RAIN}")
    found = kept(app_client, answer)["quotes"][0]
    assert (found["now"]["status"], found["quote"]) == ("moved", answer["quotes"][0])
    assert found["now"]["citation"]["start"] == found["citation"]["start"] + 19
    add(app_client, RAIN.replace("nine days", "ten days"))
    (found,) = app_client.get(f"/v1/answers/{answer['id']}").json()["quotes"]
    assert found["now"]["status"] == "superseded" and "for nine days" in found["quote"]["text"]
    assert found["now"]["citation"]["text"] == "Rain fell on Rome for ten days."


def test_no_word_of_a_removed_article_is_shown_or_exported(app_client: httpx.Client) -> None:
    app_client.delete("/v1/articles/1")
    app_client.post("/v1/articles", json={"text": RAIN})
    answer, unkept = ask(app_client), ask(app_client)
    kept(app_client, answer)
    app_client.delete(f"/v1/articles/{answer['quotes'][0]['citation']['article_id']}")
    shown = app_client.get(f"/v1/answers/{answer['id']}")
    (quote,) = shown.json()["quotes"]
    assert (quote["now"]["status"], quote["quote"], quote["title"]) == ("deleted", None, None)
    assert quote["citation"]["sha256"] == answer["quotes"][0]["citation"]["sha256"]
    exports = [
        app_client.post("/v1/export", json={"answers": [each], "format": format})
        for each in (answer, unkept)
        for format in ("markdown", "html", "csl", "bibtex", "annotations")
    ]
    for each in (shown, *exports):
        assert each.status_code == 200 and "nine" not in each.text and "fell on" not in each.text
    assert "has been removed" in exports[0].text and "has been removed" in exports[1].text


def test_a_removed_article_is_not_shown_even_where_its_words_are_still_kept(
    app_client: httpx.Client, fake: Services
) -> None:
    answer = ask(app_client)
    whole = fake.store.kept()
    kept(app_client, answer)
    before = whole.get(answer["id"])
    fake.store.remove(1)
    # As a replica of an earlier version would leave it, which knows nothing of kept answers.
    with fake.store._database.writing() as connection:  # type: ignore[attr-defined]
        connection.execute("UPDATE kept_quotes SET content = ?", (before.quotes[0].content,))
        connection.execute("UPDATE kept_answers SET words = ?", (before.words,))
    assert "nine" not in app_client.get(f"/v1/answers/{answer['id']}").text


def test_kept_answers_are_listed_and_removed(app_client: httpx.Client) -> None:
    answers = [ask(app_client) for _ in range(3)]
    for each in answers:
        kept(app_client, each)
    first = app_client.get("/v1/answers", params={"limit": 2}).json()
    second = app_client.get("/v1/answers", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    ids = [each["id"] for each in (*first["answers"], *second["answers"])]
    assert ids == [each["id"] for each in reversed(answers)] and second["next_cursor"] is None
    assert app_client.delete(f"/v1/answers/{ids[0]}").status_code == 204
    assert app_client.delete(f"/v1/answers/{ids[0]}").status_code == 404
    assert app_client.get("/v1/answers", params={"cursor": "x"}).status_code == 422


def test_no_more_are_kept_than_there_is_room_for(app_client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 1)
    first, second = ask(app_client), ask(app_client)
    kept(app_client, first)
    refused = app_client.post("/v1/answers", json=second)
    assert refused.status_code == 507 and "Remove some" in refused.json()["detail"]
    assert app_client.post("/v1/answers", json=first).status_code == 200


def test_whoever_may_read_may_keep_and_who_may_write_may_list_and_remove(fake: Services) -> None:
    fake.ingester.add(make_article(RAIN, key="k"))
    settings = Settings(api_keys=("reader",), admin_keys=("editor",))
    reader, editor = ({"Authorization": f"Bearer {key}"} for key in ("reader", "editor"))
    with TestClient(create_app(settings, fake)) as client:
        answer = client.post("/v1/ask", json={"question": QUESTION}, headers=reader).json()
        assert client.post("/v1/answers", json=answer).status_code == 401
        assert client.post("/v1/answers", json=answer, headers=reader).status_code == 201
        path = f"/v1/answers/{answer['id']}"
        assert client.get(path).status_code == 401 and client.get(path, headers=reader).status_code == 200
        for attempt in (client.get("/v1/answers", headers=reader), client.delete(path, headers=reader)):
            assert attempt.status_code == 403
        assert client.get("/v1/answers", headers=editor).json()["answers"][0]["id"] == answer["id"]
        assert client.delete(path, headers=editor).status_code == 204
        elsewhere = {**reader, "Origin": "https://elsewhere.example"}
        assert client.post("/v1/answers", json=answer, headers=elsewhere).status_code == 403


def test_a_streamed_answer_can_be_kept(app_client: httpx.Client) -> None:
    lines = app_client.post("/v1/ask", json={"question": QUESTION, "stream": True}).text.splitlines()
    data = lines[lines.index("event: answer") + 1].removeprefix("data: ")
    assert app_client.post("/v1/answers", json=json.loads(data)).status_code == 201


def test_a_link_finds_the_words_by_the_first_digits_of_a_hash_or_by_the_version(app_client: httpx.Client) -> None:
    quote = ask(app_client)["quotes"][0]
    cited = quote["citation"]
    assert quote["link"] == f"/articles/1#q={cited['start']}-{cited['end']}&v=1&h={cited['sha256'][:16]}"
    add(app_client, f"Updated on Monday. {RAIN}")
    place = {name: cited[name] for name in ("article_id", "start", "end")}
    hashes = [{"sha256": cited["sha256"][:digits]} for digits in (16, 40, 64)]
    for version in (*hashes, {"version": 1}, {"sha256": cited["sha256"], "version": 2}):
        found = app_client.post("/v1/resolve", json={"citation": {**place, **version}}).json()
        assert (found["status"], found["citation"]["text"]) == ("moved", quote["text"]), version
    current = app_client.post("/v1/resolve", json={"citation": {**place, "version": 2}}).json()
    assert current["status"] == "current" and current["citation"]["text"] != quote["text"]
    unknown = app_client.post("/v1/resolve", json={"citation": {**place, "version": 7}}).json()
    assert unknown == {"status": "superseded", "citation": None}
    for wrong in ({}, {"sha256": cited["sha256"][:15]}, {"version": 0}):
        assert app_client.post("/v1/resolve", json={"citation": {**place, **wrong}}).status_code == 422


def test_the_service_over_the_seed_article_keeps_its_answers(own_server: Server, own_client: httpx.Client) -> None:
    answer = ask(own_client, "How many men left Russia after the draft was announced?")
    found = kept(own_client, answer)
    assert [each["quote"] for each in found["quotes"]] == answer["quotes"]
    assert found["models"]["reader"] == "pullquote-reader"


def test_an_answer_is_kept_on_the_command_line(fake: Services, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    fake.ingester.add(make_article(RAIN, key="k"))
    monkeypatch.setattr("service.assembly.assemble", lambda settings: fake)
    monkeypatch.setenv("PULLQUOTE_PUBLIC_URL", "https://q.example/")
    asked = CliRunner().invoke(app, ["ask", QUESTION, "--keep"])
    store = SqliteStore(folder)
    (kept_here,) = store.kept().list(limit=9)
    assert asked.exit_code == 0 and f"Kept at https://q.example/answers/{kept_here.id}" in asked.stdout.replace(
        "\n", ""
    )
    assert store.kept().get(kept_here.id).quotes[0].title == "Pets"
    store.close()


def test_what_an_earlier_version_kept_is_still_shown(fake: Services) -> None:
    """The file is what the first version that kept answers wrote: new fields of a quote need a default."""
    written = json.loads((Path(__file__).parent / "kept_answer.json").read_text(encoding="utf-8"))
    fake.ingester.add(make_article(written["content"]["text"], key="k"))
    cited = written["content"]["citation"]
    quote = KeptQuote(1, 1, cited["sha256"], Span(0, 57), "Rain", True, None, json.dumps(written["content"]))
    facts, words = json.dumps(written["facts"]), json.dumps(written["words"])
    fake.store.kept().put(KeptAnswer("a", datetime.now(UTC), QUESTION, facts, words, (quote,)))
    with TestClient(create_app(Settings(), fake)) as client:
        found = client.get("/v1/answers/a").raise_for_status().json()
        assert written["content"].items() <= found["quotes"][0]["quote"].items()
        assert written["facts"].items() <= found.items() and written["words"].items() <= found.items()
        assert client.get("/v1/answers/a/export", params={"format": "markdown"}).status_code == 200
