"""The composition root of the HTTP service."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from service.answering.types import Answer
from service.assembly import Services, annotating
from service.http import document, problems
from service.http.access.audit import Audit
from service.http.access.gate import Gate
from service.http.access.headers import SecurityHeaders
from service.http.access.proxies import TrustedProxies
from service.http.access.reference import add_reference
from service.http.admission import Admission
from service.http.body_limit import BodyLimit
from service.http.conditional import HeadRequests
from service.http.deadlines import Deadlines
from service.http.dependencies import only_known_parameters
from service.http.evidence.sealing import Sealer, models_of
from service.http.observing.measured import Measured, ObservedAnswerer
from service.http.observing.metrics import Metrics
from service.http.observing.probe import Probe
from service.http.observing.request_ids import RequestIds
from service.http.observing.tracing import Traced, TracedStages
from service.http.overload import Overload
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
from service.keys import Keyring
from service.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

_WORTH_COMPRESSING = 1_000
_CORES = os.cpu_count() or 1
_ADDED_AT_ONCE = 2


def create_app(settings: Settings, services: Services, *, tracer: "Tracer | None" = None) -> FastAPI:
    """Return the HTTP service around ``services``, which it closes when it shuts down; ``tracer`` gets its spans."""
    metrics = Metrics()
    probe = Probe(services.embedder, services.reader)
    told: list[Callable[[Answer], None]] = [metrics.answered, probe.heard]
    if tracer:
        told.append(TracedStages(tracer))
    services = replace(services, answerer=ObservedAnswerer(services.answerer, metrics, told=told))
    most_bytes = int(settings.max_upload_mb * 1_000_000)
    tools = mcp.Mcp(services, most_bytes=most_bytes)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with annotating(services):
            async with tools.running():
                yield
        services.close()

    # Without pages of its own: their scripts stand inline.
    app: FastAPI = FastAPIOffline(
        None,
        None,
        title="Pullquote",
        summary="Answers questions about articles with exact, source-attributed quotations.",
        version=version("pullquote"),
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.services = services
    app.state.keys = Keyring(
        [each.get_secret_value() for each in settings.api_keys],
        [each.get_secret_value() for each in settings.admin_keys],
        Path(settings.keys_file) if settings.keys_file else None,
        open_metrics=settings.open_metrics,
    )
    limits = settings.limited
    app.state.sealer = Sealer(services.store.kept().seal, models_of(services, settings))
    app.state.asking = Admission(at_once=_CORES, queue=limits.queue)
    app.state.adding = Admission(at_once=_ADDED_AT_ONCE, queue=limits.queue)
    app.state.probe = probe
    app.state.metrics = metrics
    metrics.watch(
        services, probe, queues={"asking": app.state.asking, "adding": app.state.adding}, store=settings.store
    )
    problems.install(app)
    # From the inside out.
    app.add_middleware(Overload, service=app)
    app.add_middleware(Audit)
    app.add_middleware(Deadlines, seconds=limits.seconds)
    app.add_middleware(Gate, rate=settings.rate)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"],
        )
    app.add_middleware(BodyLimit, most_bytes=most_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_COMPRESSING)
    app.add_middleware(Measured, metrics=metrics)
    if tracer:
        app.add_middleware(Traced, tracer=tracer)
    app.add_middleware(RequestIds)
    app.add_middleware(HeadRequests)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(TrustedProxies, trusted=settings.trusted_proxies)
    for module in (ask, chat, responses, completions, adding, articles, archive, speakers, trust, answers, operations):
        app.include_router(module.router, dependencies=[Depends(only_known_parameters)])
    add_reference(app)
    # The page keeps its questions in its address, and whoever passes a link on may add to it.
    app.include_router(pages.router)
    app.router.routes.append(Route("/mcp", tools, methods=["POST"], include_in_schema=False))
    document.install(app, app.state.keys)
    return app
