"""How routes reach the parts they use."""

from typing import Annotated

from fastapi import Depends, Request

from service.assembly import Parts


def _parts(request: Request) -> Parts:
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts


Assembled = Annotated[Parts, Depends(_parts)]
