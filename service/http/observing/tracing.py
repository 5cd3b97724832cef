"""OpenTelemetry: a span for each request, and in it what answering consists of. Needs the extra ``otel``."""

import logging
import os
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.answering.types import Answer
from service.http.observing.request_ids import request_id

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_NANOSECONDS = 1_000_000
_SERVER_ERROR = 500
_log = logging.getLogger(__name__)


def open_tracer() -> "Tracer | None":
    """Return what sends spans to the collector that OpenTelemetry's own variables name; None where they name none."""
    named = next((name for name in _ENDPOINTS if os.environ.get(name)), None)
    if named is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        _log.warning("%s is set, but spans are not sent: run `pip install 'pullquote[otel]'`", named)
        return None
    service = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "pullquote"}
    provider = TracerProvider(resource=Resource.create(service))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("pullquote")


class Traced:
    """ASGI middleware with a span for each request, which continues the caller's trace (W3C Trace Context)."""

    def __init__(self, app: ASGIApp, *, tracer: "Tracer") -> None:
        """Wrap ``app``."""
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, StatusCode

        method = scope["method"]
        parent = extract(dict(Headers(scope=scope).items()))
        with self._tracer.start_as_current_span(method, parent, SpanKind.SERVER) as span:

            async def seen(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= _SERVER_ERROR:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            try:
                await self._app(scope, receive, seen)
            finally:
                route = str(getattr(scope.get("route"), "path_format", ""))
                span.update_name(f"{method} {route}".strip())
                span.set_attributes({"http.request.method": method, "pullquote.request_id": request_id()})
                if route:
                    span.set_attribute("http.route", route)


class TracedStages:
    """The stages of answering as spans of the request, from the times that an answer carries."""

    def __init__(self, tracer: "Tracer") -> None:
        """Take the tracer."""
        self._tracer = tracer

    def __call__(self, answer: Answer) -> None:
        """Add the spans of an answer that has just been given."""
        took = answer.took_ms
        begins = time.time_ns() - took.total * _NANOSECONDS
        for stage, milliseconds in (("search", took.search), ("read", took.read), ("choose", took.choose)):
            if not milliseconds and stage == "choose":
                continue
            ends = begins + milliseconds * _NANOSECONDS
            span = self._tracer.start_span(stage, start_time=begins)
            span.set_attribute("pullquote.answered", answer.answered)
            span.end(ends)
            begins = ends
