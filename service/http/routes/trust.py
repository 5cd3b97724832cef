"""Checking quotations and resolving citations."""

from fastapi import APIRouter, Depends

from index.types import Span
from service.answering.verification.resolve import resolve as resolved
from service.http.auth import may_read
from service.http.dependencies import Asking, Assembled
from service.http.schemas.verification import ResolvedOut, ResolveIn, VerifiedOut, VerifyIn, VerifyOut

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["trust"])


@router.post("/verify", dependencies=[Asking])
def verify(body: VerifyIn, services: Assembled) -> VerifyOut:
    """Check whether an article has the words of each quotation, and whether it attributes them to the speaker."""
    return VerifyOut(quotes=[VerifiedOut.of(services.verifier.verify(each.claim())) for each in body.quotes])


@router.post("/resolve")
def resolve(body: ResolveIn, services: Assembled) -> ResolvedOut:
    """Find the words of a citation that an answer gave before: its article may have changed since."""
    given = body.citation
    span = Span(given.start, given.end)
    return ResolvedOut.of(resolved(services.store, article_id=given.article_id, sha256=given.sha256, span=span))
