"""Who is cited across the archive, and what each said."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query

from index.errors import QuestionError
from index.store.base import SayingPlace
from index.types import Filters
from service.answering.quoting.sayings import Sayings
from service.http.auth import may_read
from service.http.dependencies import Asking, Assembled
from service.http.schemas.fields import Day, Publishers, ShortText
from service.http.schemas.speakers import CitedSpeakerOut, CitedSpeakersOut, SayingOut, SayingsOut

router = APIRouter(prefix="/v1/speakers", dependencies=[Depends(may_read)], tags=["speakers"])
_TOPIC = "a topic: only passages with a word of it, the best first"
_FROM_CURSOR = "from `next_cursor`"


@router.get("")
def list_cited_speakers(
    services: Assembled,
    q: Annotated[ShortText, Query(description="a name, or a part of one")] = "",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    cursor: Annotated[int, Query(ge=0, le=10**9, description=_FROM_CURSOR)] = 0,
) -> CitedSpeakersOut:
    """List who is cited by name, those of the most articles first."""
    found = services.searcher.speakers.directory().called(q)
    shown = found[cursor : cursor + limit]
    return CitedSpeakersOut(
        speakers=[CitedSpeakerOut.of(each) for each in shown],
        total=len(found),
        next_cursor=str(cursor + limit) if len(found) > cursor + limit else None,
    )


@router.get("/{speaker_id}", dependencies=[Asking])
def list_sayings(
    speaker_id: Annotated[ShortText, Path()],
    services: Assembled,
    q: Annotated[ShortText, Query(max_length=500, description=_TOPIC)] = "",
    publisher: Publishers = None,
    published_from: Annotated[Day, Query()] = None,
    published_to: Annotated[Day, Query()] = None,
    sort: Annotated[
        Literal["", "published"], Query(description="`published` lists all on a topic by day, in pages")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str, Query(max_length=100, description=_FROM_CURSOR)] = "",
) -> SayingsOut:
    """List what a speaker said, by the article's day; with `q`, what is about a topic.

    The best stand first there, without a cursor; with `sort=published`, all of them come by day, in pages.
    """
    speaker = services.searcher.speakers.directory().speaker(speaker_id)
    filters = Filters(publishers=tuple(publisher or ()), published_from=published_from, published_to=published_to)
    sayings = Sayings(services.store, services.searcher)
    after = None
    if q.strip() and sort:
        said, after = sayings.on(speaker, q, filters=filters, limit=limit, after=_place(cursor))
    elif q.strip():
        said = sayings.about(speaker, q, filters=filters, limit=limit)
    else:
        said, after = sayings.of(speaker, filters=filters, limit=limit, after=_place(cursor))
    return SayingsOut(
        speaker=CitedSpeakerOut.of(speaker),
        sayings=[SayingOut.of(each) for each in said],
        next_cursor="_".join(map(str, after)) if after else None,
    )


def _place(cursor: str) -> SayingPlace | None:
    """Return the place that a cursor names; None without one. Raises QuestionError."""
    if not cursor:
        return None
    try:
        day, article_id, number = cursor.split("_")
        return SayingPlace(day, int(article_id), int(number))
    except ValueError:
        raise QuestionError(f"{cursor!r} is no cursor.", remedy="Send `next_cursor` as it came.") from None
