"""Errors as RFC 9457 problem details: one table from the error tree to statuses."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from index import errors
from service.http.access.headers import SECURITY
from service.http.access.rates import TooManyRequestsError
from service.http.admission import BusyError
from service.http.auth import ForbiddenError, UnauthorizedError
from service.http.observing.request_ids import HEADER, request_id

_log = logging.getLogger(__name__)
_MOST = 10
_LONGEST = 300
_LONGEST_DETAIL = 2_000
_QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded"
_OPENAI = ("/v1/chat/", "/v1/models", "/v1/responses", "/v1/completions")

# The first row that fits decides, so the narrower class stands above the wider.
_STATUSES: list[tuple[type[errors.PullquoteError], HTTPStatus]] = [
    (UnauthorizedError, HTTPStatus.UNAUTHORIZED),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.NotFoundError, HTTPStatus.NOT_FOUND),
    (errors.InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.FullError, HTTPStatus.INSUFFICIENT_STORAGE),
    (errors.StoreCorruptError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (errors.PullquoteError, HTTPStatus.SERVICE_UNAVAILABLE),
]


def problem_of(error: Exception) -> dict[str, Any]:
    """Return an error as problem details. One that is not Pullquote's is logged, and its text is not shown."""
    if not isinstance(error, errors.PullquoteError):
        _log.error("an unexpected error", exc_info=error)
        detail = "Something went wrong that should not. The service's log says what."
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail)
    status = next(status for kind, status in _STATUSES if isinstance(error, kind))
    problem = _problem(status, str(error))
    if isinstance(error, TooManyRequestsError):
        problem.update({"type": _QUOTA_EXCEEDED, "violated-policies": [error.policy]})
    return problem


def openai_error(problem: dict[str, Any]) -> dict[str, Any]:
    """Return problem details in the form that OpenAI's clients read."""
    return {"message": problem["detail"], "type": problem["title"], "code": problem["status"], "param": None}


def speaks_openai(path: str) -> bool:
    """Whether OpenAI's clients call this path."""
    return path.startswith(_OPENAI)


def response_of(request: Request, error: errors.PullquoteError) -> JSONResponse:
    """Return the response that says what is wrong."""
    return _ours(request, error)


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error with problem details."""
    app.add_exception_handler(errors.PullquoteError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)


def _problem(status: int, detail: str, **more: object) -> dict[str, Any]:
    # What was sent may stand in the detail; the remedy stands at its end.
    if len(detail) > _LONGEST_DETAIL:
        detail = f"{detail[: _LONGEST_DETAIL - _LONGEST]} … {detail[-_LONGEST:]}"
    known = {"request_id": request_id()} if request_id() else {}
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": int(status), "detail": detail, **known, **more}


def _response(request: Request, problem: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    headers = {**(headers or {}), HEADER: request_id()}  # an unexpected error is answered outside of the middleware
    missing = problem["status"] in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    unknown = missing and request.url.path.startswith("/v1/") and "route" not in request.scope
    if unknown or speaks_openai(request.url.path):  # OpenAI's clients read `error` only
        body = {**problem, "error": openai_error(problem)}
        return JSONResponse(body, status_code=problem["status"], headers=headers)
    return JSONResponse(problem, status_code=problem["status"], media_type="application/problem+json", headers=headers)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.PullquoteError)
    problem = problem_of(error)
    deliberate = isinstance(error, (BusyError, errors.FullError, errors.StoppedError))
    if problem["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR and not deliberate:
        _log.error("%s %s: %s", request.method, request.url.path, error)
    return _response(request, problem, _headers(error))


def _headers(error: errors.PullquoteError) -> dict[str, str] | None:
    if isinstance(error, BusyError):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, TooManyRequestsError):
        return error.headers
    if isinstance(error, ForbiddenError) and error.scope:  # RFC 6750
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.scope}"'}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, UnauthorizedError) else None


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    # What was sent stands in both: a million wrong keys must not come back as a hundred megabytes.
    fields = [
        {"field": _field(each)[:_LONGEST], "message": each["msg"].removeprefix("Value error, ")[:_LONGEST]}
        for each in found[:_MOST]
    ]
    detail = "; ".join(f"{each['field']}: {each['message']}" for each in fields)
    more = f"; and {len(found) - _MOST:,} more" if len(found) > _MOST else ""
    return _response(
        request, _problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"The request does not fit. {detail}{more}.", errors=fields)
    )


def _field(found: dict[str, Any]) -> str:
    if found["type"] == "json_invalid":
        return "body"  # the location is an offset here
    # For a field of several types, pydantic also names the type: "function-after[…]", "list[…]".
    parts = [str(part) for part in found["loc"] if part != "body" and "[" not in str(part)]
    return ".".join(parts) or "body"


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if detail == HTTPStatus(error.status_code).phrase:  # the framework's own: there is no such path or method
        detail = f"There is no {request.method} {request.url.path[:100]} here. /openapi.json lists what there is."
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "")
    return _response(request, _problem(error.status_code, detail), headers)


def _methods(request: Request) -> list[str]:
    """Return the methods that the request's path has: the framework names those of its first route only."""
    path = request.scope["path"]
    routes = [each for each in iter_route_contexts(request.app.routes) if each.methods and each.path_regex.match(path)]
    found = {method for each in routes for method in each.methods or ()}
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


def _gone(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - as handlers are called
    return _response(request, _problem(HTTPStatus.BAD_REQUEST, "The client left before the request was whole."))


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # This one is answered outside of all middleware.
    return _response(request, problem_of(error), SECURITY)
