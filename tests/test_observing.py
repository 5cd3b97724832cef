"""What can be seen of the running service: ids, metrics, logs, versions, readiness."""

import io
import json
import logging
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from index.embedding import Vectors
from service.answering.reading.simple_reader import SimpleReader
from service.assembly import Services, assemble
from service.http.app import create_app
from service.http.observing import probe
from service.http.observing.logs import JsonFormatter, TextFormatter, configure_logs
from service.keys import new_key
from service.settings import Settings
from tests.conftest import serving
from tests.doubles import WordEmbedder

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SECRET = "Zanzibarquestion"
TITLE = "Mombasatitle"
KEY = "Kampalakey"
QUERIES, RESULTS = "pullquote_query_cache_total", ("hit", "miss")


@pytest.fixture
def seen(fake: Services) -> Iterator[httpx.Client]:
    """A real server over two articles, after some of everything."""
    settings = Settings(api_keys=KEY, store=f"file:{fake.store.folder}")  # type: ignore[attr-defined, arg-type]
    with serving(create_app(settings, fake)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        use(client)
        yield client


def use(client: httpx.Client) -> None:
    client.post("/v1/ask", json={"question": f"Where is {SECRET}?"})  # there is nothing yet
    for text in ("Ann Cole said the dam holds 40 tons. It was built in 1987.", "The mayor denied that it rained."):
        assert client.post("/v1/articles", json={"text": text, "title": TITLE}).status_code == 201
    client.post("/v1/articles", json={"text": "", "title": TITLE})
    client.post("/v1/ask", json={"question": "How many tons does the dam hold?"})
    client.post("/v1/ask", json={"question": f"Who saw the {SECRET}?"})
    client.post("/v1/ask", json={"question": f"{SECRET} " * 500})
    client.post("/v1/ask", json={"question": f"Where is {SECRET}?", "filters": {"article_ids": [99]}})
    client.post("/v1/ask", content=f'{{"question": "{SECRET}", }}')
    client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": f"Where is {SECRET}?"}]})
    with client.stream("POST", "/v1/ask", json={"question": f"Where is {SECRET}?", "stream": True}) as stream:
        stream.read()
    client.get("/v1/search", params={"q": SECRET})
    client.get("/v1/articles/1")
    client.get("/v1/articles/99")
    client.get(f"/{SECRET * 9_000}"[:300], params={"q": SECRET})
    client.get("/v1/articles", headers={"Authorization": "Bearer wrong"})
    client.request("BREW", "/v1/ask")
    client.get("/readyz")


def metrics(client: httpx.Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    response = client.get("/metrics")
    assert response.status_code == 200 and response.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def value(found: dict[Any, float], name: str, **labels: str) -> float:
    return sum(
        number for (known, having), number in found.items() if known == name and labels.items() <= dict(having).items()
    )


def test_what_is_asked_is_counted(seen: httpx.Client) -> None:
    found = metrics(seen)
    assert value(found, "pullquote_asks_total", outcome="no_articles") == 1
    assert value(found, "pullquote_asks_total", outcome="answered", kind="number") == 1
    assert value(found, "pullquote_asks_total", outcome="filters_exclude_all", kind="place") == 1
    assert value(found, "pullquote_asks_total", outcome="rejected") == 1
    assert value(found, "pullquote_asks_total", outcome="no_passage_answers") == 3
    assert value(found, "pullquote_stage_seconds_count", stage="read") == 6
    assert value(found, "pullquote_quotes_total", stance="asserted") >= 1
    assert value(found, "pullquote_articles_stored_total", status="added") == 2
    assert (value(found, "pullquote_articles"), value(found, "pullquote_store_up")) == (2, 1)
    assert value(found, "pullquote_store_bytes") > 10_000
    assert value(found, "pullquote_model_age_seconds") < 60


def test_requests_are_counted_by_route_and_never_by_path(seen: httpx.Client) -> None:
    seen.head("/healthz")
    found = metrics(seen)
    by_route = "pullquote_http_requests_total"
    assert value(found, by_route, route="/v1/articles/{article_id}", status="200") == 1
    assert value(found, by_route, route="/v1/articles/{article_id}", status="404") == 1
    assert value(found, by_route, route="none", status="404") == 1
    assert value(found, by_route, status="401") == 1
    assert value(found, by_route, method="other") == 1
    assert value(found, by_route, route="/healthz", method="GET", status="200") == 1
    assert not any(SECRET in label for _, labels in found for pair in labels for label in pair)


def test_metrics_and_versions_need_a_key_where_the_api_does(fake: Services) -> None:
    closed = TestClient(create_app(Settings(api_keys=KEY), fake))  # type: ignore[arg-type]
    opened = TestClient(create_app(Settings(), fake))
    for path in ("/metrics", "/version"):
        assert closed.get(path).status_code == 401
        assert closed.get(path, headers={"Authorization": f"Bearer {KEY}"}).status_code == 200
        assert opened.get(path).status_code == 200


@pytest.mark.parametrize(
    ("settings", "nobody", "asking", "measuring", "admin"),
    [
        ({"api_keys": "asks", "admin_keys": "admin"}, 401, 403, 200, 200),
        ({"admin_keys": "admin"}, 401, 401, 200, 200),
        ({}, 401, 401, 200, 401),
        ({"api_keys": "asks", "admin_keys": "admin", "open_metrics": True}, 200, 200, 200, 200),
    ],
    ids=["both kinds", "admin keys", "a file of keys", "opened"],
)
def test_the_metrics_need_a_key_for_them(
    fake: Services, tmp_path: Path, settings: dict[str, Any], nobody: int, asking: int, measuring: int, admin: int
) -> None:
    token, key = new_key("prometheus", ["metrics"])
    (tmp_path / "keys.txt").write_text(str(key), encoding="utf-8")
    app = create_app(Settings(keys_file=str(tmp_path / "keys.txt"), **settings), fake)
    client = TestClient(app)

    def status(given: str, path: str = "/metrics") -> int:
        return client.get(path, headers={"Authorization": f"Bearer {given}"} if given else {}).status_code

    assert [status(each) for each in ("", "asks", token, "admin")] == [nobody, asking, measuring, admin]
    assert status(token, "/v1/articles") == 403, "it allows nothing else"
    assert ("security" in app.openapi()["paths"]["/metrics"]["get"]) == (nobody == 401)
    assert {"401", "403"} <= set(app.openapi()["paths"]["/metrics"]["get"]["responses"])


def test_a_store_that_fails_is_a_metric_and_no_outage_of_the_metrics(fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))
    fake.store.close()
    found = {(name, labels): number for (name, labels), number in metrics(client).items()}  # type: ignore[arg-type]
    assert found["pullquote_store_up", ()] == 0
    assert ("pullquote_articles", ()) not in found


def test_the_dashboard_and_the_alerts_name_metrics_that_there_are(seen: httpx.Client) -> None:
    found = {name for name, _ in metrics(seen)} | {"up", QUERIES}
    dashboard = json.loads((DEPLOY / "grafana" / "pullquote.json").read_text(encoding="utf-8"))
    alerts = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    queries += [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    named = {name for query in queries for name in re.findall(r"\b(?:pullquote|process)_\w+|\bup\b", query)}
    assert len(queries) > 25 and len(named) > 12
    assert named <= found


def test_the_dashboard_is_one_that_grafana_can_read() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "pullquote.json").read_text(encoding="utf-8"))
    assert {"title", "uid", "schemaVersion", "panels", "templating", "time"} <= set(dashboard)
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        assert panel["title"] and all(target["expr"] and target["refId"] for target in panel["targets"])


def test_prometheus_accepts_the_alerts() -> None:
    if (program := shutil.which("promtool")) is None:
        pytest.skip("promtool is not installed")
    subprocess.run([program, "check", "rules", DEPLOY / "prometheus" / "alerts.yml"], check=True)


def test_the_cache_of_questions_is_counted(client: httpx.Client) -> None:
    before = metrics(client)
    for _ in range(2):
        client.get("/v1/search", params={"q": "Which bridges are counted by caches?"})
    after = metrics(client)
    more = {result: value(after, QUERIES, result=result) - value(before, QUERIES, result=result) for result in RESULTS}
    assert more["miss"] == 1 and more["hit"] >= 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123/4:5", True), ("x" * 128, True), ("", False), ("x" * 129, False), ("a b", False), ('a"b', False)],
)
def test_a_request_keeps_its_id_if_that_is_well_formed(given: str, kept: bool, fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))
    refused = client.get("/v1/articles/99", headers={"X-Request-ID": given})
    known = refused.headers["x-request-id"]
    assert (known == given) == kept and re.fullmatch(r"[\w./:-]{1,128}", known)
    assert refused.json()["request_id"] == known


def test_every_response_has_an_id_the_unexpected_error_too(fake: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(), fake)
    client = TestClient(app, raise_server_exceptions=False)
    ids = [client.get("/healthz").headers["x-request-id"] for _ in range(3)]
    assert len(set(ids)) == 3
    monkeypatch.setattr(type(fake.store), "article", lambda *_, **__: 1 // 0)
    broken = client.get("/v1/articles/1")
    assert broken.status_code == 500
    assert broken.headers["x-request-id"] == broken.json()["request_id"] != ""
    found = client.get("/metrics").text
    assert 'pullquote_http_requests_total{method="GET",route="/v1/articles/{article_id}",status="500"} 1.0' in found


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, in JSON, as `pullquote serve` sets it up."""
    root, access = logging.getLogger(), logging.getLogger("pullquote.access")
    before = root.handlers, root.level, access.handlers, access.propagate
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("sys.stdout", stream)
    configure_logs("info", "json")
    monkeypatch.setattr(logging.getLogger("httpx"), "level", logging.WARNING)  # the client of these tests
    yield stream
    root.handlers, root.level, access.handlers, access.propagate = before


def test_the_log_has_no_question_no_title_and_no_key(logged: io.StringIO, seen: httpx.Client) -> None:
    seen.get("/v1/articles", headers={"X-Request-ID": "the-last"})
    deadline = time.monotonic() + 10  # a request is logged once its response is sent
    while "the-last" not in logged.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    for line in lines:
        assert {"time", "level", "logger", "message"} <= set(line)
        if line.get("status") != 404:  # a path that is not there is logged as it was sent
            assert not any(word in json.dumps(line) for word in (SECRET, TITLE, KEY, "wrong")), line
        assert len(json.dumps(line)) < 2_000
    asked = [line for line in lines if line.get("path") == "/v1/search"]
    assert [(line["method"], line["status"]) for line in asked] == [("GET", 200)]
    assert lines[-1]["request_id"] == "the-last" and lines[-1]["ms"] >= 0


def test_what_threads_log_has_the_id_of_their_request(logged: io.StringIO, fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))
    fake.store.close()
    client.post("/v1/ask", json={"question": "Who?"}, headers={"X-Request-ID": "seen-in-threads"})
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    failed = next(line for line in lines if line["level"] == "error")
    assert failed["request_id"] == "seen-in-threads" and "closed" in failed["message"]


def test_a_log_line_cannot_be_forged() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "one\ntwo", None, None)
    assert len(JsonFormatter().format(record).splitlines()) == 1
    assert len(TextFormatter().format(record).splitlines()) == 1


def test_the_versions_are_those_of_the_models(client: httpx.Client) -> None:
    found = client.get("/version").json()
    reader = found["models"]["reader"]
    weights = (ROOT / "models" / "reader" / "model.onnx").read_bytes()
    assert reader == {"name": "pullquote-reader", "sha256": sha256(weights).hexdigest()}
    assert found["models"]["embedding"]["name"] == "all-MiniLM-L6-v2"
    assert re.fullmatch("[0-9a-f]{64}", found["models"]["embedding"]["sha256"])
    assert (found["store"], found["dimension"]) == ("file", 384)


class Stuck(WordEmbedder):
    """An embedder that can be made to hang, or to break."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.broken, self.asked = threading.Event(), False, 0
        self.go.set()

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.asked += 1
        self.go.wait(20)
        if self.broken:
            raise RuntimeError("no memory")
        return super().encode_passages(texts)


@pytest.fixture
def stuck(folder: Path) -> Iterator[tuple[TestClient, Stuck]]:
    embedder = Stuck()
    settings = Settings(store=f"file:{folder}", attribution_model="rules", stance_model="none")
    services = assemble(settings, embedder=embedder, reader=SimpleReader(embedder))
    with TestClient(create_app(settings, services), raise_server_exceptions=False) as client:
        yield client, embedder
        embedder.go.set()


def test_ready_means_that_the_models_answer(stuck: tuple[TestClient, Stuck]) -> None:
    client, embedder = stuck
    embedder.broken = True
    assert client.get("/readyz").status_code == 500
    embedder.broken = False
    assert client.get("/readyz").json()["model_answered"] < 5
    before = embedder.asked
    assert client.get("/readyz").status_code == 200
    assert embedder.asked == before, "they are asked now and then, not at each call"


def test_a_model_that_hangs_is_not_ready_and_holds_up_nobody(
    stuck: tuple[TestClient, Stuck], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, embedder = stuck
    embedder.go.clear()
    began = time.monotonic()
    assert client.get("/readyz").status_code == 200, "it was loaded a moment ago"
    monkeypatch.setattr(probe, "_STALE_SECONDS", 1.0)
    refused = client.get("/readyz")
    assert refused.status_code == 503 and "have not answered for" in refused.json()["detail"]
    assert time.monotonic() - began < 10, "it must not wait for the model"
    assert client.get("/healthz").status_code == 200
