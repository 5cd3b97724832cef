"""OpenAI-compatible chat: the question is the last message, the answer its quotes as Markdown."""

import json
import time
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import StreamingResponse

from index.errors import QuestionError
from service.answering.types import Answer, Turn
from service.auth import may_read
from service.chat_schemas import (
    MODEL,
    Annotation,
    ChoiceOut,
    CompletionIn,
    CompletionOut,
    MessageOut,
    ModelOut,
    ModelsOut,
    UrlCitation,
    UsageOut,
)
from service.markdown import Piece, address, pieces
from service.problems import problem_of
from service.quote_schemas import QuoteOut
from service.routes.parts import Assembled

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["chat"])


@router.get("/models")
def models() -> ModelsOut:
    """Name the one model there is."""
    return ModelsOut(data=[ModelOut()])


@router.get("/models/{model}")
def model(model: str) -> ModelOut:
    """Describe the one model there is."""
    if model != MODEL:
        raise HTTPException(404, f"There is no model {model!r}; this service has {MODEL}.")
    return ModelOut()


@router.post(
    "/chat/completions",
    response_model=CompletionOut,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
def complete(body: CompletionIn, request: Request, parts: Assembled) -> CompletionOut | StreamingResponse:
    """Answer the last message with exact quotes, or say that nothing answers it.

    No language model writes; `citations` holds the quotes in full, each message's `annotations` where they are cited.
    """
    question, history = _asked(body)
    answer = parts.answerer.ask(question, history=history)
    base = str(request.base_url).rstrip("/")
    given = list(pieces(answer, base))
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        return StreamingResponse(_chunks(answer, given, base, with_usage), media_type="text/event-stream")
    annotations = [each for found in _annotations(given, base) for each in found]
    message = MessageOut(content="".join(piece.text for piece in given), annotations=annotations)
    return CompletionOut(
        id=f"chatcmpl-{answer.id}",
        created=int(time.time()),
        choices=[ChoiceOut(message=message)],
        answered=answer.answered,
        citations=[QuoteOut.of(quote) for quote in answer.quotes],
    )


def _asked(body: CompletionIn) -> tuple[str, list[Turn]]:
    """Give the question and what was said before it. Raises HTTPException for what is not supported."""
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


def _annotations(given: list[Piece], base: str) -> Iterator[list[Annotation]]:
    """Give each piece's annotations, counted in the whole message."""
    starts = accumulate((len(piece.text) for piece in given), initial=0)
    for offset, piece in zip(starts, given, strict=False):
        yield [
            Annotation(
                url_citation=UrlCitation(
                    start_index=offset + start,
                    end_index=offset + end,
                    title=quote.article.title,
                    url=address(quote, base),
                    content=quote.text,
                )
            )
            for quote, start, end in piece.cited
        ]


def _chunks(answer: Answer, given: list[Piece], base: str, with_usage: bool) -> Iterator[str]:
    head = {
        "id": f"chatcmpl-{answer.id}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": MODEL,
    }

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: object) -> str:
        choices = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        return _event({**head, "choices": choices, **more})

    try:
        yield chunk({"role": "assistant", "content": ""})
        for piece, annotations in zip(given, _annotations(given, base), strict=True):
            delta: dict[str, Any] = {"content": piece.text}
            if annotations:
                delta["annotations"] = [each.model_dump() for each in annotations]
            yield chunk(delta)
        citations = [QuoteOut.of(quote).model_dump(mode="json") for quote in answer.quotes]
        yield chunk({}, "stop", answered=answer.answered, citations=citations)
        if with_usage:
            yield _event({**head, "choices": [], "usage": UsageOut().model_dump()})
        yield "data: [DONE]\n\n"
    except Exception as error:  # noqa: BLE001 - the stream's last handler: the status is sent, only an event can tell
        yield _event({"error": problem_of(error)})


def _event(value: object) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"
