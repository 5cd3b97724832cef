"""Whether the service is alive and ready, which version it is, and its metrics."""

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from service.assembly import Services
from service.http.auth import may_measure, may_read
from service.http.dependencies import Assembled
from service.http.observing.metrics import Metrics
from service.http.observing.versions import versions

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The service answers."""

    status: str = "ok"


class Readiness(BaseModel):
    """The models answer, the store is open and its vector index current.

    ``model_answered`` is how many seconds ago the models were last known to answer.
    """

    status: str = "ready"
    model: str
    articles: int
    passages: int
    model_answered: float


class ModelOut(BaseModel):
    """A model's name, and the SHA-256 of its weights; null where they are not on this machine, or it has none."""

    name: str
    sha256: str | None


class VersionOut(BaseModel):
    """The program, its models by what they do, and the store: its engine and the dimension of its vectors."""

    pullquote: str
    python: str
    models: dict[str, ModelOut]
    store: str
    dimension: int | None


@router.get("/healthz")
async def healthz() -> Health:
    """Return 200 while the process is alive, however busy its threads are."""
    return Health()


@router.get("/readyz")
async def readyz(request: Request, services: Assembled) -> Readiness:
    """Return 200 if questions can be answered, else an error with the reason. It takes a few seconds at most."""
    answered = await request.app.state.probe.check()
    return await to_thread.run_sync(_readiness, services, answered, limiter=_limiter())


@router.get("/version", dependencies=[Depends(may_read)])
async def get_version(request: Request, services: Assembled) -> VersionOut:
    """Return which program and models these are. The first time, the models' files are read."""
    found = await to_thread.run_sync(versions, request.app.state.settings, services.embedder.name, limiter=_limiter())
    return VersionOut(
        pullquote=found.pullquote,
        python=found.python,
        models={use: ModelOut(name=model.name, sha256=model.sha256) for use, model in found.models.items()},
        store=request.app.state.settings.store.partition(":")[0],
        dimension=services.embedder.dimension,
    )


@router.get(
    "/metrics",
    dependencies=[Depends(may_measure)],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}, "application/openmetrics-text": {}}}},
)
async def get_metrics(request: Request) -> Response:
    """Return the metrics for Prometheus."""
    metrics: Metrics = request.app.state.metrics
    found = await to_thread.run_sync(metrics.exposition, request.headers.get("accept", ""), limiter=_limiter())
    return Response(found.body, media_type=found.media_type)


def _limiter() -> CapacityLimiter:
    """Return a thread of its own: those of other routes may all be at work."""
    return CapacityLimiter(1)


def _readiness(services: Services, answered: float) -> Readiness:
    services.store.refresh()
    counts = services.store.counts()
    model = services.store.model()
    return Readiness(
        model=model.name if model else "",
        articles=counts.articles,
        passages=counts.passages,
        model_answered=round(answered, 1),
    )
