"""An export as one HTML page that needs nothing else."""

from collections.abc import Iterator
from html import escape

from service.http.exports.document import UNTITLED, Document, Excerpt, facts

_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, "Times New Roman", serif; }
h1, h2 { line-height: 1.3; }
figure { margin: 1.2rem 0; padding-inline-start: 1rem; border-inline-start: 4px solid #8a1c1c; break-inside: avoid; }
blockquote { margin: 0; white-space: pre-line; }
figcaption, .note { font: 0.9rem/1.5 system-ui, sans-serif; }
.line { font-size: 1.15rem; font-weight: bold; }
.state { font-weight: bold; }
"""


def html(document: Document) -> str:
    """Return the document as a page; each quotation is a ``blockquote`` whose ``cite`` says where it stands."""
    return "\n".join(["<!doctype html>", *_page(document), ""])


def _page(document: Document) -> Iterator[str]:
    # The language of the words is that of their articles, which is not known: only what is said around them is English.
    yield '<html lang="en">'
    yield f'<head>\n<meta charset="utf-8">\n<title>{escape(document.title)}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style>\n</head>\n<body>"
    yield f'<h1 dir="auto">{escape(document.title)}</h1>'
    for section in document.sections:
        yield "<section>"
        if section.heading and section.heading != document.title:
            yield f'<h2 dir="auto">{escape(section.heading)}</h2>'
        if section.line:
            yield f'<p class="line" dir="auto">{escape(section.line)}</p>'
        for excerpt in section.excerpts:
            yield from _figure(excerpt)
        for note in section.notes:
            yield f'<p class="note">{escape(note)}</p>'
        yield "</section>"
    for each in document.about:
        yield f'<p class="note">{escape(each)}</p>'
    if document.link:
        yield f'<p class="note">Kept at {_anchor(document.link, document.link)}</p>'
    yield "</body>\n</html>"


def _figure(excerpt: Excerpt) -> Iterator[str]:
    yield "<figure>"
    number = f"[{excerpt.number}] " if excerpt.number else ""
    if excerpt.text is not None:
        cite = escape(excerpt.url_at or excerpt.link)
        yield f'<blockquote cite="{cite}" dir="auto"><p>{escape(excerpt.text)}</p></blockquote>'
    origin = [f"<strong>{escape(excerpt.credit)}</strong>" if excerpt.credit else ""]
    origin.append(f"<cite>{_anchor(excerpt.link, excerpt.source.title or UNTITLED)}</cite>")
    origin += [f"<bdi>{escape(each)}</bdi>" for each in facts(excerpt)]
    if excerpt.url_at:
        origin.append(_anchor(excerpt.url_at, "at the publisher"))
    yield f"<figcaption>{number}{' · '.join(each for each in origin if each)}</figcaption>"
    for each in (excerpt.state, *excerpt.notes):
        if each:
            yield f'<p class="note state">{escape(each)}</p>'
    if excerpt.instead:
        yield f'<p class="note">Now there stands: “<bdi>{escape(excerpt.instead)}</bdi>”</p>'
    yield "</figure>"


def _anchor(address: str, text: str) -> str:
    words = f"<bdi>{escape(text)}</bdi>"
    # An article may name any address as its own.
    if not address.startswith(("https://", "http://")):
        return words
    return f'<a href="{escape(address)}">{words}</a>'
