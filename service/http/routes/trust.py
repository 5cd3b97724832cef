"""Checking quotations and drafts, and resolving citations."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile

from index.errors import FormatError, QuestionError
from index.formats.reading import Original, as_draft
from index.types import Article, Span
from service.answering.verification.resolve import resolve as resolved
from service.assembly import Services
from service.http.auth import may_read
from service.http.dependencies import Asking, Assembled
from service.http.schemas.base import whole_schema
from service.http.schemas.drafts import DraftIn, DraftOut
from service.http.schemas.verification import ResolvedOut, ResolveIn, VerifiedOut, VerifyIn, VerifyOut

router = APIRouter(prefix="/v1", dependencies=[Depends(may_read)], tags=["trust"])
_OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"anyOf": [whole_schema(VerifyIn), whole_schema(DraftIn)]}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


class _File(NamedTuple):
    """A draft that came as a file, and its name."""

    data: bytes
    name: str


async def _body(request: Request) -> _File | bytes:
    """Return the file of a form, or a body of JSON unparsed: parsing takes time, and is done on the thread pool."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        return await request.body()
    async with request.form(max_files=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise FormatError("The form has no file.", remedy="Send one in the field `file`.")
        return _File(await file.read(), file.filename or "")


@router.post("/verify", openapi_extra=_BODIES, response_model=VerifyOut | DraftOut)
def verify(
    body: Annotated[_File | bytes, Depends(_body)],
    services: Assembled,
    turn: Annotated[None, Asking],  # noqa: ARG001 - waited for once the body is there
) -> VerifyOut | DraftOut:
    """Check quotations, or all that a draft quotes and reports: a text, or a file.

    Of each it is said whether an article has these words, whether it attributes them to the speaker, and what they
    leave out that changes their meaning. A draft is not kept.
    """
    if isinstance(body, _File):
        return DraftOut.of(services.drafts.check(_read(body, services)))
    try:
        given = _OBJECT.validate_json(body)
        if "text" in given and "quotes" in given:
            raise QuestionError("The request has both `text` and `quotes`.", remedy="Send one of them.")
        if "text" in given:
            return DraftOut.of(services.drafts.check(DraftIn.model_validate(given).article()))
        claims = [each.claim() for each in VerifyIn.model_validate(given).quotes]
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error
    return VerifyOut(quotes=[VerifiedOut.of(services.verifier.verify(each)) for each in claims])


def _read(file: _File, services: Services) -> Article:
    return services.ingester.read(as_draft(Original(file.data, file.name)))


@router.post("/resolve")
def resolve(body: ResolveIn, services: Assembled) -> ResolvedOut:
    """Find the words of a citation that an answer gave before: its article may have changed since."""
    given = body.citation
    return ResolvedOut.of(
        resolved(
            services.store,
            article_id=given.article_id,
            span=Span(given.start, given.end),
            sha256=given.sha256,
            version=given.version,
        )
    )
