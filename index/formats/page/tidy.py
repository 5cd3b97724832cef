"""What a page shows: without what is hidden, struck or floats above the text, and with what only tags say written out.

The functions change a tree of lxml.
"""

import re
from typing import Any

from index.formats.page.scripts import subscript, superscript

_STRUCK = ("del", "s", "strike", "template", "noscript")
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_UNSEEN_NAMES = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screenreader-text a11y-hidden".split()
)
_FLOATING = re.compile(r"(?:tool-?tip|hover-?card|pop-?over|pop-?up|roll-?over|info-?card)s?(?:-.*)?", re.IGNORECASE)
_FORMATTING = frozenset(
    "a abbr b bdi bdo big cite code em font i ins kbd mark q samp small strong sub sup time tt u var wbr".split()
)
_INLINE_PARENTS = frozenset("p span a b strong em i li h1 h2 h3 h4".split())
_MARKER = re.compile(r"\W*(?:\d{1,3}|[a-z]|note \d+|[*†‡§¶]+)\W*", re.IGNORECASE)
_LEAST_FLOATING = 12
_MOST_HIDDEN = 0.5


def tidy(tree: Any) -> None:  # noqa: ANN401 - an element of lxml, which has no types
    """Remove what the page does not show, and write out what it shows by tags alone."""
    _remove_unseen(tree)
    _write_out_scripts(tree)
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
    _remove_floating(tree)


def names_of(element: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the classes and the id of an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".split()


def length_of(element: Any) -> int:  # noqa: ANN401 - as above
    """Return how many characters an element shows, white space aside."""
    return sum(len(word) for text in element.itertext(with_tail=False) for word in text.split())


def _remove_unseen(tree: Any) -> None:  # noqa: ANN401
    for element in [*tree.iter(*_STRUCK), *tree.xpath("//*[@hidden]")]:
        _drop(element)
    suspects = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        style = element.get("style") or ""
        struck = _LINE_THROUGH.search(style) and element.tag != "a"
        if struck or _HIDDEN.search(style) or _UNSEEN_NAMES.intersection(names_of(element)):
            suspects.append(element)
    whole = length_of(tree) if suspects else 0
    for element in suspects:
        # A page that hides most of its text shows it later, by a script.
        if length_of(element) <= _MOST_HIDDEN * whole:
            _drop(element)


def _write_out_scripts(tree: Any) -> None:  # noqa: ANN401
    for element in list(tree.iter("sup", "sub")):
        text = "".join(element.itertext())
        if element.tag == "sup" and any(True for _ in element.iter("a")) and _MARKER.fullmatch(text):
            _drop(element)  # a footnote's mark, which leads to the note
            continue
        for child in list(element):
            element.remove(child)
        element.text = superscript(text) if element.tag == "sup" else subscript(text)
        element.drop_tag()


def _remove_floating(tree: Any) -> None:  # noqa: ANN401
    """Remove cards that show when the pointer is on a word: by name, or since they stand there without a gap."""
    for element in list(tree.iter("span", "div", "aside", "dfn")):
        parent = element.getparent()
        if parent is None:
            continue
        named = element.get("role") == "tooltip" or any(_FLOATING.fullmatch(name) for name in names_of(element))
        if parent.tag in _INLINE_PARENTS and _is_stuck_on(element, parent):
            _drop(element)
        elif named and len(element) and parent.tag in _INLINE_PARENTS and _follows_words(element, parent):
            # Whatever is named so may be the word itself, with its card inside.
            _drop(element)


def _follows_words(element: Any, parent: Any) -> bool:  # noqa: ANN401
    before = element.getprevious()
    return before is not None and bool((before.tail or "").strip() == "" and "".join(before.itertext()).strip())


def _is_stuck_on(element: Any, parent: Any) -> bool:  # noqa: ANN401
    """Whether an element begins, with a capital, right behind the last letter of what stands before it."""
    before = element.getprevious()
    behind = (before.tail or "") or "".join(before.itertext()) if before is not None else (parent.text or "")
    text = "".join(element.itertext())
    if not behind[-1:].isalnum() or not text[:1].isupper() or len(text) < _LEAST_FLOATING:
        return False
    return before is None or before.tag in _FORMATTING or any(True for _ in element.iter("a"))


def _drop(element: Any) -> None:  # noqa: ANN401
    if element.getparent() is not None:
        element.drop_tree()
