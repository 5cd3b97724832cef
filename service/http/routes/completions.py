"""OpenAI's first completions, which some clients still begin with: the prompt is the question."""

import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, Field

from service.http.access.hosts import base_url
from service.http.auth import may_read
from service.http.chat.conversation import Message
from service.http.chat.models import MODEL, UsageOut
from service.http.chat.reply import Reply, replying, wanted
from service.http.chat.stream import event
from service.http.dependencies import EVENTS, Asking, Assembled, begun, event_stream
from service.http.problems import openai_error, problem_of
from service.http.schemas.asking import FiltersIn
from service.http.schemas.base import LenientModel
from service.http.schemas.fields import Text
from service.http.schemas.quotes import QuoteOut

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["chat"])


class PromptIn(LenientModel):
    """A question as a prompt."""

    prompt: Text | Annotated[list[Text], Field(json_schema_extra={"minItems": 1, "maxItems": 1})]
    model: str | None = MODEL
    stream: bool | None = False
    n: int | None = Field(None, json_schema_extra={"enum": [1, None]})
    max_tokens: int | None = None
    stop: str | list[str] | None = None
    max_quotes: int = Field(3, ge=1, le=20)
    filters: FiltersIn = FiltersIn()


class TextChoiceOut(BaseModel):
    """The only choice."""

    text: str
    index: int = 0
    logprobs: None = None
    finish_reason: Literal["stop"] | None = "stop"


class TextCompletionOut(BaseModel):
    """The answer; ``citations`` holds the quotes in full."""

    id: str
    object: Literal["text_completion"] = "text_completion"
    created: int
    model: str = MODEL
    choices: list[TextChoiceOut]
    usage: UsageOut | None = None
    answered: bool | None = None
    citations: list[QuoteOut] = []
    warnings: list[str] = []


@router.post(
    "/completions",
    dependencies=[Asking],
    response_model=TextCompletionOut,
    responses=EVENTS,
)
def complete_prompt(body: PromptIn, request: Request, services: Assembled) -> TextCompletionOut | StreamingResponse:
    """Answer the prompt with exact quotes, or say that nothing answers it."""
    prompts = [body.prompt] if isinstance(body.prompt, str) else body.prompt
    if len(prompts) != 1 or body.n not in (None, 1):
        raise HTTPException(400, "There is one answer to one prompt. Send one prompt, and leave n out.")
    given: dict[str, Any] = {"max_tokens": body.max_tokens, "stop": body.stop}
    asked = wanted([Message("user", prompts[0])], given, form=None, max_quotes=body.max_quotes, filters=body.filters)
    steps = replying(asked, services, base_url(request))
    if body.stream:
        return event_stream(_events(begun(steps)))
    *_, reply = steps
    assert reply is not None
    return _whole(reply, _head(), reply.text)


def _head() -> dict[str, Any]:
    return {"id": f"cmpl-{uuid.uuid4().hex}", "created": int(time.time())}


def _whole(reply: Reply, head: dict[str, Any], text: str) -> TextCompletionOut:
    return TextCompletionOut(
        **head,
        choices=[TextChoiceOut(text=text)],
        usage=UsageOut(),
        answered=reply.answer.answered if reply.answer else None,
        citations=[QuoteOut.of(quote) for quote in (reply.answer.quotes if reply.answer else ())],
        warnings=list(reply.warnings),
    )


def _events(steps: Iterator[Reply | None]) -> Iterator[bytes]:
    head = _head()
    try:
        *_, reply = steps
        assert reply is not None
        for piece in reply.pieces:
            part = TextCompletionOut(**head, choices=[TextChoiceOut(text=piece.text, finish_reason=None)])
            yield event(part.model_dump(mode="json"))
        yield event(_whole(reply, head, "").model_dump(mode="json"))
        yield format_sse_event(data_str="[DONE]")
    except Exception as error:  # noqa: BLE001 - the stream's last handler: the status is sent already
        yield event({"error": openai_error(problem_of(error))})
