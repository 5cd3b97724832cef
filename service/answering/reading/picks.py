"""What a language model chose, read from its text."""

import json
import re
from typing import NamedTuple

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_JSON_BEGINS = re.compile(r"[\[{]\s*(?:[\[{\"\]}]|-?\d)")
_LINE = re.compile(
    r"^\W{0,3}(?:\d{1,2}[.)]\s*)?\[(?P<bracketed>\d{1,3})\](?P<words>.*)$|^(?P<id>\d{1,3})[:.)]\s+(?P<more>.*)$",
    re.MULTILINE,
)
_NOTHING = re.compile(r"\W*(?:none|nothing|no (?:sentence|answer)s?)\b[^.\n\d]{0,60}\W*", re.IGNORECASE)


class Pick(NamedTuple):
    """A sentence that the model chose, by its number in the list, and the words that it gave as the short answer."""

    number: int
    words: str


def parse_picks(text: str, *, most: int) -> list[Pick] | None:
    """Return what a model chose, best first; an empty list for "none", and None for text that is no choice.

    JSON as the schema asks for it is read, and lines such as ``3: the words``. Numbers outside 1 … ``most`` are
    dropped, and so is a number's second mention.
    """
    text = _THOUGHTS.sub("", text)
    is_json, found = _from_json(text)
    if not is_json:
        found = [
            Pick(int(match["bracketed"] or match["id"]), (match["words"] or match["more"] or "").strip(' "“”*:'))
            for match in _LINE.finditer(text)
        ]
        if not found:
            return [] if _NOTHING.fullmatch(text) else None
    elif found is None:
        return None
    picks: dict[int, Pick] = {}
    for pick in found:
        if 1 <= pick.number <= most:
            picks.setdefault(pick.number, pick)
    # A model that names nothing but sentences that do not exist has chosen nothing.
    return None if found and not picks else list(picks.values())


def _from_json(text: str) -> tuple[bool, list[Pick] | None]:
    """Return whether ``text`` holds JSON with more than a number in it, and the picks there; None for other JSON."""
    for match in _JSON_BEGINS.finditer(text):
        try:
            given, end = json.JSONDecoder().raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(given, list) and (text[: match.start()].strip(" `json\n") or text[end:].strip(" `\n")):
            continue  # "[3] the words": a number in brackets, not a list
        rows = given.get("answers") if isinstance(given, dict) else given
        if not isinstance(rows, list):
            return True, None
        picks = [pick for row in rows if (pick := _pick(row))]
        return True, picks if picks or not rows else None
    return False, None


def _pick(row: object) -> Pick | None:
    number, words = (row.get("id"), row.get("words")) if isinstance(row, dict) else (row, "")
    if isinstance(number, bool) or not re.fullmatch(r"\d{1,3}", str(number)):
        return None
    return Pick(int(str(number)), words if isinstance(words, str) else "")
