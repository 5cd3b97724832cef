"""From a store's address to the store."""

from pathlib import Path

from index.errors import SettingsError
from index.store.base import Store
from index.store.sqlite.store import SqliteStore


def open_store(address: str) -> Store:
    """Open the store at ``address``: ``file:FOLDER``, or ``postgresql://…``; what is not there is made.

    Raises SettingsError and StoreError.
    """
    folder = folder_of(address)
    return _postgres(address) if folder is None else SqliteStore(folder)


def folder_of(address: str) -> Path | None:
    """Return the folder of the store at ``address``; None for a database. Raises SettingsError."""
    scheme, separator, rest = address.partition(":")
    if scheme in ("postgresql", "postgres") and rest.startswith("//"):
        return None
    if scheme != "file" or not separator or not rest:
        # Whatever stands before an "@" may be a password.
        shown = address if "@" not in address else f"…@{address.rpartition('@')[2]}"
        raise SettingsError(
            f"PULLQUOTE_STORE is {shown!r}, which names no store.",
            remedy="Write file:FOLDER, for example file:./data, or postgresql://USER:PASSWORD@HOST/DATABASE.",
        )
    try:
        # file:///srv/data and file:/srv/data name the same folder, as in URLs.
        return Path(rest.removeprefix("//") if rest.startswith("///") else rest).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"PULLQUOTE_STORE is {address!r}: {error}.", remedy="Write the folder out.") from error


def _postgres(address: str) -> Store:
    try:
        from index.store.postgres.store import PostgresStore
    except ImportError as error:
        raise SettingsError(
            f"PULLQUOTE_STORE names a PostgreSQL database, and {error.name} is not installed.",
            remedy="Run pip install 'pullquote[postgres]'.",
        ) from error
    return PostgresStore(address)
