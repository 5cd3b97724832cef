"""Spans, as an OpenTelemetry collector gets them."""

import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.assembly import Services
from service.http.app import create_app
from service.http.observing.tracing import open_tracer
from service.settings import Settings
from tests.doubles import make_article

ROOT = Path(__file__).parents[1]
TRACE = "0af7651916cd43dd8448eb211c80319c"


def spans(services: Services, *, stream: bool = False) -> dict[str, ReadableSpan]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = create_app(Settings(), services, tracer=provider.get_tracer("test"))
    services.ingester.add(make_article("The dam holds 40 tons."))
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "X-Request-ID": "one"}
    asked = {"question": "What does the dam hold?", "stream": stream}
    assert TestClient(app).post("/v1/ask", json=asked, headers=headers).status_code == 200
    return {span.name: span for span in exporter.get_finished_spans()}


@pytest.mark.parametrize("stream", [False, True])
def test_a_request_is_a_span_and_so_are_its_stages(stream: bool, fake: Services) -> None:
    found = spans(fake, stream=stream)
    assert set(found) == {"POST /v1/ask", "search", "read"}
    request, read = found["POST /v1/ask"], found["read"]
    assert request.context and f"{request.context.trace_id:032x}" == TRACE
    assert read.parent and read.parent.span_id == request.context.span_id
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/ask",
        "http.response.status_code": 200,
        "pullquote.request_id": "one",
    }
    assert read.start_time and read.end_time and found["search"].end_time == read.start_time <= read.end_time


def test_no_span_has_a_question(fake: Services) -> None:
    assert not any("dam" in span.to_json() for span in spans(fake).values())


def test_spans_are_sent_only_where_a_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert open_tracer() is None


def test_a_collector_without_the_extra_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    assert open_tracer() is None
    assert "pip install 'pullquote[otel]'" in caplog.text


def test_nothing_of_the_sdk_is_imported_without_a_collector() -> None:
    code = "import sys, service.http.app as a; sys.exit('opentelemetry.sdk' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
