"""From a path to the files of articles there."""

import os
from pathlib import Path

from index.errors import FormatError
from index.formats.reading import FORMATS


def files_of(path: str) -> list[Path]:
    """Give the files that ``path`` names: itself, or those of a known format in the folder. Raises FormatError."""
    if path.startswith(("http://", "https://")):
        raise FormatError(f"{path} is an address on the web.", remedy="Save the page as text or Markdown and add that.")
    place = Path(path)
    if not place.exists():
        raise FormatError(f"There is no file or folder {path}.", remedy="Check the path.")
    if not place.is_dir():
        return [place]
    found = [Path(folder, name) for folder, _, names in os.walk(place, onerror=_unreadable) for name in names]
    articles = sorted(file for file in found if file.suffix.lower() in FORMATS)
    if not articles:
        raise FormatError(f"The folder {path} holds no articles.", remedy=f"Supported are {', '.join(FORMATS)}.")
    return articles


def _unreadable(error: OSError) -> None:
    """Stop at a folder that cannot be read: what is in it would be left out without a word."""
    raise FormatError(
        f"The folder {error.filename} cannot be read: {error.strerror}.", remedy="Mend its rights, or leave it out."
    ) from error
