"""Words that name days by the day on which they are said: "this week", "recently"."""

import re
from collections.abc import Iterator

_WORDS = re.compile(
    r"\b(?:(?P<today>today|tonight|this (?:morning|afternoon|evening))|(?P<yesterday>yesterday|last night)"
    r"|(?P<this_week>(?:(?:earlier|later|late) )?this (?:past )?week(?:end)?|(?:the )?(?:past|last) few days"
    r"|(?:in )?recent days)"
    r"|(?P<last_week>(?:(?:earlier|late) )?(?:the )?(?:last|past) week(?:end)?)"
    r"|(?P<lately>(?<!most )recent(?:ly)?|lately|(?:in )?recent weeks|(?:(?:earlier|later|late) )?this (?:past )?month"
    r"|the past month)"
    r"|(?P<last_month>(?:(?:earlier|late) )?last month)|(?P<this_year>(?:(?:earlier|later|late) )?this year)"
    r"|(?P<last_year>(?:late )?last year)|(?P<next>next (?:week(?:end)?|month|year)))(?:['’]s)?\b(?! of\b)",
    re.IGNORECASE,
)


def relative_times(text: str) -> Iterator[re.Match[str]]:
    """Yield each such place of ``text``; the match's ``lastgroup`` names the stretch of time ("this_week").

    A capital letter inside a sentence makes it a name ("USA Today"), which is left out.
    """
    return (match for match in _WORDS.finditer(text) if match.start() == 0 or match.group()[0].islower())
