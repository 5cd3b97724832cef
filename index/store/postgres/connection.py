"""The connections to a PostgreSQL database: pooled, set up alike, tried again after a restart, errors in our words."""

import logging
import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from pgvector.psycopg import register_vector
from psycopg import errors
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from index.errors import StoreBusyError, StoreCorruptError, StoreError, StoreUnavailableError
from index.store.postgres.migrations import migrate

Connection = psycopg.Connection[dict[str, Any]]
BUSY_SECONDS = 30.0
PATIENCE_SECONDS = 5.0
_MOST_CONNECTIONS = 16
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 0.5
# A search among few articles goes on until it has found enough; without these it may find nothing at all. With 200 in
# place of 1,000 a quarter of the nearest passages of a news archive are missed (benchmarks/RESULTS.md).
_SESSION = {
    "hnsw.iterative_scan": "strict_order",
    "hnsw.ef_search": "1000",
    "hnsw.max_scan_tuples": "200000",
    "hnsw.scan_mem_multiplier": "4",
    "jit": "off",
    "default_transaction_isolation": "read committed",
}
# Two minutes after a machine has gone without a word, its transactions are undone and its locks are free.
_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 15, "keepalives_count": 6, "connect_timeout": 5}
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Database:
    """One PostgreSQL database, with up to 16 connections for the threads that are at work.

    Work is given as a function of a connection, since it is done again where the server went away in its midst: for up
    to ``patience_seconds``, as after a restart. So writing must be such that doing it twice makes no difference.
    Writers wait for each other's locks up to ``busy_seconds``.
    """

    def __init__(
        self, address: str, *, busy_seconds: float = BUSY_SECONDS, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Connect, and bring the tables up to date. Raises StoreError."""
        self.address = address
        self.name = name_of(address)
        self._busy_seconds = busy_seconds
        self._patience_seconds = patience_seconds
        self._closed = False
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            address,
            connection_class=psycopg.Connection[dict[str, Any]],
            kwargs={"row_factory": dict_row, "prepare_threshold": None, "application_name": "pullquote", **_KEEPALIVE},
            min_size=1,
            max_size=_MOST_CONNECTIONS,
            configure=self._configure,
            # One that was connected to a server that went away is not lent. The pool itself does not try again, which
            # it would do ever later: each time that a connection is asked for it tries at once.
            check=ConnectionPool.check_connection,
            timeout=_LONGEST_WAIT,
            reconnect_timeout=0,
            open=False,
        )
        self.insist(self._migrate)
        self._pool.open()

    def read(self, work: Callable[[Connection], _T]) -> _T:
        """Return what ``work`` returns, which reads one consistent state of the store. Raises StoreError."""

        def once() -> _T:
            with self._lent() as connection:
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                connection.read_only = True
                with connection.transaction():
                    return work(connection)

        return self.insist(once)

    def write(self, work: Callable[[Connection], _T], *, again: bool = True) -> _T:
        """Return what ``work`` returns, once what it wrote is committed; undone if it raises. Raises StoreError.

        It is tried but once where it cannot be done ``again``.
        """

        def once() -> _T:
            with self._lent() as connection:
                connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
                connection.read_only = False
                with connection.transaction():
                    return work(connection)

        return self.insist(once, patience=self._patience_seconds if again else 0.0)

    def connect(self) -> Connection:
        """Return a connection of the caller's own. Raises psycopg.Error."""
        connection = psycopg.connect(self.address, row_factory=dict_row, autocommit=True, **_KEEPALIVE)  # type: ignore[arg-type]
        self._set_up(connection)
        return connection

    def close(self) -> None:
        """Close every connection."""
        self._closed = True
        self._pool.close()

    def _lent(self) -> Any:  # noqa: ANN401 - the pool's context manager of a connection
        if self._closed:
            raise StoreUnavailableError(f"The store in {self.name} is closed.")
        return self._pool.connection()

    def _migrate(self) -> None:
        with psycopg.connect(self.address, row_factory=dict_row, autocommit=True, **_KEEPALIVE) as connection:  # type: ignore[arg-type]
            migrate(connection)

    def _configure(self, connection: Connection) -> None:
        self._set_up(connection)
        connection.commit()

    def _set_up(self, connection: Connection) -> None:
        register_vector(connection)
        settings = {**_SESSION, "lock_timeout": f"{round(1000 * self._busy_seconds)}ms"}
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))

    def insist(self, attempt: Callable[[], _T], *, patience: float | None = None) -> _T:
        """Return what ``attempt`` returns, trying again while the server is away or two writers are entangled."""
        deadline = time.monotonic() + (self._patience_seconds if patience is None else patience)
        wait = _FIRST_WAIT
        while True:
            try:
                return attempt()
            except (psycopg.Error, PoolTimeout, PoolClosed) as error:
                if not _passes(error) or time.monotonic() + wait > deadline:
                    raise self._error(error) from error
                _log.info("trying again in %.2f seconds: %s", wait, error)
            time.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - so that not all come back at once
            wait = min(2 * wait, _LONGEST_WAIT)

    def _error(self, error: Exception) -> StoreError:
        where = f"The store in {self.name}"
        said = str(error).strip().partition("\n")[0].rstrip(".")
        if isinstance(error, errors.LockNotAvailable):
            return StoreBusyError(
                f"{where} has been locked by another writer for {self._busy_seconds:g} seconds.",
                remedy="Try again when it has finished; reads go on meanwhile.",
            )
        if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
            return StoreCorruptError(f"{where} is damaged: {said}.", remedy="Restore it from a backup.")
        return StoreUnavailableError(
            f"{where} cannot be used: {said}.",
            remedy="Check that the server is running, takes connections from here and has space, or set PULLQUOTE_STORE"
            " to another.",
        )


def name_of(address: str) -> str:
    """Return the database and host of an address, without user and password."""
    try:
        parts = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        return "PostgreSQL"
    host = parts.get("host") or "localhost"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{parts.get('dbname') or 'postgres'} at {host}{port}"


def _passes(error: Exception) -> bool:
    """Whether what went wrong may be right a moment later: the server was away, or writers waited for each other."""
    if isinstance(error, errors.InvalidPassword | errors.InvalidAuthorizationSpecification | errors.InvalidCatalogName):
        return False
    if isinstance(error, errors.DiskFull | errors.LockNotAvailable | errors.ProgramLimitExceeded | PoolClosed):
        return False
    entangled = isinstance(error, errors.DeadlockDetected | errors.SerializationFailure)
    return entangled or isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
