"""Articles: adding, listing, reading and removing them."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from index.errors import ArticleError, FormatError
from index.formats.reading import Original, read_page, read_text
from index.ingest import Ingester
from index.types import Article
from service.fetching import fetched
from service.http.auth import may_read, may_write
from service.http.conditional import tagged
from service.http.dependencies import Adding, Assembled
from service.http.schemas.articles import ArticleIn, ArticleOut, ArticlesOut, StoredOut, WholeArticleOut
from service.http.schemas.fields import LARGEST_ID, ArticleId
from service.http.schemas.speakers import SpeakersOut

router = APIRouter(prefix="/v1/articles", dependencies=[Depends(may_read)], tags=["articles"])
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged since the ETag given"}}
_FIELDS = ("title", "url", "author", "publisher", "published")
_BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": ArticleIn.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **{name: {"type": "string"} for name in _FIELDS},
                    },
                }
            },
        },
    }
}


class _Body(NamedTuple):
    """A request's body as it came: JSON, or a file with its name and the form's other fields."""

    data: bytes
    file_name: str | None
    fields: dict[str, object]


async def _body(request: Request) -> _Body:
    """Return the request's body unparsed: parsing takes time, and is done on the thread pool."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return _Body(await request.body(), None, {})
    if kind != "multipart/form-data":
        raise FormatError(
            f"The request's content type is {kind or 'not given'!r}.",
            remedy="Send application/json or multipart/form-data.",
        )
    async with request.form(max_files=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise FormatError("The form has no file.", remedy="Send one in the field `file`.")
        fields = {name: value for name, value in form.items() if name != "file" and value != ""}
        return _Body(await file.read(), file.filename or "", dict(fields))


def _article(body: _Body, ingester: Ingester, *, may_fetch: bool) -> Article:
    """Return the article that the request holds. Raises RequestValidationError and FormatError."""
    try:
        if body.file_name is None:
            given = ArticleIn.model_validate_json(body.data)
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
    openapi_extra=_BODIES,
    responses={201: {"model": StoredOut, "description": "Added"}},
)
def add_article(
    request: Request,
    body: Annotated[_Body, Depends(_body)],
    services: Assembled,
    response: Response,
    turn: Annotated[None, Adding],  # noqa: ARG001 - waited for once the body is there
) -> StoredOut:
    """Add an article: 201 if it is new, 200 if it was there or replaces an older version."""
    article = _article(body, services.ingester, may_fetch=request.app.state.settings.fetch_urls)
    stored = services.ingester.add(article)
    response.status_code = 201 if stored.status == "added" else 200
    return StoredOut(
        id=stored.id,
        version=stored.version,
        status=stored.status,
        title=article.title,
        near_duplicates=services.store.near_duplicates(stored.id),
        verdict=article.verdict.kind,
        warnings=[*article.notes, *article.cautions],
    )


@router.get("")
def list_articles(
    services: Assembled,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    cursor: Annotated[int, Query(ge=0, le=LARGEST_ID, description="from `next_cursor`")] = 0,
) -> ArticlesOut:
    """List the articles, oldest first."""
    page = services.store.articles(limit=limit + 1, after=cursor)
    shown = page[:limit]
    return ArticlesOut(
        articles=[ArticleOut.of(summary) for summary in shown],
        next_cursor=str(shown[-1].id) if len(page) > limit else None,
    )


@router.get("/{article_id}", response_model=WholeArticleOut, responses=_UNCHANGED)
def get_article(article_id: Annotated[ArticleId, Path()], request: Request, services: Assembled) -> Response:
    """Return an article with its text."""
    article = services.store.article(article_id)
    return tagged(request, WholeArticleOut.whole(article, near_duplicates=services.store.near_duplicates(article_id)))


@router.get("/{article_id}/speakers", response_model=SpeakersOut, responses=_UNCHANGED)
def list_speakers(article_id: Annotated[ArticleId, Path()], request: Request, services: Assembled) -> Response:
    """List who is cited in an article, how often and where."""
    store = services.store
    article = store.article(article_id)
    attributions, stances = store.attributions(article_id), store.stances(article_id)
    directory = services.searcher.speakers.directory()
    return tagged(request, SpeakersOut.of(attributions, article, stances, directory=directory))


@router.delete("/{article_id}", status_code=204, dependencies=[Depends(may_write)])
def remove_article(article_id: Annotated[ArticleId, Path()], services: Assembled) -> None:
    """Remove an article: its text, its passages and their vectors."""
    services.store.remove(article_id)
