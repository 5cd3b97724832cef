"""What a request must have before its body is read: a key, and no more than the largest size."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.auth import UnauthorizedError, bearer, may_read
from service.http.problems import response_of


class KnownCallers:
    """ASGI middleware that refuses calls of the API without a valid key, before their bodies are read and parsed."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and scope["path"].startswith(("/v1/", "/mcp")):
            request = Request(scope)
            try:
                may_read(request, await bearer(request))
            except UnauthorizedError as error:
                await response_of(request, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


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
