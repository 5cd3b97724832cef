"""How routes reach the services they use."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from service.assembly import Services

_T = TypeVar("_T")


def _services(request: Request) -> Services:
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


def begun(steps: Iterator[_T]) -> Iterator[_T]:
    """Return the steps with the first one taken, so that a question it refuses gets a status of its own."""
    return chain([next(steps)], steps)


def base_url(request: Request) -> str:
    """Return the address with which links to this service begin, without a slash at the end."""
    return str(request.app.state.settings.public_url or request.base_url).rstrip("/")


Assembled = Annotated[Services, Depends(_services)]
