"""A real web site on this machine, whose answers a test sets, and which keeps what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]


class Site:
    """Answers by path; a path that it does not know answers 404. ``asked`` are (path, headers in small letters)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def put(
        self, path: str, body: str | bytes = "", kind: str = "text/html", status: int = 200, **headers: str
    ) -> None:
        """Set an answer; of its ``headers``, "_" stands for "-"."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body.replace("SITE", self.url).encode() if isinstance(body, str) else body
        self.answers[path] = (status, {"Content-Type": kind, **named}, data)

    def paths(self) -> list[str]:
        """Return the paths that were asked since the last call, but for robots.txt."""
        paths = [path for path, _ in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return paths


@contextmanager
def site() -> Iterator[Site]:
    """Yield a site; with an ETag, a conditional request for it answers 304."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name.lower(): value for name, value in self.headers.items()}
            here.asked.append((self.path, asked))
            status, headers, body = here.answers.get(self.path, (404, {}, b""))
            if status == 200 and asked.get("if-none-match", "") == headers.get("ETag", "none"):
                status, body = 304, b""
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
