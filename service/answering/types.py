"""The nouns of answering. A quotation's text is never kept: it is always ``article.text[start:end]``."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from index.types import Article, Attribution, Hit, Span, Stance

Reason = Literal["no_articles", "no_passage_answers", "filters_exclude_all"]
Kind = Literal["answer", "gist"]


class Turn(NamedTuple):
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True)
class ScoredSpan:
    """A span of a passage that may answer a question. ``confidence`` lies in [0, 1], higher is better.

    ``highlights`` are the short answers inside the span, in the article's offsets: empty where the whole span is the
    answer, or the reader cannot say. ``attributions`` are those of the span's words, the first speaker first;
    ``stance`` is what the article does with what was asked about, None where it asserts it; ``contested`` is true where
    the last sentence of the span may take back what is claimed in it. A reader leaves all three empty.
    """

    hit: Hit
    span: Span
    confidence: float
    highlights: tuple[Span, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    stance: Stance | None = None
    contested: bool = False

    @property
    def article(self) -> Article:
        """The article that the span is of."""
        return self.hit.article

    @property
    def text(self) -> str:
        """The words of the span."""
        return self.article.text[self.span.start : self.span.end]

    @property
    def cue(self) -> Span | None:
        """The words of the span that show its stance; None where it is asserted."""
        return self.stance.cue if self.stance and self.span.holds(self.stance.cue) else None

    @property
    def marks(self) -> tuple[Span, ...]:
        """The spans to be marked in the quote, in order and without overlap: its highlights and its cue."""
        cue = self.cue
        cues = [cue] if cue and not any(cue.overlap(each) for each in self.highlights) else []
        return tuple(sorted([*self.highlights, *cues]))

    @property
    def highlighted(self) -> tuple[str, ...]:
        """The words of each highlight."""
        return tuple(self.article.text[start:end] for start, end in self.highlights)


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
    """A numbered quotation.

    ``dates`` are the days that it names, ``copies`` the places where the same words stand in near-duplicates of its
    article.
    """

    number: int = 0
    dates: tuple[ResolvedDate, ...] = ()
    copies: tuple[Copy, ...] = ()


class Searched(NamedTuple):
    """The first step towards an answer: what was searched for, and how many passages will be read."""

    search_question: str
    passages: int


class Progress(NamedTuple):
    """A step on the way: how many of the passages found have been read."""

    passages_read: int
    passages: int


@dataclass(frozen=True)
class TookMs:
    """How long an answer took, in milliseconds. ``choose`` is a language model's share; 0 without one."""

    search: int
    read: int
    choose: int
    total: int


class ChosenBy(NamedTuple):
    """The language model that chose the quotes, and the version of the prompts that it was asked with."""

    model: str
    prompts: str


@dataclass(frozen=True)
class Answer:
    """The answer to a question: quotes, or none with the reason and the nearest passages.

    ``text`` is the answer in one paragraph, with [n] for quote n: ``short``, made of the highlighted words, or the
    quotes whole. ``confidence`` is that of the best quote, or of the nearest passage where nothing answers. Of ``kind``
    "gist", the quotes are the sentences that carry one article, in its order.
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
    chosen_by: ChosenBy | None = None
    kind: Kind = "answer"

    @property
    def answered(self) -> bool:
        """Whether any quote answers."""
        return self.reason is None
