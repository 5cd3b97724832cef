"""The HTTP models of what became of a file of many articles."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel

from index.pipeline import Outcome

OutcomeStatus = Literal["added", "replaced", "unchanged", "removed", "failed"]


class OutcomeOut(BaseModel):
    """What became of one article of a file; ``reason`` says why where it failed.

    ``name`` is where in the file it stands. ``id``, ``version`` and ``title`` are null where nothing was stored.
    """

    name: str
    status: OutcomeStatus
    id: int | None
    version: int | None
    title: str | None
    verdict: Literal["complete", "partial", "no_article"] | None
    warnings: list[str]
    reason: str

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """Return the model of an outcome."""
        stored = outcome.stored
        return cls(
            name=outcome.source.name,
            status=stored.status if stored else "failed",
            id=stored.id if stored else None,
            version=stored.version if stored else None,
            title=outcome.title or None,
            verdict=outcome.verdict.kind if outcome.verdict else None,
            warnings=list(outcome.notes),
            reason=outcome.reason,
        )


class CountsOut(BaseModel):
    """How many articles of a file came to which outcome."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: int = 0


class CollectionOut(BaseModel):
    """What became of a file of many articles, in order.

    ``complete`` is false where the time for a request was over first: sent again, the file is gone on with.
    """

    counts: CountsOut
    complete: bool
    outcomes: list[OutcomeOut]

    @classmethod
    def of(cls, outcomes: Sequence[OutcomeOut], *, complete: bool) -> Self:
        """Return the model of all outcomes."""
        counted: dict[str, int] = Counter(each.status for each in outcomes)
        return cls(counts=CountsOut(**counted), complete=complete, outcomes=list(outcomes))
