"""The vector cache of a store on one machine: an index in memory and in one file, in step with the record."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import StoreUnavailableError
from index.store.sqlite import meta
from index.store.sqlite.vectors import VectorIndex, bring_up_to_date, clustered

_log = logging.getLogger(__name__)


class VectorCache:
    """The vector index and its file.

    Nothing may have been read from a connection before it is handed in: its snapshot then begins inside the lock, and
    the index only ever moves from one state of the record to a later one.
    """

    def __init__(self, path: Path) -> None:
        """Start without an index; the file at ``path`` is read when one is needed."""
        self.path = path
        self.bound: str | None = None
        self._index: VectorIndex | None = None
        self._saved_revision = ""
        self._lock = threading.Lock()

    @contextmanager
    def at(self, connection: sqlite3.Connection) -> Iterator[VectorIndex | None]:
        """Lend the index at the state that ``connection`` reads; None while there are no vectors.

        Raises ModelMismatchError if the vectors are of another model than the one that is ``bound``.
        """
        with self._lock:
            yield self._current(connection)

    def save(self, connection: sqlite3.Connection) -> None:
        """Save the index unless the file has it already. Without the file the next start only takes longer."""
        with self.at(connection) as index:
            if index is None or index.revision == self._saved_revision:
                return
            try:
                index.save(self.path)
                self._saved_revision = index.revision
            except OSError as error:
                _log.warning("the vector cache %s was not saved: %s", self.path, error.strerror)

    def regroup(self, connection: sqlite3.Connection) -> None:
        """Replace an index that has grown too large for its form; searches use the old one meanwhile."""
        with self.at(connection) as index:
            pass
        if index is not None and index.outgrown:
            made = clustered(index, connection)
            with self._lock:
                self._index, self._saved_revision = made, ""

    @property
    def is_loaded(self) -> bool:
        """Whether there is an index in memory."""
        return self._index is not None

    def drop(self) -> None:
        """Drop the index in memory."""
        self._index = None

    def remove(self) -> None:
        """Remove index and file. Raises StoreUnavailableError."""
        with self._lock:
            self._index, self._saved_revision = None, ""
            try:
                self.path.unlink(missing_ok=True)
            except OSError as error:
                raise StoreUnavailableError(
                    f"The vector cache {self.path} cannot be removed: {error.strerror}.", remedy="Remove it by hand."
                ) from error

    def _current(self, connection: sqlite3.Connection) -> VectorIndex | None:
        model = meta.model(connection)
        if model is None:
            return None
        if self.bound and self.bound != model.name:
            meta.require_model(connection, self.path.parent, self.bound, None)
        epoch, revision = meta.epoch(connection), meta.revision(connection)
        if self._index is None or self._index.epoch != epoch:
            cached = VectorIndex.load(self.path)
            if cached and (cached.dimension, cached.epoch, cached.revision) == (model.dimension, epoch, revision):
                self._index, self._saved_revision = cached, revision
            else:
                self._index = VectorIndex(model.dimension, epoch)
        if self._index.revision != revision:
            bring_up_to_date(self._index, connection)
            self._index.revision = revision
        return self._index
