"""Many articles in: read, split and attribute on one thread, embed on another, write on a third, all at once."""

import hashlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from index.embedding import Vectors
from index.errors import InputError
from index.formats.sources import Source
from index.ingest import Ingester, Prepared
from index.types import Stored

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
    """A source that was read: ``prepared`` to be embedded and put, or an ``outcome`` already."""

    def __init__(self, source: Source, ingester: Ingester) -> None:
        self.source = source
        self.prepared: Prepared | None = None
        self.outcome: Outcome | None = None
        try:
            data = source.load()
            known = ingester.store.from_original(source.origin, hashlib.sha256(data).hexdigest())
            if known:
                self.outcome = Outcome(source, known)
            else:
                self.prepared = ingester.prepare(source.article(data))
        except InputError as error:
            self.outcome = Outcome(source, reason=str(error))


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
    if read.outcome:
        return read.outcome
    assert read.prepared is not None and vectors is not None
    stored = ingester.put(read.prepared, vectors)
    return Outcome(read.source, stored, passages=len(vectors), notes=read.prepared.article.notes)
