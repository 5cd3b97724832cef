"""EPUB: the chapters of an electronic book or magazine."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import unquote

from index.errors import FormatError
from index.formats.dates import day_from
from index.formats.decoding import decode
from index.formats.page.layout import blocks_of
from index.formats.page.names import author_of
from index.formats.page.tidy import tidy
from index.formats.titles import derive_title
from index.types import Article

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_LARGEST_PART = 30_000_000
_LARGEST_UNPACKED = 300_000_000
_SUSPICIOUS = 1_000_000
_MOST_PACKED = 200
# Fonts are often made unreadable to other programs; this protects no text.
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_NOTES = ("footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote")
_LEFT_OUT = ("pagebreak", "noteref", "doc-pagebreak", "doc-noteref", "doc-backlink", "backlink")
# In XHTML any element may be empty so; to a reader of HTML it would be open, and swallow what follows.
_EMPTY = re.compile(r"<(?!(?:area|br|col|hr|img|input|link|meta|wbr)\b)([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)/>")
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})")


def read(data: bytes, *, name: str) -> Article:
    """Return the text of a book in the order in which it is read, its blocks set apart by a blank line.

    What is hidden or struck, tables of contents and numbers of pages are left out; notes stand behind their chapter.
    Title, authors, publisher, day and rights are those of its package. Raises FormatError, also where the text is
    encrypted, and whatever lxml and zipfile raise for a file that is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _require_believable(package, name=name)
        root_path = _root_path(package, name=name)
        root = _xml(package, root_path, name=name)
        chapters = list(_chapters(root, folder=posixpath.dirname(root_path)))
        _require_open(package, chapters, name=name)
        text = "\n\n".join(block for path in chapters for block in _blocks(package, path, name=name))
    if not text:
        raise FormatError(f"{name} has no text.", remedy="If it holds pictures of text, add the text itself.")
    known = _known(root)
    title = known.get("title", "")
    return Article(
        text=text,
        title=title or derive_title(text),
        title_given=bool(title),
        author=author_of(known.get("creator", "").split("\n")) or None,
        publisher=known.get("publisher", "").partition("\n")[0] or None,
        published=_day(known.get("date", "")),
        rights=known.get("rights", "").replace("\n", " ") or None,
    )


def _require_believable(package: zipfile.ZipFile, *, name: str) -> None:
    parts = package.infolist()
    packed = any(part.file_size > max(_SUSPICIOUS, _MOST_PACKED * part.compress_size) for part in parts)
    if packed or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise FormatError(
            f"{name} unpacks to more than {_MOST_PACKED} times its size, or {_LARGEST_UNPACKED // 1_000_000} MB.",
            remedy="Save its text alone.",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise FormatError(f"{name} is locked with a password.", remedy="Save it without.")


def _root_path(package: zipfile.ZipFile, *, name: str) -> str:
    """Return the path of the package document."""
    found = _xml(package, _CONTAINER, name=name).iter("{*}rootfile") if _CONTAINER in package.namelist() else ()
    path = next((each.get("full-path") for each in found if each.get("full-path")), None)
    if path not in package.namelist():
        raise FormatError(f"{name} is no EPUB: it does not say what it holds.", remedy="Save it anew.")
    return str(path)


def _chapters(root: Any, *, folder: str) -> Iterator[str]:  # noqa: ANN401 - elements of lxml have no types
    """Yield the paths of the pages in the order in which they are read, without tables of contents."""
    items = {each.get("id"): each for each in root.iter("{*}item")}
    for reference in root.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        if "nav" not in (item.get("properties") or "").split():
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))


def _require_open(package: zipfile.ZipFile, chapters: list[str], *, name: str) -> None:
    """Raise FormatError where a page of the book is encrypted."""
    if _ENCRYPTION not in package.namelist():
        return
    for each in _xml(package, _ENCRYPTION, name=name).iter("{*}EncryptedData"):
        methods = [method.get("Algorithm") for method in each.iter("{*}EncryptionMethod")]
        paths = [unquote(reference.get("URI") or "") for reference in each.iter("{*}CipherReference")]
        if not all(method in _FONTS for method in methods) and (not paths or set(paths) & set(chapters)):
            raise FormatError(f"{name} is encrypted (DRM).", remedy="Ask its publisher for one that is not.")


def _blocks(package: zipfile.ZipFile, path: str, *, name: str) -> list[str]:
    """Return the blocks of a chapter, its notes behind them."""
    import lxml.html

    if path not in package.namelist():
        raise FormatError(f"{name} is damaged: its chapter {path} is missing.", remedy="Save it anew.")
    data = _part(package, path, name=name)
    declared = _DECLARED.search(data[:300])
    decoded = decode(data, name=f"{name}!/{path}", declared=[declared[1].decode("ascii")] if declared else [])
    source = _EMPTY.sub(r"<\1\2></\1>", _PROLOGUE.sub("", decoded.text.lstrip("\ufeff")))
    if not source.strip():
        return []
    tree: Any = lxml.html.document_fromstring(source, parser=lxml.html.HTMLParser(encoding=None))
    for element in [each for each in tree.iter() if isinstance(each.tag, str) and _is(each, _LEFT_OUT)]:
        element.drop_tree()
    tidy(tree)
    notes = [each for each in tree.iter("aside", "section", "div", "li", "p") if _is(each, _NOTES)]
    outer = [note for note in notes if not any(each in notes for each in note.iterancestors())]
    behind = [block.text for note in outer for block in blocks_of(note)]
    for note in outer:
        note.drop_tree()
    return [block.text for each in tree.iter("body") for block in blocks_of(each)] + behind


def _is(element: Any, kinds: tuple[str, ...]) -> bool:  # noqa: ANN401
    said = f"{element.get('epub:type') or ''} {element.get('role') or ''}".split()
    return any(each in kinds for each in said)


def _known(root: Any) -> Mapping[str, str]:  # noqa: ANN401
    """Return what the package says of the book, by name; several of a name on lines of their own."""
    known: dict[str, str] = {}
    for each in root.iter("{http://purl.org/dc/elements/1.1/}*"):
        tag, value = each.tag.rpartition("}")[2], " ".join("".join(each.itertext()).split())
        if value and not (tag == "title" and tag in known):
            known[tag] = "\n".join(filter(None, (known.get(tag, ""), value)))
    return known


def _day(dates: str) -> date | None:
    try:
        return day_from(dates.partition("\n")[0])
    except ValueError:
        return None


def _part(package: zipfile.ZipFile, path: str, *, name: str) -> bytes:
    if package.getinfo(path).file_size > _LARGEST_PART:
        raise FormatError(f"{name} holds {path}, of more than {_LARGEST_PART // 1_000_000} MB.", remedy="Divide it.")
    return package.read(path)


def _xml(package: zipfile.ZipFile, path: str, *, name: str) -> Any:  # noqa: ANN401
    from lxml import etree

    try:
        return etree.fromstring(
            _part(package, path, name=name), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{name} is damaged: {path} cannot be read ({error}).", remedy="Save it anew.") from error
