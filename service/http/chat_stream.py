"""A chat completion as a stream of chunks."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from fastapi.sse import format_sse_event

from service.answering.types import Answer, Quote, Searched
from service.http.markdown import Piece, address, pieces
from service.http.problems import openai_error, problem_of
from service.http.schemas.chat import MODEL, UsageOut, annotated
from service.http.schemas.quotes import QuoteOut


def chunks(
    steps: Iterator[Searched | Quote | Answer], base: str, *, with_usage: bool, with_sources: bool
) -> Iterator[bytes]:
    """Yield the chunks of an answer: the role before the passages are read, then the text piece by piece.

    A quote's annotations come with its piece; the quotes in full and the warnings come with the last chunk. ``base`` is
    the service's own address. ``with_sources`` sends Open WebUI's source event before each quote.
    """
    head = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": MODEL,
    }

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: object) -> bytes:
        choices = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        return _event({**head, "choices": choices, **more})

    try:
        yield chunk({"role": "assistant", "content": ""})
        *_, answer = steps
        assert isinstance(answer, Answer)
        given = list(pieces(answer, base))
        for piece, annotations in zip(given, annotated(given, base), strict=True):
            if with_sources:
                yield from (_event({**head, "choices": [], "event": each}) for each in _sources(piece, base))
            delta: dict[str, Any] = {"content": piece.text}
            if annotations:
                delta["annotations"] = [each.model_dump() for each in annotations]
            yield chunk(delta)
        citations = [QuoteOut.of(quote).model_dump(mode="json") for quote in answer.quotes]
        yield chunk({}, "stop", answered=answer.answered, citations=citations, warnings=list(answer.warnings))
        if with_usage:
            yield _event({**head, "choices": [], "usage": UsageOut().model_dump()})
        yield format_sse_event(data_str="[DONE]")
    except Exception as error:  # noqa: BLE001 - the stream's last handler: the status is sent already
        yield _event({"error": openai_error(problem_of(error))})


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


def _event(value: object) -> bytes:
    return format_sse_event(data_str=json.dumps(value, ensure_ascii=False))
