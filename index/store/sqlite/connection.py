"""The SQLite file behind a store on one machine: connections, transactions, and SQLite's errors in our words."""

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index.errors import StoreBusyError, StoreCorruptError, StoreError, StoreFullError, StoreUnavailableError
from index.store.sqlite.migrations import migrate
from index.text.words import folded

BUSY_SECONDS = 30.0
_RESERVE = 4_000_000
_RESERVED_FROM = 1_000_000
_PAGES_AT_A_TIME = 500
_MOST_ROUNDS = 50


class Database:
    """One SQLite file in WAL mode, with a connection for every thread that is at work.

    Reads are snapshots: what a ``reading`` sees does not change while it lasts. Writes wait for each other, up
    to ``busy_seconds``, in this process and between processes.
    """

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS, upgrade: bool = True) -> None:
        """Open the file, or make it, and bring its tables up to date unless told not to. Raises StoreError."""
        self.path = path
        self._busy_seconds = busy_seconds
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._file: tuple[int, int] | None = None
        self._reserve = path.with_name("reserve")
        with self._translated():
            connection = self._connect()
            try:
                if upgrade:
                    migrate(connection)
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for reading one consistent state of the record."""
        with self._translated(), self._lent() as connection, _transaction(connection, "BEGIN"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for one transaction: committed at the end, undone if an exception leaves it."""
        with self._translated(), self._lent() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    def write_on_full_disk(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Run ``work`` in one transaction; should the disk be full, in the room that is held in reserve.

        This is for what makes room: to be removed, pages have to be written to the log first.
        """
        try:
            with self.writing() as connection:
                work(connection)
        except StoreFullError:
            self._reserve.unlink(missing_ok=True)
            with suppress(StoreFullError):
                self.empty_log()
            with self.writing() as connection:
                work(connection)
        if self._has_little_room():
            self._shrink()

    def hold_reserve(self) -> None:
        """Hold room in reserve once the file has grown, if there is enough; see ``write_on_full_disk``."""
        if self._reserve.exists() or self.path.stat().st_size < _RESERVED_FROM or self._has_little_room():
            return
        try:
            with self._reserve.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, _RESERVE)
                else:
                    file.write(bytes(_RESERVE))
        except OSError:
            self._reserve.unlink(missing_ok=True)

    def _has_little_room(self) -> bool:
        return shutil.disk_usage(self.path.parent).free < 2 * _RESERVE

    def _shrink(self) -> None:
        """Give pages that hold nothing back to the disk, a few at a time: they pass through the log."""
        before = 0
        with suppress(StoreFullError, StoreBusyError):
            for _ in range(_MOST_ROUNDS):
                with self.writing() as connection:
                    connection.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_A_TIME})").fetchall()
                    left = connection.execute("PRAGMA freelist_count").fetchone()[0]
                if not self.empty_log() or left in (0, before):  # a file of an older version does not shrink
                    return
                before = left

    def empty_log(self) -> bool:
        """Move the write-ahead log into the file and empty it; return whether no reader kept that from being done."""
        with self._translated(), self._lent() as connection:
            connection.execute("PRAGMA busy_timeout = 200")
            try:
                blocked, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {round(1000 * self._busy_seconds)}")
            return not blocked

    def copy_to(self, path: Path) -> None:
        """Write one consistent state of the record to a new file, which stands alone; reads and writes go on."""
        with self._translated(), self._lent() as connection, closing(sqlite3.connect(path)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # without a log beside it

    def become(self, path: Path) -> None:
        """Replace the record by the one in the file ``path``, in one commit, for every process that uses it."""
        deadline = time.monotonic() + self._busy_seconds

        def waited(status: int, remaining: int, total: int) -> None:
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
                raise self._busy()  # SQLite itself would try for ever

        with self._translated(), closing(sqlite3.connect(path)) as copy, self._lent() as connection:
            copy.backup(connection, progress=waited)

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return not self._closed

    def close(self) -> None:
        """Close every connection that is not lent; those that are close when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.create_function("folded", 1, _folded, deterministic=True)
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a new file; it cannot be changed afterwards
        self._switch_to_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    def _switch_to_wal(self, connection: sqlite3.Connection) -> None:
        """Switch a new file to the write-ahead log; SQLite itself does not wait here for another process."""
        deadline = time.monotonic() + self._busy_seconds
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._closed:
                raise StoreUnavailableError(f"The store in {self.path.parent} is closed.")
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        try:
            self._require_same_file()
            yield connection
        finally:
            with self._lock:
                keep = not self._closed
                if keep:
                    self._idle.append(connection)
            if not keep:
                connection.close()

    def _require_same_file(self) -> None:
        """Raise StoreUnavailableError if the file that is open was removed: what is written to it would be lost."""
        try:
            found = os.stat(self.path)
        except OSError:
            found = None
        now = (found.st_dev, found.st_ino) if found else None
        if self._file is None:
            self._file = now
        if now is None or now != self._file:
            raise StoreUnavailableError(
                f"{self.path} was removed or replaced while this program used it.",
                remedy="Put it back, or start this program again.",
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._error(error) from error
        except UnicodeDecodeError as error:  # SQLite's own message quotes what is damaged
            raise self._damaged(error) from error

    def _error(self, error: sqlite3.Error) -> StoreError:
        folder = self.path.parent
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return self._busy()
        if code == sqlite3.SQLITE_FULL:
            return StoreFullError(
                f"The disk of the store in {folder} is full.", remedy="Remove articles, or make room."
            )
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return self._damaged(error)
        remedy = "Check that the folder is there, is writable and has space, or set PULLQUOTE_STORE to another."
        return StoreUnavailableError(f"The store in {folder} cannot be used: {error}.", remedy=remedy)

    def _damaged(self, error: Exception) -> StoreCorruptError:
        return StoreCorruptError(
            f"{self.path} is damaged: {error}.", remedy="Restore it from a backup, or add the articles anew."
        )

    def _busy(self) -> StoreBusyError:
        return StoreBusyError(
            f"The store in {self.path.parent} has been locked by another writer for {self._busy_seconds:g} seconds.",
            remedy="Try again when it has finished; reads go on meanwhile.",
        )


def _folded(name: str | None) -> str | None:
    return None if name is None else folded(name)


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
