"""The commands that back a store up to a file and restore it from one."""

from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from index.errors import SettingsError
from index.store.factory import folder_of
from index.store.sqlite.store import SqliteStore
from index.store.sqlite.upkeep import backup as backups
from service.commands.common import AsJson, configure, out, print_json
from service.commands.reports import terminal

_MINE = "pullquote"


def backup(
    file: Annotated[Path, typer.Argument(help="A new file for the backup.")],
    as_json: AsJson = False,
) -> None:
    """Write the whole store, as it is at one moment, to a file; the service may run on and write meanwhile."""
    made = backups.back_up(_folder(configure().store, "back up"), file, version=version(_MINE))
    if as_json:
        print_json({"file": str(file), **made._asdict()})
    else:
        terminal.say(out, f"Backed up {_held(made)} to {file}.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `pullquote backup` wrote.")],
    store: Annotated[str, typer.Option(help="The store to restore to, in place of PULLQUOTE_STORE.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Replace what the store holds now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a store what it was when a backup was made, once the backup is found whole; rebuild its caches."""
    folder = _folder(store or configure().store, "restore")
    made = backups.restore(file, folder, version=version(_MINE), replace=replace)
    with closing(SqliteStore(folder)) as restored:
        restored.refresh()
        restored.save_caches()
    if as_json:
        print_json({"file": str(file), "folder": str(folder), **made._asdict()})
    else:
        terminal.say(out, f"Restored {_held(made)}, as they were on {made.made}, to {folder}.")


def _held(made: backups.Manifest) -> str:
    return f"{terminal.count(made.articles, 'article')} and {terminal.count(made.passages, 'passage')}"


def _folder(address: str, doing: str) -> Path:
    """Return the folder of the store at ``address``. Raises SettingsError for a database."""
    folder = folder_of(address)
    if folder is None:
        tool = "pg_dump" if doing == "back up" else "pg_restore"
        raise SettingsError(
            f"The store is a PostgreSQL database, which this command does not {doing}.",
            remedy=f"Use {tool}: docs/scale.md says how. `pullquote copy` makes a store in a folder of it.",
        )
    return folder
