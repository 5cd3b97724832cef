"""Which format reads which file."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from index.errors import FormatError
from index.formats import docx, eml, html, markdown, pdf, plain
from index.types import Article, hash_of

_log = logging.getLogger(__name__)


class Format(Protocol):
    """Turn a file's bytes into an article; ``name`` is for messages, ``key`` for the store."""

    def __call__(self, data: bytes, *, name: str, key: str) -> Article: ...  # noqa: D102


FORMATS: dict[str, Format] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".pdf": pdf.read,
    ".docx": docx.read,
    ".eml": eml.read,
}


def read(data: bytes, *, name: str, key: str) -> Article:
    """Read the article in ``data`` by the ending of ``name``. Raises FormatError."""
    ending = Path(name).suffix.lower()
    if ending not in FORMATS:
        raise FormatError(
            f"{name} cannot be read: files that end in {ending or 'nothing'!r} are not supported.",
            remedy=f"Supported are {', '.join(FORMATS)}.",
        )
    try:
        article = FORMATS[ending](data, name=name, key=key)
    except FormatError:
        raise
    # The one place where files from anywhere meet libraries that raise whatever a malformed part makes them stumble on.
    except Exception as error:  # noqa: BLE001
        _log.debug("%s cannot be read", name, exc_info=error)
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise FormatError(
            f"{name} is damaged, or not what its ending {ending!r} says ({reason}).",
            remedy="Save it anew, or as plain text.",
        ) from error
    return replace(article, original=hash_of(data))


def read_file(path: Path) -> Article:
    """Read the article in a file; its absolute path is the article's key and origin. Raises FormatError."""
    place = path.resolve().as_uri()
    return replace(read(bytes_of(path), name=path.name, key=place), origin=place)


def bytes_of(path: Path) -> bytes:
    """Give a file's bytes. Raises FormatError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path} cannot be opened: {error.strerror}.", remedy="Check the path.") from error
