import hashlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI

from index.embedding import SentenceTransformerEmbedder, Vectors
from index.formats.reading import read_file
from index.store.sqlite.store import SqliteStore
from index.text.sentences import split_sentences
from index.text.words import stems
from index.types import Article, Attribution, Hit, Passage
from service.answering.reading.factory import DEFAULT_READER, open_reader
from service.answering.reading.reader import Reader
from service.answering.reading.simple_reader import SimpleReader
from service.assembly import SEEDS, Services, add_seeds, assemble
from service.http.app import create_app
from service.settings import Settings

SEED_FILE = SEEDS / "000_06ba40dd4b54deae.txt"


class WordEmbedder:
    """A deterministic stand-in for a model: texts with the same words have near vectors. For unit tests only."""

    dimension = 32

    def __init__(self, name: str = "words") -> None:
        self.name = name

    def encode_query(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in stems(text):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        return vector / np.linalg.norm(vector)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        rows = [self.encode_query(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimension), dtype=np.float32)


def make_article(text: str = "A cat sat. A dog ran.", key: str = "", **known: object) -> Article:
    title = str(known.pop("title", "Pets"))
    return Article(key=key or f"test:{hash(text)}", text=text, title=title, **known)  # type: ignore[arg-type]


def hit_of(article: Article, *attributions: Attribution) -> Hit:
    """Return the whole article as a passage that was found, its sentences as they are split."""
    sentences = tuple(split_sentences(article.text))
    passage = Passage(0, len(article.text), sentences, None, article.id or 1, article.id)
    return Hit(article, passage, None, None, 1.0, attributions)


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
