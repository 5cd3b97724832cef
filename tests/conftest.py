import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from index.embedding import SentenceTransformerEmbedder
from index.formats.reading import read_file
from index.store.sqlite.store import SqliteStore
from index.types import Article
from service.answering.reading.factory import DEFAULT_READER, open_reader
from service.answering.reading.reader import Reader
from service.answering.reading.simple_reader import SimpleReader
from service.assembly import SEEDS, Services, add_seeds, assemble
from service.http.app import create_app
from service.settings import Settings
from tests.doubles import WordEmbedder as WordEmbedder
from tests.doubles import hit_of as hit_of
from tests.doubles import make_article as make_article

SEED_FILE = SEEDS / "000_06ba40dd4b54deae.txt"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def words() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(folder, busy_seconds=1)
    yield store
    store.close()


@pytest.fixture
def fake(folder: Path, words: WordEmbedder) -> Iterator[Services]:
    services = assemble(
        Settings(store=f"file:{folder}", attribution_model="rules"), embedder=words, reader=SimpleReader(words)
    )
    yield services
    services.close()


@pytest.fixture(scope="session")
def model() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def reader(model: SentenceTransformerEmbedder) -> Reader:
    return open_reader(DEFAULT_READER, model)


@pytest.fixture(scope="session")
def seed() -> Article:
    return read_file(SEED_FILE)


@pytest.fixture
def seeded(folder: Path, model: SentenceTransformerEmbedder, reader: Reader) -> Iterator[Services]:
    """The real thing: the default models over the seed article."""
    services = assemble(Settings(store=f"file:{folder}"), embedder=model, reader=reader)
    add_seeds(services)
    yield services
    services.close()


class Server(uvicorn.Server):
    """A real server on a free port of its own."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"


@contextmanager
def serving(app: FastAPI) -> Iterator[Server]:
    server = Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join()


@pytest.fixture
def server(seeded: Services) -> Iterator[Server]:
    with serving(create_app(Settings(), seeded)) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client
