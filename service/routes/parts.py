"""How routes reach the parts they use."""

from typing import Annotated

from fastapi import Depends, Request

from service.assembly import Parts


def _parts(request: Request) -> Parts:
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts


def base_url(request: Request) -> str:
    """Give the address that links to this service begin with, without a slash at the end."""
    return str(request.app.state.settings.public_url or request.base_url).rstrip("/")


Assembled = Annotated[Parts, Depends(_parts)]
