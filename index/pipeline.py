"""Many articles in: read, split and attribute on one thread, embed on another, write on a third, all at once."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from index.embedding import Vectors
from index.errors import InputError
from index.formats.sources import LINES, Source
from index.ingest import Ingester, Prepared
from index.store.base import Store
from index.types import Article, Stored, hash_of

_PASSAGES = 256
_AHEAD = 8


@dataclass(frozen=True)
class Outcome:
    """What became of a source: ``stored``, or the ``reason`` why not; ``notes`` are what should be known of it.

    ``passages`` counts those that were embedded.
    """

    source: Source
    stored: Stored | None = None
    reason: str = ""
    passages: int = 0
    notes: tuple[str, ...] = ()


class _Read:
    """A source that was read: ``prepared`` to be put, ``known`` from the same bytes, or the ``reason`` why neither."""

    def __init__(self, source: Source, ingester: Ingester) -> None:
        self.source = source
        self.prepared: Prepared | None = None
        self.known: Stored | None = None
        self.data = b""
        self.original = ""
        self.reason = ""
        try:
            self.data = source.load()
            self.original = hash_of(self.data)
            self.known = ingester.store.from_original(source.origin, self.original)
            if not self.known:
                self.prepared = ingester.prepare(source.article(self.data))
        except InputError as error:
            self.reason = str(error)


def add_all(ingester: Ingester, sources: Iterator[Source]) -> Iterator[Outcome]:
    """Put all sources into the store; give what became of each, in their order, once it is committed.

    Passages of several articles are embedded together, 256 and more at a time. A source that cannot be used stops none
    of the others, and each article is stored whole or not at all; what was read before from the same bytes is not read
    again. Stopped in the middle, what was given as stored is there. Raises StoreError.
    """
    with ThreadPoolExecutor(1, "reading") as reader, ThreadPoolExecutor(1, "writing") as writer:

        def read_next() -> _Read | None:
            source = next(sources, None)
            return _Read(source, ingester) if source else None

        ahead = deque(reader.submit(read_next) for _ in range(_AHEAD))
        written: deque[list[Future[Outcome]]] = deque()
        more = True
        try:
            while more:
                batch: list[_Read] = []
                while more and sum(len(each.prepared.passages) for each in batch if each.prepared) < _PASSAGES:
                    read = ahead.popleft().result()
                    ahead.append(reader.submit(read_next))
                    more = read is not None
                    batch += [read] if read else []
                    if len(batch) >= _PASSAGES:
                        break
                vectors = iter(ingester.embed([each.prepared for each in batch if each.prepared]))
                written.append(
                    [writer.submit(_put, ingester, each, next(vectors) if each.prepared else None) for each in batch]
                )
                while len(written) > 1 or (written and not more):
                    yield from (each.result() for each in written.popleft())
        finally:
            reader.shutdown(cancel_futures=True)


def _put(ingester: Ingester, read: _Read, vectors: Vectors | None) -> Outcome:
    """Commit what was read; what was there already when it was read may be gone by now, and is put in after all."""
    if read.reason:
        return Outcome(read.source, reason=read.reason)
    if read.prepared is None:
        if read.known and read.known == ingester.store.from_original(read.source.origin, read.original):
            return Outcome(read.source, read.known)
        return _anew(ingester, read)
    article = read.prepared.article
    if read.prepared.stored.status == "unchanged":
        stored = ingester.store.status(article)
        if stored.status != "unchanged":
            return _anew(ingester, read)
        _adopt(ingester.store, stored, article)
        return Outcome(read.source, stored, notes=article.notes)
    assert vectors is not None
    return Outcome(read.source, ingester.put(read.prepared, vectors), passages=len(vectors), notes=article.notes)


def _anew(ingester: Ingester, read: _Read) -> Outcome:
    try:
        article = read.source.article(read.data)
        return Outcome(read.source, ingester.add(article), notes=article.notes)
    except InputError as error:
        return Outcome(read.source, reason=str(error))


def _adopt(store: Store, stored: Stored, article: Article) -> None:
    """Have a text that is there be known by its new place, if it had none or stands there no more: a renamed file."""
    known = store.article(stored.id)
    if article.origin and article.original and (known.origin is None or not _stands(known)):
        store.adopt(stored.id, key=article.key, origin=article.origin, original=article.original)


def _stands(article: Article) -> bool:
    """Tell whether the file of an article is still there, and the same; of one that holds more, only the first."""
    path, _, member = (article.origin or "").partition("!")
    several = bool(member) or path.lower().endswith(LINES)
    address = urlsplit(path)
    if address.scheme != "file":
        return True
    file = Path(url2pathname(address.path))
    try:
        return file.is_file() and (several or hash_of(file.read_bytes()) == article.original)
    except OSError:
        return True
