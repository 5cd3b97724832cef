"""How routes reach the services they use."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from service.assembly import Services

_T = TypeVar("_T")


def _parts(request: Request) -> Services:
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


def begun(steps: Iterator[_T]) -> Iterator[_T]:
    """Take the first step before the first byte of a stream: a question that cannot be used gets its status."""
    return chain([next(steps)], steps)


def base_url(request: Request) -> str:
    """Give the address that links to this service begin with, without a slash at the end."""
    return str(request.app.state.settings.public_url or request.base_url).rstrip("/")


Assembled = Annotated[Services, Depends(_parts)]
