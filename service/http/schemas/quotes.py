"""The HTTP models of a quote: its words, where they stand, its speakers, its dates and its article."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel

from index.types import Article, ArticleSummary, Attribution, Span, Stance
from service.answering.quoting.answer_text import credit
from service.answering.quoting.copies import first_published
from service.answering.quoting.selectors import position, reader_link, source_link
from service.answering.quoting.speakers import listed
from service.answering.quoting.stance import StanceName, attribution_stance, stance_name
from service.answering.types import Copy, Quote
from service.http.schemas.fields import ArticleId


class SpanOut(BaseModel):
    """A span of an article, with its words."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, article: Article, span: Span) -> Self:
        """Return the model of a span."""
        return cls(start=span.start, end=span.end, text=article.text[slice(*span)])


class CitationOut(BaseModel):
    """Where a quote stands, exactly: article, content hash and span."""

    article_id: ArticleId
    version: int
    sha256: str
    start: int
    end: int
    start_utf16: int
    end_utf16: int
    page: int | None
    last_page: int | None
    occurrence: int

    @classmethod
    def of(cls, article: Article, span: Span) -> "CitationOut":
        """Return the citation of a span."""
        at = position(article, span)
        page, last_page = article.pages_of(span) or (None, None)
        return CitationOut(
            article_id=article.id,
            version=article.version,
            sha256=article.sha256,
            start=span.start,
            end=span.end,
            start_utf16=at.start_utf16,
            end_utf16=at.end_utf16,
            page=page,
            last_page=last_page,
            occurrence=at.occurrence,
        )


class PositionSelectorOut(BaseModel):
    """A W3C Web Annotation selector by offsets."""

    type: Literal["TextPositionSelector"] = "TextPositionSelector"
    start: int
    end: int


class QuoteSelectorOut(BaseModel):
    """A W3C Web Annotation selector by words."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: str
    prefix: str
    suffix: str


def selectors_of(article: Article, span: Span) -> list[PositionSelectorOut | QuoteSelectorOut]:
    """Return the selectors of a span: by offsets, and by its words."""
    at = position(article, span)
    return [
        PositionSelectorOut(start=span.start, end=span.end),
        QuoteSelectorOut(exact=article.text[span.start : span.end], prefix=at.prefix, suffix=at.suffix),
    ]


class SourceOut(BaseModel):
    """The article and its publisher. ``title_given`` is false for a title made of the article's first words."""

    title: str
    title_given: bool
    publisher: str | None
    author: str | None
    published: date | None
    url: str | None
    rights: str | None
    embargo: datetime | None

    @classmethod
    def of(cls, article: Article | ArticleSummary) -> Self:
        """Return the model with every one of its fields taken from an article."""
        return cls(**{name: getattr(article, name) for name in cls.model_fields})


class AttributionOut(BaseModel):
    """The speaker of some of an article's words, who is named or referred to at ``start`` to ``end``.

    ``resolved`` is true where the article only refers there to someone it named before. ``via`` is who passed the words
    on. ``contents`` are all the words that the article attributes to the speaker; ``stance`` is what the speaker does
    with them, and ``stance_cue`` the words that show it, where they do not assert them.
    """

    speaker: str
    cue: str
    start: int
    end: int
    cue_start: int
    cue_end: int
    via: str | None
    resolved: bool
    contents: list[SpanOut]
    stance: StanceName
    stance_cue: SpanOut | None

    @classmethod
    def of(cls, attribution: Attribution, article: Article, stances: Sequence[Stance]) -> Self:
        """Return the model of an attribution in an article with these stances."""
        stance = attribution_stance(attribution, stances)
        text, source, cue = article.text, attribution.source, attribution.cue
        return cls(
            speaker=attribution.speaker,
            cue=text[cue.start : cue.end],
            start=source.start,
            end=source.end,
            cue_start=cue.start,
            cue_end=cue.end,
            via=attribution.via,
            resolved=attribution.resolved,
            contents=[SpanOut.of(article, each) for each in attribution.contents],
            stance=stance_name(stance),
            stance_cue=SpanOut.of(article, stance.cue) if stance else None,
        )


class DateOut(BaseModel):
    """Words of a quote that name a day, and the day."""

    text: str
    value: date
    start: int
    end: int


class CopyOut(BaseModel):
    """The same words in an article that is nearly the same, such as another copy of a wire story.

    ``published_first`` is true for the one of all of them that is known to have appeared first.
    """

    citation: CitationOut
    source: SourceOut
    link: str
    source_link: str | None
    published_first: bool

    @classmethod
    def of(cls, copy: Copy, *, first: Article | None) -> Self:
        """Return the model of a copy."""
        article, span = copy
        return cls(
            citation=CitationOut.of(article, span),
            source=SourceOut.of(article),
            link=reader_link(article, span),
            source_link=source_link(article, span),
            published_first=article is first,
        )


class QuoteOut(BaseModel):
    """A quotation: words exactly as they stand in the article, and everything needed to check them.

    ``said_by`` names the speakers of ``attribution`` as they are shown to people; "" where nobody is cited. ``credit``
    also says how: "said by …", "denied by …". ``stance`` is what the article does with what was asked about, and
    ``stance_cue`` the words that show it, where it is not asserted. ``published_first`` is true where its article is
    known to have appeared before all ``copies``; ``warnings`` say what to know of the article, such as that only a part
    of it was read.
    """

    number: int
    text: str
    confidence: float
    highlights: list[SpanOut]
    citation: CitationOut
    selectors: list[PositionSelectorOut | QuoteSelectorOut]
    source: SourceOut
    attribution: list[AttributionOut]
    said_by: str
    credit: str
    stance: StanceName
    stance_cue: SpanOut | None
    dates: list[DateOut]
    link: str
    source_link: str | None
    copies: list[CopyOut]
    published_first: bool
    warnings: list[str]

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """Return the model of a quote."""
        article, span = quote.article, quote.span
        first = first_published(quote)
        return cls(
            number=quote.number,
            text=quote.text,
            confidence=round(quote.confidence, 4),
            highlights=[SpanOut.of(article, each) for each in quote.highlights],
            citation=CitationOut.of(article, span),
            selectors=selectors_of(article, span),
            source=SourceOut.of(article),
            attribution=[AttributionOut.of(each, article, quote.hit.stances) for each in quote.attributions],
            said_by=listed(quote.attributions),
            credit=credit(quote),
            stance=stance_name(quote.stance),
            stance_cue=SpanOut.of(article, quote.stance.cue) if quote.stance else None,
            dates=[
                DateOut(text=article.text[each.start : each.end], value=value, start=each.start, end=each.end)
                for each, value in quote.dates
            ],
            link=reader_link(article, span),
            source_link=source_link(article, span),
            copies=[CopyOut.of(each, first=first) for each in quote.copies],
            published_first=article is first,
            warnings=list(article.cautions),
        )
