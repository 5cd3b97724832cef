"""The numbers in a text, with what they count in: 261,000, "forty million", $1.5m, 28th, 12%."""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from text_to_num import alpha2digit

_ONE = re.compile(r"(?<!ty )\bone\b(?! (?:hundred|thousand|million|billion))", re.IGNORECASE)
_ORDER = re.compile(r"\b(?:first|second)\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"(?P<sign>(?<![\w)])[-−])?(?P<before>[$€£¥])?\s?(?P<digits>\d[\d,\u00a0\u202f]*(?:\.\d+)?)"
    r"(?P<scale>\s?(?:1000(?:000){0,3}\b|trillion\b|dozen\b|tn\b|bn\b|[kKmMbB]\b))?"
    r"(?P<after>\s?(?:%|percent(?:age points?)?\b|per cent\b|dollars?\b|euros?\b|pounds?\b))?"
)
_SCALES = {"trillion": 10**12, "tn": 10**12, "bn": 10**9, "b": 10**9, "m": 10**6, "k": 1000, "dozen": 12}
_UNITS = {"dollar": "$", "euro": "€", "pound": "£", "%": "%", "percent": "%", "per cent": "%"}
_VAGUE = re.compile(
    r"\b(?:both|billions|double[ds]?|doubling|dozens?|half|halves|halved|hundreds|millions|quarters?|thirds|thousands"
    r"|tripled?|twice)\b",
    re.IGNORECASE,
)


class Quantity(NamedTuple):
    """A number and its unit: "%", a currency's sign, or "" for all others."""

    value: Decimal
    unit: str = ""

    def __str__(self) -> str:
        """Write it plainly."""
        return f"{self.value:f}{self.unit}"


def quantities(text: str) -> set[Quantity]:
    """Give the numbers in a text with their units, however they are written. "One" and "first" are none."""
    figures = alpha2digit(_ORDER.sub("", _ONE.sub("a", re.sub(r"(?<=\w)-(?=\w)", " ", text))), "en", threshold=0)
    found = set()
    for match in _QUANTITY.finditer(figures):
        try:
            value = Decimal(re.sub(r"[,\u00a0\u202f]", "", match["digits"]))
        except InvalidOperation:
            continue
        scale = (match["scale"] or "").strip().lower()
        value *= _SCALES.get(scale, int(scale) if scale.isdigit() else 1)
        after = (match["after"] or "").strip().lower()
        unit = match["before"] or next((unit for name, unit in _UNITS.items() if after.startswith(name)), "")
        found.add(Quantity((-value if match["sign"] else value).normalize(), unit))
    return found


def vague_quantities(text: str) -> set[str]:
    """Give the words that tell how much without a number: "half", "dozens", "twice"."""
    return {match.group().lower() for match in _VAGUE.finditer(text)}
