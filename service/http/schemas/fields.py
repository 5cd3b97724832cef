"""The types of the fields of requests."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from index.formats.decoding import non_text

LARGEST_ID = 2**63 - 1
ArticleId = Annotated[int, Field(ge=1, le=LARGEST_ID)]


def _is_text(value: str) -> str:
    if found := non_text(value):
        raise ValueError(f"holds {found}")
    return value


def _iso_date(value: object) -> object:
    """Return the date of an ISO 8601 date or time. Nothing else is one: a number would pass for seconds since 1970."""
    if value in (None, "") or isinstance(value, date):
        return value or None
    try:
        return datetime.fromisoformat(str(value) if isinstance(value, str) else "").date()
    except ValueError as error:
        raise ValueError(f"{value!r} is no date; write it as YYYY-MM-DD") from error


Day = Annotated[date | None, BeforeValidator(_iso_date)]
Text = Annotated[str, AfterValidator(_is_text)]
ShortText = Annotated[Text, Field(max_length=2_000)]
