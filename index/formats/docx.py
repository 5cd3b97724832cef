"""DOCX: the text of a word processor's document."""

import io
import zipfile
from typing import Any

from index.errors import FormatError
from index.formats.titles import derive_title
from index.types import Article

_LARGEST_UNPACKED = 300_000_000
_LARGEST_XML = 30_000_000
_MOST_TAGS = 500_000
_CORE = "docProps/core.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes, *, name: str) -> Article:
    """Return a document's paragraphs and the cells of its tables, set apart by a blank line.

    Tracked changes count as accepted. Comments, headers and footers are left out. Title and author are those in the
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
    text = mammoth.extract_raw_text(io.BytesIO(data)).value
    text = "\n\n".join(block for each in text.split("\n\n") if (block := each.strip()))
    if not text:
        raise FormatError(f"{name} has no text.", remedy="If it holds pictures of text, add the text itself.")
    title = known.get("title", "")
    return Article(text=text, title=title or derive_title(text), title_given=bool(title), author=known.get("creator"))


def _properties(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the core properties (Dublin Core) that are not empty."""
    from lxml import etree

    if _CORE not in package.namelist():
        return {}
    root: Any = etree.fromstring(package.read(_CORE), etree.XMLParser(resolve_entities=False, no_network=True))
    found = {name: root.findtext(f"{_DC}{name}") for name in ("title", "creator")}
    return {name: " ".join(value.split()) for name, value in found.items() if value and value.strip()}
