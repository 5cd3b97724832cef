"""The HTTP models of a question and its answer."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, Field, JsonValue, model_validator

from index.types import Filters
from service.answering.answer import LONGEST_QUESTION
from service.answering.quoting.stance import StanceName, stance_name
from service.answering.types import Answer, Kind, Reason, TookMs
from service.http.schemas.base import StrictModel
from service.http.schemas.fields import PRINTABLE, ArticleId, Day, ShortText, Text
from service.http.schemas.quotes import QuoteOut

QUESTION: dict[str, JsonValue] = {"pattern": PRINTABLE, "minLength": 1, "maxLength": LONGEST_QUESTION}
"""What a question must be, as far as a JSON schema can say it; the error is ``check_question``'s."""


class TurnIn(StrictModel):
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: Text


class FiltersIn(StrictModel):
    """Which articles to search. Dates are inclusive, and an empty field excludes nothing.

    With ``speaker``, only words that one of these speakers said, or passed on, are quoted; with ``stance``, only what
    the article asserts, denies and so on.
    """

    article_ids: list[ArticleId] = Field([], max_length=10_000)
    publisher: list[ShortText] = Field([], max_length=1_000)
    published_from: Day = None
    published_to: Day = None
    speaker: list[ShortText] = Field([], max_length=1_000)
    stance: list[StanceName] = Field([], max_length=10)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError(f"published_from ({self.published_from}) is after published_to ({self.published_to})")
        return self

    def filters(self) -> Filters:
        """Return the filters as the index takes them."""
        return Filters(
            article_ids=tuple(self.article_ids),
            publishers=tuple(self.publisher),
            published_from=self.published_from,
            published_to=self.published_to,
            speakers=tuple(self.speaker),
            stances=tuple(self.stance),
        )


class AskIn(StrictModel):
    """A question."""

    question: Text = Field(
        examples=["How many men left Russia after the draft was announced?"],
        json_schema_extra=QUESTION,
    )
    history: list[TurnIn] = Field([], max_length=200)
    max_quotes: int = Field(3, ge=1, le=20)
    filters: FiltersIn = FiltersIn()
    stream: bool = False


class ModelsOut(BaseModel):
    """What answered: the embedding model, the reader, and what found speakers and stances."""

    embedding: str
    reader: str
    annotator: str


class EvidenceOut(BaseModel):
    """When an answer was given and by which models; ``seal`` shows that this service gave it, to the last character."""

    given: datetime
    models: ModelsOut
    seal: str = Field(pattern=r"^[0-9a-f]{64}$")


class AnswerOut(BaseModel):
    """The answer to a question: quotes, or none with the reason and the nearest passages.

    ``short`` is true where ``answer`` is made of the highlighted words, false where it is made of whole quotes.
    ``stance`` is that of the best quote. ``chosen_by`` names the language model that chose the quotes, ``prompts`` the
    version of its prompts; both are null where none chose. ``kind`` is "gist" where a question asks what one article
    says: the quotes are then the sentences that carry it, in its order. ``evidence`` is what it takes to keep or export
    the answer.
    """

    id: str
    question: str
    search_question: str
    answered: bool
    confidence: float
    answer: str
    short: bool
    stance: StanceName
    reason: Reason | None
    quotes: list[QuoteOut]
    nearest: list[QuoteOut]
    warnings: list[str]
    took_ms: TookMs
    chosen_by: str | None
    prompts: str | None
    kind: Kind = "answer"
    evidence: EvidenceOut | None = None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return the model of an answer."""
        return cls(
            id=answer.id,
            question=answer.question,
            search_question=answer.search_question,
            answered=answer.answered,
            confidence=round(answer.confidence, 4),
            answer=answer.text,
            short=answer.short,
            stance=stance_name(answer.quotes[0].stance if answer.quotes else None),
            reason=answer.reason,
            quotes=[QuoteOut.of(quote) for quote in answer.quotes],
            nearest=[QuoteOut.of(quote) for quote in answer.nearest],
            warnings=list(answer.warnings),
            took_ms=answer.took_ms,
            chosen_by=answer.chosen_by.model if answer.chosen_by else None,
            prompts=answer.chosen_by.prompts if answer.chosen_by else None,
            kind=answer.kind,
        )
