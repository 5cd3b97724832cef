"""How routes reach the services they use."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from itertools import chain
from typing import Annotated, Any, TypeVar, get_args, get_origin

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
    """Raise RequestValidationError for a query parameter that the route does not have: it is most likely misspelt.

    So it does for one that is given twice and takes one value: which of the two is meant, nobody can tell.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    takes_many = dict(_query_parameters(route.dependant))
    there_are = f"known are {', '.join(takes_many)}" if takes_many else "this path takes none"
    wrong = []
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if name not in takes_many:
            wrong.append({"type": "extra_forbidden", "msg": f"is no parameter; {there_are}", "loc": (name,)})
        elif times > 1 and not takes_many[name]:
            wrong.append({"type": "too_long", "msg": f"is given {times} times, and takes one value", "loc": (name,)})
    if wrong:
        raise RequestValidationError(wrong)


def _query_parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Yield the name of each parameter, and whether it takes several values."""
    for each in dependant.query_params:
        annotation = each.field_info.annotation
        yield each.alias, any(get_origin(part) is list for part in (annotation, *get_args(annotation)))
    for dependency in dependant.dependencies:
        yield from _query_parameters(dependency)


EVENTS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
"""Server-sent events as a second form of a response, for the OpenAPI document: 3.1 has no words for one event."""


def event_stream(events: Iterator[bytes]) -> StreamingResponse:
    """Return server-sent events as a response that no proxy keeps or holds back."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def asking(request: Request) -> AsyncIterator[None]:
    """Wait for the turn of a question. Raises BusyError and StoppedError."""
    async with admitted(request, request.app.state.asking):
        yield


async def adding(request: Request) -> AsyncIterator[None]:
    """Wait for the turn of an article. Raises BusyError and StoppedError."""
    async with admitted(request, request.app.state.adding):
        yield


def admitted(request: Request, admission: Admission) -> AbstractAsyncContextManager[None]:
    """Return the context in which a request is worked on. Raises BusyError where too many wait already."""
    caller = request.headers.get("authorization") or (request.client.host if request.client else "")
    return admission.admitted(caller, request.state.stop, request.state.left)


Asking = Depends(asking)
"""Wait for the turn of a question; the body has been read by then."""
Adding = Depends(adding)
"""Wait for the turn of an article."""
Assembled = Annotated[Services, Depends(services_of)]
