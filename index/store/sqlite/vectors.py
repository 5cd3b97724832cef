"""The FAISS index of a store on one machine: a cache of the record's vectors, in memory and in one file."""

import hashlib
import json
import math
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
from index.store.sqlite import meta

Ids = NDArray[np.int64]
_LEFTOVER_SECONDS = 3600
_BATCH = 10_000
EXACT_UP_TO = 200_000
_CLUSTERS = 2
_LOOKED_THROUGH = 8
_COMPARED = 4
_NEARLY_SAME = 0.9
_ROOM = 0.1
_REGROWN = 1.5
_ROUNDS = 10
SAMPLE_A_CLUSTER = 64


class VectorIndex:
    """Passage vectors by passage id, searched by inner product: exactly, or among the nearest clusters where many.

    Up to 200,000 vectors are kept whole, and a search compares all of them. Beyond that, each is kept with 8 bits a
    number, a quarter of the memory, in one of 2 √n clusters (Sivic & Zisserman 2003; Jégou, Douze & Schmid 2011); a
    search looks through the eighth of the clusters that are nearest, and ``nearest`` compares the best exactly with the
    record's vectors. The measurements behind these numbers are in benchmarks/RESULTS.md.

    It knows the record's ``epoch`` and ``revision`` (see ``meta``) that its vectors are of. Not safe for
    several threads at once; the store holds a lock around it.
    """

    def __init__(self, dimension: int, epoch: str, revision: str = "") -> None:
        """Begin without vectors."""
        self.dimension = dimension
        self.epoch = epoch
        self.revision = revision
        # faiss has types, but not for what is made in C++.
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._last_id = 0

    def __len__(self) -> int:
        """Return how many vectors there are."""
        return int(self._index.ntotal)

    @property
    def clustered(self) -> bool:
        """Whether its vectors are in clusters: scores are approximate, and not every vector is looked at."""
        return isinstance(self._index, faiss.IndexIVF)

    @property
    def outgrown(self) -> bool:
        """Whether it holds so many vectors, or so many more than when its clusters were made, that it is slow."""
        return (
            len(self) > (_REGROWN * self._index.nlist / _CLUSTERS) ** 2 if self.clustered else len(self) > EXACT_UP_TO
        )

    def ids(self) -> Ids:
        """Return the ids of all vectors, rising."""
        if not self.clustered:
            return faiss.vector_to_array(self._index.id_map).astype(np.int64, copy=True)
        lists = self._index.invlists
        sizes = [lists.list_size(number) for number in range(self._index.nlist)]
        parts = [faiss.rev_swig_ptr(lists.get_ids(number), size).copy() for number, size in enumerate(sizes) if size]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)

    def holds(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether its vectors of ``ids`` are ``vectors``; in clusters, as nearly as 8 bits a number can be."""
        if not self.clustered:
            return not len(ids) or np.array_equal(
                faiss.downcast_index(self._index.index).reconstruct_n(0, len(ids)), vectors
            )
        own: Any = faiss.clone_index(self._index)
        own.set_direct_map_type(faiss.DirectMap.Hashtable)  # type: ignore[attr-defined]
        return bool((np.einsum("ij,ij->i", own.reconstruct_batch(ids), vectors) > _NEARLY_SAME).all())

    def last_id(self) -> int:
        """Return the largest id that was ever added, 0 for none: ids are added in rising order."""
        return self._last_id

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors (shape ``(len(ids), dimension)``) under ``ids``, rising and above all that are there."""
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)
        self._last_id = int(ids[-1]) if len(ids) else self._last_id

    def remove(self, ids: Ids) -> None:
        """Remove the vectors of ``ids``."""
        self._index.remove_ids(faiss.IDSelectorBatch(ids))

    def cluster(self, sample: Vectors, *, total: int) -> None:
        """Begin anew, without vectors, with clusters made of ``sample`` (k-means) for ``total`` vectors."""
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(self.dimension),
            self.dimension,
            min(clusters_for(total), len(sample)),
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        index.by_residual = False
        index.sq.rangestat_arg = _ROOM  # for numbers beyond those in the sample
        index.nprobe = max(1, index.nlist // _LOOKED_THROUGH)
        index.cp.niter, index.cp.max_points_per_centroid = _ROUNDS, SAMPLE_A_CLUSTER
        index.cp.min_points_per_centroid = 1
        index.train(np.ascontiguousarray(sample, dtype=np.float32))
        self._index, self._last_id = index, 0

    def search(self, vector: Vectors, *, k: int, among: Ids | None = None) -> list[tuple[int, float]]:
        """Return the ``k`` best (id, inner product), best first, ties by id; only those ``among`` where given."""
        if not len(self) or (among is not None and not len(among)):
            return []
        options: dict[str, Any] = {}
        selector = None if among is None else faiss.IDSelectorBatch(among)
        if self.clustered:
            # Of a few that are let through, not many lie in any one cluster.
            wider = len(self) / len(among) if among is not None else 1.0
            nprobe = min(self._index.nlist, math.ceil(wider * self._index.nprobe))
            options["params"] = faiss.SearchParametersIVF(nprobe=nprobe, sel=selector)  # type: ignore[call-arg]
        elif selector is not None:
            options["params"] = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, ids = self._index.search(vector.reshape(1, -1), min(k, len(self)), **options)
        found = [(int(i), float(score)) for i, score in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def save(self, path: Path) -> None:
        """Write the index to ``path``: complete and in place of the old file, or not at all. Raises OSError."""
        body: Any = faiss.serialize_index(self._index)  # a buffer, though numpy's types do not say so
        header = {
            "dimension": self.dimension,
            "epoch": self.epoch,
            "revision": self.revision,
            "last_id": self._last_id,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        _remove_leftovers(path)
        temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            with temporary.open("xb") as file:
                file.write(json.dumps(header).encode() + b"\n")
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path) -> "VectorIndex | None":
        """Return the index in ``path``; None if it is not there or not whole."""
        try:
            first, _, body = path.read_bytes().partition(b"\n")
            header = json.loads(first)
            if header["sha256"] != hashlib.sha256(body).hexdigest():
                return None
            loaded = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
            index = cls(int(header["dimension"]), str(header["epoch"]), str(header["revision"]))
            last_id = int(header["last_id"])
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            return None  # a cache: whatever is wrong with it, the record has it all
        if not isinstance(loaded, faiss.IndexIDMap2 | faiss.IndexIVF) or loaded.d != index.dimension:
            return None
        index._index, index._last_id = loaded, last_id
        return index


def clusters_for(total: int) -> int:
    """Return in how many clusters ``total`` vectors are kept: 2 √n."""
    return round(_CLUSTERS * math.sqrt(total))


def _remove_leftovers(path: Path) -> None:
    """Remove what processes that were killed while saving have left; a younger file may still be written."""
    for leftover in path.parent.glob(f".{path.name}.*"):
        if time.time() - leftover.stat().st_mtime > _LEFTOVER_SECONDS:
            leftover.unlink(missing_ok=True)


def as_blob(vector: Vectors) -> bytes:
    """Return a vector as the record keeps it: little-endian ``float32``."""
    return vector.astype("<f4", copy=False).tobytes()


def from_blobs(blobs: Sequence[bytes], dimension: int) -> Vectors:
    """Return the record's vectors: shape ``(len(blobs), dimension)``. Raises StoreCorruptError."""
    if any(len(blob) != 4 * dimension for blob in blobs):
        raise StoreCorruptError(f"A vector is not of {dimension} dimensions.", remedy="Run `pullquote reindex`.")
    return np.frombuffer(b"".join(blobs), dtype="<f4").reshape(-1, dimension).astype(np.float32)


def bring_up_to_date(index: VectorIndex, connection: sqlite3.Connection) -> None:
    """Add the passages that are newer than the index, then drop those that are no longer in the record.

    Raises StoreCorruptError if a passage has no vector: it would be left out of every search without a word.
    """
    newer = connection.execute(
        "SELECT id, vector FROM passages LEFT JOIN vectors ON passage_id = id WHERE id > ? ORDER BY id",
        (index.last_id(),),
    )
    while batch := newer.fetchmany(_BATCH):
        if without := sum(row["vector"] is None for row in batch):
            raise StoreCorruptError(f"{without} passages have no vector.", remedy="Run `pullquote reindex`.")
        ids = np.array([row[0] for row in batch], dtype=np.int64)
        index.add(ids, from_blobs([row[1] for row in batch], index.dimension))
    if len(index) != connection.execute("SELECT count(*) FROM passages").fetchone()[0]:
        kept = np.fromiter((row[0] for row in connection.execute("SELECT id FROM passages")), dtype=np.int64)
        index.remove(np.setdiff1d(index.ids(), kept))


def clustered(index: VectorIndex, connection: sqlite3.Connection) -> VectorIndex:
    """Return an index in clusters of what the record holds; takes a minute for a million vectors."""
    total = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    wanted = SAMPLE_A_CLUSTER * clusters_for(total)
    # Ids are given in rising order, so every so many of them is a fair sample of articles old and new.
    sample = connection.execute(
        "SELECT vector FROM vectors WHERE passage_id % ? = 0", (max(1, math.ceil(total / wanted)),)
    ).fetchmany(wanted)
    made = VectorIndex(index.dimension, index.epoch)
    made.cluster(from_blobs([row[0] for row in sample], index.dimension), total=total)
    bring_up_to_date(made, connection)
    made.revision = meta.revision(connection)
    return made


def nearest(
    index: VectorIndex, connection: sqlite3.Connection, vector: Vectors, *, k: int, among: Ids | None
) -> list[tuple[int, float]]:
    """Return the ``k`` best (id, inner product), best first, ties by id; only those ``among`` where given.

    Where the index is in clusters, four times as many are found and compared exactly. The vectors of few ``among`` are
    read from the record instead: the nearest clusters might hold none of them.
    """
    if not index.clustered:
        return index.search(vector, k=k, among=among)
    if among is not None and len(among) <= EXACT_UP_TO // 10:
        return _compared(connection, vector, among.tolist(), index.dimension)[:k]
    found = index.search(vector, k=_COMPARED * k, among=among)
    return _compared(connection, vector, [passage_id for passage_id, _ in found], index.dimension)[:k]


def _compared(
    connection: sqlite3.Connection, vector: Vectors, ids: list[int], dimension: int
) -> list[tuple[int, float]]:
    """Return (id, inner product) by the record's own vectors, best first, ties by id."""
    found = connection.execute(
        "SELECT passage_id, vector FROM vectors WHERE passage_id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    ).fetchall()
    scores: Vectors | list[float] = from_blobs([row[1] for row in found], dimension) @ vector if found else []
    pairs = [(int(row[0]), float(score)) for row, score in zip(found, scores, strict=True)]
    return sorted(pairs, key=lambda hit: (-hit[1], hit[0]))
