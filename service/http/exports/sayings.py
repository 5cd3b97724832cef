"""From what a person said to the document of an export."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, uuid5

from index.text.addresses import web_address
from service.answering.quoting.answer_text import verb_of
from service.answering.quoting.sayings import Said
from service.answering.quoting.selectors import on_pages, position, reader_link, source_link
from service.answering.quoting.stance import attribution_stance, stance_name
from service.http.exports.document import Document, Excerpt, Section, Source


def document(name: str, sayings: Sequence[Said], base: str, *, more: bool) -> Document:
    """Return what a person said as a document; ``more`` says that there is more than these sayings."""
    today = datetime.now(UTC).date()
    excerpts = tuple(_excerpt(each, base, number=at, day=today) for at, each in enumerate(sayings, start=1))
    notes = (f"These are the first {len(sayings):,}; there are more.",) if more else ()
    return Document(
        title=f"What {name} said",
        link=None,
        made=today,
        sections=(Section(heading="", line="", excerpts=excerpts, notes=notes),),
        about=(f"Found by Pullquote on {today}.",),
    )


def _excerpt(said: Said, base: str, *, number: int, day: date) -> Excerpt:
    article, span = said.article, said.span
    at = position(article, span)
    stance = attribution_stance(said.attribution, said.stances)
    via = f" cited by {said.attribution.via}" if said.attribution.via else ""
    link = f"{base}{reader_link(article, span)}"
    return Excerpt(
        id=uuid5(NAMESPACE_URL, f"{link} {said.attribution.speaker} {number}").urn,
        number=number,
        text=article.text[slice(*span)],
        credit=f"{verb_of(stance_name(stance))} {said.attribution.speaker}{via}",
        source=Source(
            name=f"article-{article.id}-version-{article.version}",
            title=article.title,
            publisher=article.publisher,
            author=article.author,
            published=article.published,
            url=web_address(article.url) or f"{base}/articles/{article.id}",
            accessed=day,
        ),
        pages=on_pages(article, span),
        start=span.start,
        end=span.end,
        link=link,
        url=web_address(article.url),
        url_at=source_link(article, span),
        prefix=at.prefix,
        suffix=at.suffix,
        notes=article.cautions,
    )
