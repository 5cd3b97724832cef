"""The HTTP models of articles, and of adding one."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from index.types import Article, ArticleSummary, Status
from service.http.schemas.base import StrictModel
from service.http.schemas.fields import ADDRESS, Address, ArticleId, Day, ShortText, Text
from service.http.schemas.quotes import SourceOut


class ArticleIn(StrictModel):
    """An article as JSON: its text, or its page's HTML, or its address alone where the service may fetch it.

    ``url`` is the article's key: sent again with other text, it makes a new version. The other fields take precedence
    over what the page says of itself.
    """

    text: Text | None = None
    html: Text | None = None
    title: ShortText | None = None
    url: Address | None = None
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


Kind = Literal["text", "page", "pdf", "document", "email", "wire", "lines"]
"""Those of ``reading.KINDS``."""
Sort = Literal["added", "-added", "published", "-published", "title", "-title", "publisher", "-publisher"]
_ADDRESS_OR_NOTHING = rf"^\s*({ADDRESS[1:-1]})?\s*$"
_DERIVED = ("characters", "verdict", "verdict_reason", "warnings")


class ArticleEdit(StrictModel):
    """What is to be said of an article from now on: only what is given changes; null or an empty text clears it."""

    title: ShortText | None = None
    url: Annotated[ShortText, Field(json_schema_extra={"pattern": _ADDRESS_OR_NOTHING})] | None = None
    author: ShortText | None = None
    publisher: ShortText | None = None
    published: Day = None


class ArticleIds(StrictModel):
    """Articles by their ids."""

    ids: Annotated[list[ArticleId], Field(min_length=1, max_length=1_000)]


class RemovedOut(BaseModel):
    """The ids of the articles that were removed, and of those that had gone before."""

    removed: list[int]
    missing: list[int]


class ArticleOut(SourceOut):
    """An article in a list.

    ``kind`` is in what it came, null where that is not known. ``verdict_reason`` says why only a part of it was read;
    ``warnings`` are what else its quotes carry.
    """

    id: int
    version: int
    sha256: str
    characters: int
    kind: str | None
    verdict: Literal["complete", "partial", "no_article"]
    verdict_reason: str
    warnings: list[str]

    @classmethod
    def of(cls, article: Article | ArticleSummary) -> Self:
        """Return the model of an article."""
        return cls(**ArticleOut.known(article))

    @staticmethod
    def known(article: Article | ArticleSummary) -> dict[str, Any]:
        """Return the values of the fields of an article in a list."""
        return {
            **{name: getattr(article, name) for name in ArticleOut.model_fields if name not in _DERIVED},
            "characters": len(article.text) if isinstance(article, Article) else article.characters,
            "verdict": article.verdict.kind,
            "verdict_reason": article.verdict.reason,
            "warnings": list(article.warnings),
        }


class EditedOut(ArticleOut):
    """An article as it is after it was edited; "unchanged" where nothing was."""

    status: Status

    @classmethod
    def after(cls, article: Article, status: Status) -> Self:
        """Return the model of an article that was edited."""
        return cls(**ArticleOut.known(article), status=status)


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
        return cls(
            **ArticleOut.known(article),
            text=article.text,
            pages=list(article.pages),
            original_sha256=article.original,
            near_duplicates=near_duplicates,
        )


class ArticlesOut(BaseModel):
    """A page of the list of articles; ``next_cursor`` requests the next page, null on the last.

    ``total`` is how many there are on all pages.
    """

    articles: list[ArticleOut]
    total: int
    next_cursor: str | None
