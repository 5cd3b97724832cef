"""DOCX: the text of a word processor's document."""

import io
import re
import zipfile
from typing import Any

from index.errors import FormatError
from index.formats.page.layout import blocks_of
from index.formats.page.names import author_of
from index.formats.page.tidy import tidy
from index.formats.titles import derive_title
from index.types import Article

_LARGEST_UNPACKED = 300_000_000
_LARGEST_XML = 30_000_000
_MOST_TAGS = 500_000
_CORE = "docProps/core.xml"
_STYLES = "word/styles.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAY_HIDE = re.compile(rb"<w:(?:vanish|d?strike|webHidden|rStyle|pStyle)\b")
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes, *, name: str) -> Article:
    """Return a document's paragraphs and the rows of its tables, set apart by a blank line; footnotes come last.

    Tracked changes count as accepted. What is hidden or struck, comments, headers and footers are left out. Title and
    author are those in the
    document's properties; its dates are about the file, and none is taken for the day of publication. The text comes
    from mammoth. Raises FormatError, and whatever mammoth and zipfile raise for a file that is damaged.
    """
    # Imported here because most articles are no documents of this kind.
    import mammoth

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        # The sizes that a package declares are the most that zipfile unpacks.
        if sum(part.file_size for part in package.infolist()) > _LARGEST_UNPACKED:
            raise FormatError(
                f"{name} unpacks to more than {_LARGEST_UNPACKED // 1_000_000} MB.", remedy="Save its text alone."
            )
        # Its XML becomes objects, of about a kilobyte for each tag.
        parts = [part for part in package.infolist() if part.filename.endswith((".xml", ".rels"))]
        if any(part.file_size > _LARGEST_XML or package.read(part).count(b"<") > _MOST_TAGS for part in parts):
            raise FormatError(f"{name} has more than {_MOST_TAGS:,} tags.", remedy="Divide it, or save it as PDF.")
        known = _properties(package)
    text = "\n\n".join(_blocks(mammoth.convert_to_html(io.BytesIO(_shown(data)), convert_image=_no_image).value))
    if not text:
        raise FormatError(f"{name} has no text.", remedy="If it holds pictures of text, add the text itself.")
    title = known.get("title", "")
    return Article(
        text=text,
        title=title or derive_title(text),
        title_given=bool(title),
        author=author_of([known.get("creator", "")]) or None,
    )


def _blocks(source: str) -> list[str]:
    """Return the blocks of a document that became HTML, the items of numbered lists with their numbers."""
    import lxml.html

    if not source.strip():
        return []
    tree = lxml.html.fromstring(f"<html><body>{source}</body></html>")
    for items in tree.iter("ol"):
        if not any(each.get("id", "").startswith(("footnote-", "endnote-")) for each in items):
            for number, item in enumerate(items.iterchildren("li"), start=1):
                item.text = f"{number}. {item.text or ''}"
    for link in [each for each in tree.iter("a") if re.match(r"#(?:foot|end)note-ref-", each.get("href") or "")]:
        link.drop_tree()  # the arrow that leads back from a note
    tidy(tree)
    return [block.text for block in blocks_of(tree)]


def _shown(data: bytes) -> bytes:
    """Return a document without the runs that it hides or strikes, by themselves or by their style."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as shown:
        names = package.namelist()
        styles = _unseen_styles(etree.fromstring(package.read(_STYLES), parser)) if _STYLES in names else frozenset()
        for part in package.infolist():
            content = package.read(part)
            if part.filename.startswith("word/") and part.filename.endswith(".xml") and _MAY_HIDE.search(content):
                root: Any = etree.fromstring(content, parser)
                _remove_unseen(root, styles)
                content = etree.tostring(root)
            shown.writestr(part.filename, content)
    return out.getvalue()


def _unseen_styles(root: Any) -> frozenset[str]:  # noqa: ANN401 - an element of lxml, which has no types
    styles = root.iter(f"{_W}style")
    return frozenset(style.get(f"{_W}styleId") for style in styles if _is_unseen(style.find(f"{_W}rPr")))


def _remove_unseen(root: Any, styles: frozenset[str]) -> None:  # noqa: ANN401
    for paragraph in root.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        hidden = style is not None and style.get(f"{_W}val") in styles
        for run in list(paragraph.iter(f"{_W}r")):
            known = run.find(f"{_W}rPr")
            named = known.find(f"{_W}rStyle") if known is not None else None
            if hidden or _is_unseen(known) or (named is not None and named.get(f"{_W}val") in styles):
                run.getparent().remove(run)


def _is_unseen(properties: Any) -> bool:  # noqa: ANN401
    if properties is None:
        return False
    marks = (properties.find(f"{_W}{name}") for name in ("vanish", "strike", "dstrike", "webHidden"))
    return any(mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off") for mark in marks)


def _no_image(image: object) -> dict[str, str]:  # noqa: ARG001 - what mammoth calls for each
    return {}


def _properties(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the core properties (Dublin Core) that are not empty."""
    from lxml import etree

    if _CORE not in package.namelist():
        return {}
    root: Any = etree.fromstring(package.read(_CORE), etree.XMLParser(resolve_entities=False, no_network=True))
    found = {name: root.findtext(f"{_DC}{name}") for name in ("title", "creator")}
    return {name: " ".join(value.split()) for name, value in found.items() if value and value.strip()}
