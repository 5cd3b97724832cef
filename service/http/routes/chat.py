"""OpenAI-compatible chat: the question is the last message, the answer its quotes as Markdown."""

import time
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.responses import StreamingResponse

from index.errors import QuestionError
from service.answering.types import Turn
from service.http.auth import may_read
from service.http.chat_stream import chunks
from service.http.markdown import pieces
from service.http.routes.dependencies import Assembled, base_url, begun
from service.http.schemas.chat import (
    MODEL,
    ChoiceOut,
    CompletionIn,
    CompletionOut,
    MessageOut,
    ModelOut,
    ModelsOut,
    annotated,
)
from service.http.schemas.quotes import QuoteOut

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["chat"])


@router.get("/models")
def models() -> ModelsOut:
    """List the one model that there is."""
    return ModelsOut(data=[ModelOut()])


@router.get("/models/{model}")
def model(model: str) -> ModelOut:
    """Describe the one model that there is."""
    if model != MODEL:
        raise HTTPException(404, f"There is no model {model!r}; this service has {MODEL}.")
    return ModelOut()


@router.post(
    "/chat/completions",
    response_model=CompletionOut,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
def complete(
    body: CompletionIn, request: Request, services: Assembled, x_pullquote_sources: Annotated[str, Header()] = ""
) -> CompletionOut | StreamingResponse:
    """Answer the last message, in view of those before it, with exact quotes, or say that nothing answers it.

    `citations` holds the quotes in full, the message's `annotations` where it cites them.
    With the header `X-Pullquote-Sources: open-webui`, a stream also has Open WebUI's source events.
    """
    question, history = _asked(body)
    base = base_url(request)
    if body.stream:
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        with_sources = request.app.state.settings.open_webui_sources or x_pullquote_sources.lower() == "open-webui"
        steps = begun(services.answerer.steps(question, history=history))
        streamed = chunks(steps, base, with_usage=with_usage, with_sources=with_sources)
        return StreamingResponse(streamed, media_type="text/event-stream")
    answer = services.answerer.ask(question, history=history)
    given = list(pieces(answer, base))
    message = MessageOut(
        content="".join(piece.text for piece in given), annotations=list(chain(*annotated(given, base)))
    )
    return CompletionOut(
        id=f"chatcmpl-{answer.id}",
        created=int(time.time()),
        choices=[ChoiceOut(message=message)],
        answered=answer.answered,
        citations=[QuoteOut.of(quote) for quote in answer.quotes],
        warnings=list(answer.warnings),
    )


def _asked(body: CompletionIn) -> tuple[str, list[Turn]]:
    """Return the question and the turns before it. Raises QuestionError, and HTTPException for unsupported options."""
    if body.n not in (None, 1):
        raise HTTPException(400, f"n is {body.n}: there is one answer. Leave n out.")
    if body.tools or body.functions:
        raise HTTPException(400, "Tools were given: nothing here calls any. Leave tools and functions out.")
    if body.response_format and body.response_format.get("type") not in (None, "text"):
        kind = body.response_format.get("type")
        raise HTTPException(400, f"response_format is {kind!r}: the answer is text. For JSON, ask /v1/ask.")
    said = [message for message in body.messages if message.role in ("user", "assistant")]
    if not said or said[-1].role != "user":
        raise QuestionError("The last message is not the user's.", remedy="End the messages with a question.")
    turns = [Turn("user" if each.role == "user" else "assistant", each.text) for each in said[:-1]]
    return said[-1].text, turns
