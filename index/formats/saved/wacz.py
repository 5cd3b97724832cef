"""WACZ: a web archive with its list of pages, as a zip of WARC files (Webrecorder's specification, 1.1)."""

import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from index.errors import FormatError
from index.formats.saved import warc

_LISTS = ("pages/pages.jsonl", "pages/extraPages.jsonl")
_LARGEST_LIST = 50_000_000
_SUSPICIOUS = 1_000_000
_MOST_PACKED = 200
_DAMAGE = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, lzma.LZMAError, struct.error, ValueError)
_REMEDY = "Save it anew."


class Pages:
    """The addresses of a list of pages; what is beside them in the archive is what they are made of, such as frames."""

    def __init__(self, urls: Iterator[str]) -> None:
        """Take the addresses; without any, all are pages."""
        self._known = {_alike(url) for url in urls}
        self._any = not self._known

    def holds(self, url: str) -> bool:
        """Whether an address is listed, or one redirects to it that is."""
        return self._any or _alike(url) in self._known

    def leads(self, url: str, target: str) -> None:
        """Note that an address redirects to another."""
        if not self._any and _alike(url) in self._known:
            self._known.add(_alike(target))


def pages_of(file: IO[bytes], *, name: str) -> Iterator[warc.Saved]:
    """Yield the pages that are listed, in the order in which they were saved. Raises FormatError."""
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
            if any(each.file_size > max(_SUSPICIOUS, _MOST_PACKED * each.compress_size) for each in members):
                raise FormatError(f"{name} unpacks to more than {_MOST_PACKED} times its size.")
            pages = Pages(url for each in members if each.filename in _LISTS for url in _listed(package, each))
            archives = [each for each in members if _is_archive(each.filename)]
            if not archives:
                raise FormatError(f"{name} holds no web archive (archive/….warc.gz).", remedy=_REMEDY)
            for each in archives:
                with package.open(each) as records:
                    yield from warc.pages_of(records, name=f"{name}!/{each.filename}", choice=pages)
    except _DAMAGE as error:
        raise FormatError(f"{name} is no WACZ that can be read: {error}.", remedy=_REMEDY) from error
    except RuntimeError as error:
        raise FormatError(f"{name} is locked with a password.", remedy="Unpack it by hand.") from error


def _is_archive(path: str) -> bool:
    return path.startswith("archive/") and path.lower().endswith((".warc", ".warc.gz"))


def _listed(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[str]:
    """Yield the addresses of a list; its first line, which has none, says what it is."""
    if member.file_size > _LARGEST_LIST:
        raise FormatError(f"{member.filename} has more than {_LARGEST_LIST // 1_000_000} MB.", remedy="Divide it.")
    for line in package.read(member).splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict) and isinstance(row.get("url"), str):
            yield row["url"]


def _alike(url: str) -> str:
    """Return an address without what differs between the list and the archive: scheme, fragment, last slash."""
    return url.partition("#")[0].partition("://")[2].rstrip("/")
