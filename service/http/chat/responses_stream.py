"""A response as a stream of OpenAI's events."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from pydantic import BaseModel

from service.http.chat.models import annotated
from service.http.chat.reply import Reply
from service.http.chat.responses import FunctionCallOut, OutputMessageOut, ResponseOut, item_of
from service.http.chat.stream import event
from service.http.problems import openai_error, problem_of


class _Events:
    """Events, numbered as they come."""

    def __init__(self) -> None:
        self._numbers = count()

    def of(self, kind: str, **fields: Any) -> bytes:  # noqa: ANN401 - JSON
        shown = {name: each.model_dump(mode="json") if isinstance(each, BaseModel) else each
                 for name, each in fields.items()}  # fmt: skip
        return event({"type": kind, "sequence_number": next(self._numbers), **shown}, kind)


def events(steps: Iterator[Reply | None], base: str) -> Iterator[bytes]:
    """Yield the events of a response: its beginning before the passages are read, then the text piece by piece.

    A quote's citations come with its piece. ``base`` is the service's own address.
    """
    given = _Events()
    response = ResponseOut.begun()
    try:
        yield given.of("response.created", response=response)
        yield given.of("response.in_progress", response=response)
        *_, reply = steps
        assert reply is not None
        item = item_of(reply, base)
        if isinstance(item, FunctionCallOut):
            yield from _called(given, item)
        else:
            yield from _said(given, item, reply, base)
        yield given.of("response.output_item.done", output_index=0, item=item)
        yield given.of("response.completed", response=response.completed(reply, item))
    except Exception as error:  # noqa: BLE001 - the stream's last handler: the status is sent already
        wrong = openai_error(problem_of(error))
        failed = {"code": "server_error", "message": wrong["message"]}
        whole = {**response.model_dump(mode="json"), "status": "failed", "error": failed}
        yield given.of("response.failed", response=whole)


def _said(given: _Events, item: OutputMessageOut, reply: Reply, base: str) -> Iterator[bytes]:
    (part,) = item.content
    place = {"item_id": item.id, "output_index": 0, "content_index": 0}
    empty = part.model_copy(update={"text": "", "annotations": []})
    begun = item.model_copy(update={"status": "in_progress", "content": []})
    yield given.of("response.output_item.added", output_index=0, item=begun)
    yield given.of("response.content_part.added", **place, part=empty)
    citations = iter(enumerate(part.annotations))
    for piece, own in zip(reply.pieces, annotated(reply.pieces, base), strict=True):
        yield given.of("response.output_text.delta", **place, delta=piece.text, logprobs=[])
        for _, (number, citation) in zip(own, citations, strict=False):
            yield given.of(
                "response.output_text.annotation.added", **place, annotation_index=number, annotation=citation
            )
    yield given.of("response.output_text.done", **place, text=part.text, logprobs=[])
    yield given.of("response.content_part.done", **place, part=part)


def _called(given: _Events, item: FunctionCallOut) -> Iterator[bytes]:
    place = {"item_id": item.id, "output_index": 0}
    begun = item.model_copy(update={"status": "in_progress", "arguments": ""})
    yield given.of("response.output_item.added", output_index=0, item=begun)
    yield given.of("response.function_call_arguments.delta", **place, delta=item.arguments)
    yield given.of("response.function_call_arguments.done", **place, name=item.name, arguments=item.arguments)
