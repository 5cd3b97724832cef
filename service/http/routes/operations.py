"""Whether the service is alive, and ready."""

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from pydantic import BaseModel

from service.assembly import Services
from service.http.dependencies import Assembled

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The service answers."""

    status: str = "ok"


class Readiness(BaseModel):
    """The model is loaded, the store is open and its vector index current."""

    status: str = "ready"
    model: str
    articles: int
    passages: int


@router.get("/healthz")
async def healthz() -> Health:
    """Return 200 while the process is alive, however busy its threads are."""
    return Health()


@router.get("/readyz")
async def readyz(services: Assembled) -> Readiness:
    """Return 200 if questions can be answered, else an error with the reason."""
    # On a thread of its own: those of other routes may all be at work.
    return await to_thread.run_sync(_readiness, services, limiter=CapacityLimiter(1))


def _readiness(services: Services) -> Readiness:
    services.store.refresh()
    counts = services.store.counts()
    model = services.store.model()
    return Readiness(model=model.name if model else "", articles=counts.articles, passages=counts.passages)
