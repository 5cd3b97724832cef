"""OpenAI-compatible chat: the question is the last message, the answer its quotes as Markdown."""

import time
import uuid
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.responses import StreamingResponse

from service.http.access.hosts import base_url
from service.http.auth import may_read
from service.http.chat.models import (
    MODEL,
    ChoiceOut,
    CompletionIn,
    CompletionOut,
    MessageOut,
    ModelOut,
    ModelsOut,
    annotated,
    tool_call,
)
from service.http.chat.reply import Reply, Wanted, forced, form_of, replying, wanted
from service.http.chat.stream import chunks
from service.http.dependencies import EVENTS, Asking, Assembled, begun, event_stream
from service.http.schemas.quotes import QuoteOut

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["chat"])


@router.get("/models")
def list_models() -> ModelsOut:
    """List the one model that there is."""
    return ModelsOut(data=[ModelOut()])


@router.get("/models/{model}")
def get_model(model: str) -> ModelOut:
    """Describe the one model that there is."""
    if model != MODEL:
        raise HTTPException(404, f"There is no model {model!r}; this service has {MODEL}.")
    return ModelOut()


@router.post(
    "/chat/completions",
    dependencies=[Asking],
    response_model=CompletionOut,
    responses=EVENTS,
)
def complete_chat(
    body: CompletionIn, request: Request, services: Assembled, x_pullquote_sources: Annotated[str, Header()] = ""
) -> CompletionOut | StreamingResponse:
    """Answer the last message, in view of those before it, with exact quotes, or say that nothing answers it.

    `citations` holds the quotes in full, the message's `annotations` where it cites them.
    With the header `X-Pullquote-Sources: open-webui`, a stream has Open WebUI's source events in their place.
    """
    base = base_url(request)
    steps = replying(_wanted(body), services, base)
    if body.stream:
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        with_sources = request.app.state.settings.open_webui_sources or x_pullquote_sources.lower() == "open-webui"
        return event_stream(chunks(begun(steps), base, with_usage=with_usage, with_sources=with_sources))
    *_, reply = steps
    assert reply is not None
    return CompletionOut(
        id=f"chatcmpl-{uuid.uuid4().hex}",
        created=int(time.time()),
        choices=[_choice(reply, base)],
        answered=reply.answer.answered if reply.answer else None,
        citations=[QuoteOut.of(quote) for quote in (reply.answer.quotes if reply.answer else ())],
        warnings=list(reply.warnings),
    )


def _choice(reply: Reply, base: str) -> ChoiceOut:
    if reply.tool:
        message = MessageOut(content=None, annotations=[], tool_calls=[tool_call(reply)])
        return ChoiceOut(message=message, finish_reason="tool_calls")
    return ChoiceOut(message=MessageOut(content=reply.text, annotations=list(chain(*annotated(reply.pieces, base)))))


def _wanted(body: CompletionIn) -> Wanted:
    """Return what the request wants. Raises QuestionError, and HTTPException for unsupported options."""
    if body.n not in (None, 1):
        raise HTTPException(400, f"n is {body.n}: there is one answer. Leave n out.")
    wished = body.response_format
    form = form_of(wished.type, (wished.json_schema or {}).get("schema")) if wished else None
    return wanted(
        [each.message for each in body.messages],
        body.model_dump(
            include={"max_tokens", "max_completion_tokens", "stop", "tools", "functions", "logprobs", "audio"}
        ),
        form=forced(body.tool_choice, body.tools or []) or form,
        max_quotes=body.max_quotes,
        filters=body.filters,
    )
