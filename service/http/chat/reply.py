"""What a chat client is answered: Markdown in pieces with the quotes they cite, or JSON where it asks for that."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import HTTPException

from service.answering.types import Answer
from service.assembly import Services
from service.http.chat.conversation import Asked, Message, asked
from service.http.chat.structured import Form, facts_of, filled
from service.http.chat.tasks import Task, facts_for, task_in
from service.http.markdown import Piece, pieces
from service.http.schemas.asking import AnswerOut, FiltersIn

_ANY_JSON = Form({})


class Wanted(NamedTuple):
    """What a request wants of the service: an answer to a question, or a task done; in a form, if it gives one."""

    asked: Asked
    task: Task | None
    form: Form | None
    max_quotes: int
    filters: FiltersIn


class Reply(NamedTuple):
    """A reply; ``answer`` is None for a task, ``tool`` the tool whose arguments the text is."""

    pieces: tuple[Piece, ...]
    answer: Answer | None
    warnings: tuple[str, ...]
    tool: str | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)


def wanted(
    messages: list[Message], given: dict[str, Any], *, form: Form | None, max_quotes: int, filters: FiltersIn
) -> Wanted:
    """Return what a request wants. Raises QuestionError."""
    users = [each.text for each in messages if each.role == "user"]
    task = task_in(users[-1]) if users and messages[-1].role == "user" else None
    return Wanted(asked(messages, given), task, form, max_quotes, filters)


def replying(wanted: Wanted, services: Services, base: str) -> Iterator[Reply | None]:
    """Yield None once what is searched for is found, then the reply. Raises PullquoteError and HTTPException.

    Whether a form can be filled is known before anything is yielded, so that a misfit gets a status of its own.
    """
    if wanted.task:
        facts = facts_for(wanted.task, services)
        text = filled(wanted.form, facts) if wanted.form and wanted.form.schema else _told(wanted.task, facts)
        yield None
        yield Reply((Piece(text),), None, wanted.asked.warnings, wanted.form.tool if wanted.form else None)
        return
    steps = services.answerer.steps(
        wanted.asked.question,
        history=wanted.asked.history,
        max_quotes=wanted.max_quotes,
        filters=wanted.filters.filters(),
    )
    next(steps)
    if wanted.form is None:
        yield None
    *_, answer = steps
    assert isinstance(answer, Answer)
    reply = _reply(answer, wanted, base)
    if wanted.form is not None:
        yield None
    yield reply


def _reply(answer: Answer, wanted: Wanted, base: str) -> Reply:
    warnings = (*wanted.asked.warnings, *answer.warnings)
    if wanted.form is None:
        return Reply(tuple(pieces(answer, base)), answer, warnings)
    if not wanted.form.schema:
        return Reply((Piece(AnswerOut.of(answer).model_dump_json()),), answer, warnings)
    return Reply((Piece(filled(wanted.form, facts_of(answer, base))),), answer, warnings, wanted.form.tool)


def _told(task: Task, facts: dict[str, Any]) -> str:
    """Return what a task asks for as the text that its client reads."""
    if not task.as_json:
        return str(facts[task.kind])
    return json.dumps({name: value for name, value in facts.items() if name != "language"}, ensure_ascii=False)


def form_of(kind: str | None, schema: object) -> Form | None:
    """Return the form of a response format of this kind, None for text. Raises HTTPException."""
    if kind in (None, "text"):
        return None
    if kind == "json_object":
        return _ANY_JSON
    if kind == "json_schema" and isinstance(schema, dict) and schema:
        return Form(schema)
    raise HTTPException(
        400, f"The response format {kind!r} is none of text, json_object and json_schema with a schema."
    )


def forced(choice: object, tools: list[Any]) -> Form | None:
    """Return the form of the arguments of a tool that has to be called; None where none has to be.

    No tool is ever called; one that only takes an answer apart is filled in like any other form. Raises HTTPException.
    """
    if choice in (None, "none", "auto") or (isinstance(choice, dict) and choice.get("type") == "allowed_tools"):
        return None
    given = [each for each in tools if isinstance(each, dict) and each.get("type") == "function"]
    functions = [function for each in given if isinstance(function := each.get("function", each), dict)]
    named = choice if isinstance(choice, dict) else {}
    inner = named.get("function")
    name = inner.get("name") if isinstance(inner, dict) else named.get("name")
    fitting = [each for each in functions if name is None or each.get("name") == name]
    if len(fitting) != 1 or not isinstance(fitting[0].get("parameters"), dict):
        raise HTTPException(
            400, f"tool_choice is {choice!r}: no tool is called here. Set it to 'auto' or leave it out."
        )
    return Form(fitting[0]["parameters"], fitting[0].get("name"))
