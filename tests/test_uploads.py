"""Files of many articles over HTTP: nothing of them is lost, and what failed is said."""

import gzip
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from service.uploads import safe_name
from tests.conftest import serving
from tests.factories import epub, packed

LINES = "".join(
    json.dumps({"text": f"It rains in Rome for {number} days.", "title": f"Rain {number}", "publisher": "The Post"})
    + "\n"
    for number in range(3)
).encode()


@pytest.fixture
def http(fake: Services) -> Iterator[httpx.Client]:
    with serving(create_app(Settings(), fake)) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def send(http: httpx.Client, name: str, content: bytes, **more: object) -> httpx.Response:
    return http.post("/v1/articles", files={"file": (name, content)}, **more)  # type: ignore[arg-type]


def test_every_article_of_an_archive_is_added_and_what_fails_is_said(http: httpx.Client, fake: Services) -> None:
    archive = packed(
        {
            "a/rome.txt": "Rome story\n\nIt rains in Rome.",
            "a/broken.docx": b"no document",
            "a/lines.jsonl": LINES,
            "notes.xyz": "not read",
            "bomb.txt": b"0 " * 2_000_000,
        }
    )
    done = send(http, "export.zip", archive)
    assert done.status_code == 200
    told = done.json()
    assert told["complete"] is True
    assert told["counts"] == {"added": 4, "replaced": 0, "unchanged": 0, "removed": 0, "failed": 2}
    by_name = {each["name"]: each for each in told["outcomes"]}
    assert list(by_name) == [
        "export.zip!/a/rome.txt",
        "export.zip!/a/broken.docx",
        *(f"export.zip!/a/lines.jsonl line {number}" for number in (1, 2, 3)),
        "export.zip!/bomb.txt",
    ]
    assert by_name["export.zip!/a/rome.txt"]["title"] == "Rome story"
    assert by_name["export.zip!/a/lines.jsonl line 2"]["id"] == 3
    assert "times its size" in by_name["export.zip!/bomb.txt"]["reason"]
    assert tempfile.gettempdir() not in done.text
    article = fake.store.article(1)
    assert (article.key[:7], article.origin, article.kind) == ("sha256:", None, "text")
    assert fake.store.article(2).publisher == "The Post" and fake.store.article(2).kind == "lines"


def test_a_file_sent_again_changes_nothing_and_undoes_no_correction(http: httpx.Client) -> None:
    assert send(http, "a.jsonl", LINES).json()["counts"]["added"] == 3
    http.patch("/v1/articles/1", json={"title": "Corrected"})
    again = send(http, "b.jsonl.gz", gzip.compress(LINES)).json()
    assert again["counts"]["unchanged"] == 3 and again["outcomes"][0]["title"] == "Corrected"
    assert http.get("/v1/articles").json()["total"] == 3


def test_each_outcome_is_told_at_once_to_who_asks_for_events(http: httpx.Client) -> None:
    broken = LINES + b"{no json}\n"
    told = send(http, "a.ndjson", broken, headers={"Accept": "text/event-stream"})
    assert told.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in each.splitlines()) for each in told.text.strip().split("\n\n")]
    assert [each["event"] for each in events] == ["outcome"] * 4 + ["done"]
    outcomes = [json.loads(each["data"]) for each in events[:-1]]
    assert [each["status"] for each in outcomes] == ["added", "added", "added", "failed"]
    assert outcomes[0]["share"] < outcomes[2]["share"] <= 1
    assert json.loads(events[-1]["data"])["counts"]["failed"] == 1


def test_what_is_no_archive_is_an_outcome_too(http: httpx.Client) -> None:
    told = send(http, "a.zip", b"no archive").json()
    assert told["counts"]["failed"] == 1 and "no archive that can be read" in told["outcomes"][0]["reason"]


def test_an_archive_is_no_single_article(http: httpx.Client) -> None:
    refused = send(http, "a.jsonl", LINES, data={"title": "All"})
    assert refused.status_code == 422 and "title" in refused.json()["detail"]
    one = send(http, "rome.txt", b"It rains in Rome.")
    assert one.status_code == 201 and one.json()["status"] == "added"


def test_a_file_that_takes_too_long_is_gone_on_with_when_it_is_sent_again(fake: Services) -> None:
    many = b"".join(json.dumps({"text": f"It rains for {n} days."}).encode() + b"\n" for n in range(4_000))
    with (
        serving(create_app(Settings(limits="seconds=3"), fake)) as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):
        first = send(client, "a.jsonl", many).json()
        assert first["complete"] is False and 0 < first["counts"]["added"] < 4_000
        second = send(client, "a.jsonl", many).json()
        assert second["counts"]["unchanged"] == first["counts"]["added"] and second["counts"]["added"] > 0


def test_nothing_is_left_in_the_temporary_folder(
    http: httpx.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "temporary"
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    send(http, "a.jsonl", LINES)
    send(http, "a.jsonl", LINES, headers={"Accept": "text/event-stream"})
    deadline = time.monotonic() + 10  # a response is sent before what it was made of is cleared away
    while list(own.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert list(own.iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/a.zip", "a.zip"),
        ("C:\\news\\b.jsonl", "b.jsonl"),
        ("x" * 300 + ".zip", "x" * 96 + ".zip"),
        ("a\0\n.zip", "a__.zip"),
        ("", "file"),
    ],
)
def test_a_file_is_kept_under_a_harmless_name(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


FEED = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>Post</title><item><title>Rome</title><description>It rains"
    " in Rome.</description></item><item><title>Bern</title><description>It rains in Bern.</description></item>"
    "</channel></rss>"
)
STORY = "<newsItem guid='urn:{0}'><contentSet><inlineData>It rains in {0}.</inlineData></contentSet></newsItem>"


def test_xml_of_many_articles_is_read_whole_and_xml_of_one_is_one_article(http: httpx.Client) -> None:
    message = f"<newsMessage>{STORY.format('Oslo')}{STORY.format('Kiel')}</newsMessage>"
    for name, content in (("feed.xml", FEED), ("message.XML", message)):
        told = send(http, name, content.encode()).json()
        assert (told["counts"]["added"], [each["name"] for each in told["outcomes"]]) == (
            2, [f"{name} item {number}" for number in (1, 2)],
        )  # fmt: skip
    one = send(http, "one.xml", STORY.format("Bonn").encode())
    assert one.status_code == 201 and one.json()["title"] == "It rains in Bonn."


def test_documents_and_books_are_sent_like_any_other(http: httpx.Client) -> None:
    for name, content in (("a.rtf", rb"{\rtf1 It rains in Ulm.}"), ("a.epub", epub("<p>It rains in Graz.</p>"))):
        assert send(http, name, content).status_code == 201
    refused = send(http, "b.rtf", b"It rains.")
    assert refused.status_code == 422 and "no RTF" in refused.json()["detail"]
    (outcome,) = send(http, "a.wacz", packed({"a.txt": "x"})).json()["outcomes"]
    assert outcome["status"] == "failed" and "no web archive" in outcome["reason"]
