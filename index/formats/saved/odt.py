"""OpenDocument text: the paragraphs of a word processor's document."""

import io
import zipfile
from typing import Any

from index.errors import FormatError
from index.formats.page.layout import blocks_of
from index.formats.page.names import author_of
from index.formats.titles import derive_title
from index.types import Article

_LARGEST_XML = 30_000_000
_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
_LEFT_OUT = frozenset(
    "tracked-changes annotation annotation-end sequence-decls hidden-text hidden-paragraph frame".split()
)
_HTML = {
    "h": "h2",
    "p": "p",
    "table": "table",
    "table-row": "tr",
    "table-cell": "td",
    "list": "ul",
    "list-item": "li",
    "text": "body",
}
_SPACES = frozenset("s tab line-break".split())


def read(data: bytes, *, name: str) -> Article:
    """Return a document's paragraphs and rows, set apart by a blank line; notes come last.

    Tracked changes count as accepted; what is hidden or struck is left out. Raises FormatError, and whatever lxml and
    zipfile raise for a file that is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content, known = (_part(package, each, name=name) for each in ("content.xml", "meta.xml"))
    if content is None:
        raise FormatError(f"{name} is no OpenDocument text.", remedy="Save it anew, or as DOCX.")
    unseen = {
        each.get(f"{_NAMESPACE}style:1.0}}name")
        for each in content.iter(f"{_NAMESPACE}style:1.0}}style")
        if _hides(each)
    }
    notes: list[Any] = []
    for element in list(content.iter()):
        _rewrite(element, unseen, notes)
    bodies = [each for each in content.iter("body") if each.getparent() is not None]
    blocks = [block.text for each in [*bodies[-1:], *notes] for block in blocks_of(each)]
    text = "\n\n".join(blocks)
    if not text:
        raise FormatError(f"{name} has no text.", remedy="If it holds pictures of text, add the text itself.")
    title, author = (_known(known, tag) for tag in ("title", "creator"))
    return Article(
        text=text, title=title or derive_title(text), title_given=bool(title), author=author_of([author]) or None
    )


def _part(package: zipfile.ZipFile, part: str, *, name: str) -> Any:  # noqa: ANN401 - elements of lxml have no types
    from lxml import etree

    if part not in package.namelist():
        return None
    if package.getinfo(part).file_size > _LARGEST_XML:
        raise FormatError(f"{name} unpacks to more than {_LARGEST_XML // 1_000_000} MB.", remedy="Save its text alone.")
    return etree.fromstring(package.read(part), etree.XMLParser(resolve_entities=False, no_network=True))


def _hides(style: Any) -> bool:  # noqa: ANN401
    """Whether a style hides or strikes its text."""
    for properties in style.iter(f"{_NAMESPACE}style:1.0}}text-properties"):
        line = properties.get(f"{_NAMESPACE}style:1.0}}text-line-through-style") or "none"
        if line != "none" or properties.get(f"{_NAMESPACE}text:1.0}}display") == "none":
            return True
    return False


def _rewrite(element: Any, unseen: set[str], notes: list[Any]) -> None:  # noqa: ANN401
    """Give an element the tag of HTML that means the same; take out what is not shown, and notes."""
    if not isinstance(element.tag, str):
        return
    tag = element.tag.rpartition("}")[2]
    style = element.get(f"{_NAMESPACE}text:1.0}}style-name")
    if tag in _LEFT_OUT or style in unseen:
        _take_out(element)
    elif tag == "note":
        notes += [each for each in element if str(each.tag).endswith("note-body")]
        _take_out(element)
    elif tag in _SPACES:
        element.tail = f" {element.tail or ''}"
    else:
        element.tag = _HTML.get(tag, "span" if tag in ("span", "a") else "div")


def _take_out(element: Any) -> None:  # noqa: ANN401
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = f"{before.tail or ''}{element.tail or ''}"
    else:
        parent.text = f"{parent.text or ''}{element.tail or ''}"
    parent.remove(element)


def _known(root: Any, tag: str) -> str:  # noqa: ANN401
    found = root.iter(f"{{http://purl.org/dc/elements/1.1/}}{tag}") if root is not None else ()
    return next((" ".join((each.text or "").split()) for each in found), "")
