"""What a language model chose, read from its text."""

import json
import re
from typing import NamedTuple

_THOUGHTS = re.compile(r"<think>.*?</think>|```(?:json)?", re.DOTALL)
_OBJECT = re.compile(r"\{.*\}|\A\s*\[.*\]\s*\Z", re.DOTALL)
_LINE = re.compile(r"^\W*(?:id\W*)?(?P<id>\d{1,3})\b[\s.:)\]\"–-]*(?P<words>.*)$", re.MULTILINE)
_NOTHING = re.compile(r"\b(?:none|nothing|no (?:sentence|answer)s?)\b", re.IGNORECASE)


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
    found = _from_json(text)
    if found is None:
        found = [Pick(int(match["id"]), match["words"].strip(' "“”*')) for match in _LINE.finditer(text)]
        if not found:
            return [] if _NOTHING.search(text) else None
    picks: dict[int, Pick] = {}
    for pick in found:
        if 1 <= pick.number <= most:
            picks.setdefault(pick.number, pick)
    # A model that names nothing but sentences that do not exist has chosen nothing.
    return None if found and not picks else list(picks.values())


def _from_json(text: str) -> list[Pick] | None:
    match = _OBJECT.search(text)
    try:
        given = json.loads(match.group()) if match else None
    except (ValueError, RecursionError):
        return None
    rows = given.get("answers") if isinstance(given, dict) else given
    if not isinstance(rows, list):
        return None
    picks = [pick for row in rows if (pick := _pick(row))]
    return picks if picks or not rows else None


def _pick(row: object) -> Pick | None:
    number, words = (row.get("id"), row.get("words")) if isinstance(row, dict) else (row, "")
    if isinstance(number, bool) or not re.fullmatch(r"\d{1,3}", str(number)):
        return None
    return Pick(int(str(number)), words if isinstance(words, str) else "")
