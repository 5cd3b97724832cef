"""An answer as Markdown, in pieces that can be sent one by one, each with the quotes that it cites."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from service.answering.quoting.answer_text import answer_text, credit
from service.answering.quoting.copies import first_published
from service.answering.quoting.selectors import on_pages, reader_link
from service.answering.types import Answer, Copy, Quote

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>~|!&@]|:(?=//)|(?<=www)\.)|^([ \t]*\d*)([#+.)=-])", re.MULTILINE)
_LINE_BREAK = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
_LINE_BREAKS = re.compile(rf"(?:{_LINE_BREAK.pattern})\s*")


class Piece(NamedTuple):
    """Markdown, and the quotes that it cites, each with the start and end of its words in ``text``."""

    text: str
    cited: tuple[tuple[Quote, int, int], ...] = ()


def pieces(answer: Answer, base: str) -> Iterator[Piece]:
    """Yield the short answer, then each quote as a blockquote with its speaker, article, date and a link.

    ``base`` is the service's own address, without a slash at the end. Words of articles are escaped, so that they never
    work as Markdown or HTML.
    """
    has_opening = answer.short or not answer.answered
    if has_opening:  # otherwise the answer is the quotes themselves, which follow
        yield Piece(
            answer_text(answer.quotes, short=True, form=escaped, whole=_quoted)
            if answer.answered
            else escaped(answer.text)
        )
    for number, quote in enumerate(answer.quotes):
        before = "\n\n" if has_opening or number else ""
        words = _quoted(quote).replace("\n", "\n> ")
        opening = f"{before}> [{quote.number}] “"
        text = f"{opening}{words}”\n>\n> — {_origin(quote, base)}"
        yield Piece(text, ((quote, len(opening), len(opening) + len(words)),))


def address(quote: Quote | Copy, base: str) -> str:
    """Return the address of the article on this service, opened at the quoted words."""
    return f"{base}{reader_link(quote.article, quote.span)}"


def escaped(text: str) -> str:
    """Return text escaped to show literally in Markdown; white space that begins a line is left out."""
    lines = _LINE_BREAKS.sub(lambda match: "\n" * min(len(_LINE_BREAK.findall(match.group())), 2), text)
    return _SPECIAL.sub(lambda match: f"{match[2] or ''}\\{match[1] or match[3]}", lines)


def _quoted(quote: Quote) -> str:
    parts, at, text = [], quote.span.start, quote.article.text
    for start, end in quote.marks:
        lit = text[start:end]
        if _can_be_bold(text, start, end):
            parts += [escaped(text[at:start]), f"**{escaped(lit)}**"]
            at = end
    return "".join([*parts, escaped(text[at : quote.span.end])])


def _can_be_bold(text: str, start: int, end: int) -> bool:
    """Whether asterisks make these words bold: not at a space, nor between a sign and a letter or digit."""
    lit, before, behind = text[start:end], text[max(0, start - 1) : start], text[end : end + 1]
    return (
        lit.strip() == lit
        and not _LINE_BREAK.search(lit)
        and (lit[:1].isalnum() or not before.isalnum())
        and (lit[-1:].isalnum() or not behind.isalnum())
    )


def _origin(quote: Quote, base: str) -> str:
    article = quote.article
    facts = [
        escaped(credit(quote)),
        _link(article.title, address(quote, base)),
        _line(article.publisher or ""),
        on_pages(article, quote.span),
        str(article.published or ""),
        *(f"also in {_named(copy, base)}" for copy in quote.copies),
        f"first published by {_line(first.publisher or first.title)}" if (first := first_published(quote)) else "",
        *map(_line, article.cautions),
    ]
    return " · ".join(fact for fact in facts if fact)


def _named(copy: Copy, base: str) -> str:
    return _link(copy.article.publisher or copy.article.title, address(copy, base))


def _link(text: str, target: str) -> str:
    return f"[{_line(text)}]({target})"


def _line(text: str) -> str:
    return escaped(" ".join(text.split()))
