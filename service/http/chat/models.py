"""The HTTP models of OpenAI's chat completions: the fields that are used here."""

import uuid
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Literal

from pydantic import BaseModel, Field, JsonValue

from service.http.chat.conversation import Message
from service.http.chat.reply import Reply
from service.http.markdown import Piece, address
from service.http.schemas.asking import FiltersIn
from service.http.schemas.base import LenientModel
from service.http.schemas.fields import Text
from service.http.schemas.quotes import QuoteOut

MODEL = "pullquote"
FORMS: list[JsonValue] = ["text", "json_object", "json_schema", None]
TEXT_PARTS = ("text", "input_text", "output_text", "refusal")


class PartIn(LenientModel):
    """A part of a message; only text is read."""

    type: str
    text: Text | None = None


class MessageIn(LenientModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[PartIn] | None = None

    @property
    def message(self) -> Message:
        """The message's text, and the kinds of its parts that are not text."""
        if not isinstance(self.content, list):
            return Message(self.role, self.content or "")
        texts = [part.text or "" for part in self.content if part.type in TEXT_PARTS]
        return Message(self.role, "\n".join(texts), tuple(p.type for p in self.content if p.type not in TEXT_PARTS))


class StreamOptionsIn(LenientModel):
    """Whether a stream ends with a chunk about usage."""

    include_usage: bool | None = False


class ResponseFormatIn(LenientModel):
    """The form of the answer: text, or JSON."""

    type: str | None = Field(None, json_schema_extra={"enum": FORMS})
    json_schema: dict[str, Any] | None = None


class CompletionIn(LenientModel):
    """A conversation whose last message is the question.

    Of OpenAI's parameters those that would change an answer and have no effect here are named in the warnings.
    `max_quotes` and `filters` are Pullquote's own.
    """

    messages: list[MessageIn] = Field(min_length=1, max_length=1_000)
    model: str | None = MODEL
    stream: bool | None = False
    stream_options: StreamOptionsIn | None = None
    n: int | None = Field(None, json_schema_extra={"enum": [1, None]})
    tools: list[Any] | None = None
    tool_choice: str | dict[str, Any] | None = None
    functions: list[Any] | None = None
    response_format: ResponseFormatIn | None = None
    logprobs: bool | None = None
    audio: Any = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stop: str | list[str] | None = None
    max_quotes: int = Field(3, ge=1, le=20)
    filters: FiltersIn = FiltersIn()


class UrlCitation(BaseModel):
    """Where the message cites a quote (code points of the message), and where the quote can be read."""

    start_index: int
    end_index: int
    title: str
    url: str
    content: str


class Annotation(BaseModel):
    """An annotation of a message."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


def annotated(given: Sequence[Piece], base: str) -> Iterator[list[Annotation]]:
    """Yield each piece's annotations, with offsets in the whole message."""
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


class FunctionOut(BaseModel):
    """A tool's name and its arguments as JSON."""

    name: str
    arguments: str


class ToolCallOut(BaseModel):
    """The answer as arguments of the one tool that had to be called."""

    id: str
    type: Literal["function"] = "function"
    function: FunctionOut


def tool_call(reply: Reply) -> ToolCallOut:
    """Return a reply as a tool call; its ``tool`` must be given."""
    return ToolCallOut(
        id=f"call_{uuid.uuid4().hex[:24]}", function=FunctionOut(name=reply.tool or "", arguments=reply.text)
    )


class MessageOut(BaseModel):
    """The answer as a message."""

    role: Literal["assistant"] = "assistant"
    content: str | None
    refusal: None = None
    annotations: list[Annotation]
    tool_calls: list[ToolCallOut] | None = None


class ChoiceOut(BaseModel):
    """The only choice."""

    index: int = 0
    message: MessageOut
    logprobs: None = None
    finish_reason: Literal["stop", "tool_calls"] = "stop"


class UsageOut(BaseModel):
    """The number of tokens: always 0, since none are counted."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class CompletionOut(BaseModel):
    """The answer; ``citations`` holds the quotes in full, ``answered`` is whether there are any.

    ``answered`` is null where a chat UI had a task done, such as a title.
    """

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[ChoiceOut]
    usage: UsageOut = UsageOut()
    answered: bool | None
    citations: list[QuoteOut]
    warnings: list[str]


class ModelOut(BaseModel):
    """The one model that this service has."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "pullquote"


class ModelsOut(BaseModel):
    """The models."""

    object: Literal["list"] = "list"
    data: list[ModelOut]
