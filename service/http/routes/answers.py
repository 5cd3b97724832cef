"""Answers as evidence: keeping, showing and exporting them."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from index.errors import NotFoundError, QuestionError
from index.store.kept.base import KeptPlace
from index.types import Filters
from service.answering.quoting.sayings import Sayings
from service.http.access.hosts import base_url
from service.http.auth import may_read, may_write, not_from_elsewhere
from service.http.dependencies import Asking, Assembled
from service.http.evidence.keeping import checked, keep, shown
from service.http.exports import answers as exported_answers
from service.http.exports import sayings as exported_sayings
from service.http.exports.formats import FORMATS
from service.http.schemas.asking import AnswerOut
from service.http.schemas.evidence import (
    ANSWER_SENT_BACK,
    ExportFormat,
    ExportIn,
    KeptAnswerOut,
    KeptAnswersOut,
    KeptSummaryOut,
)
from service.http.schemas.fields import ShortText

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["evidence"])
AnswerId = Annotated[str, Path(max_length=100)]
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {each.media_type: {} for each in FORMATS.values()}}}
_MOST_SAYINGS = 1_000
# Taken as an object, so that an answer with a fault is refused by what is wrong with it as evidence.
_AN_ANSWER: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": ANSWER_SENT_BACK}}}}


def _answer(given: dict[str, Any], at: tuple[str | int, ...] = ()) -> AnswerOut:
    """Return an answer that somebody sends back. Raises RequestValidationError."""
    try:
        return AnswerOut.model_validate(given)
    except ValidationError as error:
        found = [{**each, "loc": (*at, *each["loc"])} for each in error.errors(include_url=False)]
        raise RequestValidationError(found) from error


@router.post(
    "/answers",
    dependencies=[Depends(not_from_elsewhere)],
    response_model=KeptAnswerOut,
    openapi_extra=_AN_ANSWER,
    responses={201: {"model": KeptAnswerOut, "description": "Kept"}, 507: {"description": "Too many are kept"}},
)
def keep_answer(
    request: Request,
    response: Response,
    body: Annotated[dict[str, Any], Body(description="an answer of `/v1/ask`, as it came")],
    services: Assembled,
) -> KeptAnswerOut:
    """Keep an answer under its id: 201 if it is new, 200 if it was kept before."""
    answer = checked(_answer(body), services.store, request.app.state.sealer)
    response.status_code = 201 if keep(answer, services.store) else 200
    return shown(services.store.kept().get(answer.id), services.store)


@router.get("/answers", dependencies=[Depends(may_write)])
def list_answers(
    services: Assembled,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    cursor: Annotated[str, Query(max_length=200, description="from `next_cursor`")] = "",
) -> KeptAnswersOut:
    """List the answers that are kept, the newest first."""
    page = services.store.kept().list(limit=limit + 1, after=_place(cursor))
    shown_here = page[:limit]
    return KeptAnswersOut(
        answers=[
            KeptSummaryOut(id=each.id, link=f"/answers/{each.id}", kept=each.kept, question=each.question)
            for each in shown_here
        ],
        next_cursor="_".join(shown_here[-1].place) if len(page) > limit else None,
    )


def _place(cursor: str) -> KeptPlace | None:
    """Return the place that a cursor names; None without one. Raises QuestionError."""
    kept, separator, answer_id = cursor.partition("_")
    if cursor and not separator:
        raise QuestionError(f"{cursor!r} is no cursor.", remedy="Send `next_cursor` as it came.")
    return KeptPlace(kept, answer_id) if cursor else None


@router.get("/answers/{answer_id}")
def get_answer(answer_id: AnswerId, services: Assembled) -> KeptAnswerOut:
    """Return an answer as it was given, and what has become of each citation since."""
    return shown(services.store.kept().get(answer_id), services.store)


@router.delete("/answers/{answer_id}", status_code=204, dependencies=[Depends(may_write)])
def remove_answer(answer_id: AnswerId, services: Assembled) -> None:
    """Remove an answer that is kept."""
    services.store.kept().remove(answer_id)


@router.get("/answers/{answer_id}/export", response_class=Response, responses=_FILE)
def export_answer(
    answer_id: AnswerId, format: Annotated[ExportFormat, Query()], request: Request, services: Assembled
) -> Response:
    """Export an answer that is kept: as text, or its sources for a bibliography, or its quotes as annotations."""
    answer = shown(services.store.kept().get(answer_id), services.store)
    return FORMATS[format].response(exported_answers.document([answer], base_url(request)))


@router.post("/export", dependencies=[Asking], response_class=Response, responses=_FILE)
def export(body: ExportIn, request: Request, services: Assembled) -> Response:
    """Export answers as they came from `/v1/ask`: a conversation, in order."""
    answers = []
    for at, given in enumerate(body.answers):
        answer = checked(_answer(given, ("answers", at)), services.store, request.app.state.sealer)
        try:
            answers.append(shown(services.store.kept().get(answer.id), services.store))
        except NotFoundError:
            answers.append(shown(answer, services.store, is_kept=False))
    return FORMATS[body.format].response(exported_answers.document(answers, base_url(request)))


@router.get("/speakers/{speaker_id}/export", dependencies=[Asking], response_class=Response, responses=_FILE)
def export_sayings(
    speaker_id: Annotated[ShortText, Path()],
    format: Annotated[ExportFormat, Query()],
    request: Request,
    services: Assembled,
) -> Response:
    """Export what a speaker said, by the article's day: the first 1,000 sayings."""
    speaker = services.searcher.speakers.directory().speaker(speaker_id)
    sayings, after = Sayings(services.store, services.searcher).of(speaker, filters=Filters(), limit=_MOST_SAYINGS)
    document = exported_sayings.document(speaker.name, sayings, base_url(request), more=after is not None)
    return FORMATS[format].response(document)
