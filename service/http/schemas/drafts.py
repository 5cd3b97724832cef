"""The HTTP models of checking a draft."""

from typing import Self, get_args

from pydantic import BaseModel, Field

from index.formats.titles import derive_title
from index.types import Article
from service.answering.verification.drafts import LONGEST_DRAFT, Checked, CheckedDraft, Status
from service.answering.verification.pieces import Kind
from service.http.schemas.base import LenientModel
from service.http.schemas.fields import ShortText, Text
from service.http.schemas.verification import SPEAKER, ContextOut, DifferenceOut, MatchOut

_MOST_MATCHES = 10


class DraftIn(LenientModel):
    """A draft to check: everything in it that is quoted, or reported with a number or a date."""

    text: Text = Field(max_length=LONGEST_DRAFT)
    title: ShortText = ""

    def article(self) -> Article:
        """Return the draft as ``DraftChecker`` takes it."""
        return Article(text=self.text, title=self.title or derive_title(self.text))


class CheckedOut(BaseModel):
    """A piece of the draft with the verdict on it.

    ``text`` is what stands at ``start`` to ``end`` of the draft. ``speaker`` is whom the draft names, null where nobody
    is; ``agreement`` is whether the article cites the same: "confirmed", "unconfirmed", or who said it instead.
    ``wrong`` is whether it must not be published as it stands.
    """

    start: int
    end: int
    start_utf16: int
    end_utf16: int
    kind: Kind
    text: str
    speaker: str | None
    status: Status
    wrong: bool
    matches: list[MatchOut]
    differences: list[DifferenceOut]
    said_by: str
    agreement: str | None
    context: ContextOut | None
    warnings: list[str]

    @classmethod
    def of(cls, checked: Checked, text: str) -> Self:
        """Return the model of a piece of the draft ``text``."""
        piece, verified = checked.piece, checked.verified
        start_utf16 = _utf16(text[: piece.span.start])
        words = text[slice(*piece.span)]
        matches = verified.matches[:_MOST_MATCHES] if verified else ()
        return cls(
            start=piece.span.start,
            end=piece.span.end,
            start_utf16=start_utf16,
            end_utf16=start_utf16 + _utf16(words),
            kind=piece.kind,
            text=words,
            speaker=piece.speaker,
            status=checked.status,
            wrong=checked.is_wrong,
            matches=[MatchOut.of_match(each) for each in matches],
            differences=[DifferenceOut.of(each) for each in (verified.differences if verified else ())],
            said_by=verified.said_by if verified else "",
            agreement=(SPEAKER.get(verified.speaker, verified.said_by) if verified and verified.speaker else None),
            context=(
                ContextOut.of(verified.context, verified.matches[0].article) if verified and verified.context else None
            ),
            warnings=list(checked.warnings),
        )


class DraftOut(BaseModel):
    """A draft as it was read, and everything checked in it, in its order.

    ``summary`` counts them by status. ``wrong`` is whether any of them must not be published as it stands.
    """

    text: str
    title: str
    checked: list[CheckedOut]
    summary: dict[Status, int]
    wrong: bool
    warnings: list[str]

    @classmethod
    def of(cls, draft: CheckedDraft) -> Self:
        """Return the model of a checked draft."""
        text = draft.article.text
        return cls(
            text=text,
            title=draft.article.title,
            checked=[CheckedOut.of(each, text) for each in draft.checked],
            summary={status: draft.summary.get(status, 0) for status in get_args(Status)},
            wrong=draft.is_wrong,
            warnings=[*draft.article.notes, *draft.warnings],
        )


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
