"""The HTTP models of the speakers of an article."""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel

from index.types import Article, Attribution, Stance
from service.http.schemas.quotes import AttributionOut


class SpeakerOut(BaseModel):
    """Someone who is cited in an article, how often, and where."""

    speaker: str
    times: int
    attributions: list[AttributionOut]


class SpeakersOut(BaseModel):
    """The speakers of an article, the most often cited first."""

    speakers: list[SpeakerOut]

    @classmethod
    def of(cls, attributions: Sequence[Attribution], article: Article, stances: Sequence[Stance]) -> Self:
        """Return the model of an article's attributions, grouped by speaker."""
        found: dict[str, list[AttributionOut]] = {}
        for each in attributions:
            found.setdefault(each.speaker, []).append(AttributionOut.of(each, article, stances))
        speakers = [SpeakerOut(speaker=name, times=len(each), attributions=each) for name, each in found.items()]
        return cls(speakers=sorted(speakers, key=lambda each: -each.times))
