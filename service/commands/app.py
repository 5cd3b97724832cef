"""The command line's entry point: the list of its commands, and how their errors are shown."""

import sys

import typer

from index.errors import PullquoteError
from service.commands import articles, ask, backup, keys, mcp, serve, store, verify
from service.commands.common import err
from service.commands.reports import terminal

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _root() -> None:
    """Ask articles, get exact quotes."""


# In the order in which `pullquote --help` lists them.
app.command()(serve.serve)
app.command()(ask.ask)
app.command()(articles.add)
app.command("list")(articles.list_articles)
app.command()(articles.show)
app.command()(articles.remove)
app.command()(verify.verify)
app.command()(mcp.mcp)
app.command()(store.check)
app.command()(store.reindex)
app.command()(store.copy)
app.command()(backup.backup)
app.command()(backup.restore)
_store = typer.Typer(no_args_is_help=True, help="Maintain the database of a store on many machines.")
_store.command()(store.distribute)
_store.callback()(lambda: None)
app.add_typer(_store, name="store")
_keys = typer.Typer(no_args_is_help=True, help="Make keys for callers of the service.")
_keys.command()(keys.new)
_keys.callback()(lambda: None)
app.add_typer(_keys, name="keys")


def main() -> None:
    """Run a command; print an error of Pullquote's own as a sentence and exit with code 1."""
    try:
        app()
    except PullquoteError as error:
        terminal.say(err, terminal.printable(str(error)), style="red")
        sys.exit(1)
