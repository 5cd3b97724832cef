"""Claims on work, so that of several machines only one does it: advisory locks of a connection of their own."""

import threading
from contextlib import suppress

import psycopg

from index.store.postgres import locks
from index.store.postgres.connection import Connection, Database


class Claims:
    """What this process has claimed. A process that ends, or loses the server, has claimed nothing any more."""

    def __init__(self, database: Database) -> None:
        """Begin without claims, and without a connection."""
        self._database = database
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._held: set[str] = set()

    def claim(self, work: str) -> bool:
        """Whether ``work`` is now this process's to do. Raises StoreError."""
        with self._lock:
            if work in self._held:
                return False
            got = self._database.insist(lambda: self._try(work))
            if got:
                self._held.add(work)
            return got

    def release(self, work: str) -> None:
        """Give back what was claimed. What a lost connection held is free already."""
        with self._lock:
            if work not in self._held:
                return
            self._held.discard(work)
            if self._connection:
                with suppress(psycopg.Error):
                    self._connection.execute("SELECT pg_advisory_unlock(%s)", (_number(work),))

    def close(self) -> None:
        """Give everything back."""
        with self._lock:
            self._held.clear()
            if self._connection:
                self._connection.close()
                self._connection = None

    def _try(self, work: str) -> bool:
        if self._connection is None or self._connection.closed:
            self._held.clear()
            self._connection = self._database.connect()
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s) AS got", (_number(work),)).fetchone()
        return bool(row and row["got"])


def _number(work: str) -> int:
    return locks.number_of(f"work {work}")
