"""OpenAI's Responses, without a memory: what came before is sent along."""

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import StreamingResponse

from service.http.access.hosts import base_url
from service.http.auth import may_read
from service.http.chat.reply import Wanted, forced, form_of, replying, wanted
from service.http.chat.responses import ResponseIn, ResponseOut, item_of
from service.http.chat.responses_stream import events
from service.http.dependencies import EVENTS, Asking, Assembled, begun, event_stream

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["chat"])


@router.post(
    "/responses",
    dependencies=[Asking],
    response_model=ResponseOut,
    responses=EVENTS,
)
def respond(body: ResponseIn, request: Request, services: Assembled) -> ResponseOut | StreamingResponse:
    """Answer the last message of `input` with exact quotes, or say that nothing answers it.

    The text's `annotations` are where it cites the quotes, `citations` holds them in full.
    """
    base = base_url(request)
    steps = replying(_wanted(body), services, base)
    if body.stream:
        return event_stream(events(begun(steps), base))
    *_, reply = steps
    assert reply is not None
    return ResponseOut.begun().completed(reply, item_of(reply, base))


def _wanted(body: ResponseIn) -> Wanted:
    """Return what the request wants. Raises QuestionError, and HTTPException for unsupported options."""
    if body.previous_response_id or body.conversation is not None:
        name = "previous_response_id" if body.previous_response_id else "conversation"
        raise HTTPException(400, f"{name} was given: nothing is stored here. Send the earlier messages in input.")
    if body.background:
        raise HTTPException(400, "background is true: answers are given at once. Leave background out.")
    given = body.text.format if body.text else None
    form = form_of(given.type, given.schema_) if given else None
    return wanted(
        body.messages,
        body.model_dump(include={"instructions", "max_output_tokens", "tools"}),
        form=forced(body.tool_choice, body.tools or []) or form,
        max_quotes=body.max_quotes,
        filters=body.filters,
    )


@router.get("/responses/{response_id}", include_in_schema=False)
@router.delete("/responses/{response_id}", include_in_schema=False)
def stored(response_id: str) -> None:
    """Say that there is none."""
    raise HTTPException(404, f"There is no response {response_id}: nothing is stored here.")
