"""The HTTP models of OpenAI's Responses: the fields that are used here."""

import time
import uuid
from itertools import chain
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from service.http.chat.conversation import Message
from service.http.chat.models import FORMS, MODEL, TEXT_PARTS, PartIn, annotated
from service.http.chat.reply import Reply
from service.http.schemas.asking import FiltersIn
from service.http.schemas.base import LenientModel
from service.http.schemas.fields import Text
from service.http.schemas.quotes import QuoteOut


class ItemIn(LenientModel):
    """An item of the input: a message, or something that is passed over, such as a call of a tool."""

    type: str = "message"
    role: Literal["system", "developer", "user", "assistant"] | None = None
    content: Text | list[PartIn] | None = None

    @property
    def message(self) -> Message | None:
        """The message; None for another item."""
        if self.type != "message" or self.role is None:
            return None
        if not isinstance(self.content, list):
            return Message(self.role, self.content or "")
        texts = [part.text or "" for part in self.content if part.type in TEXT_PARTS]
        return Message(self.role, "\n".join(texts), tuple(p.type for p in self.content if p.type not in TEXT_PARTS))


class FormatIn(LenientModel):
    """The form of the text: as it is, or JSON."""

    type: str | None = Field(None, json_schema_extra={"enum": FORMS})
    schema_: dict[str, Any] | None = Field(None, alias="schema")


class TextIn(LenientModel):
    """How the text is wanted."""

    format: FormatIn | None = None


class ResponseIn(LenientModel):
    """A question, or a conversation that ends with one. Nothing is stored: what came before is sent along.

    Of OpenAI's parameters those that would change an answer and have no effect here are named in the warnings.
    `max_quotes` and `filters` are Pullquote's own.
    """

    input: Text | list[ItemIn] = Field(min_length=1, json_schema_extra={"minLength": 1, "minItems": 1})
    model: str | None = MODEL
    stream: bool | None = False
    instructions: Text | None = None
    previous_response_id: str | None = Field(None, json_schema_extra={"enum": [None, ""]})
    conversation: Any = Field(None, json_schema_extra={"type": "null"})
    background: bool | None = Field(None, json_schema_extra={"enum": [None, False]})
    tools: list[Any] | None = None
    tool_choice: str | dict[str, Any] | None = None
    max_output_tokens: int | None = None
    text: TextIn | None = None
    max_quotes: int = Field(3, ge=1, le=20)
    filters: FiltersIn = FiltersIn()

    @property
    def messages(self) -> list[Message]:
        """The messages of the conversation."""
        if isinstance(self.input, str):
            return [Message("user", self.input)]
        return [message for each in self.input if (message := each.message)]


class UrlCitationOut(BaseModel):
    """Where the text cites a quote (code points), and where the quote can be read."""

    type: Literal["url_citation"] = "url_citation"
    start_index: int
    end_index: int
    title: str
    url: str
    content: str


class OutputTextOut(BaseModel):
    """The text of a message, and its citations."""

    type: Literal["output_text"] = "output_text"
    text: str
    annotations: list[UrlCitationOut]
    logprobs: list[Any] = []


class OutputMessageOut(BaseModel):
    """The answer as a message."""

    type: Literal["message"] = "message"
    id: str
    role: Literal["assistant"] = "assistant"
    status: Literal["in_progress", "completed"]
    content: list[OutputTextOut]


class FunctionCallOut(BaseModel):
    """The answer as arguments of the one tool that had to be called."""

    type: Literal["function_call"] = "function_call"
    id: str
    call_id: str
    name: str
    arguments: str
    status: Literal["in_progress", "completed"]


class InputDetailsOut(BaseModel):
    """What the tokens read were made of."""

    cached_tokens: int = 0


class OutputDetailsOut(BaseModel):
    """What the tokens written were made of."""

    reasoning_tokens: int = 0


class ResponseUsageOut(BaseModel):
    """The number of tokens: always 0, since none are counted."""

    input_tokens: int = 0
    input_tokens_details: InputDetailsOut = InputDetailsOut()
    output_tokens: int = 0
    output_tokens_details: OutputDetailsOut = OutputDetailsOut()
    total_tokens: int = 0


class ResponseOut(BaseModel):
    """The answer; ``citations`` holds the quotes in full, ``answered`` is whether there are any.

    ``answered`` is null where a chat UI had a task done, such as a title.
    """

    id: str
    object: Literal["response"] = "response"
    created_at: int
    status: Literal["in_progress", "completed"]
    model: str = MODEL
    output: list[OutputMessageOut | FunctionCallOut]
    error: None = None
    incomplete_details: None = None
    instructions: str | None = None
    metadata: dict[str, str] = {}
    parallel_tool_calls: bool = False
    temperature: float | None = None
    top_p: float | None = None
    tool_choice: Literal["none"] = "none"
    tools: list[Any] = []
    previous_response_id: None = None
    usage: ResponseUsageOut | None = None
    answered: bool | None = None
    citations: list[QuoteOut] = []
    warnings: list[str] = []

    @classmethod
    def begun(cls) -> Self:
        """Return a response that is being worked on."""
        return cls(id=f"resp_{uuid.uuid4().hex}", created_at=int(time.time()), status="in_progress", output=[])

    def completed(self, reply: Reply, item: OutputMessageOut | FunctionCallOut) -> Self:
        """Return it with its reply, which ``item`` holds."""
        answer = reply.answer
        return self.model_copy(
            update={
                "status": "completed",
                "output": [item],
                "usage": ResponseUsageOut(),
                "answered": answer.answered if answer else None,
                "citations": [QuoteOut.of(quote) for quote in (answer.quotes if answer else ())],
                "warnings": list(reply.warnings),
            }
        )


def item_of(reply: Reply, base: str) -> OutputMessageOut | FunctionCallOut:
    """Return a reply as an output item."""
    name = uuid.uuid4().hex
    if reply.tool:
        return FunctionCallOut(
            id=f"fc_{name}", call_id=f"call_{name[:24]}", name=reply.tool, arguments=reply.text, status="completed"
        )
    cited = [UrlCitationOut(**each.url_citation.model_dump()) for each in chain(*annotated(reply.pieces, base))]
    text = OutputTextOut(text=reply.text, annotations=cited)
    return OutputMessageOut(id=f"msg_{name}", status="completed", content=[text])
