"""Which blocks of a page are its article: those that an extractor found, and their neighbours that it lost."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.formats.page.furniture import is_for_the_visitor
from index.formats.page.layout import Block, letters

_LONG = 25
_COVERED = 0.9
_LEAST_LOST = 60
_MOST_LINKED = 0.5
_ENDED = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_PULLED = re.compile(r"pull|quote", re.IGNORECASE)
_PROSE = ("p", "blockquote", "div", "section")
# What trafilatura calls the blocks of its own trees.
_BLOCKS = frozenset(["ab", "body", "code", "div", "head", "item", "list", "p", "quote", "row", "table"])


def texts_of(element: Any) -> Iterator[str]:  # noqa: ANN401 - an element of lxml, which has no types
    """Yield the text of every block of a tree of trafilatura's, in order; a table's row is one."""
    if element.tag == "row":
        yield " | ".join(filter(None, (_text(cell) for cell in element)))
        return
    parts = [element.text or ""]
    for child in element:
        if child.tag in _BLOCKS:
            yield from filter(None, [_folded("".join(parts))])
            yield from texts_of(child)
            parts = []
        else:
            parts.append(_text(child))
        parts.append(child.tail or "")
    yield from filter(None, [_folded("".join(parts))])


def _text(element: Any) -> str:  # noqa: ANN401
    """Return an element's text; a line break is a space."""
    if element.tag == "lb":
        return " "
    return "".join([element.text or "", *(_text(child) + (child.tail or "") for child in element)])


def _folded(text: str) -> str:
    return " ".join(text.split())


def selected(shown: Sequence[Block], found: Sequence[str], *, body: str = "") -> list[Block]:
    """Return the blocks of a page whose text an extractor ``found``, or that stand in the page's own ``body`` of text.

    Blocks beside them in the same part of the page, which the extractor lost, are kept as well; what only repeats the
    words of another block, as a pull quote does, is not. Where hardly any of what was found is on the page, the blocks
    are as they were found.
    """
    chosen = _matching(shown, found, letters(body))
    matched = sum(len(shown[at].letters) for at in chosen)
    wanted = sum(len(letters(each)) for each in found)
    if found and matched < _COVERED * wanted:
        from lxml import etree

        return _once([Block(each, etree.Element("p")) for each in found if each])
    chosen |= _lost(shown, chosen)
    return _once([block for at, block in enumerate(shown) if at in chosen])


def _matching(shown: Sequence[Block], found: Sequence[str], body: str) -> set[int]:
    joined = "".join(letters(each) for each in found)
    whole = {letters(each) for each in found}
    chosen, behind = set(), 0
    for at, block in enumerate(shown):
        text = block.letters
        if not text:
            continue
        place = joined.find(text, behind) if len(text) >= _LONG else behind if joined.startswith(text, behind) else -1
        if place >= 0:
            behind = place + len(text)
        if place >= 0 or text in whole or (len(text) >= _LONG and (text in joined or text in body)):
            chosen.add(at)
    return chosen


def _lost(shown: Sequence[Block], chosen: set[int]) -> set[int]:
    """Return the blocks of prose in the same parts of the page as those that were found."""
    prose = [at for at in chosen if _is_prose(shown[at])]
    if not prose:
        return set()
    parents = {_part(shown[at]) for at in prose}
    likes = {_likeness(part) for part in parents} - {None}
    first, last = min(chosen), max(chosen)
    return {
        at
        for at, block in enumerate(shown)
        if at not in chosen
        and _is_prose(block)
        and (_part(block) in parents or (_likeness(_part(block)) in likes and first <= at))
        and (_part(block) in parents or at <= last + len(chosen))
    }


def _is_prose(block: Block) -> bool:
    return (
        block.element.tag in _PROSE
        and len(block.text) >= _LEAST_LOST
        and block.linked < _MOST_LINKED
        and _ENDED.search(block.text) is not None
        and not is_for_the_visitor(block)
    )


def _part(block: Block) -> Any:  # noqa: ANN401
    """Return the part of the page that a block stands in: its parent, or the element itself where it holds several."""
    element = block.element
    return element if element.tag != "p" and len(element) else element.getparent()


def _likeness(part: Any) -> tuple[str, str] | None:  # noqa: ANN401
    """Return what two parts of one text have in common: tag and classes; None for a part without a class."""
    if part is None or not part.get("class"):
        return None
    return part.tag, " ".join(part.get("class").split())


def _once(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without those that repeat another's words, as a pull quote does."""
    texts = [block.letters for block in blocks]
    joined = "\n".join(texts)
    kept = []
    for block, text in zip(blocks, texts, strict=True):
        pulled = len(text) >= _LONG and not block.is_row and _is_pulled(block.element)
        if pulled and joined.count(text) > 1:
            continue
        kept.append(block)
    return kept


def _is_pulled(element: Any) -> bool:  # noqa: ANN401
    around = [element, *itertools.islice(element.iterancestors(), 3)]
    return any(each.tag in ("blockquote", "aside") or _PULLED.search(each.get("class") or "") for each in around)
