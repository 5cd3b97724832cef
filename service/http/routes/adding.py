"""Adding articles: one, or a file of many."""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from index.errors import ArticleError, FormatError, SupersededError, WithdrawnError
from index.formats.reading import Original, read_page, read_text
from index.ingest import Ingester
from index.pipeline import withdraw
from index.types import Article, Stored
from service.fetching import fetched
from service.http.auth import may_read, may_write
from service.http.dependencies import EVENTS, Adding, Assembled, event_stream
from service.http.problems import problem_of
from service.http.schemas.articles import ArticleIn, StoredOut
from service.http.schemas.fields import ADDRESS, PRINTABLE
from service.http.schemas.uploads import CollectionOut, OutcomeOut
from service.uploads import Collection, holds_many, is_collection, safe_name

router = APIRouter(prefix="/v1/articles", dependencies=[Depends(may_read)], tags=["articles"])
_OBJECT = TypeAdapter(dict[str, Any])
_MOST_UNKNOWN = 20
_FIELDS = ("title", "url", "author", "publisher", "published")
_EMPTY = {"type": "string", "maxLength": 0}
_SHORT = {"type": "string", "maxLength": 2_000, "pattern": PRINTABLE}
_BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": ArticleIn.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **{name: _SHORT for name in _FIELDS},
                        "url": {"anyOf": [{**_SHORT, "pattern": ADDRESS}, _EMPTY]},
                        "published": {"anyOf": [{"type": "string", "format": "date"}, _EMPTY]},
                    },
                }
            },
        },
    }
}


class _Body(NamedTuple):
    """A request's body as it came: JSON, or a file with its name and the form's other fields.

    A file of many articles is at ``path``, for as long as the request lasts, and not in ``data``.
    """

    data: bytes
    file_name: str | None
    fields: dict[str, object]
    path: Path | None = None


async def _body(request: Request) -> AsyncIterator[_Body]:
    """Yield the request's body unparsed: parsing takes time, and is done on the thread pool."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        yield _Body(await request.body(), None, {})
        return
    if kind != "multipart/form-data":
        raise FormatError(
            f"The request's content type is {kind or 'not given'!r}.",
            remedy="Send application/json or multipart/form-data.",
        )
    with TemporaryDirectory(prefix="pullquote-") as folder:
        async with request.form(max_files=1) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise FormatError("The form has no file.", remedy="Send one in the field `file`.")
            name = file.filename or ""
            fields = {name: value for name, value in form.items() if name != "file" and value != ""}
            data = b"" if is_collection(name) else await file.read()
            if is_collection(name) or holds_many(name, data):
                path = Path(folder, safe_name(name))
                await file.seek(0)
                with path.open("wb") as kept:
                    await run_in_threadpool(shutil.copyfileobj, file.file, kept)
                body = _Body(b"", name, dict(fields), path)
            else:
                body = _Body(data, name, dict(fields))
        yield body


def _article(body: _Body, ingester: Ingester, *, may_fetch: bool) -> Article:
    """Return the article that the request holds. Raises RequestValidationError and FormatError."""
    try:
        if body.file_name is None:
            given = _stated(body.data)
        else:
            given = ArticleIn.model_validate({"text": "", **body.fields})
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error
    if body.file_name is not None:
        original = Original(body.data, body.file_name)
    elif given.html is not None:
        original = Original(given.html.encode(), "The page", parse=read_page)
    elif given.text is not None:
        original = Original(given.text.encode(), "The text", parse=read_text)
    else:
        original = _fetched(given.url or "", may_fetch=may_fetch)
    return ingester.read(original, **{name: getattr(given, name) for name in _FIELDS})


def _stated(data: bytes) -> ArticleIn:
    """Return the article that is sent as JSON. Raises ValidationError.

    Of fields that there are not, a few are enough to tell: an error for each of a million would take all of Python.
    """
    given = _OBJECT.validate_json(data)
    few = set(islice((name for name in given if name not in ArticleIn.model_fields), _MOST_UNKNOWN))
    known = {name: value for name, value in given.items() if name in ArticleIn.model_fields or name in few}
    return ArticleIn.model_validate(known)


def _fetched(url: str, *, may_fetch: bool) -> Original:
    if not may_fetch:
        raise ArticleError(
            "The article has no text, and this service fetches no addresses.",
            remedy="Send its text or html; or set PULLQUOTE_FETCH_URLS=true on the service.",
        )
    return fetched(url, public_only=True).load()


@router.post(
    "",
    dependencies=[Depends(may_write)],
    response_model=StoredOut | CollectionOut,
    openapi_extra=_BODIES,
    responses={
        **EVENTS,
        201: {"model": StoredOut, "description": "Added"},
    },
)
def add_article(
    request: Request,
    body: Annotated[_Body, Depends(_body)],
    services: Assembled,
    response: Response,
    turn: Annotated[None, Adding],  # noqa: ARG001 - waited for once the body is there
) -> StoredOut | CollectionOut | StreamingResponse:
    """Add an article: 201 if it is new, 200 if it was there or replaces an older version.

    A message of an agency that withdraws a story removes it: `removed`, or `unchanged` and the id 0 where it is not
    stored. An older version of a story than the one stored is left out: `unchanged`, with a warning that says so.

    An archive (`.zip`), JSON lines (`.jsonl`, `.jsonl.gz`), a web archive or a feed may hold any number of articles:
    the response then lists what became of each. A client that accepts `text/event-stream` is told of each at once:
    `outcome`, and `done` in the end.
    """
    if body.path:
        return _add_collection(request, body, body.path, services.ingester)
    try:
        article = _article(body, services.ingester, may_fetch=request.app.state.settings.fetch_urls)
    except WithdrawnError as error:
        if not error.key:
            raise
        return _withdrawn(request, services.ingester, error)
    warnings = [*article.notes, *article.cautions]
    try:
        stored = services.ingester.add(article)
    except SupersededError as error:
        stored = Stored(*error.stored, "unchanged")
        warnings.append(str(error))
    request.app.state.metrics.stored(stored.status, article.verdict.kind)
    request.state.article_id = stored.id
    response.status_code = 201 if stored.status == "added" else 200
    return StoredOut(
        id=stored.id,
        version=stored.version,
        status=stored.status,
        title=article.title,
        near_duplicates=services.store.near_duplicates(stored.id) if stored.id else [],
        verdict=article.verdict.kind,
        warnings=warnings,
    )


def _withdrawn(request: Request, ingester: Ingester, error: WithdrawnError) -> StoredOut:
    """Remove the story that a message withdraws, and say so."""
    stored, told = withdraw(ingester.store, error)
    request.app.state.metrics.stored(stored.status, "no_article")
    if stored.id:
        request.state.article_id = stored.id
    return StoredOut(
        id=stored.id,
        version=stored.version,
        status=stored.status,
        title="",
        near_duplicates=[],
        verdict="no_article",
        warnings=[told],
    )


def _add_collection(request: Request, body: _Body, path: Path, ingester: Ingester) -> CollectionOut | StreamingResponse:
    if body.fields:
        raise FormatError(
            f"{body.file_name} may hold many articles; {', '.join(body.fields)} would be said of all of them.",
            remedy="Send it without.",
        )
    collection = Collection(path, ingester, request.state.stop)
    if "text/event-stream" in request.headers.get("accept", ""):
        return event_stream(_events(request, collection))
    outcomes = list(_counted(request, collection))
    return CollectionOut.of(outcomes, complete=collection.is_whole)


def _counted(request: Request, collection: Collection) -> Iterator[OutcomeOut]:
    for each in collection.add():
        outcome = OutcomeOut.of(each)
        request.app.state.metrics.stored(outcome.status, outcome.verdict or "none")
        yield outcome


def _events(request: Request, collection: Collection) -> Iterator[bytes]:
    """Yield the events of a file of many articles; the last has the counts, and no outcomes again."""
    outcomes: list[OutcomeOut] = []
    try:
        for outcome in _counted(request, collection):
            outcomes.append(outcome)
            told = {**outcome.model_dump(), "share": round(collection.share, 4)}
            yield format_sse_event(event="outcome", data_str=json.dumps(told, ensure_ascii=False))
        done = CollectionOut.of(outcomes, complete=collection.is_whole).model_dump(exclude={"outcomes"})
        yield format_sse_event(event="done", data_str=json.dumps(done))
    except Exception as error:  # noqa: BLE001 - the stream's last handler: the status is sent already
        yield format_sse_event(event="error", data_str=json.dumps(problem_of(error)))
