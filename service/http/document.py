"""The OpenAPI document: which errors an operation may answer with, from what its route depends on."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from service.http.auth import may_measure, may_read, may_write
from service.http.dependencies import services_of
from service.http.problems import speaks_openai
from service.keys import Keyring

_STRING = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _STRING,
        "title": _STRING,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong, with which value, and what to do about it"},
        "request_id": {"type": "string", "description": "the id that the response's header and the log have too"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": _STRING, "message": _STRING},
            },
        },
    },
}
_OPENAI_PROBLEM = {
    "title": "OpenAiProblem",
    "description": "A problem that OpenAI's clients can read as well.",
    "allOf": [
        {"$ref": "#/components/schemas/Problem"},
        {
            "type": "object",
            "required": ["error"],
            "properties": {
                "error": {
                    "type": "object",
                    "required": ["message", "type", "code", "param"],
                    "properties": {
                        "message": _STRING,
                        "type": _STRING,
                        "code": {"type": "integer"},
                        "param": {"type": "null"},
                    },
                }
            },
        },
    ],
}
_SCHEMAS = {"Problem": _PROBLEM, "OpenAiProblem": _OPENAI_PROBLEM}
_FRAMEWORKS_OWN = ("HTTPValidationError", "ValidationError")
_REQUEST_ID = {"X-Request-ID": {"description": "the request's id, which the log has too", "schema": _STRING}}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "how to send a key", "schema": _STRING}},
    429: {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}},
    503: {"Retry-After": {"description": "seconds, where it is known", "schema": {"type": "integer"}}},
}


class _Operation(NamedTuple):
    """What of a route decides how it can fail."""

    path: str
    reads: bool
    writes: bool
    measures: bool
    uses_services: bool
    has_path_parameters: bool
    has_body: bool

    def statuses(self) -> Iterator[int]:
        """Yield the statuses of all errors that it may answer with."""
        yield from (422, 500)  # an unknown query parameter is refused everywhere
        if self.reads:
            yield from (401, 403, 429)
        if self.measures:
            yield from (401, 403)
        if self.has_path_parameters or self.has_body:  # either may name what is not there
            yield 404
        if self.has_body:
            yield from (400, 408, 413)
        if self.uses_services or self.reads:
            yield 503


def install(app: FastAPI, keys: Keyring) -> None:
    """Make the OpenAPI document of ``app`` name every error and header, and require a key where ``keys`` do."""
    document = app.openapi
    done = False

    def completed() -> dict[str, Any]:
        nonlocal done
        found = document()
        if not done:
            _complete(found, app, keys)
            done = True
        return found

    # This is how FastAPI has the document added to.
    app.openapi = completed  # type: ignore[method-assign]


def _complete(document: dict[str, Any], app: FastAPI, keys: Keyring) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _FRAMEWORKS_OWN:
        schemas.pop(name, None)
    schemas.update(_SCHEMAS)
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute) and context.include_in_schema:
            for method in context.methods or ():
                described = document["paths"][context.path_format][method.lower()]
                _describe(described, _operation(str(context.path_format), context.dependant, described), keys)


def _operation(path: str, dependant: Dependant, described: dict[str, Any]) -> _Operation:
    calls = set(_calls(dependant))
    return _Operation(
        path=path,
        reads=may_read in calls,
        writes=may_write in calls,
        measures=may_measure in calls,
        uses_services=services_of in calls,
        has_path_parameters="{" in path,
        has_body="requestBody" in described,
    )


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for each in dependant.dependencies:
        if each.call:
            yield each.call
        yield from _calls(each)


def _describe(described: dict[str, Any], operation: _Operation, keys: Keyring) -> None:
    responses = described["responses"]
    responses.pop("422", None)  # the framework's own, of another shape
    for status in sorted(set(operation.statuses())):
        kind = "application/json" if speaks_openai(operation.path) else "application/problem+json"
        name = "OpenAiProblem" if speaks_openai(operation.path) else "Problem"
        problem = {
            "description": HTTPStatus(status).phrase,
            "headers": _HEADERS.get(status, {}),
            "content": {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}},
        }
        responses.setdefault(str(status), problem)
    for response in responses.values():
        response["headers"] = {**response.get("headers", {}), **_REQUEST_ID}
    if not _needs_a_key(operation, keys):
        described.pop("security", None)


def _needs_a_key(operation: _Operation, keys: Keyring) -> bool:
    if operation.measures:
        return keys.is_needed_to_measure
    return keys.is_needed_to_ask or (operation.writes and keys.is_needed_to_write)
