"""From a path to the sources of articles there: files, and what the files of many articles hold."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from index.errors import FormatError
from index.formats.collected import crawled, lines, wire, zipped
from index.formats.collected.source import LARGEST, Source, failing, too_large
from index.formats.reading import FORMATS, file_original

COLLECTIONS = (*lines.ENDINGS, *crawled.ENDINGS, *zipped.ENDINGS)
SUPPORTED = (*FORMATS, ".rss", ".atom", *COLLECTIONS)


class Listing(NamedTuple):
    """What a path names: files, and of the others in the folder how many there are, by ending."""

    files: list[Path]
    left_out: Counter[str]


def find(path: str) -> Listing:
    """Return the files that ``path`` names: itself, or those in the folder that can be read. Raises FormatError.

    Hidden files and folders are passed over, as are the locks and shadows that word processors and archivers leave.
    """
    place = Path(path)
    if not place.exists():
        raise FormatError(f"There is no file or folder {path}.", remedy="Check the path.")
    if not place.is_dir() and not place.is_file():
        raise FormatError(f"{path} is neither a file nor a folder.", remedy="Name a file or a folder of files.")
    if place.is_file():
        return Listing([place], Counter())
    files, left_out = [], Counter[str]()
    for folder, folders, names in os.walk(place, onerror=_unreadable):
        folders[:] = [name for name in folders if not _hidden(name)]
        for name in names:
            file = Path(folder, name)
            if is_wanted(name) and file.is_file():  # no pipe or device, nor a link that leads nowhere
                files.append(file)
            elif not _hidden(name):
                left_out[file.suffix.lower() or name] += 1
    return Listing(sorted(files), left_out)


def sources_of(file: Path, names: Mapping[str, str] | None = None) -> Iterator[Source]:
    """Yield the sources in a file, in order: itself, or what an archive or a JSON lines file holds.

    What cannot be read is a source too, which raises the error when it is loaded. ``names`` says which names of JSON
    lines our fields have.
    """
    name = file.name.lower()
    if name.endswith(lines.ENDINGS):
        yield from lines.sources_in(file, names)
    elif name.endswith(zipped.ENDINGS):
        yield from zipped.sources_in(file, names, is_wanted=_wanted_member)
    elif name.endswith(crawled.ENDINGS):
        yield from crawled.sources_in(file)
    elif name.endswith(wire.ENDINGS):
        yield from wire.sources_in(_file(file))
    else:
        yield _file(file)


def is_wanted(name: str) -> bool:
    """Whether a file of this name in a folder or an archive is read."""
    return not _hidden(name) and name.lower().endswith(SUPPORTED)


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) and name not in (".", "..")


def _unreadable(error: OSError) -> None:
    """Stop at a folder that cannot be read: what is in it would be left out without a word."""
    raise FormatError(
        f"The folder {error.filename} cannot be read: {error.strerror}.", remedy="Mend its rights, or leave it out."
    ) from error


def _file(file: Path) -> Source:
    place = file.resolve().as_uri()
    try:
        size = file.stat().st_size
    except OSError:
        size = 0
    if size > LARGEST:
        return failing(str(file), place, too_large(str(file), size), weight=size)
    return Source(str(file), place, size, partial(file_original, file))


def _wanted_member(path: str) -> bool:
    parts = path.split("/")
    return is_wanted(parts[-1]) and not any(_hidden(part) or part == "__MACOSX" for part in parts)
