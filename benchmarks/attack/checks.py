"""Schemathesis's check that what fits the document is accepted, but for rules that no JSON schema can state.

A document with a fault in one of these rules is refused with 400 or 422, and says which rule it is.
"""

import re
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import positive_data_acceptance

_RULES = re.compile(
    "|".join(
        (
            "The question (?:is empty|has no words)",  # of white space, signs or invisible characters only
            "published_from .* is after published_to",
            "[Tt]here are no words at",  # a span ends before it begins
            "The quotation .*(?:has no words|is empty)",
            "is no cursor",
            "which version is meant",
            "The draft has no words",
            # An answer is sent back as it came.
            "The answer is not as this service gave it",
            "does not stand at",
            "The last message is not the user's",
            "tool_choice is",  # names a tool that is not given
            "The response format .* is none of",
            "files that end in .* are not supported",
            "may hold many articles",  # by its ending, and the form has fields that are of one
            "(?:has|holds) no (?:article )?text",
            "give either text or html, or a url",
        )
    )
)


def accepts_what_fits(ctx: Any, response: Any, case: Any) -> bool | None:  # noqa: ANN401
    """Fail where a request that fits the document is refused, by another rule than those above."""
    try:
        return bool(positive_data_acceptance(ctx, response, case))
    except Failure:
        if response.status_code in (400, 422) and _RULES.search(response.text):
            return None
        raise


schemathesis.check(accepts_what_fits)
