"""What a chat client's messages ask: the question, the turns before it, and what of the request has no effect."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from index.errors import QuestionError
from service.answering.types import Turn

_TASK = re.compile(r"\A\s*###? ?Task:")
_QUERY_BEGINS, _QUERY_ENDS, _CONTEXT_ENDS = "<user_query>", "</user_query>", "</context>"
_CONTEXT = re.compile(r"\bcontext\b", re.IGNORECASE)
_ASKED = re.compile(r"^[^\S\n]*(?:User )?(?:Question|Query):(?P<blank>\s*)", re.IGNORECASE | re.MULTILINE)
_ANSWER = re.compile(r"\s(?:Helpful )?Answer:\Z", re.IGNORECASE)
_LONGEST_ENDING = 20
_CONTEXT_BEHIND = re.compile(r"\s*Context:", re.IGNORECASE)
_NO_EFFECT = {
    "max_tokens": "quotations are not cut",
    "max_completion_tokens": "quotations are not cut",
    "max_output_tokens": "quotations are not cut",
    "stop": "quotations are not cut",
    "logprobs": "quotations have none",
    "audio": "answers are text",
    "tools": "no tool is called",
    "functions": "no tool is called",
    "instructions": "answers are quotations only, whatever instructions say",
}


class Message(NamedTuple):
    """A message of a conversation; ``left_out`` are the kinds of its parts that are not text."""

    role: str
    text: str
    left_out: tuple[str, ...] = ()


class Asked(NamedTuple):
    """A question, the turns before it, and warnings about what has no effect on its answer."""

    question: str
    history: tuple[Turn, ...]
    warnings: tuple[str, ...]


def asked(messages: Sequence[Message], given: Mapping[str, Any]) -> Asked:
    """Return what ``messages`` ask; ``given`` are the request's other fields. Raises QuestionError."""
    said = [each for each in messages if each.role in ("user", "assistant")]
    if not said or said[-1].role != "user":
        raise QuestionError("The last message is not the user's.", remedy="End the messages with a question.")
    question = question_in(said[-1].text)
    turns = [
        Turn("user", question_in(each.text)) if each.role == "user" else Turn("assistant", each.text)
        for each in said[:-1]
    ]
    warnings = [*_without_effect(messages, given)]
    if question != said[-1].text:
        warnings.append("The material around the question was not read: only this service's articles are quoted.")
    return Asked(question, tuple(turns), tuple(warnings))


def question_in(text: str) -> str:
    """Return the question that a template for retrieval holds; ``text`` itself where it is none."""
    return next(filter(None, (find(text) for find in (_tagged, _behind_context, _at_end, _before_context))), text)


def _tagged(text: str) -> str:
    """Return what stands in the tags <user_query>; "" for nothing, as below. Each of these looks at a text once."""
    _, begins, behind = text.partition(_QUERY_BEGINS)
    query, ends, _ = behind.partition(_QUERY_ENDS)
    return query.strip() if begins and ends else ""


def _behind_context(text: str) -> str:
    """Return what stands behind the material of a task: "### Task: … </context> QUESTION"."""
    return text.rpartition(_CONTEXT_ENDS)[2].strip() if _TASK.match(text) and _CONTEXT_ENDS in text else ""


def _at_end(text: str) -> str:
    """Return the one line behind the material: "… context … Question: QUESTION Answer:"."""
    *_, last = (None, *_ASKED.finditer(text))
    if last is None or not _CONTEXT.search(text, 0, last.start()):
        return ""
    query = text[last.end() :].strip()
    ending = _ANSWER.search(query, max(0, len(query) - _LONGEST_ENDING))
    query = (query[: ending.start()] if ending else query).rstrip()
    return "" if "\n" in query else query


def _before_context(text: str) -> str:
    """Return the one line before the material: "Question: QUESTION Context: …"."""
    for match in _ASKED.finditer(text):
        begin = match.end("blank")
        end = text.find("\n", begin)
        if begin < end and _CONTEXT_BEHIND.match(text, end):
            return text[begin:end].strip()
    return ""


def _without_effect(messages: Sequence[Message], given: Mapping[str, Any]) -> Iterator[str]:
    left_out = dict.fromkeys(kind for each in messages if each.role == "user" for kind in each.left_out)
    if left_out:
        yield f"Only text is read: {', '.join(left_out)} was left out."
    if any(each.role in ("system", "developer") and each.text.strip() for each in messages):
        yield "System messages have no effect: answers are quotations only."
    for name, why in _NO_EFFECT.items():
        if given.get(name):
            yield f"{name} has no effect: {why}."
