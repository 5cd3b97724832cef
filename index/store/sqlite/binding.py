"""Whether a store's vectors are of the model that is to be used with them."""

import sqlite3
from pathlib import Path

from index.errors import ModelMismatchError
from index.store.sqlite import article_rows, meta


def require(connection: sqlite3.Connection, folder: Path, name: str, dimension: int | None) -> None:
    """Raise ModelMismatchError if the store in ``folder`` holds vectors of another model."""
    model = meta.model(connection)
    counts = article_rows.count(connection)
    if model is None or not counts.passages or (model.name == name and dimension in (None, model.dimension)):
        return
    asked = name if dimension is None else f"{name} ({dimension} dimensions)"
    articles = f"{counts.articles} article{'s' * (counts.articles != 1)}"
    raise ModelMismatchError(
        f"The store in {folder} was built with {model.name} ({model.dimension} dimensions); you asked for {asked}.",
        remedy=f"Run `pullquote reindex` to rebuild its vectors ({articles}), or set"
        f" PULLQUOTE_EMBEDDING_MODEL to {model.name}.",
    )
