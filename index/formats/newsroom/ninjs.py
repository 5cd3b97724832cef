"""ninjs: news in JSON, a standard of the IPTC (versions 1 and 2)."""

import json
from collections.abc import Mapping
from typing import Any

from index.errors import FormatError
from index.formats.newsroom.story import Story, article_from
from index.types import Article

_MARKS = ("pubstatus", "versioncreated", "body_xhtml", "bodies", "headlines", "embargoed")


def read(data: bytes, *, name: str) -> Article:
    """Return the story in an object of ninjs. Raises WithdrawnError and FormatError."""
    try:
        row = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name} is not JSON: {error}.", remedy="Save it anew.") from error
    if not isinstance(row, dict) or not is_ninjs(row):
        raise FormatError(f"{name} is no story in ninjs.", remedy="Write articles as JSON lines (.jsonl), one a line.")
    return from_row(row, name=name)


def is_ninjs(row: Mapping[str, Any]) -> bool:
    """Whether an object of JSON is a story in ninjs."""
    return isinstance(row.get("uri"), str) and any(mark in row for mark in _MARKS)


def from_row(row: Mapping[str, Any], *, name: str) -> Article:
    """Return the story in an object of JSON. Raises WithdrawnError and FormatError."""
    rights = [_of(row, "copyrightnotice", "copyrightNotice"), _of(row, "usageterms", "usageTerms")]
    holder = _of(row, "copyrightholder", "copyrightHolder")
    story = Story(
        blocks=_blocks(row),
        key=row["uri"],
        status=_of(row, "pubstatus", "pubStatus"),
        title=_of(row, "headline") or _valued(row.get("headlines")),
        author=_of(row, "byline", "by") or _valued(row.get("infosources") if "headlines" in row else None),
        publisher=holder or _of(row, "source"),
        published=_of(
            row, "firstcreated", "firstCreated", "contentcreated", "contentCreated", "versioncreated", "versionCreated"
        ),
        embargo=_of(row, "embargoed"),
        rights=" ".join(filter(None, rights)) or (f"© {holder}" if holder else ""),
        url=_of(row, "url", "link"),
        version=str(row.get("version", "")),
        sent=_of(row, "versioncreated", "versionCreated"),
    )
    return article_from(story, name=name)


def _of(row: Mapping[str, Any], *names: str) -> str:
    return next((row[name] for name in names if isinstance(row.get(name), str) and row[name].strip()), "")


def _valued(value: object) -> str:
    """Return the first value of a list of {"value": …} (ninjs 2)."""
    rows = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return next((each["value"] for each in rows if isinstance(each.get("value"), str)), "")


def _blocks(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paragraphs of the body, from markup where there is some."""
    import lxml.html

    from index.formats.page.layout import blocks_of
    from index.formats.page.tidy import tidy

    bodies = [each for each in row.get("bodies") or () if isinstance(each, dict)]
    marked = [
        each for each in bodies if "html" in str(each.get("contentType") or each.get("contenttype") or each.get("role"))
    ]
    page = _of(row, "body_xhtml", "body_html") or _valued(marked)
    if page:
        tree = lxml.html.fromstring(f"<html><body>{page}</body></html>")
        tidy(tree)
        return tuple(block.text for block in blocks_of(tree))
    return tuple((_of(row, "body_text") or _valued(bodies) or _of(row, "description_text")).split("\n"))
