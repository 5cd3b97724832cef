"""The command that makes keys for callers of the service."""

from datetime import datetime
from typing import Annotated

import typer

from service.commands.common import AsJson, err, out, print_json
from service.commands.reports import terminal
from service.keys import new_key


def new(
    name: Annotated[str, typer.Argument(help="Whose key it is; several keys may have one name.")],
    scope: Annotated[list[str], typer.Option(help="What it allows: ask, write, metrics or admin (everything).")],
    until: Annotated[
        datetime | None, typer.Option(help="The last day on which it is valid.", formats=["%Y-%m-%d"])
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key: its line for PULLQUOTE_KEYS_FILE on standard output, the key itself, once, on standard error."""
    token, key = new_key(name, scope, until=until.date() if until else None)
    if as_json:
        print_json({"name": key.name, "key": token, "line": str(key)})
        return
    terminal.say(err, f"The key, which is shown only now: {token}")
    terminal.say(out, str(key))
