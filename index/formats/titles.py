"""A title for a text that came without one."""

import re
import unicodedata

TITLE_LIMIT = 90
_HEADING_LIMIT = 120
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")
_DATELINE = re.compile(r"\s*(?:[A-Z]{2,}|.*[—–-])\s*")
_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*\r?\n")


def derive_title(text: str) -> str:
    """Return a title for a text that came without one: its heading, or else its first words.

    Datelines ("AP", "LONDON —") above other text are passed over. A heading is a first line of at most 120 characters
    that no sentence ends, with a blank line below it. The first words are those of the first paragraph, cut at a
    word's end to at most 90 characters, with "…" where something was cut. White space and invisible format characters
    are folded away; nothing is invented.
    """
    opening = text.lstrip()[: 20 * _HEADING_LIMIT]
    paragraphs = _BLANK_LINE.split(opening)
    with_words = [each for each in paragraphs if any(character.isalnum() for character in each)]
    first = next(
        (each for each in with_words[:-1] if not _DATELINE.fullmatch(each)), with_words[-1] if with_words else ""
    )
    is_heading = (
        first != paragraphs[-1]
        and "\n" not in first
        and len(first) <= _HEADING_LIMIT
        and not _SENTENCE_END.search(first.rstrip())
    )
    words = " ".join("".join(c for c in first if unicodedata.category(c) != "Cf").split())
    if is_heading or len(words) <= TITLE_LIMIT:
        return words
    cut = words[:TITLE_LIMIT].rpartition(" ")[0] or words[:TITLE_LIMIT]
    return cut.rstrip(",;:—–- ") + "…"
