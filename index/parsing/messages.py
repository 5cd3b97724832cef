"""What a parser's process and the one that started it say to each other: lengths, JSON and bytes; nothing that runs."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from importlib import import_module
from typing import Any

from index.errors import FormatError, NoArticleError, WithdrawnError
from index.formats.reading import Format, Original, format_of, parsed
from index.types import Article, Verdict

LENGTH = 8
MOST_BYTES = 100_000_000
_OURS = "index.formats."


def name_of(parse: Format | None) -> str | None:
    """Return the name by which another process finds a format's function; None for one that only this one has."""
    module, name = getattr(parse, "__module__", ""), getattr(parse, "__qualname__", "")
    found = getattr(sys.modules.get(module), name, None) if module.startswith(_OURS) else None
    return f"{module}:{name}" if parse is not None and found is parse else None


def request_of(original: Original, parse: str) -> bytes:
    """Return the message that asks for ``original`` to be parsed."""
    head = json.dumps({"name": original.name, "charset": original.charset, "parse": parse}).encode()
    return framed(head) + framed(original.data)


def original_of(head: bytes, data: bytes) -> Original:
    """Return the original that a message holds. Raises ValueError for a function that is no format's."""
    given = json.loads(head)
    module, _, name = given["parse"].partition(":")
    if not module.startswith(_OURS):
        raise ValueError(f"{module} is no format")
    parse = getattr(import_module(module), name)
    # A format that the ending names must be found by it: its messages tell of the ending.
    own = Original(data, given["name"], charset=given["charset"])
    return own if format_of(own) is parse else Original(data, given["name"], charset=given["charset"], parse=parse)


def reply_of(original: Original, is_exhausted: Callable[[], bool]) -> bytes:
    """Return the message that holds the article of ``original``, or why there is none.

    ``is_exhausted`` is whether the memory came to an end: libraries that find no more stumble in ways of their own.
    """
    try:
        article = parsed(original)
    except FormatError as error:
        if isinstance(error.__cause__, MemoryError) or is_exhausted():
            return framed(json.dumps({"limit": "memory"}).encode())
        why = {"kind": type(error).__name__, "what": error.what, "message": str(error)}
        key = {"key": error.key, "edition": error.edition} if isinstance(error, WithdrawnError) else {}
        return framed(json.dumps({"error": {**why, **key}}).encode())
    return framed(json.dumps({"article": asdict(article)}, default=_written).encode())


def _written(value: object) -> str:
    if isinstance(value, date):  # and what is one: an instant
        return value.isoformat()
    raise TypeError(f"{value!r} is not written")


def article_of(reply: dict[str, Any]) -> Article:
    """Return the article that a reply holds."""
    fields = reply["article"]
    read = {
        "published": date.fromisoformat(fields["published"]) if fields["published"] else None,
        "embargo": datetime.fromisoformat(fields["embargo"]) if fields["embargo"] else None,
        "verdict": Verdict(**fields["verdict"]),
        **{name: tuple(fields[name]) for name in ("pages", "notes", "warnings")},
    }
    return Article(**{**fields, **read})


def error_of(reply: dict[str, Any]) -> FormatError:
    """Return the error that a reply tells of, of the same kind as it was."""
    given = reply["error"]
    if given["kind"] == WithdrawnError.__name__:
        error: FormatError = WithdrawnError(given["what"], key=given["key"], edition=given["edition"])
    else:
        error = (NoArticleError if given["kind"] == NoArticleError.__name__ else FormatError)(given["what"])
    error.args = (given["message"],)
    return error


def framed(data: bytes) -> bytes:
    """Return bytes behind their length."""
    return len(data).to_bytes(LENGTH, "big") + data
