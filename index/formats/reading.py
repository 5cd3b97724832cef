"""Which format reads which file."""

from pathlib import Path
from typing import Protocol

from index.errors import FormatError
from index.formats import html, markdown, plain
from index.types import Article


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
}


def read(data: bytes, *, name: str, key: str) -> Article:
    """Read the article in ``data`` by the ending of ``name``. Raises FormatError."""
    ending = Path(name).suffix.lower()
    if ending not in FORMATS:
        raise FormatError(
            f"{name} cannot be read: files that end in {ending or 'nothing'!r} are not supported.",
            remedy=f"Supported are {', '.join(FORMATS)}.",
        )
    return FORMATS[ending](data, name=name, key=key)


def read_file(path: Path) -> Article:
    """Read the article in a file; its absolute path is the article's key. Raises FormatError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path} cannot be opened: {error.strerror}.", remedy="Check the path.") from error
    return read(data, name=path.name, key=path.resolve().as_uri())
