"""How many requests are worked on at once, and who comes next."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from index.errors import PullquoteError
from index.stopping import Stop


class BusyError(PullquoteError):
    """As many are waiting as may; ``retry_after`` are the seconds after which it is worth while to ask again."""

    def __init__(self, waiting: int, *, retry_after: int) -> None:
        """Say how many wait."""
        super().__init__(
            f"Too much is asked at once: {waiting} requests are waiting.", remedy=f"Try again in {retry_after} s."
        )
        self.retry_after = retry_after


class Admission:
    """Let ``at_once`` requests work; ``queue`` more wait, and callers take turns. For one event loop."""

    def __init__(self, *, at_once: int, queue: int) -> None:
        """Begin with nobody at work."""
        self._free = at_once
        self._at_once = at_once
        self._most = queue
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._seconds = 1.0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(len(each) for each in self._waiting.values())

    @property
    def working(self) -> int:
        """How many are worked on."""
        return self._at_once - self._free

    def busy(self) -> BusyError | None:
        """Return the error that whoever comes now would get; None where it can work or wait."""
        waiting = self.waiting
        if self._free or waiting < self._most:
            return None
        seconds = self._seconds * (waiting + 1) / self._at_once
        return BusyError(waiting, retry_after=max(1, min(60, round(seconds))))

    @asynccontextmanager
    async def admitted(self, caller: str, stop: Stop, left: asyncio.Event) -> AsyncIterator[None]:
        """Enter when it is the caller's turn. Raises BusyError at once, or StoppedError when it is too late."""
        await self._turn(caller, stop, left)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            yield
        finally:
            self._seconds += 0.1 * (loop.time() - began - self._seconds)
            self._next()

    async def _turn(self, caller: str, stop: Stop, left: asyncio.Event) -> None:
        if self._free:
            self._free -= 1
            return
        if busy := self.busy():
            raise busy
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(caller, deque()).append(turn)
        leaving = asyncio.ensure_future(left.wait())
        try:
            await asyncio.wait({turn, leaving}, timeout=max(0.0, stop.remaining), return_when=asyncio.FIRST_COMPLETED)
            if not turn.done():
                stop.check()
            if left.is_set() or not turn.done():
                stop.leave()
                stop.check()
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._next()
            else:
                self._withdraw(caller, turn)
            raise
        finally:
            leaving.cancel()

    def _withdraw(self, caller: str, turn: "asyncio.Future[None]") -> None:
        turns = self._waiting.get(caller)
        if turns and turn in turns:
            turns.remove(turn)
            if not turns:
                del self._waiting[caller]

    def _next(self) -> None:
        """Give the place to the caller whose turn it is: one of each, before anyone's second."""
        while self._waiting:
            caller, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[caller] = turns
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
