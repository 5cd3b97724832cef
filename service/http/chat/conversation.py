"""What a chat client's messages ask: the question, the turns before it, and what of the request has no effect."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from index.errors import QuestionError
from service.answering.types import Turn

# Where a chat UI has put the user's question into a template with material of its own: the question is in ``query``.
_TEMPLATES = (
    re.compile(r"<user_query>\s*(?P<query>.+?)\s*</user_query>", re.DOTALL),
    re.compile(r"\A\s*###? ?Task:.*</context>\s*(?P<query>\S.*)\Z", re.DOTALL),
    re.compile(r"\bcontext\b.*^\s*(?:User )?(?:Question|Query):\s*(?P<query>[^\n]+)(?:\s+(?:Helpful )?Answer:)?\s*\Z",
               re.DOTALL | re.IGNORECASE | re.MULTILINE),
    re.compile(r"^\s*(?:User )?(?:Question|Query):\s*(?P<query>[^\n]+)\n\s*Context:.*\Z",
               re.DOTALL | re.IGNORECASE | re.MULTILINE),
)  # fmt: skip
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
    found = next((match for each in _TEMPLATES if (match := each.search(text))), None)
    return found["query"].strip() if found else text


def _without_effect(messages: Sequence[Message], given: Mapping[str, Any]) -> Iterator[str]:
    left_out = dict.fromkeys(kind for each in messages if each.role == "user" for kind in each.left_out)
    if left_out:
        yield f"Only text is read: {', '.join(left_out)} was left out."
    if any(each.role in ("system", "developer") and each.text.strip() for each in messages):
        yield "System messages have no effect: answers are quotations only."
    for name, why in _NO_EFFECT.items():
        if given.get(name):
            yield f"{name} has no effect: {why}."
