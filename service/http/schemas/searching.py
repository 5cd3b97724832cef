"""The HTTP models of a search."""

from typing import Self

from pydantic import BaseModel

from index.types import Hit
from service.http.schemas.quotes import SourceOut


class HitOut(BaseModel):
    """A passage found. Scores lie in [0, 1], higher is better; null where that search did not find the passage."""

    passage_id: int
    article_id: int
    start: int
    end: int
    text: str
    dense: float | None
    lexical: float | None
    score: float
    source: SourceOut

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """Return the model of a hit."""
        start, end = hit.passage.start, hit.passage.end
        return cls(
            passage_id=hit.passage.id,
            article_id=hit.article.id,
            start=start,
            end=end,
            text=hit.article.text[start:end],
            dense=hit.dense,
            lexical=hit.lexical,
            score=hit.score,
            source=SourceOut.of(hit.article),
        )


class SearchOut(BaseModel):
    """Passages, best first."""

    passages: list[HitOut]
