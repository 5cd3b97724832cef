"""Articles: listing, reading, correcting and removing them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.convertors import StringConvertor, register_url_convertor

from index.editing import edit
from index.errors import NotFoundError, QuestionError
from index.store.catalogue import Choice, Order, Place
from service.http.auth import may_read, may_write, writes_too
from service.http.conditional import tagged
from service.http.dependencies import Adding, Assembled
from service.http.schemas.articles import (
    ArticleEdit,
    ArticleIds,
    ArticleOut,
    ArticlesOut,
    EditedOut,
    Kind,
    RemovedOut,
    Sort,
    WholeArticleOut,
)
from service.http.schemas.fields import LARGEST_ID, ArticleId, Day, Publishers, ShortText
from service.http.schemas.speakers import SpeakersOut


class _ArticleConvertor(StringConvertor):
    """Take anything for an article's id but the name of the path beside it, which has methods of its own."""

    regex = "(?!remove$)[^/]+"


register_url_convertor("article", _ArticleConvertor())
router = APIRouter(prefix="/v1/articles", dependencies=[Depends(may_read)], tags=["articles"])
_SOUGHT = "words of the title or text, or a part of the title"
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged since the ETag given"}}
_CURSOR = TypeAdapter(tuple[str, bool, str, ArticleId])


@router.get("")
def list_articles(
    services: Assembled,
    sees_embargoed: Annotated[bool, Depends(writes_too)],
    q: Annotated[ShortText, Query(max_length=500, description=_SOUGHT)] = "",
    publisher: Publishers = None,
    published_from: Annotated[Day, Query()] = None,
    published_to: Annotated[Day, Query()] = None,
    kind: Annotated[list[Kind] | None, Query(description="in what they came")] = None,
    sort: Annotated[Sort, Query(description="with `-` from last to first")] = "added",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    cursor: Annotated[str, Query(max_length=2_000, description="from `next_cursor`")] = "",
) -> ArticlesOut:
    """List the articles, oldest first unless they are sorted otherwise.

    Those under embargo are listed, with its end as `embargo`, to whoever may write.
    """
    kinds = tuple(kind or ())
    choice = Choice(q, tuple(publisher or ()), published_from, published_to, kinds, embargoed=sees_embargoed)
    order = Order(sort.removeprefix("-"), sort.startswith("-"))  # type: ignore[arg-type]
    catalogue = services.store.catalogue()
    page = catalogue.list(choice, order=order, limit=limit + 1, after=_place(cursor, sort))
    shown = page[:limit]
    return ArticlesOut(
        articles=[ArticleOut.of(each.article) for each in shown],
        total=catalogue.count(choice),
        next_cursor=_cursor(shown[-1].place, sort) if len(page) > limit else None,
    )


def _cursor(place: Place, sort: str) -> str:
    """Return a place as a cursor; in the order of adding it is the article's id."""
    if sort.endswith("added"):
        return str(place.article_id)
    return urlsafe_b64encode(json.dumps([sort, *place]).encode()).decode()


def _place(cursor: str, sort: str) -> Place | None:
    """Return the place that a cursor names; None without one. Raises QuestionError."""
    if not cursor:
        return None
    with suppress(ValueError, ValidationError):
        if sort.endswith("added") and cursor.isascii() and cursor.isdecimal() and int(cursor) <= LARGEST_ID:
            return Place(False, "", int(cursor))
        sorted_by, lacks, value, article_id = _CURSOR.validate_json(urlsafe_b64decode(cursor))
        if sorted_by == sort:
            return Place(lacks, value, article_id)
    raise QuestionError(f"{cursor!r} is no cursor of this order.", remedy="Send `next_cursor` as it came.")


@router.get("/{article_id:article}", response_model=WholeArticleOut, responses=_UNCHANGED)
def get_article(article_id: Annotated[ArticleId, Path()], request: Request, services: Assembled) -> Response:
    """Return an article with its text."""
    article = services.store.article(article_id)
    return tagged(request, WholeArticleOut.whole(article, near_duplicates=services.store.near_duplicates(article_id)))


@router.get("/{article_id:article}/speakers", response_model=SpeakersOut, responses=_UNCHANGED)
def list_speakers(article_id: Annotated[ArticleId, Path()], request: Request, services: Assembled) -> Response:
    """List who is cited in an article, how often and where."""
    store = services.store
    article = store.article(article_id)
    attributions, stances = store.attributions(article_id), store.stances(article_id)
    directory = services.searcher.speakers.directory()
    return tagged(request, SpeakersOut.of(attributions, article, stances, directory=directory))


@router.patch("/{article_id:article}", dependencies=[Depends(may_write), Adding])
def edit_article(article_id: Annotated[ArticleId, Path()], body: ArticleEdit, services: Assembled) -> EditedOut:
    """Correct an article's title, author, publisher, day or URL, as a new version; its text stays as it is."""
    stored = edit(services.ingester, article_id, body.model_dump(exclude_unset=True))
    return EditedOut.after(services.store.article(article_id, embargoed=True), stored.status)


@router.post("/remove", dependencies=[Depends(may_write)])
def remove_articles(body: ArticleIds, services: Assembled) -> RemovedOut:
    """Remove several articles at once."""
    there, missing = [], []
    for each in dict.fromkeys(body.ids):
        try:
            services.store.article(each, embargoed=True)
            there.append(each)
        except NotFoundError:
            missing.append(each)
    services.store.remove_all(there)
    return RemovedOut(removed=there, missing=missing)


@router.delete("/{article_id:article}", status_code=204, dependencies=[Depends(may_write)])
def remove_article(article_id: Annotated[ArticleId, Path()], services: Assembled) -> None:
    """Remove an article: its text, its passages and their vectors."""
    services.store.remove(article_id)
