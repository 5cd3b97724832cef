"""Fetching addresses: from a real server on this machine, within limits, and never a private one for somebody else."""

import gzip
import hashlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from index.errors import FormatError
from index.formats.reading import read
from service import fetching
from service.assembly import Services
from service.fetching import fetch, fetched
from service.http.app import create_app
from service.settings import Settings
from tests import factories
from tests.conftest import serving

PAGE = (
    "<html><head><title>Bridges of Rome</title><meta name=author content='Ann Lee'></head><body><article>"
    "<p>Rome has 14 bridges, the mayor said on Monday.</p></article></body></html>"
)
REPLIES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()),
    "/old": (200, {"Content-Type": "text/html; charset=windows-1252"}, PAGE.replace("Rome", "Köln").encode("cp1252")),
    "/a.pdf": (200, {"Content-Type": "application/pdf"}, factories.pdf([["Rome has 14 bridges."]])),
    "/raw/notes.md": (200, {"Content-Type": "text/plain"}, b"# Bridges\n\nRome has *14*."),
    "/file.txt": (200, {"Content-Type": "application/octet-stream"}, b"Rome has 14 bridges."),
    "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/moved": (302, {"Location": "/page"}, b""),
    "/round": (302, {"Location": "/round"}, b""),
    "/aside": (302, {"Location": "file:///etc/passwd"}, b""),
    "/gone": (410, {}, b""),
    "/wordy": (200, {"Content-Type": "text/plain"}, b"x" * 2_000),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = REPLIES.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("/page", "Rome has 14 bridges, the mayor said on Monday.", "Bridges of Rome"),
        ("/old", "Köln has 14 bridges, the mayor said on Monday.", "Bridges of Köln"),
        ("/a.pdf", "Rome has 14 bridges.", "Rome has 14 bridges."),
        ("/raw/notes.md", "Bridges\n\nRome has 14.", "Bridges"),
        ("/file.txt", "Rome has 14 bridges.", "Rome has 14 bridges."),
    ],
)
def test_an_address_is_read_as_what_it_is(site: str, path: str, text: str, title: str) -> None:
    source = fetched(site + path)
    article = read(source.load())
    assert (article.text, article.title) == (text, title)
    assert (article.key, article.url, article.origin) == (site + path, site + path, site + path)


def test_a_redirect_is_followed_and_its_end_is_the_key(site: str) -> None:
    source = fetched(f"{site}/moved")
    article = read(source.load())
    assert (article.key, article.url, article.origin) == (f"{site}/page", f"{site}/page", f"{site}/moved")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/picture", "is image/png"),
        ("/round", "redirects more than 5 times"),
        ("/aside", "file:/+etc/passwd cannot be fetched"),
        ("/gone", "answers 410"),
        ("/none", "answers 404"),
    ],
)
def test_what_cannot_be_fetched_is_reported(site: str, path: str, error: str) -> None:
    source = fetched(site + path)
    with pytest.raises(FormatError, match=error):
        read(source.load())


def test_no_more_is_taken_than_the_limit(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 1_000)
    with pytest.raises(FormatError, match="has more than"):
        fetch(f"{site}/wordy")


def test_no_longer_is_waited_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server sends a header now and then, so that no single wait is long."""
    monkeypatch.setattr(fetching, "_SECONDS", 0.6)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as dripping:

        def drip() -> None:
            connection, _ = dripping.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.1):
                    connection.sendall(b"X: y\r\n")

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(FormatError, match="takes more than 0.6 seconds"):
            fetch(f"http://127.0.0.1:{dripping.getsockname()[1]}/")
        stop.set()
        thread.join()


@pytest.mark.parametrize("packing", ["gzip, gzip", "br"])
def test_a_page_that_is_packed_twice_or_otherwise_is_reported(site: str, packing: str) -> None:
    REPLIES["/packed"] = (200, {"Content-Type": "text/plain", "Content-Encoding": packing}, b"x")
    with pytest.raises(FormatError, match="is packed by"):
        fetch(f"{site}/packed")


def test_a_packed_page_is_unpacked_no_further_than_the_limit(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
    REPLIES["/packed"] = (200, headers, gzip.compress(b"Rome has 14 bridges."))
    assert fetch(f"{site}/packed").data == b"Rome has 14 bridges."
    monkeypatch.setattr(fetching, "LARGEST", 2_000_000)
    REPLIES["/packed"] = (200, headers, gzip.compress(b"0" * 20_000_000))
    with pytest.raises(FormatError, match="has more than"):
        fetch(f"{site}/packed")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/latest",
        "http://192.168.1.1/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1]/", "http://224.0.0.1/",
        "http://192.0.0.192/", "http://168.63.129.16/", "http://192.88.99.1/",
        "http://[fec0::1]/", "http://[::127.0.0.1]/", "http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b:1::7f00:1]/",
        "http://[2001:db8::1]/", "http://[3fff::1]/", "http://93.184.216.34:22/", "ftp://x.org/", "http://user:secret@93.184.216.34/",
    ],
)  # fmt: skip
def test_nothing_private_is_fetched_for_somebody_else(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object, **__: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FormatError):
        fetch(address, public_only=True)


def test_a_redirect_to_a_private_address_is_not_followed(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address passes for public here, what it redirects to is judged anew."""
    judged: list[str] = []

    def public(host: str) -> str:
        judged.append(host)
        if len(judged) > 1:
            raise FormatError(f"{host} is private.")
        return "127.0.0.1"

    monkeypatch.setattr(fetching, "public_address", public)
    monkeypatch.setattr(fetching, "_PORTS", (int(site.rpartition(":")[2]),))
    with pytest.raises(FormatError, match="is private"):
        fetch(f"{site.replace('127.0.0.1', 'bridges.test')}/moved", public_only=True)
    assert judged == ["bridges.test", "bridges.test"]


def test_the_address_that_was_judged_is_the_one_that_is_asked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "public_address", lambda host: "127.0.0.1")
    monkeypatch.setattr(fetching, "_PORTS", (int(site.rpartition(":")[2]),))
    page = fetch(f"{site.replace('127.0.0.1', 'no-such-host.test')}/page", public_only=True)
    assert page.data == PAGE.encode()


@pytest.mark.parametrize("allowed", [False, True])
def test_the_service_fetches_only_where_it_is_reported_to(fake: Services, site: str, allowed: bool) -> None:
    with serving(create_app(Settings(fetch_urls=allowed), fake)) as server:
        response = httpx.post(f"{server.url}/v1/articles", json={"url": f"{site}/page"})
        assert fake.store.counts().articles == 0
    assert response.status_code == 422
    assert ("Only those of HTTP" if allowed else "PULLQUOTE_FETCH_URLS=true") in response.json()["detail"]


def test_an_address_that_is_fetched_becomes_an_article(
    fake: Services, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "public_address", lambda host: "127.0.0.1")
    monkeypatch.setattr(fetching, "_PORTS", (int(site.rpartition(":")[2]),))
    with serving(create_app(Settings(fetch_urls=True), fake)) as server:
        sent = {"url": f"{site}/page", "publisher": "The Post"}
        added = httpx.post(f"{server.url}/v1/articles", json=sent).json()
        article = httpx.get(f"{server.url}/v1/articles/{added['id']}").json()
    assert article["text"] == "Rome has 14 bridges, the mayor said on Monday."
    assert (article["title"], article["publisher"], article["url"]) == ("Bridges of Rome", "The Post", sent["url"])
    assert article["original_sha256"] == hashlib.sha256(PAGE.encode()).hexdigest()
