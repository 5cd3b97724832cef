"""Tasks that chat UIs give the model beside the user's questions: titles, tags, suggestions and search queries."""

import re
from collections import Counter
from typing import Any, Literal, NamedTuple

from service.assembly import Services

Kind = Literal["title", "tags", "follow_ups", "queries", "nothing"]

# Of Open WebUI, whose tasks begin alike and show the JSON that they want; and of LibreChat and others, in words.
_BEGINS = re.compile(r"\A\s*### Task:\n")
_WANTED: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r'\{\s*"title"\s*:'), "title"),
    (re.compile(r'\{\s*"tags"\s*:'), "tags"),
    (re.compile(r'\{\s*"follow_ups"\s*:'), "follow_ups"),
    (re.compile(r'\{\s*"queries"\s*:'), "queries"),
    (re.compile(r'\{\s*"(?:text|prompt)"\s*:'), "nothing"),
)
_TITLE = re.compile(
    r"\A\s*(?:please )?(?:analy[sz]e this conversation and provide:|(?:provide|generate|write|create|suggest|give)\b)"
    r"[^\n]{0,80}(?:\n[^\n]{0,120}){0,2}\btitle\b",
    re.IGNORECASE,
)
_TURN = re.compile(r"^[^\S\n]*(?:\*\*)?(user|human|assistant|ai|system)(?:\*\*)?:[ \t]*", re.IGNORECASE | re.MULTILINE)
_USERS = ("user", "human")
_LONGEST_TITLE = 60
_MOST = 3


class Task(NamedTuple):
    """A task, and the user's last question before it; ``as_json`` where it asks for JSON."""

    kind: Kind
    question: str
    as_json: bool


def task_in(message: str) -> Task | None:
    """Return the task that a message sets, or None for a question."""
    if _BEGINS.match(message):
        kind = next((kind for pattern, kind in _WANTED if pattern.search(message)), None)
        return Task(kind, _last_question(message), as_json=True) if kind else None
    if _TITLE.match(message) and (question := _last_question(message)):
        return Task("title", question, as_json=False)
    return None


def facts_for(task: Task, services: Services) -> dict[str, Any]:
    """Return what the task asks for, by the name that it gives it. Raises PullquoteError."""
    if task.kind == "title":
        return {"title": _title(task.question), "language": "English"}
    if task.kind == "queries":
        return {"queries": [task.question] if task.question else []}
    if task.kind == "tags":
        return {"tags": _tags(task.question, services)}
    if task.kind == "follow_ups":
        return {"follow_ups": _follow_ups(task.question, services)}
    return {"text": "", "prompt": ""}


def _last_question(message: str) -> str:
    """Return what the user said last in the conversation that a task quotes; "" where none is quoted."""
    turns = list(_TURN.finditer(message))
    ends = [*(each.start() for each in turns[1:]), len(message)]
    said = [message[turn.end() : end] for turn, end in zip(turns, ends, strict=False) if turn[1].lower() in _USERS]
    return re.sub(r"</?[a-z_]+>", " ", said[-1]).strip() if said else ""


def _title(question: str) -> str:
    words = " ".join(question.split()).rstrip("?!. ")
    if len(words) <= _LONGEST_TITLE:
        return words or "Quotations"
    return words[:_LONGEST_TITLE].rpartition(" ")[0] + "…"


def _tags(question: str, services: Services) -> list[str]:
    """Return the speakers and the publishers of the quotes that answer ``question``."""
    quotes = services.answerer.ask(question).quotes if question else ()
    speakers = [said.speaker for quote in quotes for said in quote.attributions]
    publishers = [quote.article.publisher for quote in quotes if quote.article.publisher]
    return list(dict.fromkeys([*speakers[:_MOST], *publishers[:_MOST]])) or ["News"]


def _follow_ups(question: str, services: Services) -> list[str]:
    """Return questions for what others say in the articles that answer ``question``, the most often cited first."""
    answer = services.answerer.ask(question) if question else None
    quotes = (answer.quotes or answer.nearest) if answer else ()
    heard = {said.speaker for quote in quotes for said in quote.attributions}
    cited: Counter[str] = Counter()
    for article_id in dict.fromkeys(quote.article.id for quote in quotes):
        cited.update(each.speaker for each in services.store.attributions(article_id) if each.speaker[:1].isupper())
    others = [name for name, _ in cited.most_common() if name not in heard]
    return [f"What did {name} say?" for name in others[:_MOST]]
