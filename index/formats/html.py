"""HTML: the article on a page, without what stands around it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from index.errors import FormatError
from index.formats.text import derive_title
from index.types import Article

_BLOCKS = frozenset(["ab", "body", "code", "div", "head", "item", "list", "p", "quote", "row", "table"])
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED_WITHIN = 2_048


def read(data: bytes, *, name: str, key: str) -> Article:
    """Read a page; see ``from_html``. It is in UTF-8, or in the encoding that it declares. Raises FormatError."""
    return from_html(_decoded(data, name=name), name=name, key=key)


def from_html(source: str, *, name: str, key: str) -> Article:
    """Make an article of a page's main text, its blocks set apart by a blank line, and what the page tells of it.

    Title, author, publisher, day and address are those that its markup gives; its address, where it gives one, is the
    key. Finding the main text is trafilatura's work (Barbaresi 2021). Raises FormatError where there is none.
    """
    import trafilatura

    # A day is taken from the markup only: one that merely stands in the text may be any.
    found: Any = trafilatura.bare_extraction(
        source, with_metadata=True, include_comments=False, date_extraction_params={"extensive_search": False}
    )
    text = "\n\n".join(_blocks(found.body)) if found is not None and found.body is not None else ""
    if not text:
        raise FormatError(f"{name} holds no article text.", remedy="Add its text, or save the page as it is shown.")
    url = found.url if found.url and found.url.startswith(("http://", "https://")) else None
    return Article(
        key=url or key,
        text=text,
        title=_line(found.title) or derive_title(text),
        title_given=bool(_line(found.title)),
        url=url,
        author=_line(found.author),
        publisher=_line(found.sitename),
        published=_day(found.date),
    )


def _decoded(data: bytes, *, name: str) -> str:
    declared = _CHARSET.search(data[:_DECLARED_WITHIN])
    encodings = ["utf-8-sig", *([declared[1].decode("ascii")] if declared else [])]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise FormatError(
        f"{name} is not in {' or '.join(encodings).replace('-sig', '')}.", remedy="Convert it to UTF-8 first."
    )


def _blocks(element: Any) -> Iterator[str]:  # noqa: ANN401 - an element of lxml, which has no types
    """Give the text of every block, in order; a table's row is one."""
    if element.tag == "row":
        yield " | ".join(filter(None, (_text(cell) for cell in element)))
        return
    parts = [element.text or ""]
    for child in element:
        if child.tag in _BLOCKS:
            yield from filter(None, [_folded("".join(parts))])
            yield from _blocks(child)
            parts = []
        else:
            parts.append(_text(child))
        parts.append(child.tail or "")
    yield from filter(None, [_folded("".join(parts))])


def _text(element: Any) -> str:  # noqa: ANN401 - as above
    """Give an element's text; a line break is a space."""
    if element.tag == "lb":
        return " "
    return "".join([element.text or "", *(_text(child) + (child.tail or "") for child in element)])


def _folded(text: str) -> str:
    return " ".join(text.split())


def _line(value: object) -> str | None:
    return _folded(value) or None if isinstance(value, str) else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
