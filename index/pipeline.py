"""Adds many articles: one thread reads and annotates them, another embeds, a third writes."""

import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from index.embedding import Vectors
from index.errors import InputError, NoArticleError, SupersededError, WithdrawnError
from index.formats.collected.lines import ENDINGS as LINES
from index.formats.collected.source import Source
from index.ingest import Ingester, Prepared
from index.store.base import Store
from index.store.editions import note_edition
from index.types import Article, Stored, Verdict, hash_of

_PASSAGES = 256
_BYTES = 16_000_000
_AHEAD = 8
_WAIT_SECONDS = 0.2


@dataclass(frozen=True)
class Outcome:
    """What became of a source: ``stored``, or the ``reason`` why not; ``notes`` are warnings about the article.

    ``passages`` counts those that were embedded. ``verdict`` is that on what was read, None where nothing could be;
    ``title`` the article's, "" where it is not stored.
    """

    source: Source
    stored: Stored | None = None
    reason: str = ""
    passages: int = 0
    notes: tuple[str, ...] = ()
    verdict: Verdict | None = None
    title: str = ""


@dataclass(frozen=True)
class _Read:
    """A source that was read: ``prepared`` for the store, ``known`` by its bytes, or the ``reason`` why it is neither.

    Its bytes are not kept, only their number (``size``) and hash. It is ``waiting`` while another is at work on it, on
    whatever machine, and ``claimed`` where others wait for this one.
    """

    source: Source
    prepared: Prepared | None = None
    known: Stored | None = None
    sha256: str = ""
    size: int = 0
    reason: str = ""
    verdict: Verdict | None = None
    withdrawn: WithdrawnError | None = None
    superseded: Stored | None = None
    waiting: bool = False
    claimed: bool = False


class _Reading:
    """The sources in order; those that another process is at work on come last, and are looked at again then."""

    def __init__(self, ingester: Ingester, sources: Iterator[Source]) -> None:
        """Take the sources."""
        self._ingester = ingester
        self._sources = sources
        self._later: deque[Source] = deque()
        self._claimed: set[str] = set()

    def next(self) -> _Read | None:
        """Return the next source, read; None after the last. One thread calls this."""
        for source in self._sources:
            done = self._read(source)
            if not done.waiting:
                return done
            self._later.append(source)
        if not self._later:
            return None
        source = self._later.popleft()
        done = self._read(source)
        if done.waiting:
            self._later.append(source)
            time.sleep(_WAIT_SECONDS)
        return done

    def release(self, done: _Read) -> None:
        """Let others have what was claimed."""
        if done.claimed:
            self._claimed.discard(done.sha256)
            self._ingester.store.release(done.sha256)

    def release_all(self) -> None:
        """Let others have all that is still claimed."""
        while self._claimed:
            self._ingester.store.release(self._claimed.pop())

    def _read(self, source: Source) -> _Read:
        store, claimed = self._ingester.store, False
        try:
            original = source.load()
            known = store.from_original(source.origin or None, original.sha256)
            if not known:
                claimed = store.claim(original.sha256)
                if not claimed:
                    return _Read(source, waiting=True)
                self._claimed.add(original.sha256)
            prepared = None if known else self._ingester.prepare(self._ingester.read(original))
        except InputError as error:
            verdict = Verdict("no_article", error.what) if isinstance(error, NoArticleError) else None
            return _Read(
                source,
                sha256=original.sha256 if claimed else "",
                reason=str(error),
                verdict=verdict,
                withdrawn=error if isinstance(error, WithdrawnError) and error.key else None,
                superseded=Stored(*error.stored, "unchanged") if isinstance(error, SupersededError) else None,
                claimed=claimed,
            )
        return _Read(source, prepared, known, original.sha256, len(original.data), claimed=claimed)


def add_all(ingester: Ingester, sources: Iterator[Source]) -> Iterator[Outcome]:
    """Yield what became of each source, in order, once it is committed.

    Passages of several articles are embedded together, 256 and more at a time, of at most about 16 MB of originals. A
    source that cannot be used stops none of the others, and each article is stored whole or not at all; bytes that were
    read before are not read again. What another process is adding to the same store is left to it, and yielded last.
    Whatever was yielded as stored stays so if the iteration is abandoned. Raises StoreError.
    """
    reading = _Reading(ingester, sources)

    def put(done: _Read, vectors: Vectors | None) -> Outcome:
        try:
            return _put(ingester, done, vectors)
        finally:
            reading.release(done)

    with ThreadPoolExecutor(1, "reading") as reader, ThreadPoolExecutor(1, "writing") as writer:
        ahead = deque(reader.submit(reading.next) for _ in range(_AHEAD))
        written: deque[list[Future[Outcome]]] = deque()
        more = True
        try:
            while more:
                batch: list[_Read] = []
                while more and not _is_full(batch):
                    next_read = ahead.popleft().result()
                    ahead.append(reader.submit(reading.next))
                    more = next_read is not None
                    if next_read and next_read.waiting:
                        break  # for another, who may be waiting for this batch
                    batch += [next_read] if next_read else []
                vectors = iter(ingester.embed([each.prepared for each in batch if each.prepared]) if batch else [])
                written.append([writer.submit(put, each, next(vectors) if each.prepared else None) for each in batch])
                while len(written) > 1 or (written and not more):
                    yield from (each.result() for each in written.popleft())
        finally:
            reader.shutdown(cancel_futures=True)
            writer.shutdown()
            reading.release_all()


def _is_full(batch: list[_Read]) -> bool:
    passages = sum(len(each.prepared.passages) for each in batch if each.prepared)
    return passages >= _PASSAGES or len(batch) >= _PASSAGES or sum(each.size for each in batch) >= _BYTES


def _put(ingester: Ingester, done: _Read, vectors: Vectors | None) -> Outcome:
    """Commit what was read. An article that was there at reading and is gone by now is added after all."""
    source, store = done.source, ingester.store
    if done.withdrawn:
        stored, told = withdraw(store, done.withdrawn)
        return Outcome(source, stored, notes=(told,))
    if done.superseded:
        return Outcome(source, done.superseded, notes=(done.reason,))
    if done.reason:
        return Outcome(source, reason=done.reason, verdict=done.verdict)
    if done.prepared is None:
        if done.known and done.known == store.from_original(source.origin or None, done.sha256):
            there = store.article(done.known.id, embargoed=True)
            return Outcome(source, done.known, verdict=there.verdict, title=there.title)
        try:
            return _added(ingester, source, ingester.read(source.load()))
        except InputError as error:
            return Outcome(source, reason=str(error))
    article = done.prepared.article
    if done.prepared.stored.status == "unchanged":
        stored = store.status(article)
        if stored.status != "unchanged":
            return _added(ingester, source, article)
        _adopt(store, stored, article)
        return _outcome(source, stored, article)
    assert vectors is not None
    stored = ingester.put(done.prepared, vectors)
    return replace(_outcome(source, stored, article), passages=len(vectors))


def withdraw(store: Store, message: WithdrawnError) -> tuple[Stored, str]:
    """Remove the story that a message withdraws; return what became of it, and what to tell.

    Where it is not stored that is no failure: the id is 0, and the status "unchanged". Either way no version of it that
    is not newer than the message is added afterwards. Raises StoreError.
    """
    note_edition(store, message.key, message.edition, withdrawn=True)
    known = store.status(Article(text="", title="", key=message.key))
    if known.status != "replaced":
        return Stored(0, 0, "unchanged"), f"{message} It is not stored: there is nothing to remove."
    store.remove_all([known.id])
    return Stored(known.id, known.version - 1, "removed"), str(message)


def _added(ingester: Ingester, source: Source, article: Article) -> Outcome:
    return _outcome(source, ingester.add(article), article)


def _outcome(source: Source, stored: Stored, article: Article) -> Outcome:
    notes = (*article.notes, *article.cautions)
    return Outcome(source, stored, notes=notes, verdict=article.verdict, title=article.title)


def _adopt(store: Store, stored: Stored, article: Article) -> None:
    """Give an article the new place of its text, if the file that it came from was moved or renamed.

    An article that came from elsewhere, such as one that was posted, belongs to nobody's file and is left alone; an
    address stays the key.
    """
    known = store.article(stored.id, embargoed=True)
    is_own = known.key == article.origin if known.origin is None else not _stands(known)
    if is_own and article.origin and article.original:
        key = known.key if known.key == known.url else article.key
        store.adopt(stored.id, key=key, origin=article.origin, original=article.original)


def _stands(article: Article) -> bool:
    """Whether the file of an article still holds it. Of a file with several articles only its existence is checked."""
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
