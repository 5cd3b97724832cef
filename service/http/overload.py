"""Requests that are refused before anything is done for them, because as many wait as may."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.admission import Admission
from service.http.dependencies import adding, asking
from service.http.problems import response_of

_AGENTS = "/mcp"


class _Waiting(NamedTuple):
    """Where the requests of a route wait for their turn."""

    queue: Admission
    route: BaseRoute


class Overload:
    """ASGI middleware that refuses what could only be refused when it asks for its turn.

    Whoever asks again at once takes as little as can be from those who wait: no body is read, and no route looked for.
    Paths with an id in them are not known here; their requests are refused later.
    """

    def __init__(self, app: ASGIApp, *, service: FastAPI) -> None:
        """Wrap ``app``, which is within the middleware of ``service``."""
        self._app = app
        self._service = service
        self._known: dict[tuple[str, str], _Waiting] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            self._known = self._known or dict(_waiting(self._service))
            waiting = self._known.get((scope["method"], scope["path"]))
            if waiting and (busy := waiting.queue.busy()):
                scope["route"] = waiting.route  # for what is counted and logged of the request
                await response_of(Request(scope), busy)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _waiting(service: FastAPI) -> Iterator[tuple[tuple[str, str], _Waiting]]:
    """Yield the method and path of each operation that waits for its turn, with where it does."""
    queues: dict[Callable[..., Any], Admission] = {asking: service.state.asking, adding: service.state.adding}
    for context in iter_route_contexts(service.routes):
        route, path = context.original_route, str(context.path)
        calls = _calls(context.dependant) if isinstance(route, APIRoute) else ()
        found = [queues[call] for call in calls if call in queues]
        if path == _AGENTS:
            found = [service.state.asking]
        yield from (((method, path), _Waiting(queue, route)) for queue in found for method in context.methods or ())


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for each in dependant.dependencies:
        if each.call:
            yield each.call
        yield from _calls(each)
