"""The types of the fields of requests."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from index.formats.decoding import non_text

LARGEST_ID = 2**53 - 1  # the largest that every JSON parser reads exactly (RFC 8259)
PRINTABLE = r"^[^\u0000]*$"
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


Day = Annotated[
    date | None,
    BeforeValidator(_iso_date),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}, {"type": "null"}],
            "description": "a day as YYYY-MM-DD; of a time in ISO 8601, its day",
        }
    ),
]
Text = Annotated[str, AfterValidator(_is_text), Field(json_schema_extra={"pattern": PRINTABLE})]
ShortText = Annotated[Text, Field(max_length=2_000)]
ADDRESS = r"^[hH][tT][tT][pP][sS]?://[^\s/<>\"]+(/[^\s<>\"]*)?$"
"""An address on the web, as ``check_article`` wants it."""
Address = Annotated[ShortText, Field(json_schema_extra={"pattern": ADDRESS})]
# All parameters together have to fit into a request's line, of which the server reads 64 kB.
Publishers = Annotated[list[Annotated[Text, Field(max_length=100)]] | None, Query(max_length=20)]
"""Publishers as a query's parameters."""
