"""An OpenAI-compatible server on this machine that behaves, or misbehaves, as a test needs."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Behaviour = Callable[[BaseHTTPRequestHandler, Request], None]


class Server(ThreadingHTTPServer):
    """A server that keeps the requests it gets."""

    daemon_threads = True

    def __init__(self, behave: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behave = behave
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    @property
    def prompts(self) -> list[str]:
        return [request["messages"][-1]["content"] for request in self.requests]


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({**request, "key": self.headers["Authorization"]})
        try:
            self.server.behave(self, request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # whoever asked has not waited for the end

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving_llm(behave: Behaviour) -> Iterator[Server]:
    server = Server(behave)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def chunk(text: str | None, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text is not None else {}, "finish_reason": finish}
    made = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "small", "choices": [choice]}
    return f"data: {json.dumps(made)}\n\n".encode()


def begin(handler: BaseHTTPRequestHandler, *, status: int = 200, kind: str = "text/event-stream") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.end_headers()


def writes(answer: str | Callable[[str], str]) -> Behaviour:
    """Stream an answer in pieces; a function makes the answer from the prompt."""

    def behave(handler: BaseHTTPRequestHandler, request: Request) -> None:
        text = answer if isinstance(answer, str) else answer(request["messages"][-1]["content"])
        begin(handler)
        for at in range(0, len(text), 7):
            handler.wfile.write(chunk(text[at : at + 7]))
        handler.wfile.write(chunk(None, "stop") + b"data: [DONE]\n\n")

    return behave


def fails(
    status: int, *, headers: dict[str, str] | None = None, body: bytes = b'{"error": {"message": "no"}}'
) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, request: Request) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def says(body: bytes, kind: str) -> Behaviour:
    """Answer 200 with these bytes."""

    def behave(handler: BaseHTTPRequestHandler, request: Request) -> None:
        begin(handler, kind=kind)
        handler.wfile.write(body)

    return behave


def waits(seconds: float) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, request: Request) -> None:
        time.sleep(seconds)
        writes("Too late [1].")(handler, request)

    return behave


def drips(seconds: float) -> Behaviour:
    """Send a character now and then, without an end."""

    def behave(handler: BaseHTTPRequestHandler, request: Request) -> None:
        begin(handler)
        for _ in range(1_000):
            handler.wfile.write(chunk("a "))
            time.sleep(seconds)

    return behave


def comments(seconds: float) -> Behaviour:
    """Send nothing but keep-alive comments."""

    def behave(handler: BaseHTTPRequestHandler, request: Request) -> None:
        begin(handler)
        for _ in range(100):
            handler.wfile.write(b": still here\n\n")
            time.sleep(seconds)

    return behave


def drips_an_error(seconds: float) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, request: Request) -> None:
        handler.send_response(401)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        for _ in range(90):
            handler.wfile.write(b" ")
            time.sleep(seconds)

    return behave


def breaks_off(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Announce a length, send less, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(chunk("Half a sentence [1]. And"))
    handler.close_connection = True


def ends_early(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Hang up without marking the end of the stream."""
    begin(handler)
    handler.wfile.write(chunk("Half a sentence [1]. And"))


def hangs_up(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Hang up without an answer."""
    handler.close_connection = True


def one_after_another(*behaviours: Behaviour) -> Behaviour:
    """Behave in each of these ways in turn, and in the last one from then on."""
    left = list(behaviours)

    def behave(handler: BaseHTTPRequestHandler, request: Request) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler, request)

    return behave
