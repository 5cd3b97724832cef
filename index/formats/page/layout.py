"""The blocks of text of a page, in order: paragraphs, headings, items, rows."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.formats.page.scripts import with_fractions

_BLOCKS = frozenset(
    """address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul video audio
    iframe object""".split()
)
_SILENT = frozenset("button head iframe input noscript object option script select style svg template textarea".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_INSIDE_CELLS = frozenset("article blockquote h1 h2 h3 h4 section table".split())
_LETTERS = re.compile(r"[^\W_]+")
_LONGEST_CELL = 200


@dataclass(frozen=True)
class Block:
    """A block of text and the element that it stands in; ``linked`` is the share of its characters that are links."""

    text: str
    element: Any
    linked: float = 0.0
    is_row: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading."""
        return self.element.tag in _HEADINGS

    @property
    def letters(self) -> str:
        """Its letters and digits alone, in small letters, to compare."""
        return letters(self.text)


def letters(text: str) -> str:
    """Return the letters and digits of a text, in small letters: what is the same however it is laid out."""
    return "".join(_LETTERS.findall(unicodedata.normalize("NFKC", text).casefold()))


def blocks_of(element: Any) -> Iterator[Block]:  # noqa: ANN401 - an element of lxml, which has no types
    """Yield the blocks of text in an element. A row of a table of data is one; tables for layout count as any other."""
    if element.tag == "table" and is_data(element):
        yield from _rows(element)
        return
    flow = _Flow(element)
    # Elements side by side without any text between them are laid out apart by a style.
    apart = (
        not (element.text or "").strip()
        and element.tag != "p"
        and not any((each.tail or "").strip() for each in element)
    )
    flow.add(element.text or "")
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SILENT:
            pass
        elif child.tag in _BLOCKS or _has_blocks(child):
            yield from flow.end()
            yield from blocks_of(child)
        else:
            if apart and flow.parts and not flow.parts[-1][-1:].isspace() and child.tag not in ("a", "b", "i", "em"):
                yield from flow.end()
            flow.add_element(child)
        flow.add(child.tail or "")
    yield from flow.end()


class _Flow:
    """The words of an element up to its next block."""

    def __init__(self, element: Any) -> None:  # noqa: ANN401
        self.element = element
        self.parts: list[str] = []
        self._linked = 0

    def add(self, text: str) -> None:
        if text:
            self.parts.append(text)

    def add_element(self, child: Any) -> None:  # noqa: ANN401
        text = "".join(_words(child))
        self._linked += sum(len("".join(link.itertext())) for link in child.iter("a"))
        self.add(text)

    def end(self) -> Iterator[Block]:
        text = with_fractions(" ".join("".join(self.parts).split()))
        if text:
            yield Block(text, self.element, min(1.0, self._linked / len(text)))
        self.parts, self._linked = [], 0


def _words(element: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(element.tag, str) and element.tag not in _SILENT:
        yield element.text or ""
        for child in element:
            yield from _words(child)
            yield child.tail or ""


def _has_blocks(element: Any) -> bool:  # noqa: ANN401
    return len(element) > 0 and any(each.tag in _BLOCKS for each in element.iterdescendants())


def is_data(table: Any) -> bool:  # noqa: ANN401
    """Whether a table is one of data: with a head, or with short cells in two columns or more, and no blocks in it."""
    cells = list(table.iter("td", "th"))
    if any(each.tag in _INSIDE_CELLS for each in table.iterdescendants()):
        return False
    if any(len("".join(cell.itertext())) > _LONGEST_CELL for cell in cells):
        return any(cell.tag == "th" for cell in cells)
    widths = [sum(1 for cell in row if cell.tag in ("td", "th")) for row in table.iter("tr")]
    return bool(widths) and max(widths) > 1


def _rows(table: Any) -> Iterator[Block]:  # noqa: ANN401
    for caption in table.iter("caption"):
        yield from blocks_of(caption)
    for row in table.iter("tr"):
        cells = [" ".join(block.text for block in blocks_of(cell)) for cell in row if cell.tag in ("td", "th")]
        if any(cells):
            # An empty cell keeps its place: those behind it are of other columns.
            text = " | ".join(cells).strip()
            yield Block(text, row, is_row=True)
