"""A line in the log for each write: who did what, when, and what came of it."""

import logging
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.auth import bearer, caller_of, changes

_log = logging.getLogger("pullquote.audit")
# Whatever PULLQUOTE_LOG_LEVEL says: a record with gaps is none.
_log.setLevel(logging.INFO)


class Audit:
    """ASGI middleware that logs each request that is to change something, refused ones too.

    No word of an article, a form or a question is in it: only the route, the article's id, and the status. A route
    that makes an article says which in ``request.state.article_id``.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, then log it if it wrote."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            if changes(request := Request(scope)):
                await _record(request, status)


async def _record(request: Request, status: int) -> None:
    caller = caller_of(request, await bearer(request))
    given = str(request.path_params.get("article_id", ""))
    article = getattr(request.state, "article_id", None) or (int(given) if given.isdecimal() else None)
    done = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": caller.name,
        "method": request.method,
        "route": request.scope["route"].path_format,
        "article": article,
        "status": status,
    }
    _log.info("%(at)s %(who)s %(method)s %(route)s article=%(article)s status=%(status)d", done, extra={"facts": done})
