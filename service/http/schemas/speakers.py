"""The HTTP models of speakers: those of an article, those of all articles, and what one of them said."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import BaseModel

from index.speakers import Directory, Speaker
from index.types import Article, Attribution, Stance
from service.answering.quoting.sayings import Said
from service.answering.quoting.selectors import reader_link, source_link
from service.http.schemas.quotes import (
    AttributionOut,
    CitationOut,
    PositionSelectorOut,
    QuoteSelectorOut,
    SourceOut,
    selectors_of,
)


class SpeakerOut(BaseModel):
    """Someone who is cited in an article, how often, and where. ``id`` is null for who has no name ("a source")."""

    speaker: str
    id: str | None
    times: int
    attributions: list[AttributionOut]


class SpeakersOut(BaseModel):
    """The speakers of an article, the most often cited first."""

    speakers: list[SpeakerOut]

    @classmethod
    def of(
        cls,
        attributions: Sequence[Attribution],
        article: Article,
        stances: Sequence[Stance],
        *,
        directory: Directory,
    ) -> Self:
        """Return the model of an article's attributions, grouped by speaker."""
        found: dict[str, list[AttributionOut]] = {}
        for each in attributions:
            found.setdefault(each.speaker, []).append(AttributionOut.of(each, article, stances))
        speakers = [
            SpeakerOut(speaker=name, id=known.id if known else None, times=len(theirs), attributions=theirs)
            for name, theirs in found.items()
            for known in [directory.of_name(name)]
        ]
        return cls(speakers=sorted(speakers, key=lambda each: -each.times))


class CitedSpeakerOut(BaseModel):
    """Someone who is cited in the archive: by which names, in which articles, and how often."""

    id: str
    name: str
    aliases: list[str]
    article_ids: list[int]
    times: int

    @classmethod
    def of(cls, speaker: Speaker) -> Self:
        """Return the model of a speaker."""
        return cls(
            id=speaker.id,
            name=speaker.name,
            aliases=list(speaker.names[1:]),
            article_ids=list(speaker.articles),
            times=speaker.times,
        )


class CitedSpeakersOut(BaseModel):
    """The speakers of all articles, those of the most articles first; ``total`` is how many there are on all pages."""

    speakers: list[CitedSpeakerOut]
    total: int
    next_cursor: str | None


class SayingOut(BaseModel):
    """What an article attributes to a speaker: the whole sentences, exactly as they stand there."""

    text: str
    citation: CitationOut
    selectors: list[PositionSelectorOut | QuoteSelectorOut]
    source: SourceOut
    attribution: AttributionOut
    published: date | None
    link: str
    source_link: str | None
    warnings: list[str]

    @classmethod
    def of(cls, said: Said) -> Self:
        """Return the model of a saying."""
        article, span = said.article, said.span
        return cls(
            text=article.text[slice(*span)],
            citation=CitationOut.of(article, span),
            selectors=selectors_of(article, span),
            source=SourceOut.of(article),
            attribution=AttributionOut.of(said.attribution, article, said.stances),
            published=article.published,
            link=reader_link(article, span),
            source_link=source_link(article, span),
            warnings=list(article.cautions),
        )


class SayingsOut(BaseModel):
    """A speaker and what they said: by day, or the best first where a topic was asked for."""

    speaker: CitedSpeakerOut
    sayings: list[SayingOut]
    next_cursor: str | None
