"""What there is in the archive, to choose from."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from index.store.catalogue import PublisherCount
from index.text.words import folded
from service.http.auth import may_read
from service.http.dependencies import Asking, Assembled
from service.http.schemas.archive import ArchiveOut, ExampleOut, ExamplesOut, KindOut, PublisherOut, PublishersOut
from service.http.schemas.fields import ShortText

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["articles"])


@router.get("/archive")
def describe_archive(request: Request, services: Assembled) -> ArchiveOut:
    """Say how many articles there are, of how many publishers, of which days and kinds."""
    facets = services.store.catalogue().facets()
    return ArchiveOut(
        articles=facets.articles,
        publishers=facets.publishers,
        first_day=facets.first_day,
        last_day=facets.last_day,
        kinds=[KindOut(kind=kind, articles=articles) for kind, articles in facets.kinds],
        fetches_addresses=request.app.state.settings.fetch_urls,
    )


@router.get("/publishers")
def list_publishers(
    services: Assembled,
    q: Annotated[ShortText, Query(description="a name, or a part of one")] = "",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 20,
) -> PublishersOut:
    """List the publishers whose names have `q` in them: those that begin with it first, then by their articles."""
    part = folded(" ".join(q.split()))
    found = [each for each in services.store.catalogue().publishers() if part in folded(each.name)]
    found.sort(key=lambda each: _rank(each, part))
    return PublishersOut(
        publishers=[PublisherOut(name=each.name, articles=each.articles) for each in found[:limit]], total=len(found)
    )


def _rank(publisher: PublisherCount, part: str) -> tuple[bool, bool, int]:
    name = folded(publisher.name)
    return not name.startswith(part), f" {part}" not in f" {name}", -publisher.articles


@router.get("/archive/questions", dependencies=[Asking])
def list_example_questions(services: Assembled) -> ExamplesOut:
    """List three questions that the newest articles answer for sure: to begin with.

    The first call after articles came in asks up to 24 of them, and takes as long.
    """
    found = services.examples.examples()
    return ExamplesOut(questions=[ExampleOut(question=each.question, article_id=each.article_id) for each in found])
