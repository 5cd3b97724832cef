"""What the tools return."""

from datetime import date
from typing import Self

from pydantic import BaseModel

from index.types import Article, ArticleSummary, Hit


class Result(BaseModel):
    """A passage found. ``id`` is the article's, for ``fetch``; ``url`` opens the passage."""

    id: str
    title: str
    url: str
    text: str
    start: int
    end: int
    score: float

    @classmethod
    def of(cls, hit: Hit, url: str) -> Self:
        """Return the model of a hit, which ``url`` opens."""
        return cls(
            id=str(hit.article.id),
            title=hit.article.title,
            url=url,
            text=hit.text,
            start=hit.passage.start,
            end=hit.passage.end,
            score=hit.score,
        )


class Results(BaseModel):
    """Passages, best first."""

    results: list[Result]


class Document(BaseModel):
    """A part of an article's text, which begins at ``start`` and is followed by that at ``next_start``, if any.

    ``metadata`` has the article's publisher, author, day of publication and content hash.
    """

    id: str
    title: str
    text: str
    url: str
    start: int
    next_start: int | None
    characters: int
    metadata: dict[str, str]

    @classmethod
    def of(cls, article: Article, url: str, *, start: int, length: int) -> Self:
        """Return the model of ``length`` characters of an article from ``start`` on."""
        end = start + length
        known = {
            "publisher": article.publisher,
            "author": article.author,
            "published": str(article.published or ""),
            "sha256": article.sha256,
        }
        return cls(
            id=str(article.id),
            title=article.title,
            text=article.text[start:end],
            url=url,
            start=start,
            next_start=end if end < len(article.text) else None,
            characters=len(article.text),
            metadata={name: value for name, value in known.items() if value},
        )


class Listed(BaseModel):
    """An article in a list; ``id`` is for ``fetch``."""

    id: str
    title: str
    url: str
    publisher: str | None
    author: str | None
    published: date | None
    characters: int

    @classmethod
    def of(cls, article: ArticleSummary, url: str) -> Self:
        """Return the model of an article, which ``url`` opens."""
        return cls(
            id=str(article.id),
            title=article.title,
            url=url,
            publisher=article.publisher,
            author=article.author,
            published=article.published,
            characters=article.characters,
        )


class Listing(BaseModel):
    """Articles by id; ``next_cursor`` asks for those that follow, if there are any."""

    articles: list[Listed]
    next_cursor: int | None


class Cited(BaseModel):
    """Somebody who is cited in an article, and how often."""

    speaker: str
    times: int


class Speakers(BaseModel):
    """Who is cited in an article, the most often cited first."""

    speakers: list[Cited]
