"""What Prometheus reads: counted here, from what answers and responses carry."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from index.embedding import CountsQueries
from index.errors import StoreError
from service.answering.question import answer_type
from service.answering.quoting.stance import stance_name
from service.answering.types import Answer
from service.assembly import Services
from service.http.admission import Admission
from service.http.observing.probe import Probe

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)
_QUOTES = (0, 1, 2, 3, 5, 10, 20)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_FILE = "file:"


class Exposition(NamedTuple):
    """The metrics as they are sent, and their media type."""

    body: bytes
    media_type: str


class Metrics:
    """The counts of one application, in a registry of its own. No label has more than a few values."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "pullquote_http_requests", "Requests answered", ["route", "method", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "pullquote_http_request_seconds", "From a request to its last byte", ["route"], buckets=_SECONDS,
            registry=registry,
        )  # fmt: skip
        self._in_progress = Gauge("pullquote_http_requests_in_progress", "Requests under way", registry=registry)
        self._asks = Counter(
            "pullquote_asks", "Questions by how they ended and by what they ask for", ["outcome", "kind"],
            registry=registry,
        )  # fmt: skip
        self._ask_seconds = Histogram(
            "pullquote_ask_seconds", "From a question to its answer", buckets=_SECONDS, registry=registry
        )
        self._stages = Histogram(
            "pullquote_stage_seconds", "The parts of answering", ["stage"], buckets=_SECONDS, registry=registry
        )
        self._quotes = Counter("pullquote_quotes", "Quotes in answers", ["stance"], registry=registry)
        self._per_answer = Histogram(
            "pullquote_quotes_per_answer", "How many quotes an answer has", buckets=_QUOTES, registry=registry
        )
        self._stored = Counter(
            "pullquote_articles_stored", "Articles sent over HTTP", ["status", "verdict"], registry=registry
        )
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

    def watch(self, services: Services, probe: Probe, *, queues: Mapping[str, Admission], store: str) -> None:
        """Read the state of all these whenever the metrics are asked for; ``store`` is the store's address."""
        self._registry.register(_State(services, probe, queues, store))

    def requested(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request; ``route`` is the template of its path, "" where it has none."""
        route = route or "none"
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def entered(self) -> None:
        """Count a request that begins."""
        self._in_progress.inc()

    def left(self) -> None:
        """Count a request that ends."""
        self._in_progress.dec()

    def answered(self, answer: Answer) -> None:
        """Count an answer, or a refusal with its reason."""
        kind = answer_type.expected(answer.search_question) or "other"
        self._asks.labels(answer.reason or "answered", kind).inc()
        took = answer.took_ms
        self._ask_seconds.observe(took.total / 1000)
        for stage, milliseconds in (("search", took.search), ("read", took.read), ("choose", took.choose)):
            if milliseconds or stage != "choose":
                self._stages.labels(stage).observe(milliseconds / 1000)
        self._per_answer.observe(len(answer.quotes))
        for quote in answer.quotes:
            self._quotes.labels(stance_name(quote.stance)).inc()

    def failed(self, outcome: str) -> None:
        """Count a question without an answer: ``rejected`` as none, ``stopped`` or ``failed``."""
        self._asks.labels(outcome, "unknown").inc()

    def stored(self, status: str, verdict: str) -> None:
        """Count an article that was sent."""
        self._stored.labels(status, verdict).inc()

    def exposition(self, accepted: str) -> Exposition:
        """Return all metrics in the form that the header ``Accept`` asks for."""
        encode, media_type = choose_encoder(accepted)
        return Exposition(encode(self._registry), media_type)


class _State(Collector):
    """What is read, not counted: queues, the store, the cache of questions."""

    def __init__(self, services: Services, probe: Probe, queues: Mapping[str, Admission], store: str) -> None:
        self._services = services
        self._probe = probe
        self._queues = queues
        self._folder = Path(store.removeprefix(_FILE)) if store.startswith(_FILE) else None

    def describe(self) -> list[Metric]:
        """Return nothing: the state is not read before it is asked for."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the state as it is now."""
        waiting = GaugeMetricFamily("pullquote_queue_length", "Requests that wait for their turn", labels=["queue"])
        working = GaugeMetricFamily("pullquote_queue_working", "Requests whose turn it is", labels=["queue"])
        for name, queue in self._queues.items():
            waiting.add_metric([name], queue.waiting)
            working.add_metric([name], queue.working)
        yield from (waiting, working)
        age = self._probe.age
        yield GaugeMetricFamily("pullquote_model_age_seconds", "Seconds since the models answered", value=age)
        yield from self._store()
        if isinstance(self._services.embedder, CountsQueries):
            use = self._services.embedder.query_cache()
            family = CounterMetricFamily("pullquote_query_cache", "Questions whose vector was known", labels=["result"])
            family.add_metric(["hit"], use.hits)
            family.add_metric(["miss"], use.misses)
            yield family

    def _store(self) -> Iterator[Metric]:
        try:
            counts = self._services.store.counts()
        except StoreError:
            yield GaugeMetricFamily("pullquote_store_up", "Whether the store can be read", value=0)
            return
        yield GaugeMetricFamily("pullquote_store_up", "Whether the store can be read", value=1)
        yield GaugeMetricFamily("pullquote_articles", "Articles in the store", value=counts.articles)
        yield GaugeMetricFamily("pullquote_passages", "Passages in the store", value=counts.passages)
        if self._folder and self._folder.is_dir():
            sizes = sum(entry.stat().st_size for entry in os.scandir(self._folder) if entry.is_file())
            yield GaugeMetricFamily("pullquote_store_bytes", "Size of the store's files", value=sizes)
