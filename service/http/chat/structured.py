"""Answers in a form that a client gives as a JSON schema, filled by the names of its fields."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from fastapi import HTTPException
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from referencing import Registry

from service.answering.quoting.speakers import listed
from service.answering.quoting.stance import stance_name
from service.answering.types import Answer, Quote
from service.http.markdown import address

_DEEPEST = 8
_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float)}
_MISSING = object()


class Form(NamedTuple):
    """A JSON schema to fill; ``tool`` is the name of the tool whose arguments it describes, if it is one's."""

    schema: dict[str, Any]
    tool: str | None = None


def facts_of(answer: Answer, base: str) -> dict[str, Any]:
    """Return what can be filled in for an answer, by all the names that schemas have for it."""
    quotes = [_quote_facts(each, base) for each in answer.quotes]
    best = quotes[0] if quotes else dict.fromkeys(_QUOTE_NAMES)
    words = [each["quote"] for each in quotes]
    links = [each["url"] for each in quotes]
    facts: dict[str, Any] = {
        **best,
        **dict.fromkeys(("answer", "response", "result", "text", "content", "output", "message"), answer.text),
        **dict.fromkeys(("answered", "found", "has_answer", "is_answered"), answer.answered),
        **dict.fromkeys(("confidence", "score", "probability"), round(answer.confidence, 4)),
        **dict.fromkeys(
            ("quotes", "quotations", "citations", "evidence", "excerpts", "passages"), _Each(words, quotes)
        ),
        **dict.fromkeys(("sources", "references", "links", "urls", "articles"), _Each(links, quotes)),
        "speakers": list(dict.fromkeys(each["speaker"] for each in quotes if each["speaker"])),
        "publishers": list(dict.fromkeys(each["publisher"] for each in quotes if each["publisher"])),
        "question": answer.question,
        "reason": answer.reason,
        "warnings": list(answer.warnings),
    }
    return facts


class _Each(NamedTuple):
    """A list that may be wanted as words or as objects."""

    words: list[str]
    objects: list[dict[str, Any]]


def _quote_facts(quote: Quote, base: str) -> dict[str, Any]:
    article, link = quote.article, address(quote, base)
    return {
        **dict.fromkeys(("quote", "quotation", "citation", "excerpt", "text", "content"), quote.text),
        **dict.fromkeys(("speaker", "said_by"), listed(quote.attributions) or None),
        **dict.fromkeys(("title", "source", "article"), article.title),
        **dict.fromkeys(("url", "link"), link),
        **dict.fromkeys(("date", "published"), str(article.published) if article.published else None),
        **dict.fromkeys(("id", "number", "index"), quote.number),
        "publisher": article.publisher,
        "author": article.author,
        "confidence": round(quote.confidence, 4),
        "stance": stance_name(quote.stance),
        "article_id": article.id,
        "start": quote.span.start,
        "end": quote.span.end,
    }


_QUOTE_NAMES = (
    "quote quotation citation excerpt speaker said_by title source article url link date published publisher author"
    " stance".split()
)


def filled(form: Form, facts: Mapping[str, Any]) -> str:
    """Return the JSON that fits the form. Raises HTTPException where it asks for what is not known here."""
    if _has_pattern(form.schema):
        raise _unfit("it has a pattern, and none is tried here")
    value = _value(form.schema, facts, form.schema, "the schema", 0)
    kind = validator_for(form.schema)
    try:
        kind.check_schema(form.schema)
        # The registry is empty, so that no schema of elsewhere is fetched.
        kind(form.schema, registry=Registry()).validate(value)
    except ValidationError as error:
        raise _unfit(f"{error.json_path}: {error.message[:200]}") from error
    except Exception as error:  # noqa: BLE001 - a schema that is none raises what it makes the library stumble on
        raise _unfit(f"it is no JSON schema: {type(error).__name__}") from error
    return json.dumps(value, ensure_ascii=False)


def _value(schema: Any, facts: Any, root: dict[str, Any], name: str, depth: int) -> Any:  # noqa: ANN401 - JSON
    """Return a value of ``schema`` for what is known under ``name``; ``_MISSING`` where nothing is."""
    schema = _resolved(schema, root, depth)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        found = [_value(each, facts, root, name, depth + 1) for each in options]
        return next((each for each in found if each is not _MISSING and each is not None), None)
    kinds = schema.get("type", "object" if "properties" in schema else None)
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if facts is None:
        return None if "null" in kinds else {"string": "", "array": []}.get(str(kinds[0]), _MISSING)
    if "object" in kinds and isinstance(facts, Mapping):
        return _object(schema, facts, root, depth)
    if "array" in kinds and isinstance(facts, _Each | list):
        items = schema.get("items", {})
        wanted = _resolved(items, root, depth + 1)
        known = facts if isinstance(facts, list) else facts.objects if "properties" in wanted else facts.words
        return [_value(items, each, root, name, depth + 1) for each in known]
    return facts if any(_fits(facts, kind) for kind in kinds) else _MISSING


def _object(schema: dict[str, Any], facts: Mapping[str, Any], root: dict[str, Any], depth: int) -> Any:  # noqa: ANN401
    result: dict[str, Any] = {}
    for name, wanted in schema.get("properties", {}).items():
        value = _value(wanted, facts[name], root, name, depth + 1) if name in facts else _MISSING
        if value is _MISSING and name in schema.get("required", ()):
            if "null" in str(wanted):
                value = None
            else:
                raise _unfit(f"nothing is known for {name!r}")
        if value is not _MISSING:
            result[name] = value
    return result


def _resolved(schema: Any, root: dict[str, Any], depth: int) -> dict[str, Any]:  # noqa: ANN401 - JSON
    if depth > _DEEPEST:
        raise _unfit("it is nested too deeply")
    while isinstance(schema, dict) and "$ref" in schema:
        depth += 1
        place: Any = root
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            place = place.get(part) if isinstance(place, dict) else None
        if place is None or depth > _DEEPEST:
            raise _unfit(f"{schema['$ref']} is nowhere in it")
        schema = place
    return schema if isinstance(schema, dict) else {}


def _has_pattern(schema: object) -> bool:
    """Whether a regular expression is in the schema: one can be made that takes for ever."""
    if isinstance(schema, list):
        return any(map(_has_pattern, schema))
    if not isinstance(schema, dict):
        return False
    return (
        isinstance(schema.get("pattern"), str)
        or "patternProperties" in schema
        or any(map(_has_pattern, schema.values()))
    )


def _fits(value: object, kind: str | None) -> bool:
    if kind is None:
        return True
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES.get(kind, ()))


def _unfit(reason: str) -> HTTPException:
    return HTTPException(
        400,
        f"This schema cannot be filled: {reason}. Known are answer, answered, confidence, quotes (each with quote,"
        " speaker, title, publisher, date and url), sources and speakers; for everything ask /v1/ask.",
    )
