"""What the commands share: consoles, settings, the store, and JSON for ``--json``."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from index.store.base import Store
from index.store.factory import open_store
from service.commands.reports import terminal
from service.http.schemas.fields import LARGEST_ID
from service.settings import Settings, load_settings

out, err = terminal.consoles()
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ArticleIdArgument = Annotated[
    int, typer.Argument(help="The article's id, as `pullquote list` shows it.", min=1, max=LARGEST_ID)
]
_CHATTY = ("httpx", "httpx2", "openai", "sentence_transformers", "faiss")


def configure() -> Settings:
    """Return the settings, once logging follows them. Raises SettingsError."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    settings = load_settings()
    logging.getLogger().setLevel(settings.log_level.upper())
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return settings


@contextmanager
def opened_store(settings: Settings | None = None) -> Iterator[Store]:
    """Yield the store without loading a model, and close it on leaving. Raises StoreError."""
    store = open_store((settings or configure()).store)
    try:
        yield store
    finally:
        store.close()


def print_json(value: object) -> None:
    """Print a value as indented JSON on standard output, coloured on a terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    if out.is_terminal:
        out.print_json(text)
    else:
        terminal.say(out, text)
