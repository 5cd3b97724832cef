"""HTML: the article on a page, without what stands around it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from index.errors import FormatError
from index.formats.decoding import decode
from index.formats.titles import derive_title
from index.types import Article

_BLOCKS = frozenset(["ab", "body", "code", "div", "head", "item", "list", "p", "quote", "row", "table"])
_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_XML_FORBIDS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]));",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"<(?:html|head|body|meta|!doctype)\b", re.IGNORECASE)
_PAGE = re.compile(r"https?://[^/]+/.*[^/]", re.IGNORECASE)
_STRUCK = ("del", "s", "strike", "template")
_DECLARED_WITHIN = 2_048


def read(data: bytes, *, name: str) -> Article:
    """Return the article on a page; see ``from_html``. Raises FormatError."""
    decoded = decode(data, name=name, declared=_declared(data))
    return replace(from_html(decoded.text, name=name), notes=decoded.notes)


def from_html(source: str, *, name: str) -> Article:
    """Return the article that a page's main text makes, its blocks set apart by a blank line.

    Title, author, publisher, day and address are those that its markup gives. The main text is found by trafilatura
    (Barbaresi 2021). Raises FormatError where there is none.
    """
    import trafilatura

    if not _WHOLE.search(source):
        source = f"<html><body>{source}</body></html>"
    tree = trafilatura.load_html(_XML_FORBIDS.sub(" ", source))
    if tree is not None:
        _tidy(tree)
    # The day on which it first appeared; one that merely stands in the text may be any.
    days = {"original_date": True, "extensive_search": False, "max_date": datetime.now(UTC).strftime("%Y-%m-%d")}
    found: Any = tree is not None and trafilatura.bare_extraction(
        tree, with_metadata=True, include_comments=False, date_extraction_params=days
    )
    text = "\n\n".join(_blocks(found.body)) if found and found.body is not None else ""
    if not text:
        raise FormatError(f"{name} holds no article text.", remedy="Add its text, or save the page as it is shown.")
    url = found.url if found.url and _PAGE.match(found.url) else None
    return Article(
        text=text,
        title=_line(found.title) or derive_title(text),
        title_given=bool(_line(found.title)),
        url=url,
        author=_line(found.author),
        publisher=_line(found.sitename) if found.sitename != found.hostname else None,
        published=_day(found.date),
    )


def _tidy(tree: Any) -> None:  # noqa: ANN401 - an element of lxml, which has no types
    """Remove what a page does not show, and write out what it shows by tags alone."""
    for element in [*tree.iter(*_STRUCK), *tree.xpath("//*[@hidden]")]:
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(tree.iter("q", "code", "kbd", "samp")):
        if element.tag == "q":
            element.text = f"“{element.text or ''}"
            last = element[-1] if len(element) else None
            if last is None:
                element.text += "”"
            else:
                last.tail = f"{last.tail or ''}”"
        if element.tag == "q" or element.getparent().tag != "pre":
            element.drop_tag()
    for element in tree.iter("br", "cite"):
        element.tail = f" {element.tail or ''}"
    for cell in tree.iter("td", "th"):
        for block in cell.iter("p", "div", "li"):
            block.tail = f" {block.tail or ''}"


def _declared(data: bytes) -> list[str]:
    """Return the encoding that a page declares, if any."""
    declared = _CHARSET.search(data[:_DECLARED_WITHIN])
    return [declared[1].decode("ascii")] if declared else []


def _blocks(element: Any) -> Iterator[str]:  # noqa: ANN401 - an element of lxml, which has no types
    """Yield the text of every block, in order; a table's row is one."""
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
    """Return an element's text; a line break is a space."""
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
