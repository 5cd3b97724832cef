"""From a path to the sources of articles there: files, the lines of JSON lines files, the members of archives."""

import gzip
import lzma
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from index.errors import FormatError
from index.formats import json_lines
from index.formats.newsroom import feeds, xml
from index.formats.reading import FORMATS, Format, Original, file_original
from index.formats.saved import warc

ARCHIVES = (".zip",)
LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
WEB_ARCHIVES = (".warc", ".warc.gz")
FEEDS = (".xml", ".rss", ".atom")
SUPPORTED = (*FORMATS, ".rss", ".atom", *LINES, *WEB_ARCHIVES, *ARCHIVES)
_LARGEST = 200_000_000
_LARGEST_LINE = 50_000_000
_SUSPICIOUS = 1_000_000
_MOST_PACKED = 200
_DAMAGE = (
    OSError,
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    ValueError,
)


@dataclass(frozen=True)
class Source:
    """A place where an article stands: ``name`` for people, ``origin`` its URI, ``weight`` its bytes on disk.

    ``load`` returns the original, to be read by ``reading.read``, or raises FormatError.
    """

    name: str
    origin: str
    weight: int
    load: Callable[[], Original]


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
    if name.endswith(LINES):
        yield from _lines(file, names)
    elif name.endswith(ARCHIVES):
        yield from _members(file, names)
    elif name.endswith(WEB_ARCHIVES):
        yield from _pages(file)
    elif name.endswith(FEEDS):
        yield from _items(file)
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
    if size > _LARGEST:
        return _failing(str(file), place, _too_large(str(file), size), weight=size)
    return Source(str(file), place, size, partial(file_original, file))


def _pages(file: Path) -> Iterator[Source]:
    """Yield the pages of a web archive; each is known by its address."""
    place = file.resolve().as_uri()
    try:
        with file.open("rb") as records:
            for page in warc.pages_of(records, name=str(file)):
                name = f"{file} {page.url}"
                yield Source(name, place, 0, partial(_saved, page, name=name, origin=place))
    except (OSError, FormatError) as error:
        fault = FormatError(f"{file} cannot be read on: {error}", remedy="What came before is added.")
        yield _failing(str(file), place, fault)


def _saved(page: warc.Saved, *, name: str, origin: str) -> Original:
    return Original(page.data, f"{name}.html", origin=origin, url=page.url, charset=page.charset)


def _items(file: Path) -> Iterator[Source]:
    """Yield the entries of a feed, the stories of a message, or the file itself where it holds one."""
    whole = _file(file)
    try:
        data = file.read_bytes() if whole.weight <= _LARGEST else b""
    except OSError:
        data = b""
    if feeds.is_feed(data):
        for number, entry in enumerate(feeds.entries_of(data), start=1):
            parse = feeds.read if entry.is_whole else feeds.read_summary
            yield _item(whole, number, entry.row, parse)
    elif items := xml.items_in(data):
        yield from (_item(whole, number, item, xml.read) for number, item in enumerate(items, start=1))
    else:
        yield whole


def _item(whole: Source, number: int, data: bytes, parse: Format) -> Source:
    name = f"{whole.name} item {number}"
    return Source(name, whole.origin, 0, partial(Original, data, name, origin=whole.origin, parse=parse))


def _failing(name: str, origin: str, error: FormatError, *, weight: int = 0) -> Source:
    """Return a source that raises ``error`` when it is loaded."""

    def load() -> Original:
        raise error

    return Source(name, origin, weight, load)


def _too_large(name: str, size: int) -> FormatError:
    return FormatError(
        f"{name} has {size / 1_000_000:,.0f} MB; at most {_LARGEST // 1_000_000} are read.", remedy="Divide it."
    )


def _lines(file: Path, names: Mapping[str, str] | None) -> Iterator[Source]:
    place = file.resolve().as_uri()
    try:
        with file.open("rb") as packed:
            yield from _lines_of(packed, packed.tell, name=str(file), origin=place, names=names)
    except (OSError, EOFError, zlib.error) as error:
        fault = FormatError(f"{file} cannot be read on: {error}.", remedy="Check the file; what came before is added.")
        yield _failing(str(file), place, fault)


def _lines_of(
    packed: IO[bytes], position: Callable[[], int], *, name: str, origin: str, names: Mapping[str, str] | None
) -> Iterator[Source]:
    """Yield the lines as sources; ``position`` returns how many bytes of the file on disk have been read."""
    lines = gzip.GzipFile(fileobj=packed) if name.lower().endswith(".gz") else packed
    number = before = unpacked = 0
    while line := lines.readline(_LARGEST_LINE):
        number += 1
        unpacked += len(line)
        _require_believable(unpacked, position())
        called, weight = f"{name} line {number}", position() - before
        before += weight
        if len(line) == _LARGEST_LINE and not line.endswith(b"\n"):
            while (rest := lines.readline(_LARGEST_LINE)) and not rest.endswith(b"\n"):
                unpacked += len(rest)
                _require_believable(unpacked, position())
            fault = FormatError(f"{called} has more than {_LARGEST_LINE // 1_000_000} MB.", remedy="Divide it.")
            yield _failing(called, origin, fault, weight=weight)
        elif line.strip():
            parse = partial(json_lines.read, names=names)
            load = partial(Original, line, called, origin=origin, parse=parse)
            yield Source(called, origin, weight, load)


def _require_believable(unpacked: int, packed: int) -> None:
    """Raise OSError where so many bytes came out of so few that they are made to fill a memory."""
    if unpacked > max(_SUSPICIOUS, _MOST_PACKED * packed):
        raise OSError(f"it unpacks to more than {_MOST_PACKED} times its size")


def _members(file: Path, names: Mapping[str, str] | None) -> Iterator[Source]:
    place = file.resolve().as_uri()
    try:
        archive = zipfile.ZipFile(file)  # closed with the last of the sources that read from it
        members = [each for each in archive.infolist() if not each.is_dir()]
        if sum(each.compress_size for each in members) > file.stat().st_size:
            raise zipfile.BadZipFile("its members overlap")
        wanted = [member for member in members if _wanted_member(member.filename)]
        if not wanted:
            raise ValueError("it holds no articles")
        seen: set[str] = set()
        for member in wanted:
            path = member.filename
            if path in seen:  # what its place is the key of would be replaced by another member
                twice = FormatError(f"{file} holds {path} twice.", remedy="Rename one; the first is added.")
                yield _failing(f"{file}!/{path}", f"{place}!/{path}", twice)
                continue
            seen.add(path)
            yield from _member(archive, member, name=f"{file}!/{path}", origin=f"{place}!/{path}", names=names)
    except (*_DAMAGE, OverflowError, RuntimeError, IndexError) as error:
        fault = FormatError(f"{file} is no archive that can be read: {error}.", remedy="Pack it anew as zip.")
        yield _failing(str(file), place, fault)


def _wanted_member(path: str) -> bool:
    parts = path.split("/")
    return is_wanted(parts[-1]) and not any(_hidden(part) or part == "__MACOSX" for part in parts)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str, origin: str, names: Mapping[str, str] | None
) -> Iterator[Source]:
    size, packed = member.file_size, member.compress_size
    fault = None
    if size > _LARGEST and not name.lower().endswith(LINES):
        fault = _too_large(name, size)
    elif size > _SUSPICIOUS and size > _MOST_PACKED * packed:
        fault = FormatError(
            f"{name} unpacks to {size // max(packed, 1):,} times its size.", remedy="Unpack it by hand."
        )
    elif name.lower().endswith(ARCHIVES):
        fault = FormatError(f"{name} is an archive within an archive.", remedy="Unpack the outer one first.")
    if fault:
        yield _failing(name, origin, fault, weight=packed)
    elif name.lower().endswith(LINES):
        try:
            with _unpacking(name), archive.open(member) as lines:
                position = partial(_unpacked_to, lines, packed / max(size, 1))
                yield from _lines_of(lines, position, name=name, origin=origin, names=names)
        except FormatError as broken:
            yield _failing(name, origin, broken)
    else:
        yield Source(name, origin, packed, partial(_unpacked, archive, member, name=name, origin=origin))


def _unpacked_to(lines: IO[bytes], share: float) -> int:
    return int(lines.tell() * share)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str, origin: str) -> Original:
    with _unpacking(name):
        return Original(archive.read(member), Path(member.filename).name, origin=origin, key=origin)


@contextmanager
def _unpacking(name: str) -> Iterator[None]:
    """Raise FormatError for whatever keeps a member from being unpacked."""
    try:
        yield
    except _DAMAGE as error:
        raise FormatError(f"{name} cannot be unpacked: {error}.", remedy="Pack it anew as zip.") from error
    except RuntimeError as error:
        raise FormatError(f"{name} is locked with a password.", remedy="Unpack it by hand.") from error
