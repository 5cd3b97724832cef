"""An answer as plain text, with nothing escaped: what agents read and pass on."""

from collections.abc import Iterator

from service.answering.quoting.answer_text import credit
from service.answering.quoting.selectors import on_pages, source_link
from service.answering.types import Answer, Quote
from service.http.markdown import address


def plain_text(answer: Answer, base: str) -> str:
    """Return the answer and its quotes, or that there is none and what came nearest.

    ``base`` is the address that links begin with; without one they lead to the publishers' pages.
    """
    return "\n\n".join(_paragraphs(answer, base))


def _paragraphs(answer: Answer, base: str) -> Iterator[str]:
    if answer.short or not answer.answered:
        yield answer.text
    for quote in answer.quotes:
        yield _quoted(quote, base)
    if answer.nearest:
        yield "Nearest passages, none of which answers:"
    for quote in answer.nearest:
        yield _quoted(quote, base)
    for warning in answer.warnings:
        yield f"Note: {warning}"


def _quoted(quote: Quote, base: str) -> str:
    article = quote.article
    facts = [
        credit(quote),
        " ".join(article.title.split()),
        article.publisher or "",
        on_pages(article, quote.span),
        str(article.published or ""),
    ]
    link = address(quote, base) if base else source_link(article, quote.span)
    lines = [f"[{quote.number}] “{quote.text}”", f"— {' · '.join(fact for fact in facts if fact)}", link or ""]
    return "\n".join(line for line in [*lines, *(f"Note: {each}" for each in article.cautions)] if line)
