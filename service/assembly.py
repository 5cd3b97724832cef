"""The composition root: settings → store, embedder, ingester, searcher, answerer."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.annotator import Annotator, open_annotator
from index.embedding import Embedder, SentenceTransformerEmbedder, canonical_name
from index.errors import SettingsError, StoreError
from index.formats.reading import FORMATS, read_file
from index.ingest import Ingester, annotate_anew
from index.parsing.limited import LimitedParser
from index.search import Searcher
from index.store.base import Store
from index.store.factory import open_store
from index.text.near_duplicates import bands
from service.answering.answer import Answerer
from service.answering.examples.examples import Examples
from service.answering.language_model import OpenAiModel
from service.answering.question.rewriting import Rewriter
from service.answering.reading.chooser import Chooser
from service.answering.reading.factory import open_reader
from service.answering.reading.reader import Reader
from service.answering.verification.drafts import DraftChecker
from service.answering.verification.verify import Verifier
from service.settings import Settings

_log = logging.getLogger(__name__)
_ANNOTATING = "annotating"
_WAIT_SECONDS = 5.0
SEEDS = Path(__file__).parents[1] / "seeds"


@dataclass(frozen=True)
class Services:
    """All that answers questions and takes articles in, opened and connected."""

    store: Store
    embedder: Embedder
    ingester: Ingester
    searcher: Searcher
    annotator: Annotator
    reader: Reader
    answerer: Answerer
    examples: Examples
    verifier: Verifier
    drafts: DraftChecker
    parser: LimitedParser

    def close(self) -> None:
        """Close the store, and end the processes that parse files."""
        self.parser.close()
        self.store.close()


def assemble(settings: Settings, *, embedder: Embedder | None = None, reader: Reader | None = None) -> Services:
    """Open the store, load the models that are not given, and return the services.

    Loading takes seconds, so the embedding model's name is compared with the store's first. Raises StoreError,
    ModelError and SettingsError.
    """
    store = open_store(settings.store)
    try:
        store.bind(embedder.name if embedder else canonical_name(settings.embedding_model))
        embedder = embedder or SentenceTransformerEmbedder(settings.embedding_model)
        searcher = Searcher(store, embedder)
        reader = reader or open_reader(settings.reader_model, embedder)
        annotator = open_annotator(settings.attribution_model, settings.stance_model)
        model = _language_model(settings)
        answerer = Answerer(
            searcher,
            reader,
            threshold=settings.answer_threshold,
            chooser=Chooser(model) if model else None,
            rewriter=Rewriter(model) if model else None,
        )
        limits = settings.limited
        parser = LimitedParser(seconds=limits.file_seconds, megabytes=limits.file_mb)
        ingester = Ingester(store, embedder, annotator, parser=parser)
        verifier = Verifier(store, searcher)
        examples = Examples(store, answerer)
        drafts = DraftChecker(verifier, searcher, annotator)
        return Services(
            store, embedder, ingester, searcher, annotator, reader, answerer, examples, verifier, drafts, parser
        )
    except BaseException:
        store.close()
        raise


def _language_model(settings: Settings) -> OpenAiModel | None:
    """Return the language model, where one is set. Raises SettingsError where half of it is."""
    if bool(settings.llm_base_url) != bool(settings.llm_model):
        missing = "PULLQUOTE_LLM_MODEL" if settings.llm_base_url else "PULLQUOTE_LLM_BASE_URL"
        raise SettingsError(f"{missing} is not set.", remedy="A language model needs both its server and its name.")
    if not settings.llm_base_url:
        return None
    key = settings.llm_api_key.get_secret_value()
    return OpenAiModel(settings.llm_base_url, model=settings.llm_model, api_key=key, seconds=settings.llm_seconds)


def add_seeds(services: Services) -> int:
    """Add the articles of ``seeds/`` if the store is empty, and return how many were added."""
    if services.store.counts().articles:
        return 0
    files = sorted(path for path in SEEDS.glob("*") if path.suffix in FORMATS)
    if not files:
        raise SettingsError(f"There are no seed articles in {SEEDS}.", remedy="Install pullquote again.")
    for path in files:
        services.ingester.add(read_file(path))
    return len(files)


@contextmanager
def annotating(services: Services) -> Iterator[None]:
    """Update the annotations that other taggers found, in the background; stop on leaving.

    Until an article's annotations are updated, the old ones are served.
    """
    stop = threading.Event()

    def work() -> None:
        try:
            # Of several replicas one does it; should that one go away, the next takes over.
            while not services.store.claim(_ANNOTATING):
                if stop.wait(_WAIT_SECONDS):
                    return
            try:
                annotate_anew(services.store, services.annotator, stopped=stop.is_set)
            finally:
                services.store.release(_ANNOTATING)
        except StoreError as error:
            _log.warning("the annotations were not brought up to date: %s", error)

    thread = threading.Thread(target=work, name="annotating")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def warm_up(services: Services) -> None:
    """Build the vector index, load what is loaded late and run the models once: the first request need not wait."""
    services.store.save_caches()
    bands("Is everything ready?")  # loads SciPy, which would keep every request waiting at the first upload
    services.answerer.ask("Is everything ready?")
