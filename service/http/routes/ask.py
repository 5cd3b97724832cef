"""Asking and searching."""

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel

from service.answering.answer import Step, check_question
from service.answering.types import Answer, Progress, Quote, Searched, Turn
from service.http.auth import may_read
from service.http.dependencies import EVENTS, Asking, Assembled, begun, event_stream
from service.http.evidence.sealing import Sealer
from service.http.problems import problem_of
from service.http.schemas.asking import QUESTION, AnswerOut, AskIn
from service.http.schemas.fields import Text
from service.http.schemas.quotes import QuoteOut
from service.http.schemas.searching import HitOut, SearchOut

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["ask"])


@router.post(
    "/ask",
    dependencies=[Asking],
    response_model=AnswerOut,
    responses=EVENTS,
)
def ask(body: AskIn, request: Request, services: Assembled) -> AnswerOut | StreamingResponse:
    """Answer a question with exact quotes, or say that none answers.

    With `stream`, the response is server-sent events: `search`, `progress` while passages are read, a `quote` for each,
    `answer`, `done`.
    """
    sealer: Sealer = request.app.state.sealer
    steps = services.answerer.steps(
        body.question,
        history=[Turn(turn.role, turn.content) for turn in body.history],
        max_quotes=body.max_quotes,
        filters=body.filters.filters(),
    )
    if body.stream:
        return event_stream(_events(begun(steps), sealer))
    *_, answer = steps
    assert isinstance(answer, Answer)
    return sealer.sealed(AnswerOut.of(answer))


def _events(steps: Iterator[Step], sealer: Sealer) -> Iterator[bytes]:
    try:
        for step in steps:
            if isinstance(step, Searched | Progress):
                name = "search" if isinstance(step, Searched) else "progress"
                yield format_sse_event(event=name, data_str=json.dumps(step._asdict(), ensure_ascii=False))
            elif isinstance(step, Quote):
                yield _event("quote", QuoteOut.of(step))
            else:
                yield _event("answer", sealer.sealed(AnswerOut.of(step)))
        yield format_sse_event(event="done", data_str="{}")
    except Exception as error:  # noqa: BLE001 - the stream's last handler: the status is sent already
        yield format_sse_event(event="error", data_str=json.dumps(problem_of(error)))


def _event(name: str, body: BaseModel) -> bytes:
    return format_sse_event(event=name, data_str=body.model_dump_json())


@router.get("/search", dependencies=[Asking])
def search(
    q: Annotated[Text, Query(description="the question", json_schema_extra=QUESTION)],
    services: Assembled,
    k: Annotated[int, Query(ge=1, le=100, description="how many passages")] = 10,
) -> SearchOut:
    """Return the passages nearest to a question, with the scores that ranked them."""
    found = services.searcher.search(check_question(q), k=k)
    return SearchOut(passages=[HitOut.of(hit) for hit in found.hits])
