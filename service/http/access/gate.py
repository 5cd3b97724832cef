"""What a call of the API must pass before its body is read: how often it calls, its key, and the name it calls by."""

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import PullquoteError
from service.http.access.rates import RateLimiter, headers_of, network_of
from service.http.auth import bearer, caller_of, is_known
from service.http.problems import response_of
from service.settings import Rate

_API = ("/v1/", "/mcp")


class Gate:
    """ASGI middleware that lets calls of the API in, or refuses them before anything is done for them.

    Pages, health and readiness cost next to nothing, hold no articles, and are not counted.
    """

    def __init__(self, app: ASGIApp, *, rate: Rate | None) -> None:
        """Wrap ``app``; without a rate nothing is counted."""
        self._app = app
        self._limiter = RateLimiter(rate) if rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        caller = caller_of(request, await bearer(request))
        told: dict[str, str] = {}

        async def with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        try:
            if self._limiter:
                # An unknown key counts for its sender's address: trying keys is limited too.
                name = f"key {caller.name}" if caller.key else network_of(caller.name)
                told = headers_of(self._limiter.rate, self._limiter.count(name))
            is_known(request, caller)
        except PullquoteError as error:
            await response_of(request, error)(scope, receive, with_limits)
            return
        await self._app(scope, receive, with_limits)
