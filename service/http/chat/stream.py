"""A chat completion as a stream of chunks."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from fastapi.sse import format_sse_event

from service.http.chat.models import MODEL, UsageOut, annotated, tool_call
from service.http.chat.reply import Reply
from service.http.markdown import Piece, address
from service.http.problems import openai_error, problem_of
from service.http.schemas.quotes import QuoteOut


def chunks(steps: Iterator[Reply | None], base: str, *, with_usage: bool, with_sources: bool) -> Iterator[bytes]:
    """Yield the chunks of a reply: the role before the passages are read, then the text piece by piece.

    Annotations come behind the text; the quotes in full and the warnings come with the last chunk. ``base`` is the
    service's own address. ``with_sources`` sends Open WebUI's source events in place of annotations, of which it
    would make sources as well.
    """
    head = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": MODEL,
    }

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: object) -> bytes:
        choices = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        return event({**head, "choices": choices, **more})

    try:
        yield chunk({"role": "assistant", "content": ""})
        *_, reply = steps
        assert reply is not None
        if reply.tool:
            yield chunk({"tool_calls": [{"index": 0, **tool_call(reply).model_dump()}]})
        else:
            yield from _said(reply, base, chunk, head, with_sources=with_sources)
        quotes = reply.answer.quotes if reply.answer else ()
        citations = [QuoteOut.of(quote).model_dump(mode="json") for quote in quotes]
        answered = reply.answer.answered if reply.answer else None
        finish = "tool_calls" if reply.tool else "stop"
        yield chunk({}, finish, answered=answered, citations=citations, warnings=list(reply.warnings))
        if with_usage:
            yield event({**head, "choices": [], "usage": UsageOut().model_dump()})
        yield format_sse_event(data_str="[DONE]")
    except Exception as error:  # noqa: BLE001 - the stream's last handler: the status is sent already
        yield event({"error": openai_error(problem_of(error))})


def _said(reply: Reply, base: str, chunk: Any, head: dict[str, Any], *, with_sources: bool) -> Iterator[bytes]:  # noqa: ANN401
    cited: list[dict[str, Any]] = []
    for piece, annotations in zip(reply.pieces, annotated(reply.pieces, base), strict=True):
        if with_sources:
            yield from (event({**head, "choices": [], "event": each}) for each in _sources(piece, base))
        cited += [each.model_dump() for each in annotations]
        yield chunk({"content": piece.text})
    if cited and not with_sources:
        # All at once and numbered: clients keep the last list, or put lists together by their index.
        yield chunk({"annotations": [{"index": number, **each} for number, each in enumerate(cited)]})


def _sources(piece: Piece, base: str) -> Iterator[dict[str, Any]]:
    """Yield Open WebUI's source event for each quote of a piece.

    Open WebUI numbers the different values of ``metadata.source`` as they come. A value of its own for each quote makes
    these numbers those of the text. The value is no address, since one would be shown in place of the title.
    """
    for quote, *_ in piece.cited:
        start, end = quote.span
        known = {"name": quote.article.title, "url": address(quote, base)}
        name = f"{quote.article.id}:{start}-{end}"
        source, metadata = {"id": name, **known}, {"source": name, "source_url": known["url"], **known}
        yield {"type": "source", "data": {"source": source, "document": [quote.text], "metadata": [metadata]}}


def event(value: object, name: str | None = None) -> bytes:
    """Return a server-sent event with ``value`` as JSON."""
    return format_sse_event(event=name, data_str=json.dumps(value, ensure_ascii=False))
