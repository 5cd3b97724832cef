"""The HTTP models of checking quotations and resolving citations."""

from typing import Self

from pydantic import BaseModel, Field, model_validator

from index.types import Article, Span
from service.answering.quoting.selectors import reader_link
from service.answering.quoting.stance import StanceName, served_kind
from service.answering.verification.context import Context
from service.answering.verification.differences import Difference, Kind
from service.answering.verification.resolve import CitationStatus, Resolved
from service.answering.verification.verify import Claim, Match, Verdict, Verified
from service.http.schemas.base import LenientModel
from service.http.schemas.fields import LARGEST_ID, ArticleId, ShortText, Text
from service.http.schemas.quotes import CitationOut, SourceOut, SpanOut

MOST_QUOTATIONS = 100


class CitationIn(LenientModel):
    """Where a quotation is said to stand: the fields of an answer's citation that are needed for it."""

    article_id: ArticleId
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class ClaimIn(LenientModel):
    """A quotation to check; its speaker and its place are checked too, where they are given."""

    text: Text
    citation: CitationIn | None = None
    speaker: ShortText | None = Field(None, min_length=1)

    def claim(self) -> Claim:
        """Return the claim as ``Verifier`` takes it."""
        if self.citation is None:
            return Claim(self.text, self.speaker)
        span = Span(self.citation.start, self.citation.end)
        return Claim(self.text, self.speaker, self.citation.article_id, span)


class VerifyIn(LenientModel):
    """Quotations to check. A whole answer of ``/v1/ask`` has this shape too."""

    quotes: list[ClaimIn] = Field(max_length=MOST_QUOTATIONS)


class DifferenceOut(BaseModel):
    """A place where a quotation differs from the article: only the kind ``words`` changes what is said.

    ``at`` is where ``found`` begins in the text of the first match.
    """

    kind: Kind
    given: str
    found: str
    at: int

    @classmethod
    def of(cls, difference: Difference) -> Self:
        """Return the model of a difference."""
        return cls(**difference._asdict())


class MatchOut(CitationOut):
    """Where the quotation's words, or the nearest ones, stand."""

    text: str
    source: SourceOut
    link: str

    @classmethod
    def of_match(cls, match: Match) -> Self:
        """Return the model of a match."""
        citation = CitationOut.of(match.article, match.span)
        text = match.article.text[slice(*match.span)]
        link = reader_link(match.article, match.span)
        return cls(**citation.model_dump(), text=text, source=SourceOut.of(match.article), link=link)


class ContextOut(BaseModel):
    """What a quotation leaves out: the words that change its meaning, and the sentences that it needs.

    ``stance`` is what the article does with the quoted words; null where that is not known.
    """

    stance: StanceName | None
    left_out: SpanOut
    sentences: SpanOut

    @classmethod
    def of(cls, context: Context, article: Article) -> Self:
        """Return the model of a context."""
        left_out, sentences = (SpanOut.of(article, each) for each in (context.cue, context.sentences))
        return cls(
            stance=served_kind(context.stance) if context.stance else None, left_out=left_out, sentences=sentences
        )


SPEAKER: dict[str | None, str] = {"same": "confirmed", "unsure": "unconfirmed"}


class VerifiedOut(BaseModel):
    """The verdict on a quotation.

    ``said_by`` is whom the article cites for its words, "" where nobody. ``speaker`` is "confirmed" or "unconfirmed",
    or names who said it instead; null where no speaker was given, or nothing was found. ``context`` is what the
    quotation leaves out that changes its meaning.
    """

    status: Verdict
    matches: list[MatchOut]
    differences: list[DifferenceOut]
    said_by: str
    speaker: str | None
    context: ContextOut | None
    warnings: list[str]

    @classmethod
    def of(cls, verified: Verified) -> Self:
        """Return the model of a verdict."""
        return cls(
            status=verified.status,
            matches=[MatchOut.of_match(each) for each in verified.matches],
            differences=[DifferenceOut.of(each) for each in verified.differences],
            said_by=verified.said_by,
            speaker=SPEAKER.get(verified.speaker, verified.said_by) if verified.speaker else None,
            context=ContextOut.of(verified.context, verified.matches[0].article) if verified.context else None,
            warnings=list(verified.warnings),
        )


class GivenCitation(CitationIn):
    """A citation as an answer or a link gave it: article, span, and the version by its content hash or its number.

    Of the hash the first 16 digits are enough. Where both are given, the hash decides.
    """

    sha256: str = Field("", pattern=r"^([0-9a-f]{16,64})?$")
    version: int | None = Field(None, ge=1, le=LARGEST_ID)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.sha256 and self.version is None:
            raise ValueError("which version is meant? Send sha256 or version")
        if self.start >= self.end:
            raise ValueError(f"there are no words at {self.start} to {self.end}")
        return self


class ResolveIn(LenientModel):
    """A citation to look up."""

    citation: GivenCitation


class ResolvedOut(BaseModel):
    """The state of a citation: where its words stand now, or what stands in their place; null where nothing does."""

    status: CitationStatus
    citation: MatchOut | None

    @classmethod
    def of(cls, resolved: Resolved) -> Self:
        """Return the model of a resolved citation."""
        match = Match(resolved.article, resolved.span) if resolved.article and resolved.span else None
        return cls(status=resolved.status, citation=MatchOut.of_match(match) if match else None)


class VerifyOut(BaseModel):
    """The verdicts, in the order of the quotations."""

    quotes: list[VerifiedOut]
