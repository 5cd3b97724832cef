"""How large a request's body may be."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


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
        announced = headers.get(b"content-length", b"0")
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most or (announced.isdigit() and int(announced) > self._most):
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)
