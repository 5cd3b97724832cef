"""The HTTP models, but for those of a quote."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from index.types import Article, Attribution, Filters, Hit, Status
from service.answering.types import Answer, Reason, TookMs
from service.http.schemas.fields import ArticleId, Day, ShortText, Text
from service.http.schemas.quotes import AttributionOut, QuoteOut, SourceOut


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TurnIn(_Request):
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: Text


class FiltersIn(_Request):
    """Which articles to look in; dates are inclusive, an empty field lets everything through.

    ``speaker`` keeps only what one of them said, or passed on.
    """

    article_ids: list[ArticleId] = Field([], max_length=10_000)
    publisher: list[ShortText] = Field([], max_length=1_000)
    published_from: Day = None
    published_to: Day = None
    speaker: list[ShortText] = Field([], max_length=1_000)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError(f"published_from ({self.published_from}) is after published_to ({self.published_to})")
        return self

    def filters(self) -> Filters:
        """Give the filters as the index knows them."""
        return Filters(
            tuple(self.article_ids),
            tuple(self.publisher),
            self.published_from,
            self.published_to,
            tuple(self.speaker),
        )


class AskIn(_Request):
    """A question."""

    question: Text = Field(examples=["How many men left Russia after the draft was announced?"])
    history: list[TurnIn] = Field([], max_length=200)
    max_quotes: int = Field(3, ge=1, le=20)
    filters: FiltersIn = FiltersIn()
    stream: bool = False


class AnswerOut(BaseModel):
    """What is said to a question: quotes, or none with the reason and the nearest passages.

    ``short`` tells an answer made of the words lit up from one of whole quotes.
    """

    id: str
    question: str
    search_question: str
    answered: bool
    confidence: float
    answer: str
    short: bool
    reason: Reason | None
    quotes: list[QuoteOut]
    nearest: list[QuoteOut]
    warnings: list[str]
    took_ms: TookMs
    chosen_by: str | None
    prompts: str | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Describe an answer."""
        return cls(
            id=answer.id,
            question=answer.question,
            search_question=answer.search_question,
            answered=answer.answered,
            confidence=round(answer.confidence, 4),
            answer=answer.text,
            short=answer.short,
            reason=answer.reason,
            quotes=[QuoteOut.of(quote) for quote in answer.quotes],
            nearest=[QuoteOut.of(quote) for quote in answer.nearest],
            warnings=list(answer.warnings),
            took_ms=answer.took_ms,
            chosen_by=answer.chosen_by.model if answer.chosen_by else None,
            prompts=answer.chosen_by.prompts if answer.chosen_by else None,
        )


class ArticleIn(_Request):
    """An article as JSON: its text, or the HTML of its page; or its address alone, to be fetched where that is allowed.

    Its ``url`` is its key: sent again with another text, it is a new version. What is said here stands above what the
    page says of itself.
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
    """What became of an article. ``near_duplicates`` are the ids of those that are nearly the same."""

    id: int
    version: int
    status: Status
    title: str
    near_duplicates: list[int]
    warnings: list[str]


class ArticleOut(SourceOut):
    """An article in a list."""

    id: int
    version: int
    sha256: str
    characters: int


class WholeArticleOut(ArticleOut):
    """An article with its text. Citations count in this text.

    ``pages`` is where in it each page begins; ``original_sha256`` the hash of the bytes that it was read from;
    ``near_duplicates`` are the ids of the articles that are nearly the same.
    """

    text: str
    pages: list[int]
    original_sha256: str | None
    near_duplicates: list[int]

    @classmethod
    def whole(cls, article: Article, *, near_duplicates: list[int]) -> Self:
        """Describe an article with its text."""
        known = {name: getattr(article, name) for name in ArticleOut.model_fields if name != "characters"}
        return cls(
            **known,
            characters=len(article.text),
            text=article.text,
            pages=list(article.pages),
            original_sha256=article.original,
            near_duplicates=near_duplicates,
        )


class SpeakerOut(BaseModel):
    """Someone who is cited in an article, how often, and where."""

    speaker: str
    times: int
    attributions: list[AttributionOut]


class SpeakersOut(BaseModel):
    """Who is cited in an article, most often cited first."""

    speakers: list[SpeakerOut]

    @classmethod
    def of(cls, attributions: Sequence[Attribution], article: Article) -> Self:
        """Gather the attributions of each speaker."""
        found: dict[str, list[AttributionOut]] = {}
        for each in attributions:
            found.setdefault(each.speaker, []).append(AttributionOut.of(each, article))
        speakers = [SpeakerOut(speaker=name, times=len(each), attributions=each) for name, each in found.items()]
        return cls(speakers=sorted(speakers, key=lambda each: -each.times))


class ArticlesOut(BaseModel):
    """A page of the list; ``next_cursor`` asks for the next one, null on the last."""

    articles: list[ArticleOut]
    next_cursor: str | None


class HitOut(BaseModel):
    """A passage found. Scores lie in [0, 1]; null where that search did not return the passage."""

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
        """Describe a hit."""
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
