"""How large a request's body may be."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_JSON_BYTES = 1_000_000
"""The largest JSON body of a route that takes no articles or answers: the event loop stands still while it is read."""
_REMEDY = " Send less, or raise PULLQUOTE_MAX_UPLOAD_MB."
_LARGER = ("/v1/articles", "/v1/export")


class BodyLimit:
    """ASGI middleware that refuses larger bodies with status 413, without reading them to the end.

    It raises where the body is read, so that the response has problem details like every other error.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        """Wrap ``app``."""
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting the bytes that are read of its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        most = self._most_of(scope["path"], headers.get(b"content-type", b""))
        announced = headers.get(b"content-length", b"0")
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most or (announced.isdigit() and int(announced) > most):
                raise HTTPException(
                    413, f"The request is larger than {most / 1_000_000:g} MB.{'' if most < self._most else _REMEDY}"
                )
            return message

        await self._app(scope, counted, send)

    def _most_of(self, path: str, kind: bytes) -> int:
        is_file = kind.lower().startswith(b"multipart/form-data")
        return self._most if is_file or path in _LARGER else min(self._most, MOST_JSON_BYTES)
