"""The longest that a request may take, and noticing that its client has gone."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.stopping import Stop, stopped_by
from service.http.connections import PATIENCE_SECONDS


class Deadlines:
    """ASGI middleware that stops the work of a request whose time is over or whose client has left.

    A body that is not whole by then, or of which nothing comes for ``patience`` seconds, is refused with status 408.
    The request's state has ``stop`` and ``left``.
    """

    def __init__(self, app: ASGIApp, *, seconds: float, patience: float = PATIENCE_SECONDS) -> None:
        """Wrap ``app``."""
        self._app = app
        self._seconds = seconds
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; watch the connection once its body is there."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stop, left = Stop(self._seconds), asyncio.Event()
        scope.setdefault("state", {}).update(stop=stop, left=left)
        watching: asyncio.Task[None] | None = None

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            stop.leave()
            left.set()

        async def watched() -> Message:
            nonlocal watching
            if watching:
                await left.wait()
                return {"type": "http.disconnect"}
            try:
                message = await asyncio.wait_for(receive(), max(0.0, min(self._patience, stop.remaining)))
            except TimeoutError as error:
                raise HTTPException(408, self._late(stop)) from error
            if message["type"] == "http.disconnect":
                stop.leave()
                left.set()
            elif not message.get("more_body"):
                watching = asyncio.ensure_future(watch())
            return message

        try:
            with stopped_by(stop):
                await self._app(scope, watched, send)
        finally:
            if watching:
                watching.cancel()

    def _late(self, stop: Stop) -> str:
        if stop.remaining > 0:
            return f"Nothing more of the request came for {self._patience:g} seconds."
        return f"The request was not whole after {self._seconds:g} seconds."
