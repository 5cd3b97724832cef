"""Superscripts, subscripts and fractions as the characters that Unicode has for them."""

import re
import unicodedata

_UP = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_DOWN = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_FRACTION = re.compile("([⁰¹²³⁴⁵⁶⁷⁸⁹]+) ?[/⁄∕] ?([₀₁₂₃₄₅₆₇₈₉]+)")
_WORDS = re.compile(r"[^\W\d_]{2,}|[®©™℠ªº°]")
_VULGAR = {
    unicodedata.normalize("NFKC", chr(code)): chr(code) for code in (*range(0xBC, 0xBF), *range(0x2150, 0x215F), 0x2189)
}


def superscript(text: str) -> str:
    """Return raised ``text``: digits and signs as superscripts, a word ("th", "TM") as it is, anything else behind ^.

    Without text it is "".
    """
    return _shifted(text, _UP, "^")


def subscript(text: str) -> str:
    """Return lowered ``text``: digits and signs as subscripts, a word as it is, anything else behind _."""
    return _shifted(text, _DOWN, "_")


def with_fractions(text: str) -> str:
    """Return ``text`` with a raised number over a lowered one as a fraction: "½" where Unicode has it, or "3⁄16"."""
    return _FRACTION.sub(_fraction, text)


def _shifted(text: str, shifted: dict[str, str], mark: str) -> str:
    text = "".join(text.split())
    if not text or _WORDS.fullmatch(text):
        return text
    if all(each in shifted for each in text):
        return "".join(shifted[each] for each in text)
    if mark == "_" or len(text) == 1:
        return text
    return f"{mark}{text}" if text.isalnum() else f"{mark}({text})"


def _fraction(match: re.Match[str]) -> str:
    above, below = (unicodedata.normalize("NFKC", part) for part in match.groups())
    vulgar = _VULGAR.get(f"{above}⁄{below}")
    # Behind a whole number a fraction of full-size digits would be another number.
    before = match.string[: match.start()]
    return vulgar or f"{' ' if before[-1:].isdigit() else ''}{above}⁄{below}"
