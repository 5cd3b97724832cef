"""An article under embargo is quoted nowhere before its time, and everywhere after it."""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.errors import EmbargoedError
from index.ingest import Ingester
from index.store.base import Store
from index.store.catalogue import Choice, Order
from index.types import Article, Filters
from service.answering.reading.simple_reader import SimpleReader
from service.assembly import Services, assemble
from service.commands.app import main
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import WordEmbedder, make_article

SECRET = 'Ida Berg said that the quay of Norvik closes in May. "No ferry will call there," Ida Berg said.'
OPEN = "Ola Ness said that the school of Norvik opens in August."
ASKED = "When does the quay of Norvik close?"
SAID = "No ferry will call there,"
ADMIN = {"Authorization": "Bearer admin"}


def held(until: datetime) -> Article:
    return make_article(
        SECRET, key="urn:quay", title="Norvik closes its quay", embargo=until, published=date(2024, 3, 5)
    )


def paths(client: TestClient, headers: dict[str, str]) -> dict[str, str]:
    """Return what each path that shows words of articles replies, as text."""
    cited = {"article_id": 1, "version": 1, "start": 0, "end": 9, "sha256": Article(SECRET, "").sha256}
    quote = {"text": SAID, "citation": cited, "speaker": "Ida Berg"}
    posts: dict[str, dict[str, object]] = {
        "/v1/ask": {"question": ASKED},
        "/v1/ask?": {"question": ASKED, "filters": {"article_ids": [1]}},
        "/v1/verify": {"quotes": [quote]},
        "/v1/verify?": {"text": f'Ida Berg said: "{SAID}"'},
        "/v1/resolve": {"citation": cited},
        "/v1/chat/completions": {"model": "pullquote", "messages": [{"role": "user", "content": ASKED}]},
        "/v1/responses": {"model": "pullquote", "input": ASKED},
    }
    gets = ["/v1/search?q=quay", "/v1/speakers", "/v1/articles/1", "/v1/articles/1/speakers", "/v1/archive/questions"]
    shown = {path: client.post(path.rstrip("?"), json=body, headers=headers).text for path, body in posts.items()}
    shown |= {path: client.get(path, headers=headers).text for path in gets}
    for tool, given in (("search", {"query": "quay"}), ("fetch", {"id": "1"}), ("speakers", {"article_id": 1})):
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given}}
        accept = {"Accept": "application/json, text/event-stream"}
        shown[f"mcp {tool}"] = client.post("/mcp", json=call, headers={**headers, **accept}).text
    return shown


def tells(path: str, reply: str) -> bool:
    """Whether a reply has words of the article beyond those that were sent."""
    found = ["closes in May", "that the quay", "/articles/1#", '"article_id": 1,', '"article_id":1,', "Norvik closes"]
    return any(each in reply for each in found) or (path == "/v1/speakers" and "Ida" in reply)


def test_no_path_shows_what_is_under_embargo_until_it_ends(fake: Services) -> None:
    keys = Settings(api_keys=("reader",), admin_keys=("admin",))
    fake.ingester.add(held(datetime.now(UTC) + timedelta(days=1)))
    fake.ingester.add(make_article(OPEN, key="urn:school", title="A school"))
    with TestClient(create_app(keys, fake), base_url="http://127.0.0.1") as client:
        for headers in ({"Authorization": "Bearer reader"}, ADMIN):
            before = paths(client, headers)
            assert [path for path, reply in before.items() if tells(path, reply)] == []
            assert "under embargo until" in before["/v1/articles/1"] and "Ola Ness" in before["/v1/speakers"]
            assert '"absent"' in before["/v1/verify"]
        listed = client.get("/v1/articles", headers={"Authorization": "Bearer reader"}).json()
        assert [each["id"] for each in listed["articles"]] == [2] and listed["total"] == 1
        listed = client.get("/v1/articles", headers=ADMIN).json()
        assert [(each["id"], each["embargo"] is not None) for each in listed["articles"]] == [(1, True), (2, False)]
        assert "quay" not in str(client.get("/v1/articles?q=ferry", headers={"Authorization": "Bearer reader"}).json())
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
        fake.ingester.add(held(until))
        assert "Ida" not in client.get("/v1/speakers", headers=ADMIN).text
        time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()) + 0.1)
        after = paths(client, ADMIN)
        silent = [path for path, reply in after.items() if not tells(path, reply)]
        assert set(silent) <= {"/v1/archive/questions", "/v1/articles/1/speakers", "mcp speakers"}
        assert '"found"' in after["/v1/verify"] and "Ida Berg" in after["mcp speakers"]
        assert client.delete("/v1/articles/1", headers=ADMIN).status_code == 204


def test_a_store_gives_no_words_under_embargo(either_store: Store, words: WordEmbedder) -> None:
    ingester = Ingester(either_store, words)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    ingester.add(held(until))
    ingester.add(make_article(OPEN, key="urn:school"))
    reads: tuple[Callable[[int], object], ...] = (
        either_store.article, either_store.history, either_store.attributions, either_store.stances,
    )  # fmt: skip
    for read in reads:
        with pytest.raises(EmbargoedError, match="Article 1 is under embargo until"):
            read(1)
    catalogue, revision = either_store.catalogue(), either_store.revision()
    assert [each.name for each in either_store.cited()] == ["Ola Ness"]
    assert list(catalogue.ids(Choice())) == [2] and catalogue.count(Choice()) == 1
    assert [each.article.id for each in catalogue.list(Choice(embargoed=True), order=Order(), limit=5)] == [1, 2]
    assert either_store.article(1, embargoed=True).text == SECRET
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()) + 0.1)
    assert either_store.article(1).text == SECRET and list(catalogue.ids(Choice())) == [1, 2]
    assert either_store.revision() != revision and "Ida Berg" in [each.name for each in either_store.cited()]
    found = either_store.search(words.encode_query("quay"), ["quay"], k=5, filters=Filters())
    assert 1 in found.articles
    ingester.add(replace(held(until), embargo=None))
    assert either_store.article(1).version == 2


def test_the_command_line_lists_it_and_shows_nothing_of_it(
    folder: Path, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["pullquote", *arguments])
        with redirect_stdout(StringIO()) as out, redirect_stderr(out), pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0), out.getvalue()

    monkeypatch.setattr("service.assembly.assemble", partial(assemble, embedder=words, reader=SimpleReader(words)))
    monkeypatch.setattr(os, "nice", lambda _: 0)
    for name, value in (("STORE", f"file:{folder}"), ("ATTRIBUTION_MODEL", "rules"), ("STANCE_MODEL", "none")):
        monkeypatch.setenv(f"PULLQUOTE_{name}", value)
    story = {"uri": "urn:quay", "headline": "Quay", "body_text": SECRET, "embargoed": "2999-01-01T00:00:00Z"}
    file = folder.parent / "story.json"
    file.write_text(json.dumps(story), encoding="utf-8")
    assert run("add", str(file))[0] == 0
    assert run("list") == (0, "1\t-\tQuay (under embargo until 2999-01-01 00:00 UTC)\n")
    code, out = run("show", "1")
    assert code != 0 and "under embargo" in out and "ferry" not in out
    code, out = run("ask", ASKED, "--json")
    assert code == 3 and "closes in May" not in out
    assert run("remove", "1")[0] == 0
