"""Whether the models answer: they are asked, not only loaded."""

import asyncio
import time

from anyio import CapacityLimiter, to_thread

from index.embedding import Embedder
from index.errors import PullquoteError
from index.types import Article, Hit, Passage, Span
from service.answering.reading.reader import Reader
from service.answering.types import Answer

_FRESH_SECONDS = 15.0
_STALE_SECONDS = 60.0
_PATIENCE_SECONDS = 2.0
_ARTICLE = Article(key="probe:", text="The service is ready.", title="Ready")
_SENTENCE = Span(0, len(_ARTICLE.text))
_HIT = Hit(_ARTICLE, Passage(0, len(_ARTICLE.text), (_SENTENCE,), None, 0, 0), None, None, 1.0, ())


class SilentError(PullquoteError):
    """The models have not answered for too long."""

    def __init__(self, seconds: float) -> None:
        """Say for how long."""
        why = f"The models have not answered for {seconds:.0f} s."
        super().__init__(why, remedy="See the log; restart the service.")


class Probe:
    """Ask the models one small thing at a time, at most every 15 s, and never let the caller wait for long."""

    def __init__(self, embedder: Embedder, reader: Reader) -> None:
        """Take the models, which have just been loaded: that counts as an answer until it is too long ago."""
        self._embedder = embedder
        self._reader = reader
        self._limiter = CapacityLimiter(1)  # a thread of its own: those of other routes may all be at work
        self._asking: asyncio.Task[None] | None = None
        self._asked_yet = False
        self._answered = time.monotonic()

    @property
    def age(self) -> float:
        """How many seconds ago the models answered last, or were loaded."""
        return time.monotonic() - self._answered

    def heard(self, answer: Answer) -> None:
        """Note that the models have answered somebody, if this answer needed them."""
        if answer.quotes or answer.nearest:
            self._answered = time.monotonic()

    async def check(self) -> float:
        """Return how many seconds ago the models answered. Raises SilentError, and what the models raise.

        Where they are busy, an answer of the last minute counts.
        """
        if not self._asked_yet or self.age > _FRESH_SECONDS:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.ensure_future(to_thread.run_sync(self._ask, limiter=self._limiter))
            asking = self._asking
            await asyncio.wait({asking}, timeout=_PATIENCE_SECONDS)
            if asking.done():
                asking.result()
        if self.age > _STALE_SECONDS:
            raise SilentError(self.age)
        return self.age

    def _ask(self) -> None:
        # As passages: a question's vector would come from the cache.
        self._embedder.encode_passages([_ARTICLE.text])
        self._reader.read("Is the service ready?", [_HIT])
        self._answered = time.monotonic()
        self._asked_yet = True
