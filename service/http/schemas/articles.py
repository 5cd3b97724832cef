"""The HTTP models of articles, and of adding one."""

from typing import Literal, Self

from pydantic import BaseModel, model_validator

from index.types import Article, Status
from service.http.schemas.base import StrictModel
from service.http.schemas.fields import Day, ShortText, Text
from service.http.schemas.quotes import SourceOut


class ArticleIn(StrictModel):
    """An article as JSON: its text, or its page's HTML, or its address alone where the service may fetch it.

    ``url`` is the article's key: sent again with other text, it makes a new version. The other fields take precedence
    over what the page says of itself.
    """

    text: Text | None = None
    html: Text | None = None
    title: ShortText | None = None
    url: ShortText | None = None
    author: ShortText | None = None
    publisher: ShortText | None = None
    published: Day = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        bodies = (self.text is not None) + (self.html is not None)
        if bodies > 1 or not (bodies or self.url):
            raise ValueError("give either text or html, or a url to fetch")
        return self


class StoredOut(BaseModel):
    """What was done with an article, and whether it is the whole one.

    ``near_duplicates`` are the ids of articles that are nearly the same.
    """

    id: int
    version: int
    status: Status
    title: str
    near_duplicates: list[int]
    verdict: Literal["complete", "partial", "no_article"]
    warnings: list[str]


class ArticleOut(SourceOut):
    """An article in a list."""

    id: int
    version: int
    sha256: str
    characters: int


class WholeArticleOut(ArticleOut):
    """An article with its text, to which all offsets refer.

    ``pages`` are the offsets at which its pages begin; ``original_sha256`` is the hash of the bytes it was read from;
    ``near_duplicates`` are the ids of the articles that are nearly the same.
    """

    text: str
    pages: list[int]
    original_sha256: str | None
    near_duplicates: list[int]

    @classmethod
    def whole(cls, article: Article, *, near_duplicates: list[int]) -> Self:
        """Return the model of an article with its text."""
        known = {name: getattr(article, name) for name in ArticleOut.model_fields if name != "characters"}
        return cls(
            **known,
            characters=len(article.text),
            text=article.text,
            pages=list(article.pages),
            original_sha256=article.original,
            near_duplicates=near_duplicates,
        )


class ArticlesOut(BaseModel):
    """A page of the list of articles; ``next_cursor`` requests the next page, null on the last."""

    articles: list[ArticleOut]
    next_cursor: str | None
