"""The connections of the HTTP server, none of which is held for somebody who neither sends nor reads."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE_SECONDS = 20.0
"""How long a request's head may take from the first byte to the last, and how long nothing may come of its body."""
_READING_SECONDS = 60.0


class Connection(H11Protocol):
    """A connection over which HTTP/1.1 is spoken.

    uvicorn waits without end for a request that has begun, for a first one, and for a client that does not read its
    response. Whoever sends a byte now and then could hold as many connections as there are file descriptors.
    """

    _waiting: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._cancel()
        self.resume_writing()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what has come; once it has a whole head, the request's own deadline counts."""
        super().handle_events()
        if self.cycle and not self.cycle.response_complete:
            self._cancel()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request; for the rest of this one's body, too, if there is any."""
        self._wait()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Begin to wait for the client, which does not read."""
        super().pause_writing()
        self._writing = self.loop.call_later(_READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        if self._writing:
            self._writing.cancel()
            self._writing = None
        super().resume_writing()

    def _wait(self) -> None:
        self._cancel()
        self._waiting = self.loop.call_later(PATIENCE_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self.transport.close()  # once what was written is read
        self._writing = self._writing or self.loop.call_later(_READING_SECONDS, self.transport.abort)

    def _cancel(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
