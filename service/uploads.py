"""Files of many articles that are sent to the service: archives, JSON lines, web archives and feeds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from index.errors import StoppedError
from index.formats import sources
from index.formats.collected.source import Source
from index.formats.newsroom import feeds
from index.formats.reading import Original
from index.ingest import Ingester
from index.pipeline import Outcome, add_all
from index.stopping import Stop

COLLECTIONS = (*sources.COLLECTIONS, ".rss", ".atom")
_LONGEST_NAME = 100
_STORY = re.compile(rb"<(?:\w+:)?newsItem\b")
_LAST_THIRD = 3


def is_collection(name: str) -> bool:
    """Whether a file of this name holds any number of articles."""
    return name.lower().endswith(COLLECTIONS)


def holds_many(name: str, data: bytes) -> bool:
    """Whether a file in XML is a feed, or a message of an agency with several stories."""
    if not name.lower().endswith(".xml"):
        return False
    return feeds.is_feed(data) or len(_STORY.findall(data)) > 1


def safe_name(name: str) -> str:
    """Return the name under which a file that was sent as ``name`` can be kept: its last part, with the same ending."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"[^\w. ()\[\]-]", "_", last)[-_LONGEST_NAME:].lstrip(".") or "file"


class Collection:
    """A file of many articles on its way in."""

    def __init__(self, file: Path, ingester: Ingester, stop: Stop) -> None:
        """Take the file, which stays where it is until all is added, and what ends the work."""
        self._file = file
        self._ingester = ingester
        self._stop = stop
        self._size = max(file.stat().st_size, 1)
        self._done = 0
        self.is_whole = True
        """Whether everything in it was read; false once its time was over."""

    @property
    def share(self) -> float:
        """How much of it has been read, from 0 to 1."""
        return min(self._done / self._size, 1.0)

    def add(self) -> Iterator[Outcome]:
        """Yield what became of each article, once it is committed. Raises StoreError, and StoppedError if all left.

        Nothing new is begun in the last third of the time. What was added stays, so that the same file sent again goes
        on from there. No article has the file for its origin: it is gone afterwards.
        """
        try:
            for outcome in add_all(self._ingester, self._sources()):
                self._done += outcome.source.weight
                yield replace(outcome, reason=outcome.reason.replace(f"{self._file.parent}/", ""))
        except StoppedError:
            if self._stop.remaining > 0:
                raise
            self.is_whole = False

    def _sources(self) -> Iterator[Source]:
        for source in sources.sources_of(self._file):
            if self._stop.remaining < self._stop.seconds / _LAST_THIRD:
                self.is_whole = False
                return
            name = source.name.replace(f"{self._file.parent}/", "")
            yield replace(source, name=name, origin="", load=partial(_sent, source.load))


def _sent(load: Callable[[], Original]) -> Original:
    return replace(load(), origin=None, key=None)
