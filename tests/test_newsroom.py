"""Feeds and the formats of news agencies: versions, withdrawals, rights, embargoes. All stories are made up."""

import json
import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.errors import FormatError, WithdrawnError
from index.formats.reading import Original, read
from index.formats.sources import sources_of
from index.pipeline import add_all
from service.assembly import Services
from service.feeds import politeness
from service.feeds.entries import fetched_all
from service.http.app import create_app
from service.settings import Settings

WORDS = "The council of Norvik closed the ferry quay on Tuesday, and no ferry will call there until May."
GULL = "A gull in Norvik ate the sandwich of the mayor on Tuesday, and she laughed about it."
NITF = """<?xml version="1.0" encoding="utf-8"?><nitf><head><title>Quay</title><docdata management-status="{status}">
<doc-id id-string="ntb:quay-1"/><date.issue norm="20240305T090000Z"/><date.release norm="20240305T100000Z"/>
<doc.copyright year="2024" holder="Norvik News Agency"/></docdata></head><body><body.head><hedline><hl1>Norvik closes
its quay</hl1></hedline><byline>By <person>Siri Holm</person></byline><dateline>NORVIK</dateline></body.head>
<body.content>
<p>{text}</p><hl2>Next year</hl2><p>A new one is planned.</p><media><media-caption>The quay</media-caption></media>
</body.content></body></nitf>"""
G2 = """<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>"""
ITEM = """<newsItem guid="urn:newsml:nna:{number}" version="{version}"><rightsInfo>
<copyrightHolder literal="Norvik News Agency"/><copyrightNotice>© 2024 NNA</copyrightNotice>
<usageTerms>Not for archives.</usageTerms></rightsInfo><itemMeta>
<versionCreated>2024-03-05T09:00:00Z</versionCreated><pubStatus qcode="stat:{status}"/></itemMeta><contentMeta>
<headline>Norvik closes quay {number}</headline><by>Siri Holm</by></contentMeta><contentSet><inlineXML>
<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{text}</p></body></html></inlineXML></contentSet></newsItem>"""
NINJS = {
    "uri": "http://nna.example/quay-3",
    "pubstatus": "usable",
    "versioncreated": "2024-03-05T09:00:00+01:00",
    "headline": "Norvik closes its quay",
    "byline": "By Siri Holm",
    "copyrightholder": "Norvik News Agency",
    "usageterms": "Not for archives.",
    "embargoed": "2024-03-05T10:00:00+01:00",
    "body_xhtml": f"<p>{WORDS}</p><p>It cost 10<sup>6</sup> crowns.</p>",
}
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Norvik Post</title><link>https://post.example/</link>
<item><title>Norvik closes its quay</title><link>https://post.example/quay</link><dc:creator>Siri Holm</dc:creator>
<pubDate>Tue, 05 Mar 2024 09:00:00 GMT</pubDate><description>The quay closes.</description>
<content:encoded><![CDATA[<p>{WORDS}</p><p>The mayor said that she was glad of it.</p>]]></content:encoded></item>
<item><title>Gull eats sandwich</title><link>https://post.example/gull</link><description>
A gull in Norvik ate a sandwich.</description></item></channel></rss>"""


def test_nitf_is_read() -> None:
    article = read(Original(NITF.format(status="usable", text=WORDS).encode(), "a.xml"))
    assert article.text == f"{WORDS}\n\nNext year\n\nA new one is planned."
    assert (article.key, article.title, article.author) == ("ntb:quay-1", "Norvik closes its quay", "Siri Holm")
    assert (article.publisher, article.published) == ("Norvik News Agency", date(2024, 3, 5))
    assert article.rights == "© 2024 Norvik News Agency" and article.embargo == datetime(2024, 3, 5, 10, tzinfo=UTC)


def test_ninjs_is_read() -> None:
    article = read(Original(json.dumps(NINJS).encode(), "a.json"))
    assert article.text == f"{WORDS}\n\nIt cost 10⁶ crowns."
    assert (article.key, article.url, article.author) == (NINJS["uri"], NINJS["uri"], "Siri Holm")
    assert article.rights == "Not for archives." and article.embargo == datetime(2024, 3, 5, 9, tzinfo=UTC)
    second = {"uri": "urn:nna:4", "headlines": [{"role": "main", "value": "Quay"}], "bodies": [
        {"contentType": "text/html", "value": f"<p>{WORDS}</p>"}]}  # fmt: skip
    assert read(Original(json.dumps(second).encode(), "b.json")).text == WORDS


@pytest.mark.parametrize("status", ["canceled", "withheld", "kill"])
def test_a_story_is_withdrawn(status: str) -> None:
    with pytest.raises(WithdrawnError):
        read(Original(NITF.format(status=status, text=WORDS).encode(), "a.xml"))
    with pytest.raises(WithdrawnError):
        read(Original(json.dumps({**NINJS, "pubstatus": status}).encode(), "a.json"))


def test_an_embargo_that_cannot_be_read_is_not_overlooked() -> None:
    with pytest.raises(FormatError, match="embargo until 'after the match'"):
        read(Original(json.dumps({**NINJS, "embargoed": "after the match"}).encode(), "a.json"))


@pytest.mark.parametrize(
    ("data", "name"), [(b"<a>Rome</a>", "a.xml"), (b"<nitf>", "a.xml"), (b"{}", "a.json"), (b"[", "a.json")]
)
def test_what_is_no_story_is_reported(data: bytes, name: str) -> None:
    with pytest.raises(FormatError, match=name):
        read(Original(data, name))


def test_a_new_version_replaces_and_a_kill_removes(fake: Services, tmp_path: Path) -> None:
    def send(status: str, *texts: str) -> list[str]:
        items = [ITEM.format(number=number, version=1, status=status, text=text) for number, text in enumerate(texts)]
        file = tmp_path / "message.xml"
        file.write_text(G2.format(items="".join(items)), encoding="utf-8")
        return [each.stored.status if each.stored else each.reason for each in add_all(fake.ingester, sources_of(file))]

    assert send("usable", WORDS, "A gull ate the sandwich of the mayor on the new quay.") == ["added", "added"]
    article = fake.store.article(1)
    assert (article.key, article.rights) == ("urn:newsml:nna:0", "© 2024 NNA Not for archives.")
    assert send("usable", WORDS.replace("May", "June"), "A gull ate two sandwiches there.") == ["replaced", "replaced"]
    assert "June" in fake.store.article(1).text and fake.store.counts().articles == 2
    assert send("canceled", "The story is withdrawn.", "So is this.") == ["removed", "removed"]
    assert fake.store.counts().articles == 0
    assert send("canceled", "The story is withdrawn.") == ["unchanged"]


def test_a_kill_that_is_sent_removes_the_story(fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))

    def send(status: str, name: str) -> dict[str, Any]:
        whole = {"a.xml": NITF.format(status=status, text=WORDS), "a.json": json.dumps({**NINJS, "pubstatus": status})}
        reply = client.post("/v1/articles", files={"file": (name, whole[name].encode())})
        assert reply.status_code in (200, 201), reply.text
        return dict(reply.json())

    for name in ("a.xml", "a.json"):
        stored = send("usable", name)
        killed = send("withheld", name)
        assert (killed["id"], killed["status"], fake.store.counts().articles) == (stored["id"], "removed", 0)
        again = send("withheld", name)
        assert (again["id"], again["status"]) == (0, "unchanged") and "nothing to remove" in again["warnings"][0]


def test_a_feed_is_its_entries(tmp_path: Path) -> None:
    file = tmp_path / "feed.rss"
    file.write_text(RSS, encoding="utf-8")
    whole, summary = (read(each.load()) for each in sources_of(file))
    assert whole.text == f"{WORDS}\n\nThe mayor said that she was glad of it."
    assert (whole.url, whole.author, whole.publisher) == ("https://post.example/quay", "Siri Holm", "Norvik Post")
    assert (whole.published, whole.verdict.kind) == (date(2024, 3, 5), "complete")
    assert summary.text == "A gull in Norvik ate a sandwich." and summary.verdict.kind == "partial"


def test_names_of_json_lines_can_be_given(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"words": WORDS, "when": "2024-03-05", "text": "not this"}), encoding="utf-8")
    (source,) = sources_of(file, {"text": "words", "published": "when"})
    article = read(source.load())
    assert (article.text, article.published) == (WORDS, date(2024, 3, 5))


def test_the_address_of_a_feed_adds_its_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = f"<html><head><title>Gull</title></head><body><article><p>{GULL}</p></article></body></html>"
            here = RSS.replace("https://post.example/gull", f"http://{self.headers['Host']}/gull")
            found = {"/feed": ("application/rss+xml", here), "/gull": ("text/html", page)}.get(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", found[0] if found else "text/plain")
            self.end_headers()
            self.wfile.write(found[1].encode() if found else b"")

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setattr(politeness, "PAUSE_SECONDS", 0.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        whole, linked = (read(each.load()) for each in fetched_all(f"{base}/feed"))
        assert whole.text.startswith(WORDS) and whole.url == "https://post.example/quay"
        assert (linked.text, linked.url) == (GULL, f"{base}/gull")
        (page,) = fetched_all(f"{base}/gull")
        assert read(page.load()).text == GULL
        (gone,) = fetched_all(f"{base}/gone")
        with pytest.raises(FormatError, match="404"):
            gone.load()
    finally:
        server.shutdown()
        server.server_close()


def _version(number: int, hour: int, *, status: str = "usable", text: str = WORDS) -> bytes:
    when = f"2024-03-05T{hour:02}:00:00Z"
    story = NINJS | {"version": str(number), "versioncreated": when, "pubstatus": status, "embargoed": ""}
    return json.dumps(story | {"body_xhtml": f"<p>{text}</p><p>This is version {number}.</p>"}).encode()


def test_an_older_version_that_comes_late_replaces_nothing(fake: Services, tmp_path: Path) -> None:
    def add(data: bytes) -> tuple[str, tuple[str, ...]]:
        (tmp_path / "story.json").write_bytes(data)
        sources = sources_of(tmp_path / "story.json")
        (outcome,) = add_all(fake.ingester, sources)
        assert outcome.stored
        return outcome.stored.status, outcome.notes

    assert add(_version(2, 10))[0] == "added"
    status, told = add(_version(1, 9, text=GULL))
    assert status == "unchanged" and "version 1" in told[0] and "version 2" in told[0]
    assert add(_version(3, 11, text=GULL))[0] == "replaced"
    assert add(_version(3, 10))[0] == "unchanged"  # the same number, sent before
    assert add(_version(3, 11, status="canceled"))[0] == "removed"
    status, told = add(_version(3, 11, text=GULL))
    assert status == "unchanged" and "withdrawn" in told[0]
    assert fake.store.counts().articles == 0
    assert add(_version(4, 12))[0] == "added"


def test_an_older_version_that_is_sent_is_left_out_and_told(fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))

    def send(data: bytes) -> dict[str, Any]:
        given = client.post("/v1/articles", files={"file": ("story.json", data)})
        assert given.status_code in (200, 201), given.text
        return dict(given.json())

    first = send(_version(2, 10))
    late = send(_version(1, 9, text=GULL))
    assert (late["id"], late["version"], late["status"]) == (first["id"], 1, "unchanged")
    assert "version 1" in late["warnings"][-1]
    assert WORDS in client.get(f"/v1/articles/{first['id']}").json()["text"]
