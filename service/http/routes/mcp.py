"""The Model Context Protocol at ``/mcp``: the tools for agents, over HTTP."""

from contextlib import AbstractAsyncContextManager

from fastapi import Request
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Message, Receive, Scope, Send

from service.assembly import Services
from service.http.agents.tools import make_server
from service.http.auth import bearer, may_read, not_from_elsewhere
from service.http.dependencies import admitted


class Mcp:
    """The endpoint: streamable HTTP without sessions, so that any process can answer any request."""

    def __init__(self, services: Services, *, most_bytes: int) -> None:
        """Make the server of the tools around ``services``, for requests of at most ``most_bytes``.

        It answers while the context of ``running`` is entered.
        """
        # The origin of a call is checked below, as for every other path.
        anywhere = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        server = make_server(services)
        server.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=anywhere, max_request_body_size=most_bytes
        )
        self._manager = server.session_manager

    def running(self) -> AbstractAsyncContextManager[None]:
        """Return the context in which requests are answered."""
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises UnauthorizedError and ForbiddenError."""
        request = Request(scope, receive)
        not_from_elsewhere(request)
        may_read(request, await bearer(request))
        body = await request.body()  # whole before its turn comes: a slow client holds up nobody
        sent = False

        async def received() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async with admitted(request, request.app.state.asking):
            await self._manager.handle_request(scope, received, send)
