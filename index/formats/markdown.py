"""Markdown with front matter: what a reader of the rendered page reads."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from html.parser import HTMLParser

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import FormatError
from index.formats.decoding import decode, non_text
from index.formats.titles import derive_title
from index.types import Article

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(data: bytes, *, name: str) -> Article:
    """Return the article in a Markdown file.

    The text is what the rendered page shows: markup, comments and link targets are left out, blocks are set
    apart by a blank line. Front matter (YAML) may give title, url, author, publisher and date (or published);
    a title is otherwise the first heading. Raises FormatError.
    """
    return _read(data, name=name, keeps_blocks=False)


def read_draft(data: bytes, *, name: str) -> Article:
    """Return the article as ``read`` does, with "> " before each paragraph of a block quotation. Raises FormatError."""
    return _read(data, name=name, keeps_blocks=True)


def _read(data: bytes, *, name: str, keeps_blocks: bool) -> Article:
    source, notes = decode(data, name=name)
    if found := non_text(source):  # the parser would replace it without a word
        raise FormatError(f"{name} holds {found}.", remedy="Save it as text (UTF-8) and try again.")
    front, body = _split_front_matter(source, name=name)
    blocks = list(_blocks(_PARSER.parse(body), before_quoted="> " if keeps_blocks else ""))
    text = "\n\n".join(block for _, block in blocks)
    heading = next((block for kind, block in blocks if kind == "heading"), None)
    title = _string(front, "title", name=name) or heading
    return Article(
        text=text,
        title=title or derive_title(text),
        title_given=title is not None,
        url=_string(front, "url", name=name),
        author=_string(front, "author", name=name),
        publisher=_string(front, "publisher", name=name),
        published=_date(front, name=name),
        notes=notes,
    )


def _split_front_matter(source: str, *, name: str) -> tuple[dict[str, object], str]:
    found = _FRONT_MATTER.match(source)
    if not found:
        return {}, source
    try:
        front = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise FormatError(
            f"The front matter of {name} is not YAML: {reason}.", remedy="Mend the lines between the two ---."
        ) from error
    if front is None:
        return {}, source[found.end() :]
    if not isinstance(front, dict):
        # Two thematic breaks around ordinary text: no front matter at all.
        return {}, source
    return {str(field).lower(): value for field, value in front.items()}, source[found.end() :]


def _string(front: dict[str, object], field: str, *, name: str) -> str | None:
    value = front.get(field)
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, list | dict | set | tuple) for item in items):
        raise FormatError(
            f"The front matter of {name} nests something in {field}.", remedy="Give a text, or a list of texts."
        )
    return ", ".join(str(item).strip() for item in items if item is not None) or None


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


def _blocks(tokens: list[Token], *, before_quoted: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) for each block that shows text, in order; ``before_quoted`` begins the lines of quotations."""
    kind = ""
    quoted = 0
    row: list[str] = []
    for token in tokens:
        quoted += token.nesting * token.type.startswith("blockquote")
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
                yield kind, re.sub("^", before_quoted, text, flags=re.MULTILINE) if quoted else text
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield "code", token.content.strip("\n")
        elif token.type == "html_block" and (text := _html_text(token.content)):
            yield "html", text


def _inline(children: list[Token]) -> str:
    """Return the text of inline tokens; HTML among them is parsed as a whole, so that tags see what they enclose."""
    html = _TextOnly()
    for token in children:
        if token.type in ("text", "code_inline"):
            html.handle_data(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            html.handle_data("\n")
        elif token.type == "image":
            html.handle_data(_inline(token.children or []))
        elif token.type == "html_inline":
            html.feed(token.content)
    return html.text()


class _TextOnly(HTMLParser):
    """Collect what HTML shows: scripts and styles show nothing, and blocks stand on lines of their own."""

    _HIDDEN = ("script", "style")
    _LINES = frozenset(
        "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main"
        " nav ol p pre section table td th tr ul".split()
    )

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag in self._LINES:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self._HIDDEN))
        if tag in self._LINES and tag != "br":
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._parts.append(data)

    def text(self) -> str:
        """Return the text so far, without the empty lines and edges that tags left."""
        return re.sub(r"\s*\n\s*", "\n", "".join(self._parts)).strip()


def _html_text(fragment: str) -> str:
    parser = _TextOnly()
    parser.feed(fragment)
    parser.close()
    return parser.text()
