"""The composition root of the HTTP service."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from service.assembly import Services, annotating
from service.http import problems
from service.http.admission import Admission
from service.http.body_limit import BodyLimit, KnownCallers
from service.http.conditional import HeadRequests
from service.http.deadlines import Deadlines
from service.http.dependencies import only_known_parameters
from service.http.evidence.sealing import Sealer, models_of
from service.http.routes import (
    adding,
    answers,
    archive,
    articles,
    ask,
    chat,
    completions,
    mcp,
    operations,
    pages,
    responses,
    speakers,
    trust,
)
from service.settings import Settings

_WORTH_COMPRESSING = 1_000
_CORES = os.cpu_count() or 1
_ADDED_AT_ONCE = 2


def create_app(settings: Settings, services: Services) -> FastAPI:
    """Return the HTTP service around ``services``, which it closes when it shuts down."""
    most_bytes = int(settings.max_upload_mb * 1_000_000)
    tools = mcp.Mcp(services, most_bytes=most_bytes)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with annotating(services):
            async with tools.running():
                yield
        services.close()

    app: FastAPI = FastAPIOffline(
        title="Pullquote",
        summary="Answers questions about articles with exact, source-attributed quotations.",
        version=version("pullquote"),
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.services = services
    limits = settings.limited
    app.state.sealer = Sealer(services.store.kept().seal, models_of(services, settings))
    app.state.asking = Admission(at_once=_CORES, queue=limits.queue)
    app.state.adding = Admission(at_once=_ADDED_AT_ONCE, queue=limits.queue)
    problems.install(app)
    app.add_middleware(Deadlines, seconds=limits.seconds)
    app.add_middleware(KnownCallers)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["*"], allow_headers=["*"]
        )
    app.add_middleware(BodyLimit, most_bytes=most_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_COMPRESSING)
    app.add_middleware(HeadRequests)
    for module in (ask, chat, responses, completions, adding, articles, archive, speakers, trust, answers, operations):
        app.include_router(module.router, responses=problems.PROBLEMS, dependencies=[Depends(only_known_parameters)])
    # The page keeps its questions in its address, and whoever passes a link on may add to it.
    app.include_router(pages.router)
    app.router.routes.append(Route("/mcp", tools, methods=["POST"], include_in_schema=False))
    return app
