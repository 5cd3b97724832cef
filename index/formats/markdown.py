"""Markdown with front matter: what a reader of the rendered page reads."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from html.parser import HTMLParser

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import FormatError
from index.formats.text import decode, derive_title
from index.types import Article

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(data: bytes, *, name: str, key: str) -> Article:
    """Read a Markdown article.

    The text is what the rendered page shows: markup, comments and link targets are left out, blocks are set
    apart by a blank line. Front matter (YAML) may give title, url, author, publisher and date (or published);
    a title is otherwise the first heading. Raises FormatError.
    """
    source = decode(data, name=name)
    front, body = _split_front_matter(source, name=name)
    blocks = list(_blocks(_PARSER.parse(body)))
    text = "\n\n".join(block for _, block in blocks)
    heading = next((block for kind, block in blocks if kind == "heading"), None)
    title = _string(front, "title") or heading
    return Article(
        key=_string(front, "url") or key,
        text=text,
        title=title or derive_title(text),
        title_given=title is not None,
        url=_string(front, "url"),
        author=_string(front, "author"),
        publisher=_string(front, "publisher"),
        published=_date(front, name=name),
    )


def _split_front_matter(source: str, *, name: str) -> tuple[dict[str, object], str]:
    found = _FRONT_MATTER.match(source)
    if not found:
        return {}, source
    try:
        front = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError) as error:
        raise FormatError(
            f"The front matter of {name} is not YAML: {error}.", remedy="Mend the lines between the two ---."
        ) from error
    if front is None:
        return {}, source[found.end() :]
    if not isinstance(front, dict):
        # Two thematic breaks around ordinary text: no front matter at all.
        return {}, source
    return {str(field).lower(): value for field, value in front.items()}, source[found.end() :]


def _string(front: dict[str, object], field: str) -> str | None:
    value = front.get(field)
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value)
    return str(value).strip() or None if value is not None else None


def _date(front: dict[str, object], *, name: str) -> date | None:
    value = front.get("published") or front.get("date")
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError as error:
        raise FormatError(
            f"The front matter of {name} gives the date {str(value)!r}.", remedy="Write it as YYYY-MM-DD."
        ) from error


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Give (kind, text) for every block that shows text, in order."""
    kind = ""
    row: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield "row", " | ".join(row)
        elif token.type in ("heading_open", "paragraph_open", "th_open", "td_open"):
            kind = token.type.removesuffix("_open")
        elif token.type == "inline" and (text := _inline(token.children or []).strip()):
            if kind in ("th", "td"):
                row.append(text)
            else:
                yield kind, text
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield "code", token.content.strip("\n")
        elif token.type == "html_block" and (text := _html_text(token.content)):
            yield "html", text


def _inline(children: list[Token]) -> str:
    parts = []
    for token in children:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "image":
            parts.append(_inline(token.children or []))
    return "".join(parts)


class _TextOnly(HTMLParser):
    """Collect what an HTML fragment shows; scripts and styles show nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _html_text(fragment: str) -> str:
    parser = _TextOnly()
    parser.feed(fragment)
    parser.close()
    return "".join(parser.parts).strip()
