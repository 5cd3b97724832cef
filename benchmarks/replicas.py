"""Replicas: several processes on one PostgreSQL database against one, and against the store on one machine.

``python -m benchmarks.replicas --data DATA [--limit N] [--json]``

N articles of the news archive (by default 60) and the seed article are added by one ``pullquote add``, then by two at
once to a database of their own. The questions of the seed article and, of the quiz, those that one of these articles
answers are asked on one machine and on PostgreSQL: ``same_quotes`` is the share of those answered on one machine that
PostgreSQL answers with the same quotes. Then four clients ask one replica, and two behind a proxy that gives each
connection to the next. All of this shares one machine's cores, so it shows what is lost, not what is won.
"""

import json
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from benchmarks.common import Figures, Rows, read_rows, run
from benchmarks.postgres_server import PostgresServer
from benchmarks.serving import ask, command, environment, serving
from service.assembly import SEEDS

_ARTICLES = 60
_CLIENTS = 4
_ASKED = 40


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the figures of adding, asking, and asking more replicas."""
    quiz = [row for row in read_rows(data / "news" / "questions.jsonl") if row["answer_in"]]
    chosen, questions = _answered(data, quiz, limit or _ARTICLES)
    asked = [*(row["question"] for row in read_rows(data / "seed_questions.jsonl")), *questions]
    with (
        tempfile.TemporaryDirectory() as scratch,
        PostgresServer.running() as server,
        server.database() as one,
        server.database() as two,
    ):
        folder = Path(scratch, "articles")
        _write(folder, chosen)
        local = Path(scratch, "store")
        figures: Figures = {"articles": len(chosen) + 1}
        figures["add_local_s"], _ = _added(local, folder, processes=1)
        figures["add_s"], figures["passages"] = _added(one, folder, processes=1)
        figures["add_by_two_s"], embedded = _added(two, folder, processes=2)
        figures["add_by_two_speedup"] = float(figures["add_s"]) / float(figures["add_by_two_s"])
        figures["embedded_twice"] = embedded - figures["passages"]
        with serving(local) as here, serving(one) as there:
            figures |= _alike(asked, here, there)
            figures["ask_one_s"] = _asked_at(str(there.base_url), asked[:_ASKED])
            with serving(one) as another, _proxy([there, another]) as address:
                figures["ask_two_s"] = _asked_at(address, asked[:_ASKED])
        figures["ask_by_two_speedup"] = float(figures["ask_one_s"]) / float(figures["ask_two_s"])
    return figures


def _answered(data: Path, quiz: Rows, limit: int) -> tuple[Rows, list[str]]:
    """Return that many articles, all of which answer a question of the quiz, and these questions."""
    urls: dict[str, None] = {}
    for row in quiz:
        urls |= dict.fromkeys(row["answer_in"][:1])
    wanted = set(list(urls)[:limit])
    articles = [row for row in read_rows(data / "news" / "articles.jsonl.gz") if row["url"] in wanted]
    return articles, [row["question"] for row in quiz if set(row["answer_in"]) & wanted]


def _write(folder: Path, articles: Rows) -> None:
    folder.mkdir()
    for number, row in enumerate(articles):
        (folder / f"{number:05}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    for seed in SEEDS.glob("*.txt"):
        shutil.copy(seed, folder)


def _added(store: Path | str, folder: Path, *, processes: int) -> tuple[float, int]:
    """Return the seconds that so many processes take to add a folder together, and the passages they embedded."""
    began = time.perf_counter()
    adding = [
        subprocess.Popen(command("add", str(folder), "--json"), env=environment(store), stdout=subprocess.PIPE)
        for _ in range(processes)
    ]
    said = [json.loads(each.communicate()[0]) for each in adding]
    return time.perf_counter() - began, sum(each["passages"] for each in said)


def _alike(questions: Sequence[str], here: httpx.Client, there: httpx.Client) -> Figures:
    answered = same = differently = 0
    for question in questions:
        one, other = (_quotes(each, question) for each in (here, there))
        answered += bool(one)
        same += bool(one) and one == other
        differently += bool(one) != bool(other)
        if one != other:
            print(f"differs: {question}\n  {one}\n  {other}")
    return {
        "questions": len(questions),
        "answered": answered,
        "same_quotes": same / answered,
        "answered_by_one_only": differently,
    }


def _quotes(client: httpx.Client, question: str) -> list[tuple[str, str]]:
    """Return the text and the article's hash of each quote of the answer; none where it is refused."""
    answer = client.post("/v1/ask", json={"question": question}).raise_for_status().json()
    quotes = answer["quotes"] if answer["answered"] else []
    return [(each["text"], each["citation"]["sha256"]) for each in quotes]


def _asked_at(address: str, questions: Sequence[str]) -> float:
    """Return the seconds in which four clients ask all of the questions."""
    own = threading.local()

    def one(question: str) -> float:
        if not hasattr(own, "client"):
            own.client = opened.enter_context(httpx.Client(base_url=address, timeout=300))
        return ask(own.client, question)

    with ExitStack() as opened, ThreadPoolExecutor(_CLIENTS) as clients:
        began = time.perf_counter()
        list(clients.map(one, questions))
        return time.perf_counter() - began


@contextmanager
def _proxy(replicas: Sequence[httpx.Client]) -> Iterator[str]:
    """Yield the address of a proxy that gives each connection to the next replica."""
    turn = iter(range(10**9))

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            replica = replicas[next(turn) % len(replicas)].base_url
            with socket.create_connection((replica.host, replica.port or 80)) as onwards:
                back = threading.Thread(target=_pump, args=(onwards, self.request))
                back.start()
                _pump(self.request, onwards)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    while data := source.recv(65_536):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    run(__doc__, measure)
