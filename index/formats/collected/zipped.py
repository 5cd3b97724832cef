"""Zip archives: each member that can be read."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from index.errors import FormatError
from index.formats.collected import crawled, lines, wire
from index.formats.collected.source import LARGEST, MOST_PACKED, SUSPICIOUS, Source, failing, too_large
from index.formats.reading import Original

ENDINGS = (".zip",)
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


def sources_in(file: Path, names: Mapping[str, str] | None, *, is_wanted: Callable[[str], bool]) -> Iterator[Source]:
    """Yield the members whose paths are wanted, in order; those that cannot be read are sources that fail."""
    place = file.resolve().as_uri()
    try:
        archive = zipfile.ZipFile(file)  # closed with the last of the sources that read from it
        members = [each for each in archive.infolist() if not each.is_dir()]
        if sum(each.compress_size for each in members) > file.stat().st_size:
            raise zipfile.BadZipFile("its members overlap")
        wanted = [member for member in members if is_wanted(member.filename)]
        if not wanted:
            raise ValueError("it holds no articles")
        seen: set[str] = set()
        for member in wanted:
            path = member.filename
            if path in seen:  # what its place is the key of would be replaced by another member
                twice = FormatError(f"{file} holds {path} twice.", remedy="Rename one; the first is added.")
                yield failing(f"{file}!/{path}", f"{place}!/{path}", twice)
                continue
            seen.add(path)
            yield from _member(archive, member, name=f"{file}!/{path}", origin=f"{place}!/{path}", names=names)
    except (*_DAMAGE, OverflowError, RuntimeError, IndexError) as error:
        fault = FormatError(f"{file} is no archive that can be read: {error}.", remedy="Pack it anew as zip.")
        yield failing(str(file), place, fault)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str, origin: str, names: Mapping[str, str] | None
) -> Iterator[Source]:
    size, packed = member.file_size, member.compress_size
    fault = None
    if size > LARGEST and not name.lower().endswith(lines.ENDINGS):
        fault = too_large(name, size)
    elif size > SUSPICIOUS and size > MOST_PACKED * packed:
        fault = FormatError(
            f"{name} unpacks to {size // max(packed, 1):,} times its size.", remedy="Unpack it by hand."
        )
    elif name.lower().endswith((*ENDINGS, *crawled.ENDINGS)):
        fault = FormatError(f"{name} is an archive within an archive.", remedy="Unpack the outer one first.")
    if fault:
        yield failing(name, origin, fault, weight=packed)
    elif name.lower().endswith(lines.ENDINGS):
        try:
            with unpacking(name), archive.open(member) as unpacked:
                position = partial(_unpacked_to, unpacked, packed / max(size, 1))
                yield from lines.lines_of(unpacked, position, name=name, origin=origin, names=names)
        except FormatError as broken:
            yield failing(name, origin, broken)
    else:
        whole = Source(name, origin, packed, partial(_unpacked, archive, member, name=name, origin=origin))
        yield from wire.sources_in(whole) if name.lower().endswith(wire.ENDINGS) else [whole]


def _unpacked_to(unpacked: IO[bytes], share: float) -> int:
    return int(unpacked.tell() * share)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str, origin: str) -> Original:
    with unpacking(name):
        return Original(archive.read(member), Path(member.filename).name, origin=origin, key=origin)


@contextmanager
def unpacking(name: str) -> Iterator[None]:
    """Raise FormatError for whatever keeps a member from being unpacked."""
    try:
        yield
    except _DAMAGE as error:
        raise FormatError(f"{name} cannot be unpacked: {error}.", remedy="Pack it anew as zip.") from error
    except RuntimeError as error:
        raise FormatError(f"{name} is locked with a password.", remedy="Unpack it by hand.") from error
