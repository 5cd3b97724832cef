"""The numbers in a text, with what they count in: 261,000, "forty million", $1.5m, 28th, at least 12%."""

import re
from decimal import Decimal
from typing import NamedTuple

from text_to_num import alpha2digit, text2num

_NUMBER = r"\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CURRENCY = r"(?:US|A|C|HK|NZ|R|S)?\$|[€£¥]"
_AFTER = (
    r"%|percentage points?\b|percent\b|per cent\b|[€£]"
    r"|(?:(?:US|America|American|Canadian|Australian) )?dollars?\b|euros?\b|pounds?\b(?! of)"
)
_QUANTITY = re.compile(
    rf"(?P<sign>(?<![\w)])[-−])?(?P<before>{_CURRENCY})?\s?(?P<digits>{_NUMBER})"
    r"(?P<scale>\s?(?:1000(?:000){0,3}\b|trillion\b|dozen\b|tn\b|bn\b)|[kKmMbB]\b)?"
    rf"(?P<after>\s?(?:{_AFTER})|s\b)?"
)
_RANGE = re.compile(
    rf"(?<!\d)(?<!\d\s)(?P<before>{_CURRENCY})?(?P<first>{_NUMBER})\s?(?:-|–|to|or|and)\s?(?:{_CURRENCY})?(?P<second>{_NUMBER})"
    rf"(?P<after>(?:\s?1000(?:000){{0,3}}\b)?\s?(?:{_AFTER})?)"
)
_SCALES = {"trillion": 10**12, "tn": 10**12, "bn": 10**9, "b": 10**9, "m": 10**6, "k": 1000, "dozen": 12}
_UNITS = {
    "percentage": "points", "%": "%", "percent": "%", "per cent": "%", "€": "€", "euro": "€", "£": "£", "pound": "£",
    "canadian": "C$", "australian": "A$", "dollar": "$", "us": "$", "america": "$", "s": "s",
}  # fmt: skip
_AT_LEAST = r"more than|over|above|at least|exceed(?:s|ed|ing)?|upwards of|no (?:fewer|less) than"
_AT_MOST = r"(?:fewer|less) than|under|below|at most|up to|as many as|as much as|a maximum of|no more than"
_BEFORE = re.compile(rf"\b(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST}))(?: an?| the| about)?\s?$", re.IGNORECASE)
_BEHIND = re.compile(r"\s(?:or|and) (?:(?P<least>more|higher|older|above)|(?P<most>fewer|less|lower|younger|below))\b")
# A pronoun, not a number: "one of the men", "no one", "the one who". "First, …" counts nothing either.
_NO_NUMBER = re.compile(
    r"\b(?:no|any|every|some|each|this|that|the|another|which) ones?\b"
    r"|(?<!ty[- ])\bone (?:of|another|day|can|should|must)\b"
    r"|\bone['’]s\b|\b(?:at first|first of all|in the first place|for the first time)\b|^first(?:ly)?,",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:(?P<many>a|one|two|three|four)[ -](?P<part>half|third|quarter|fifth|tenth)s?(?= of\b|-)"
    r"|(?P<many_>one|two|three|four)-(?P<part_>third|quarter|fifth|tenth)s?\b)",
    re.IGNORECASE,
)
_GLYPHS = {"½": ".5", "¼": ".25", "¾": ".75", "⅓": ".333", "⅔": ".667"}
_VAGUE = re.compile(
    r"\b(?:both|billions|double[ds]?|doubling|dozens|half|halves|halved|hundreds|millions|quarters?|thirds|thousands"
    r"|tripled?|twice)\b",
    re.IGNORECASE,
)


class Quantity(NamedTuple):
    """A number and its unit, "%", a currency's sign, or "" for all others; ``bound`` is ">" for "at least", or "<"."""

    value: Decimal
    unit: str = ""
    bound: str = ""


def quantities(text: str) -> set[Quantity]:
    """Give the numbers in a text with their units and bounds, however they are written."""
    figures = in_figures(text)
    found: set[Quantity] = set()
    # "$5 to 10 million": what stands once counts for both.
    for match in _RANGE.finditer(figures):
        before, after = match["before"] or "", match["after"].rstrip()
        if before or after:
            wholes = [f"{before}{number}{after}" for number in (match["first"], match["second"])]
            found |= {_quantity(each, whole) for whole in wholes for each in _QUANTITY.finditer(whole)}
            figures = figures.replace(match.group(), " " * len(match.group()), 1)
    return found | {_quantity(match, figures) for match in _QUANTITY.finditer(figures)}


def vague_quantities(text: str) -> set[str]:
    """Give the words that tell how much without a number: "half", "dozens", "two thirds"."""
    text = _halves(text)
    fractions = {" ".join(filter(None, match.groups())).lower() for match in _FRACTION.finditer(text)}
    return fractions | {match.group().lower() for match in _VAGUE.finditer(_FRACTION.sub("", text))}


def in_figures(text: str) -> str:
    """Write number words as figures: "two and a half million" is "2.5 1000000"."""
    text = text.encode(errors="replace").decode()
    for glyph, value in _GLYPHS.items():
        text = re.sub(rf"(?<=\d)\s?{glyph}", value, text).replace(glyph, f"0{value}")
    text = _FRACTION.sub("", _NO_NUMBER.sub("", _halves(text)))
    text = re.sub(r"\ba (?=(?:dozen|hundred|thousand|[mbtr]+illion)\b)", "one ", text, flags=re.IGNORECASE)
    text = re.sub(r"\bminus (?=\w)", "-", text, flags=re.IGNORECASE)
    return str(alpha2digit(re.sub(r"(?<=[^\W\d])-(?=[^\W\d])", " ", text), "en", threshold=0))


def _halves(text: str) -> str:
    """Write "half a million" as 0.5 million, and "one and a half" as 1.5."""
    text = re.sub(r"\b(?:a )?half (?:a )?(?=million|billion|trillion|dozen)", "0.5 ", text, flags=re.IGNORECASE)
    return re.sub(r"\b(\w+) and a half\b", _and_a_half, text, flags=re.IGNORECASE)


def _and_a_half(match: re.Match[str]) -> str:
    try:
        return f"{match[1] if match[1].isdigit() else text2num(match[1].lower(), 'en')}.5"
    except ValueError:
        return match.group()


def _quantity(match: re.Match[str], figures: str) -> Quantity:
    value = _value(match["digits"])
    scale = (match["scale"] or "").strip().lower()
    value *= _SCALES.get(scale, int(scale) if scale.isdigit() else 1)
    after = (match["after"] or "").strip().lower()
    unit = match["before"] or next((unit for name, unit in _UNITS.items() if after.startswith(name)), "")
    limit = _BEFORE.search(figures, max(0, match.start() - 30), match.start()) or _BEHIND.match(figures, match.end())
    bound = "" if not limit else ">" if limit["least"] else "<"
    signed = -value if match["sign"] else value
    return Quantity(signed.normalize(), "$" if unit == "US$" else unit, bound)


def _value(digits: str) -> Decimal:
    return Decimal(re.sub(r"[,\u00a0\u202f]", "", digits))
