"""An export as Markdown (CommonMark)."""

from collections.abc import Iterator

from service.http.exports.document import UNTITLED, Document, Excerpt, facts
from service.http.markdown import escaped


def markdown(document: Document) -> str:
    """Return the document as Markdown in which no word of an article works as markup."""
    return "\n\n".join(_blocks(document)) + "\n"


def _blocks(document: Document) -> Iterator[str]:
    yield f"# {_line(document.title)}"
    for section in document.sections:
        if section.heading and section.heading != document.title:
            yield f"## {_line(section.heading)}"
        if section.line:
            yield escaped(section.line)
        for excerpt in section.excerpts:
            yield _quoted(excerpt)
        for note in section.notes:
            yield _line(note)
    for each in document.about:
        yield _line(each)
    if document.link:
        yield f"Kept at <{document.link}>"


def _quoted(excerpt: Excerpt) -> str:
    lines = []
    number = f"[{excerpt.number}] " if excerpt.number else ""
    if excerpt.text is not None:
        words = escaped(excerpt.text).replace("\n", "\n> ")
        lines += [f"> {number}“{words}”", ">"]
        number = ""
    title = f"[{_line(excerpt.source.title or UNTITLED)}]({_target(excerpt.link)})"
    origin = [_line(excerpt.credit), title, *map(_line, facts(excerpt))]
    if excerpt.url_at:
        origin.append(f"[at the publisher]({_target(excerpt.url_at)})")
    lines.append(f"> {number}— {' · '.join(each for each in origin if each)}")
    for each in (excerpt.state, *excerpt.notes):
        if each:
            lines += [">", f"> {_line(each)}"]
    if excerpt.instead:
        lines += [">", f"> Now there stands: “{_line(excerpt.instead)}”"]
    return "\n".join(lines)


def _line(text: str) -> str:
    return escaped(" ".join(text.split()))


def _target(address: str) -> str:
    """Return an address as a link's destination, where brackets, spaces and backslashes would end it."""
    for sign in " ()<>\\\n":
        address = address.replace(sign, f"%{ord(sign):02X}")
    return address
