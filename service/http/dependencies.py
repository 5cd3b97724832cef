"""How routes reach the services they use."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from itertools import chain
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute

from service.assembly import Services
from service.http.admission import Admission

_T = TypeVar("_T")


def services_of(request: Request) -> Services:
    """Return the services that the application is around."""
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


def begun(steps: Iterator[_T]) -> Iterator[_T]:
    """Return the steps with the first one taken, so that a question it refuses gets a status of its own."""
    return chain([next(steps)], steps)


def only_known_parameters(request: Request) -> None:
    """Raise RequestValidationError for a query parameter that the route does not have: it is most likely misspelt."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = list(_query_parameters(route.dependant))
    unknown = [each for each in request.query_params if each not in known]
    if unknown:
        there_are = f"known are {', '.join(known)}" if known else "this path takes none"
        why = {"type": "extra_forbidden", "msg": f"is no parameter; {there_are}"}
        raise RequestValidationError([{**why, "loc": (each,)} for each in unknown])


def _query_parameters(dependant: Dependant) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    for each in dependant.dependencies:
        yield from _query_parameters(each)


EVENTS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
"""Server-sent events as a second form of a response, for the OpenAPI document: 3.1 has no words for one event."""


def event_stream(events: Iterator[bytes]) -> StreamingResponse:
    """Return server-sent events as a response that no proxy keeps or holds back."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _asking(request: Request) -> AsyncIterator[None]:
    async with admitted(request, request.app.state.asking):
        yield


async def _adding(request: Request) -> AsyncIterator[None]:
    async with admitted(request, request.app.state.adding):
        yield


def admitted(request: Request, admission: Admission) -> AbstractAsyncContextManager[None]:
    """Return the context in which a request is worked on. Raises BusyError where too many wait already."""
    caller = request.headers.get("authorization") or (request.client.host if request.client else "")
    return admission.admitted(caller, request.state.stop, request.state.left)


Asking = Depends(_asking)
"""Wait for the turn of a question; the body has been read by then."""
Adding = Depends(_adding)
"""Wait for the turn of an article."""
Assembled = Annotated[Services, Depends(services_of)]
