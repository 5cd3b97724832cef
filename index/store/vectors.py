"""The FAISS index of a store on one machine: a cache of the record's vectors, in memory and in one file."""

import hashlib
import json
import os
import sqlite3
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.errors import StoreCorruptError

Ids = NDArray[np.int64]
_LEFTOVER_SECONDS = 3600
_BATCH = 10_000


class VectorIndex:
    """Passage vectors by passage id, searched exactly by inner product.

    It knows the record's ``epoch`` and ``revision`` (see ``meta``) that its vectors are of. Not safe for
    several threads at once; the store holds a lock around it.
    """

    def __init__(self, dimension: int, epoch: str, revision: str = "") -> None:
        """Begin without vectors."""
        self.dimension = dimension
        self.epoch = epoch
        self.revision = revision
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        """Count the vectors."""
        return int(self._index.ntotal)

    def ids(self) -> Ids:
        """Give the ids of all vectors, in the order they were added."""
        return faiss.vector_to_array(self._index.id_map).astype(np.int64, copy=True)

    def last_id(self) -> int:
        """Give the largest id, 0 for none: ids are added in rising order."""
        return int(self._index.id_map.at(len(self) - 1)) if len(self) else 0

    def vectors(self) -> Vectors:
        """Give all vectors in the order of ``ids``: shape ``(n, dimension)``."""
        flat = faiss.downcast_index(self._index.index)
        return flat.reconstruct_n(0, len(self)) if len(self) else np.empty((0, self.dimension), dtype=np.float32)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors (shape ``(len(ids), dimension)``) under ``ids``, rising and above all that are there."""
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)

    def remove(self, ids: Ids) -> None:
        """Remove the vectors of ``ids``."""
        self._index.remove_ids(faiss.IDSelectorBatch(ids))

    def search(self, vector: Vectors, *, k: int, among: Ids | None = None) -> list[tuple[int, float]]:
        """Give the ``k`` best (id, inner product), best first, ties by id; only those ``among`` where given."""
        if not len(self) or (among is not None and not len(among)):
            return []
        options: dict[str, Any] = {}
        if among is not None:
            options["params"] = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        scores, ids = self._index.search(vector.reshape(1, -1), min(k, len(self)), **options)
        found = [(int(i), float(score)) for i, score in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def save(self, path: Path) -> None:
        """Write the index to ``path``: complete and in place of the old file, or not at all. Raises OSError."""
        body = faiss.serialize_index(self._index).tobytes()
        header = {
            "dimension": self.dimension,
            "epoch": self.epoch,
            "revision": self.revision,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        _remove_leftovers(path)
        temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            with temporary.open("xb") as file:
                file.write(json.dumps(header).encode() + b"\n" + body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path) -> "VectorIndex | None":
        """Read an index from ``path``; None if it is not there or not whole."""
        try:
            first, _, body = path.read_bytes().partition(b"\n")
            header = json.loads(first)
            if header["sha256"] != hashlib.sha256(body).hexdigest():
                return None
            loaded = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
            index = cls(int(header["dimension"]), str(header["epoch"]), str(header["revision"]))
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            return None  # a cache: whatever is wrong with it, the record has it all
        if not isinstance(loaded, faiss.IndexIDMap2) or loaded.d != index.dimension:
            return None
        index._index = loaded
        return index


def _remove_leftovers(path: Path) -> None:
    """Remove what processes that were killed while saving have left; a younger file may still be written."""
    for leftover in path.parent.glob(f".{path.name}.*"):
        if time.time() - leftover.stat().st_mtime > _LEFTOVER_SECONDS:
            leftover.unlink(missing_ok=True)


def as_blob(vector: Vectors) -> bytes:
    """Write a vector as the record keeps it: little-endian ``float32``."""
    return vector.astype("<f4", copy=False).tobytes()


def from_blobs(blobs: Sequence[bytes], dimension: int) -> Vectors:
    """Read the record's vectors: shape ``(len(blobs), dimension)``. Raises StoreCorruptError."""
    if any(len(blob) != 4 * dimension for blob in blobs):
        raise StoreCorruptError(f"A vector is not of {dimension} dimensions.", remedy="Run `pullquote reindex`.")
    return np.frombuffer(b"".join(blobs), dtype="<f4").reshape(-1, dimension).astype(np.float32)


def bring_up_to_date(index: VectorIndex, connection: sqlite3.Connection) -> None:
    """Add the passages that are newer than the index, then drop those that are no longer in the record.

    Raises StoreCorruptError if a passage has no vector: it would be left out of every search without a word.
    """
    vectors, passages = connection.execute("SELECT (SELECT count(*) FROM vectors), count(*) FROM passages").fetchone()
    if vectors != passages:
        raise StoreCorruptError(f"{passages - vectors} passages have no vector.", remedy="Run `pullquote reindex`.")
    newer = connection.execute(
        "SELECT passage_id, vector FROM vectors WHERE passage_id > ? ORDER BY passage_id", (index.last_id(),)
    )
    while batch := newer.fetchmany(_BATCH):
        ids = np.array([row[0] for row in batch], dtype=np.int64)
        index.add(ids, from_blobs([row[1] for row in batch], index.dimension))
    if len(index) != vectors:
        kept = np.fromiter((row[0] for row in connection.execute("SELECT passage_id FROM vectors")), dtype=np.int64)
        index.remove(np.setdiff1d(index.ids(), kept))
