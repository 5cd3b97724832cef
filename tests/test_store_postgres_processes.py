"""Several processes on one PostgreSQL server, some of which are killed, and the server as well.

``benchmarks.kills`` kills at random moments, many times.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from benchmarks.postgres_server import PostgresServer
from index.ingest import Ingester
from index.store.postgres.store import PostgresStore
from index.types import Filters
from service.answering.reading.simple_reader import SimpleReader
from service.assembly import assemble
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import serving
from tests.doubles import WordEmbedder, make_article

ROOT = Path(__file__).parents[1]
# Adds every file of a folder; prints each outcome once it is committed, and how many passages were embedded.
_ADDER = """
import sys, time
from pathlib import Path
from index.formats.sources import find, sources_of
from index.ingest import Ingester
from index.pipeline import add_all
from index.store.factory import open_store
from index import pipeline
from tests.doubles import WordEmbedder

class Slow(WordEmbedder):
    embedded = 0
    def encode_passages(self, texts):
        self.embedded += len(texts)
        time.sleep(0.01 * len(texts))
        return super().encode_passages(texts)

address, folder = sys.argv[1:]
pipeline._PASSAGES = 8
embedder = Slow()
store = open_store(address)
ingester = Ingester(store, embedder)
print("ready", flush=True)
sys.stdin.readline()
files = find(folder).files
for outcome in add_all(ingester, (source for file in files for source in sources_of(file))):
    print(outcome.stored.status, outcome.stored.id, Path(outcome.source.name).stem, flush=True)
print("embedded", embedder.embedded, flush=True)
store.close()
"""


class Adder:
    """A process that adds a folder, once it is told to begin."""

    def __init__(self, address: str, folder: Path) -> None:
        command = [sys.executable, "-c", _ADDER, address, str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.said: list[list[str]] = []

    def begin(self) -> None:
        assert self.process.stdin and self.process.stdout
        assert self.process.stdout.readline() == "ready\n"
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.split())

    def wait_for(self, outcomes: int) -> None:
        deadline = time.monotonic() + 60
        while len(self.said) < outcomes and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.said) >= outcomes

    def end(self) -> None:
        self.process.wait(120)
        self._listening.join()
        self.process.communicate()

    @property
    def outcomes(self) -> list[list[str]]:
        return [each for each in self.said if each[0] != "embedded"]

    @property
    def embedded(self) -> int:
        return next(int(each[1]) for each in self.said if each[0] == "embedded")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder of articles, two of which have the same text."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(60):
        sentences = [f"Sentence {at} of article{number % 58} says something." for at in range(15)]
        (folder / f"{number:03}.txt").write_text(" ".join(sentences))
    return folder


@contextmanager
def opened(address: str) -> Iterator[PostgresStore]:
    store = PostgresStore(address)
    yield store
    store.close()


def is_whole(store: PostgresStore, said: list[list[str]], folder: Path) -> None:
    """Every article that was said to be there is there whole, is found, and the tables agree."""
    for status, article_id, name in said:
        article = store.article(int(article_id))
        assert article.text == (folder / f"{name}.txt").read_text(), status
        passages = store.passages(article.id)
        assert "".join(article.text[each.start : each.end] for each in passages) == article.text
        word = f"article{int(name) % 58}"
        found = store.search(WordEmbedder().encode_query(word), [word], k=9, filters=Filters())
        assert {passage for passage, _ in found.lexical} == {each.id for each in passages}
    assert store.check() == []


def test_two_adders_of_one_folder_do_no_work_twice(postgres: str, texts: Path) -> None:
    adders = [Adder(postgres, texts) for _ in range(2)]
    for each in adders:
        each.begin()
    for each in adders:
        each.end()
    with opened(postgres) as store:
        counts = store.counts()
        assert counts.articles == 58
        assert sum(each.embedded for each in adders) == counts.passages
        assert all(each.embedded for each in adders)
        for each in adders:
            assert len(each.outcomes) == 60
            is_whole(store, each.outcomes, texts)
        statuses = [status for each in adders for status, *_ in each.outcomes]
        assert (statuses.count("added"), statuses.count("unchanged")) == (58, 62)


def test_what_a_killed_adder_had_begun_another_finishes(postgres: str, texts: Path) -> None:
    killed, other = Adder(postgres, texts), Adder(postgres, texts)
    for each in (killed, other):
        each.begin()
    killed.wait_for(8)
    killed.process.kill()
    for each in (killed, other):
        each.end()
    assert 8 <= len(killed.outcomes) < 60 and len(other.outcomes) == 60
    with opened(postgres) as store:
        assert store.counts().articles == 58
        is_whole(store, killed.outcomes, texts)
        is_whole(store, other.outcomes, texts)


def test_a_killed_server_loses_nothing_and_everyone_goes_on(
    postgres: str, postgres_server: PostgresServer, texts: Path
) -> None:
    """The adder, and a service that is asked meanwhile, outlive the server without being started again."""
    services = assemble(
        Settings(store=postgres, attribution_model="rules", stance_model="none"),
        embedder=WordEmbedder(),
        reader=SimpleReader(WordEmbedder()),
    )
    Ingester(services.store, WordEmbedder()).add(make_article("The bridge over the Tiber is 40 metres long.", key="b"))
    adder = Adder(postgres, texts)
    with serving(create_app(Settings(), services)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        question = {"question": "How long is the bridge over the Tiber?"}
        assert client.post("/v1/ask", json=question).json()["answered"]
        adder.begin()
        adder.wait_for(8)
        postgres_server.kill()
        began = time.monotonic()
        away = client.post("/v1/ask", json=question)
        assert away.status_code == 503
        assert "The store in test" in away.json()["detail"] and "cannot be used" in away.json()["detail"]
        assert time.monotonic() - began < 15
        assert client.get("/healthz").status_code == 200
        said = len(adder.said)
        postgres_server.start()
        assert client.post("/v1/ask", json=question).json()["answered"]
        assert client.get("/readyz").status_code == 200
    adder.end()
    services.close()
    # It was away for longer than the adder insists; what it had said before is there, and the next one goes on.
    assert 8 <= said <= len(adder.outcomes) <= 60
    again = Adder(postgres, texts)
    again.begin()
    again.end()
    with opened(postgres) as store:
        is_whole(store, adder.outcomes, texts)
        is_whole(store, again.outcomes, texts)
        assert store.counts().articles == 59


def test_an_adder_goes_on_by_itself_after_a_restart(
    postgres: str, postgres_server: PostgresServer, texts: Path
) -> None:
    adder = Adder(postgres, texts)
    adder.begin()
    adder.wait_for(8)
    postgres_server.kill()
    postgres_server.start()
    adder.end()
    assert adder.process.returncode == 0
    assert len(adder.outcomes) == 60
    with opened(postgres) as store:
        is_whole(store, adder.outcomes, texts)
        assert store.counts().articles == 58
