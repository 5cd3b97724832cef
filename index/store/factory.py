"""From a store's address to the store."""

from pathlib import Path

from index.errors import SettingsError
from index.store.base import Store
from index.store.sqlite.store import SqliteStore


def open_store(address: str) -> Store:
    """Open the store at ``address``: ``file:FOLDER``, made if it is not there. Raises SettingsError, StoreError."""
    scheme, separator, rest = address.partition(":")
    if scheme != "file" or not separator or not rest:
        raise SettingsError(
            f"PULLQUOTE_STORE is {address!r}, which names no store.",
            remedy="Write file:FOLDER, for example file:./data.",
        )
    try:
        # file:///srv/data and file:/srv/data name the same folder, as in URLs.
        folder = Path(rest.removeprefix("//") if rest.startswith("///") else rest).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"PULLQUOTE_STORE is {address!r}: {error}.", remedy="Write the folder out.") from error
    return SqliteStore(folder)
