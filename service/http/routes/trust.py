"""Checking quotations, and what became of citations."""

from fastapi import APIRouter, Depends

from index.types import Span
from service.answering.verification.resolve import resolve as resolved
from service.http.auth import may_read
from service.http.routes.dependencies import Assembled
from service.http.schemas.verification import ResolvedOut, ResolveIn, VerifiedOut, VerifyIn, VerifyOut

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["trust"])


@router.post("/verify")
def verify(body: VerifyIn, services: Assembled) -> VerifyOut:
    """Tell of each quotation whether an article has these words, and whether it gives them as the speaker's."""
    return VerifyOut(quotes=[VerifiedOut.of(services.verifier.verify(each.claim())) for each in body.quotes])


@router.post("/resolve")
def resolve(body: ResolveIn, services: Assembled) -> ResolvedOut:
    """Tell what became of the words of a citation since it was given out."""
    given = body.citation
    span = Span(given.start, given.end)
    return ResolvedOut.of(resolved(services.store, article_id=given.article_id, sha256=given.sha256, span=span))
