"""Awkward, oversized and malicious requests to a real service: ``python -m benchmarks.attack.hostile [--size N]``.

While each is worked on, ``/healthz`` and a question are asked again and again. None may be answered with a status of
500 or more, except 503 with its reason, and the service must answer afterwards. The longest that a question and
``/healthz`` had to wait is told, with the request that made them wait.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks.common import Figures
from benchmarks.serving import Service
from tests import factories

_REPEATED = (
    "“Rain fell,” said A. ",
    "said (",
    "!?",
    "1. ",
    "Mr.”",
    '"',
    "“",
    "according to A, ",
    "a\n",
    "A (B) said, citing C, who ",
    "The same line stands here.\n",
    "Q: Why?\nA: No.\n",
    "he said she said ",
    "\u0301",
    "\u202e",
)
_TEXT = {"Content-Type": "application/json"}


class _Request(NamedTuple):
    """A request: its name, path and body, as JSON or bytes with a content type, or a file."""

    name: str
    path: str
    body: bytes
    headers: dict[str, str]


def _requests(size: int) -> Iterator[_Request]:
    for piece in _REPEATED:
        text = piece * (size // len(piece.encode()))
        yield _Request(f"text of {piece!r}", "/v1/articles", json.dumps({"text": text}).encode(), _TEXT)
    long = "He said it rained. " * (size // 19)
    for name, path, body in (
        (
            "the same, changed",
            "/v1/articles",
            {"text": f"a\n{'a' + chr(10)}" * (size // 4), "url": "https://a.example/1"},
        ),
        (
            "its new version",
            "/v1/articles",
            {"text": f"b\n{'a' + chr(10)}" * (size // 4), "url": "https://a.example/1"},
        ),
        ("html in depth", "/v1/articles", {"html": "<div>" * (size // 5)}),
        ("html of tables", "/v1/articles", {"html": "<table><tr><td colspan=999999 rowspan=999999>a" * (size // 48)}),
        ("a long question", "/v1/ask", {"question": long}),
        ("a long history", "/v1/ask", {"question": "Why?", "history": [{"role": "user", "content": "a?"}] * 5_000}),
        ("a draft of quotations", "/v1/verify", {"text": "“It rained in the town,” he said. " * (size // 34)}),
        ("a template", "/v1/chat/completions", _chat("<user_query>" * (size // 12))),
        ("a task", "/v1/chat/completions", _chat("### Task:\n" + "\n" * size + '{"title":')),
        ("a schema in depth", "/v1/chat/completions", _chat("Why?") | {"response_format": _deep_schema(200)}),
        ("an inner address", "/v1/articles", {"url": "http://169.254.169.254/latest/meta-data/"}),
        ("a script for an address", "/v1/articles", {"text": "It rained.", "url": "javascript:alert(1)"}),
        ("half a surrogate", "/v1/ask", {"question": "\ud800"}),
        (
            "a number beyond all",
            "/v1/resolve",
            {"citation": {"article_id": 10**30, "sha256": "x", "start": 0, "end": 1}},
        ),
    ):
        yield _Request(name, path, json.dumps(body).encode(), _TEXT)
    yield _Request("JSON in depth", "/v1/ask", b'{"question":' + b"[" * 100_000, _TEXT)
    yield _Request("more than may be sent", "/v1/articles", b'{"text": "' + b"a" * 25_000_000 + b'"}', _TEXT)
    yield from _files(size)


def _files(size: int) -> Iterator[_Request]:
    for name, data in (
        ("bomb.docx", factories.docx(factories.paragraph("a" * 100_000_000))),
        ("circle.pdf", factories.pdf([["It rained."]]).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")),
        ("entities.xml", _entities()),
        ("deep.json", b'{"body_text":' + b"[" * 100_000),
        ("../../etc/passwd.txt", b"It rained in Rome."),
        ("nul.txt", b"It rained\0 in Rome." * 1_000),
        ("marks.txt", "\u0301".encode() * (size // 2)),
    ):
        head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = head + data + b"\r\n--b--\r\n"
        yield _Request(name, "/v1/articles", body, {"Content-Type": "multipart/form-data; boundary=b"})


def _chat(text: str) -> dict[str, object]:
    return {"model": "pullquote", "messages": [{"role": "user", "content": text}]}


def _deep_schema(depth: int) -> dict[str, object]:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    return {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}


def _entities() -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY e0 "ha">{lines}]><nitf><body>&e11;</body></nitf>'.encode()


class _Watch:
    """Ask something again and again; keep the longest that it took."""

    def __init__(self, url: str, path: str, question: str = "") -> None:
        """Begin."""
        self.longest = 0.0
        self.broken: list[str] = []
        self._url, self._path, self._question = url, path, question
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        with httpx.Client(base_url=self._url, timeout=300) as client:
            while not self._stop.wait(0.05):
                began = time.perf_counter()
                asked = {"question": self._question}
                response = client.post(self._path, json=asked) if self._question else client.get(self._path)
                if response.status_code not in (200, 429, 503):
                    self.broken.append(str(response.status_code))
                self.longest = max(self.longest, time.perf_counter() - began)

    def end(self) -> float:
        """Stop, and return the longest seconds."""
        self._stop.set()
        self._thread.join()
        return self.longest


def measure(*, size: int) -> Figures:
    """Return how many requests there were, how many were answered as they must not, and the longest waits."""
    worst = {"ask": (0.0, ""), "healthz": (0.0, ""), "itself": (0.0, "")}
    sent = bad = 0
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder))
        service.start()
        try:
            for each in _requests(size):
                ask = _Watch(service.url, "/v1/ask", "How many men left Russia?")
                alive = _Watch(service.url, "/healthz")
                began = time.perf_counter()
                try:
                    with httpx.Client(base_url=service.url, timeout=300) as client:
                        status = client.post(each.path, content=each.body, headers=each.headers).status_code
                except httpx.TransportError as error:
                    # A body that is refused before it is read may end the connection.
                    status = 413 if len(each.body) > 20_000_000 else 999
                    print(f"{each.name}: {type(error).__name__}")
                took = time.perf_counter() - began
                waited = {"ask": ask.end(), "healthz": alive.end(), "itself": took}
                sent += 1
                wrong = (status >= 500 and status != 503) or bool(ask.broken or alive.broken)
                bad += wrong
                worst = {kind: max(worst[kind], (waited[kind], each.name)) for kind in worst}
                told = ", ".join(f"{kind} {seconds:.2f} s" for kind, seconds in waited.items())
                print(f"{'WRONG ' if wrong else ''}{status} {each.name}: {told}", flush=True)
        finally:
            service.stop()
    for kind, (seconds, name) in worst.items():
        print(f"The longest for {kind}: {seconds:.2f} s, by {name}")
    return {"requests": sent, "bad": bad, **{f"worst_{kind}_s": seconds for kind, (seconds, _) in worst.items()}}


def main() -> None:
    """Send all; exit with 1 if one was answered as it must not be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=5_000_000, help="the bytes of the long ones")
    parser.add_argument("--json", action="store_true", help="print one JSON object of figures as the last line")
    options = parser.parse_args()
    figures = measure(size=options.size)
    if options.json:
        print(json.dumps(figures))
    raise SystemExit(1 if figures["bad"] else 0)


if __name__ == "__main__":
    main()
