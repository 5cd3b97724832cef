"""Erasing the words of removed articles from the files."""

import logging

from index.errors import StoreFullError
from index.store.sqlite import article_rows, meta
from index.store.sqlite.connection import Database

_log = logging.getLogger(__name__)


def forget(database: Database) -> None:
    """Erase every word of removed articles from the files; what cannot be erased now is erased next time."""
    with database.reading() as connection:
        removal = meta.to_forget(connection)
    if removal is None:
        return
    try:
        with database.writing() as connection:
            article_rows.forget_words(connection)
    except StoreFullError as error:
        _log.warning("words of removed articles are still in the files of the store: %s", error)
        return
    if database.empty_log():
        with database.writing() as connection:
            meta.set_forgotten(connection, removal)
