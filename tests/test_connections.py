"""Clients that do not send all of a request, or do not read its response, over raw sockets to a real server."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import httpx
import pytest

from service.assembly import Services
from service.http import connections, deadlines
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import Server, make_article, serving

PATIENCE = 0.5
PATHS = ["/v1/ask", "/v1/articles", "/v1/verify", "/v1/answers", "/v1/chat/completions", "/mcp"]
JSON = b"Content-Type: application/json\r\n"
FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"
HALF_A_FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nRain'


def half(path: str, kind: bytes = JSON, body: bytes = b'{"question": "Who', method: bytes = b"POST") -> bytes:
    head = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n"
    return head % (method, path.encode()) + b"Content-Length: 500\r\n" + kind + b"\r\n" + body


HALVES = [
    half(path, kind, body) for path in PATHS for kind, body in ((JSON, b'{"question": "Who'), (FORM, HALF_A_FORM))
]


@pytest.fixture
def impatient(fake: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that waits for half a second."""
    monkeypatch.setattr(connections, "PATIENCE_SECONDS", PATIENCE)
    monkeypatch.setattr(connections, "_READING_SECONDS", PATIENCE)
    monkeypatch.setattr(deadlines.Deadlines.__init__, "__kwdefaults__", {"patience": PATIENCE})
    with serving(create_app(Settings(), fake)) as server:
        yield server


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    with closing(socket.create_connection((host, port), timeout=10)) as client:
        yield client


def received(client: socket.socket) -> bytes:
    """Return all that comes until the server closes the connection; an error if it does not within 10 s."""
    found = b""
    while part := client.recv(65_536):
        found += part
    return found


def test_a_body_of_which_nothing_more_comes_is_refused_and_dropped(
    impatient: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as opened:
        clients = [opened.enter_context(connected(impatient)) for _ in HALVES]
        for client, sent in zip(clients, HALVES, strict=True):
            client.sendall(sent)
        for client in clients:
            found = received(client)
            assert found.startswith(b"HTTP/1.1 408 ") and b"Nothing more of the request came for 0.5 seconds." in found
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("sent", [b"", b"GET /heal", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: "])
def test_a_head_that_does_not_end_is_dropped(impatient: Server, sent: bytes) -> None:
    began = time.monotonic()
    with connected(impatient) as client:
        client.sendall(sent)
        assert received(client) == b""
    assert time.monotonic() - began < 5


def test_a_byte_now_and_then_does_not_hold_a_connection(impatient: Server) -> None:
    """Neither in a head nor behind a response whose request had more to say."""
    for begin in (b"GET /healthz HTTP/1.1\r\nX: ", half("/healthz", method=b"GET")):
        with connected(impatient) as client:
            client.sendall(begin)
            began = time.monotonic()
            with pytest.raises(OSError):
                while time.monotonic() - began < 8:
                    client.sendall(b"x")
                    time.sleep(0.05)


def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_error(
    fake: Services, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(create_app(Settings(), fake)) as server:
        for sent in HALVES:
            with connected(server) as client:
                client.sendall(sent)
                time.sleep(0.1)
        deadline = time.monotonic() + 5
        while server.server_state.tasks and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not server.server_state.tasks
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_client_that_does_not_read_is_dropped(impatient: Server, fake: Services) -> None:
    article = fake.ingester.add(make_article("Rain fell on Rome. " * 200_000))
    with connected(impatient) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.sendall(b"GET /v1/articles/%d HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % article.id)
        deadline = time.monotonic() + 10
        while impatient.server_state.tasks or time.monotonic() < deadline - 9.5:
            assert time.monotonic() < deadline, "its request is still at work"
            time.sleep(0.05)
        time.sleep(1)
        assert not impatient.server_state.connections


def test_a_connection_is_kept_for_the_next_request(impatient: Server) -> None:
    with httpx.Client(base_url=impatient.url) as client:
        for _ in range(3):
            stream = client.get("/healthz").extensions["network_stream"]
            address = stream.get_extra_info("client_addr")
            time.sleep(PATIENCE / 2)
            assert client.get("/healthz").extensions["network_stream"].get_extra_info("client_addr") == address
