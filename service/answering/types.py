"""The nouns of answering. A quotation's text is never kept: it is always ``article.text[start:end]``."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from index.types import Article, Attribution, Span

Reason = Literal["no_articles", "no_passage_answers", "filters_exclude_all"]


class Turn(NamedTuple):
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True)
class ScoredSpan:
    """Words that may answer a question. ``confidence`` lies in [0, 1], higher is better.

    ``highlights`` are the short answers inside the span, in the article's offsets; empty where the whole span
    is the answer, or the reader cannot tell.
    """

    article: Article
    span: Span
    confidence: float
    highlights: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """Give the words."""
        return self.article.text[self.span.start : self.span.end]


class ResolvedDate(NamedTuple):
    """Words of an article that name a day, and the day."""

    span: Span
    value: date


class Copy(NamedTuple):
    """The words of a quote as they stand in another article."""

    article: Article
    span: Span


@dataclass(frozen=True)
class Quote(ScoredSpan):
    """A numbered quotation: a span of an article, and how sure the reader is that it answers.

    ``attributions`` tell who said it, where someone is cited, whoever said it first at the front; ``dates`` the days
    that it names; ``copies`` where the same words stand in articles that are nearly the same as this one.
    """

    number: int = 0
    attributions: tuple[Attribution, ...] = ()
    dates: tuple[ResolvedDate, ...] = ()
    copies: tuple[Copy, ...] = ()


class Searched(NamedTuple):
    """The first step towards an answer: what was searched for, and how many passages will be read."""

    search_question: str
    passages: int


@dataclass(frozen=True)
class TookMs:
    """How long an answer took, in milliseconds."""

    search: int
    read: int
    total: int


@dataclass(frozen=True)
class Answer:
    """What is said to a question: quotes, or none with the reason and the nearest passages.

    ``text`` is the answer in one paragraph, with [n] for quote n: ``short``, made of the words lit up, or the quotes
    whole. ``confidence`` is that of the best quote; not answered, that of the
    nearest passage.
    """

    id: str
    question: str
    search_question: str
    text: str
    short: bool
    confidence: float
    reason: Reason | None
    took_ms: TookMs
    quotes: tuple[Quote, ...] = ()
    nearest: tuple[Quote, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Tell whether any quote answers."""
        return self.reason is None
