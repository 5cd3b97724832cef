"""An id for every request: in its response, in its error, and in every line that is logged on its behalf."""

import re
import uuid
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
# Nothing that could end a line or a field of a log.
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:+/=@-]{1,128}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Return the id of the request that is worked on; "" outside of one. Threads that work for it know it too."""
    return _current.get()


class RequestIds:
    """ASGI middleware that takes the id that a request comes with, if it is well-formed, or makes one."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the id to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        found = given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        # Never set back: the handler of unexpected errors stands outside of this, and each request has its own context.
        _current.set(found)

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = found
            await send(message)

        await self._app(scope, receive, with_id)
