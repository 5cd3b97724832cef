"""Checking quotations."""

from fastapi import APIRouter, Depends

from service.auth import may_read
from service.routes.parts import Assembled
from service.verify_schemas import VerifiedOut, VerifyIn, VerifyOut

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["trust"])


@router.post("/verify")
def verify(body: VerifyIn, parts: Assembled) -> VerifyOut:
    """Tell of each quotation whether an article has these words, and whether it gives them as the speaker's."""
    return VerifyOut(quotes=[VerifiedOut.of(parts.verifier.verify(each.claim())) for each in body.quotes])
