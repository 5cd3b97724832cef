"""The HTTP models of answers that are kept as evidence."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, JsonValue

from service.answering.quoting.stance import StanceName
from service.answering.types import Reason
from service.http.schemas.asking import ModelsOut
from service.http.schemas.base import StrictModel
from service.http.schemas.quotes import QuoteOut
from service.http.schemas.verification import ResolvedOut

MOST_ANSWERS = 200
ExportFormat = Literal["markdown", "html", "csl", "bibtex", "annotations"]


class KeptCitationOut(BaseModel):
    """Where a quotation stood when it was given."""

    article_id: int
    version: int
    sha256: str
    start: int
    end: int


class KeptQuoteOut(BaseModel):
    """A quotation as it was given, and what has become of its citation since.

    ``quote`` is null once its article was removed: its words are gone from here too. Of the source remain its day and
    its title, unless that was made of the article's first words.
    """

    number: int
    citation: KeptCitationOut
    title: str | None
    published: date | None
    now: ResolvedOut
    quote: QuoteOut | None


class KeptAnswerOut(BaseModel):
    """An answer as it was given.

    ``answer``, ``search_question`` and ``warnings``, which may repeat words of its articles, are empty once one of
    these was removed. ``kept`` and ``link`` are null for an answer that is not kept.
    """

    id: str
    link: str | None
    kept: datetime | None
    given: datetime
    question: str
    search_question: str | None
    answered: bool
    reason: Reason | None
    answer: str | None
    short: bool
    stance: StanceName
    confidence: float
    quotes: list[KeptQuoteOut]
    nearest: list[KeptQuoteOut]
    warnings: list[str]
    models: ModelsOut
    chosen_by: str | None
    prompts: str | None


class KeptSummaryOut(BaseModel):
    """A kept answer in a list."""

    id: str
    link: str
    kept: datetime
    question: str


class KeptAnswersOut(BaseModel):
    """Kept answers, the newest first."""

    answers: list[KeptSummaryOut]
    next_cursor: str | None


ANSWER_SENT_BACK: dict[str, JsonValue] = {
    "allOf": [
        {"$ref": "#/components/schemas/AnswerOut"},
        {"required": ["evidence"], "properties": {"evidence": {"$ref": "#/components/schemas/EvidenceOut"}}},
    ]
}
"""An answer of ``/v1/ask`` as the document describes it where it is sent back: with its evidence."""


class ExportIn(StrictModel):
    """Answers to export, each as it came from `/v1/ask`: a conversation, in order."""

    answers: list[dict[str, Any]] = Field(
        min_length=1, max_length=MOST_ANSWERS, json_schema_extra={"items": ANSWER_SENT_BACK}
    )
    format: ExportFormat
