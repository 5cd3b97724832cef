"""The OpenAPI document says what the service does."""

from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings

OPERATIONS = {"get", "post", "put", "patch", "delete"}
KEYS = {"api_keys": "reads", "admin_keys": "writes"}


def document_of(services: Services, settings: dict[str, Any]) -> dict[str, Any]:
    return create_app(Settings(**settings), services).openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in OPERATIONS
    ]


def test_every_operation_declares_the_errors_that_it_can_have(fake: Services) -> None:
    document = document_of(fake, {})
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])
    for path, method, operation in operations(document):
        declared = set(operation["responses"])
        assert {"422", "500"} <= declared, (path, method)
        assert "X-Request-ID" in operation["responses"]["422"]["headers"]
        if path.startswith("/v1/"):
            assert {"401", "503"} <= declared, (path, method)
            assert ("404" in declared) == ("{" in path or "requestBody" in operation), (path, method)
            assert ({"400", "408", "413"} <= declared) == ("requestBody" in operation), (path, method)
    paths = document["paths"]
    assert "403" in paths["/v1/ask"]["post"]["responses"] and "403" not in paths["/healthz"]["get"]["responses"]
    assert {"200", "201"} <= set(document["paths"]["/v1/articles"]["post"]["responses"])
    assert "WWW-Authenticate" in document["paths"]["/v1/ask"]["post"]["responses"]["401"]["headers"]


def test_the_errors_of_openais_paths_are_declared_as_its_clients_read_them(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    for path, name, kind in (
        ("/v1/ask", "Problem", "application/problem+json"),
        ("/v1/responses", "OpenAiProblem", "application/json"),
    ):
        declared = document["paths"][path]["post"]["responses"]["422"]["content"]
        assert declared == {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        assert client.post(path, json={}).headers["content-type"] == kind


@pytest.mark.parametrize(
    ("settings", "reads", "writes"),
    [({}, False, False), ({"admin_keys": "a"}, False, True), (KEYS, True, True)],
    ids=["no keys", "admin keys", "both"],
)
def test_a_key_is_required_where_the_service_requires_it(
    settings: dict[str, Any], reads: bool, writes: bool, fake: Services
) -> None:
    paths = document_of(fake, settings)["paths"]
    assert ("security" in paths["/v1/articles"]["get"]) == reads
    assert ("security" in paths["/v1/articles"]["post"]) == writes


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/articles", "GET, HEAD, POST"),
        ("/v1/articles/1", "DELETE, GET, HEAD"),
        ("/v1/articles/remove", "POST"),
        ("/v1/ask", "POST"),
        ("/healthz", "GET, HEAD"),
        ("/mcp", "POST"),
    ],
)
def test_a_wrong_method_is_told_all_that_the_path_allows(path: str, allowed: str, fake: Services) -> None:
    response = TestClient(create_app(Settings(), fake)).put(path)
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) >= set(allowed.split(", "))
    assert "PUT" not in response.headers["allow"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "PUT"])
def test_the_path_that_removes_is_no_article(method: str, fake: Services) -> None:
    response = TestClient(create_app(Settings(), fake)).request(method, "/v1/articles/remove")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "wrong",
    [{"stream": 0}, {"max_quotes": "3"}, {"max_quotes": True}, {"filters": {"article_ids": ["1"]}}],
    ids=str,
)
def test_a_value_of_another_type_is_refused_as_the_document_says(wrong: dict[str, Any], fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))
    assert client.post("/v1/ask", json={"question": "Who?", **wrong}).status_code == 422


def test_whole_numbers_may_be_written_with_a_point(fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))
    asked = {"question": "Who?", "max_quotes": 3.0, "filters": {"article_ids": [1.0]}}
    assert client.post("/v1/ask", json=asked).status_code == 200


def test_the_longest_address_that_the_document_allows_is_read(client: httpx.Client) -> None:
    known = {each["name"]: each for each in client.get("/openapi.json").json()["paths"]["/v1/speakers/{speaker_id}"][
        "get"]["parameters"]}  # fmt: skip
    publishers = next(each for each in known["publisher"]["schema"]["anyOf"] if each["type"] == "array")
    longest = "\U0001f600" * publishers["items"]["maxLength"]
    asked = {"publisher": [longest] * publishers["maxItems"], "q": "\U0001f600" * known["q"]["schema"]["maxLength"]}
    assert client.get("/v1/speakers/nobody", params=asked).status_code == 404


def test_a_question_without_words_is_refused_wherever_it_is_asked(fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))
    message = "The question has no words: no letter and no digit. Ask in words."
    asked = [client.post("/v1/ask", json={"question": "👍", "stream": stream}) for stream in (False, True)]
    for refused in (
        *asked,
        client.get("/v1/search", params={"q": "_"}),
        client.post("/v1/completions", json={"prompt": "-"}),
    ):
        assert (refused.status_code, refused.json()["detail"]) == (422, message)


@pytest.mark.parametrize(
    "query", ["q=a&q=b", "limit=5&limit=5", "sort=title&sort=added", "published_from=&published_from="]
)
def test_a_parameter_that_takes_one_value_is_not_given_two(query: str, fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))
    refused = client.get(f"/v1/articles?{query}")
    assert refused.status_code == 422 and "is given 2 times, and takes one value" in refused.json()["detail"]
    assert client.get("/v1/articles?kind=pdf&kind=text&publisher=a&publisher=b&q=a").status_code == 200


def test_an_answer_that_is_sent_back_has_its_evidence(fake: Services) -> None:
    document = document_of(fake, {})
    kept = document["paths"]["/v1/answers"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    exported = document["components"]["schemas"]["ExportIn"]["properties"]["answers"]["items"]
    assert kept["allOf"] == exported["allOf"] and "evidence" in kept["allOf"][1]["required"]
    schemas = document["components"]["schemas"]
    assert {"AnswerOut", "EvidenceOut"} <= set(schemas), "what they refer to is there"
