"""Too much work at once is refused at once, in turn, and what nobody waits for is stopped."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from index import stopping
from index.embedding import Vectors
from index.errors import StoppedError
from index.stopping import Stop, stopped_by
from service.answering.reading.simple_reader import SimpleReader
from service.assembly import Services, assemble
from service.http.admission import Admission, BusyError
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import serving
from tests.doubles import WordEmbedder


def admit(
    admission: Admission, caller: str, order: list[str], *, left: asyncio.Event | None = None
) -> "asyncio.Task[None]":
    async def work() -> None:
        async with admission.admitted(caller, Stop(5), left or asyncio.Event()):
            order.append(caller)
            await asyncio.sleep(0)

    return asyncio.ensure_future(work())


def test_callers_take_turns_and_the_last_is_refused() -> None:
    async def asked() -> list[str]:
        admission, order = Admission(at_once=1, queue=4), list[str]()
        tasks = [admit(admission, caller, order) for caller in ("a", "a", "a", "a", "b")]
        late = admit(admission, "c", order)
        with pytest.raises(BusyError) as busy:
            await late
        assert busy.value.retry_after >= 1 and "4 requests are waiting" in str(busy.value)
        await asyncio.gather(*tasks)
        await admit(admission, "c", order)
        return order

    assert asyncio.run(asked()) == ["a", "a", "b", "a", "a", "c"]


def test_who_leaves_the_queue_takes_no_turn() -> None:
    async def asked() -> list[str]:
        admission, order, left = Admission(at_once=1, queue=4), list[str](), asyncio.Event()
        first, gone, last = (
            admit(admission, "a", order),
            admit(admission, "b", order, left=left),
            admit(admission, "c", order),
        )
        left.set()
        await asyncio.gather(first, last)
        with pytest.raises(StoppedError):
            await gone
        await admit(admission, "d", order)
        return order

    assert asyncio.run(asked()) == ["a", "c", "d"]


def test_work_stops_when_its_time_is_over_or_nobody_waits() -> None:
    stopping.check()
    with stopped_by(Stop(-1)), pytest.raises(StoppedError, match="the limit seconds"):
        stopping.check()
    stop = Stop(60)
    with stopped_by(stop):
        stopping.check()
        stop.leave()
        with pytest.raises(StoppedError):
            stopping.check()


class HeldEmbedder(WordEmbedder):
    """An embedder that waits for ``go`` before it embeds a question, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.asked = 0

    def encode_query(self, text: str) -> Vectors:
        self.asked += 1
        while not self.go.wait(0.01):
            stopping.check()
        return super().encode_query(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return WordEmbedder().encode_passages(texts)


@pytest.fixture
def held(folder: Path) -> Iterator[tuple[Services, HeldEmbedder]]:
    embedder = HeldEmbedder()
    settings = Settings(store=f"file:{folder}", attribution_model="rules", stance_model="none")
    services = assemble(settings, embedder=embedder, reader=SimpleReader(embedder))
    yield services, embedder
    services.close()


def ask(url: str, timeout: float = 20) -> httpx.Response:
    return httpx.post(f"{url}/v1/ask", json={"question": "Who left?"}, timeout=timeout)


def test_health_readiness_and_the_page_wait_for_no_question_and_the_rest_is_refused(
    held: tuple[Services, HeldEmbedder],
) -> None:
    services, embedder = held
    services.ingester.embed([])
    found: list[httpx.Response] = []
    with serving(create_app(Settings(limits="queue=2"), services)) as server:
        threads = [threading.Thread(target=lambda: found.append(ask(server.url))) for _ in range(60)]
        for each in threads:
            each.start()
        until(lambda: len(found) >= 60 - 2 - (os.cpu_count() or 1))
        assert {each.status_code for each in found} == {503}
        assert all(int(each.headers["retry-after"]) >= 1 for each in found)
        for path in ("/healthz", "/readyz", "/", "/v1/articles"):
            assert httpx.get(server.url + path, timeout=5).status_code == 200, path
        embedder.go.set()
        for each in threads:
            each.join()
        assert sorted({each.status_code for each in found}) == [200, 503]


def test_a_client_that_leaves_stops_its_work(held: tuple[Services, HeldEmbedder]) -> None:
    services, embedder = held
    with serving(create_app(Settings(limits="queue=2"), services)) as server:
        for _ in range(20):
            with pytest.raises(httpx.TimeoutException):
                ask(server.url, timeout=0.2)
        embedder.go.set()
        assert ask(server.url).status_code == 200


def test_a_request_has_a_deadline(held: tuple[Services, HeldEmbedder]) -> None:
    with serving(create_app(Settings(limits="seconds=1"), held[0])) as server:
        late = ask(server.url)
    assert late.status_code == 503 and "more than 1 seconds" in late.json()["detail"]


def test_a_body_that_is_never_whole_is_refused(held: tuple[Services, HeldEmbedder]) -> None:
    with serving(create_app(Settings(limits="seconds=1"), held[0])) as server:
        with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), timeout=20) as connection:
            head = "POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
            connection.sendall(head.encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_a_body_without_a_key_is_not_read(held: tuple[Services, HeldEmbedder]) -> None:
    with serving(create_app(Settings(api_keys=("a",)), held[0])) as server:
        with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), timeout=20) as connection:
            head = "POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
            connection.sendall(head.encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 401")


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert true()


def test_who_would_get_no_turn_is_refused_before_the_body_is_read(
    fake: Services, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(), fake)
    names = ("ask", "chat/completions", "responses", "completions", "verify", "export", "articles")
    waiting = [("GET", "/v1/search"), ("POST", "/mcp"), *(("POST", f"/v1/{name}") for name in names)]
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert 503 not in {client.request(*each, content=b"{").status_code for each in waiting}
        for queue in (app.state.asking, app.state.adding):
            queue._free, queue._most = 0, 0
        for method, path in waiting:
            refused = client.request(method, path, content=b"{")
            assert refused.status_code == 503 and refused.headers["retry-after"] == "1", path
            assert "Too much is asked at once: 0 requests are waiting." in refused.json()["detail"]
        assert "POST /v1/articles article=None status=503" in caplog.text, "that nothing was added is on record"
        counted = client.get("/metrics").text
        assert 'pullquote_http_requests_total{method="POST",route="/v1/ask",status="503"} 1.0' in counted
        assert client.get("/v1/articles").status_code == 200
