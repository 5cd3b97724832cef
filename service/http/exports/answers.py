"""From answers to the document of an export."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from index.text.addresses import web_address
from prompts.rendering import render
from service.answering.quoting.selectors import pages_named
from service.http.exports.document import STATES, Document, Excerpt, Section, Source
from service.http.schemas.evidence import KeptAnswerOut, KeptQuoteOut
from service.http.schemas.quotes import QuoteOut, QuoteSelectorOut


def document(answers: Sequence[KeptAnswerOut], base: str) -> Document:
    """Return one answer, or a conversation, as a document; ``base`` is the service's own address."""
    first = answers[0]
    models = dict.fromkeys(_models(each) for each in answers)
    return Document(
        title=first.question if len(answers) == 1 else f"Conversation of {first.given.date()}",
        link=f"{base}{first.link}" if len(answers) == 1 and first.link else None,
        made=datetime.now(UTC).date(),
        sections=tuple(_section(each, base) for each in answers),
        about=tuple(models),
    )


def _models(answer: KeptAnswerOut) -> str:
    models = answer.models
    chosen = f"; quotes chosen by {answer.chosen_by}" if answer.chosen_by else ""
    return f"Answered by Pullquote with {models.reader}, {models.embedding} and {models.annotator}{chosen}."


def _section(answer: KeptAnswerOut, base: str) -> Section:
    if answer.answered:
        # Otherwise the line is the quotes themselves, which follow.
        line = answer.answer if answer.short and answer.answer else ""
    else:
        line = answer.answer or render(str(answer.reason))
    searched = answer.search_question if answer.search_question != answer.question else None
    notes = [f"Answered on {answer.given.date()}.", *answer.warnings]
    if searched:
        notes.insert(0, f"Searched as: {searched}")
    return Section(
        heading=answer.question,
        line=line,
        excerpts=tuple(_excerpt(each, answer, base) for each in answer.quotes),
        notes=tuple(notes),
    )


def _excerpt(given: KeptQuoteOut, answer: KeptAnswerOut, base: str) -> Excerpt:
    cited, quote = given.citation, given.quote
    link = _link(given, base)
    now = given.now.citation
    return Excerpt(
        id=f"{base}{answer.link}#quote-{given.number}"
        if answer.link
        else uuid5(UUID(answer.id), str(given.number)).urn,
        number=given.number,
        text=quote.text if quote else None,
        credit=_credit(quote) if quote else "",
        source=_source(given, answer, base),
        pages=pages_named(quote.citation.page, quote.citation.last_page) if quote else "",
        start=cited.start,
        end=cited.end,
        link=link,
        url=web_address(quote.source.url) if quote else None,
        url_at=quote.source_link if quote else None,
        **_around(quote),
        state=STATES[given.now.status],
        instead=now.text if now and given.now.status == "superseded" else "",
        notes=tuple(quote.warnings) if quote else (),
    )


def _link(given: KeptQuoteOut, base: str) -> str:
    cited = given.citation
    if given.quote and given.quote.link.startswith("/"):
        return f"{base}{given.quote.link}"
    return f"{base}/articles/{cited.article_id}#q={cited.start}-{cited.end}&v={cited.version}&h={cited.sha256[:16]}"


def _credit(quote: QuoteOut) -> str:
    stance = "" if quote.stance == "asserted" else quote.stance
    return " · ".join(each for each in (stance, quote.credit) if each)


def _source(given: KeptQuoteOut, answer: KeptAnswerOut, base: str) -> Source:
    cited, quote = given.citation, given.quote
    known = quote.source if quote else None
    return Source(
        name=f"article-{cited.article_id}-version-{cited.version}",
        title=given.title or "",
        publisher=known.publisher if known else None,
        author=known.author if known else None,
        published=given.published,
        url=(known.url if known else None) or f"{base}/articles/{cited.article_id}",
        accessed=answer.given.date(),
    )


def _around(quote: QuoteOut | None) -> dict[str, str]:
    words = next((each for each in quote.selectors if isinstance(each, QuoteSelectorOut)), None) if quote else None
    return {"prefix": words.prefix if words else "", "suffix": words.suffix if words else ""}
