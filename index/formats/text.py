"""What every format shares: decoding, telling what is not text, and deriving a title."""

import re
import unicodedata

from index.errors import FormatError

TITLE_LIMIT = 90
_HEADING_LIMIT = 120
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")
_DATELINE = re.compile(r"\s*(?:[A-Z]{2,}|.*[—–-])\s*")
_NON_TEXT = re.compile("[\0\ud800-\udfff]")
_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*\r?\n")


def decode(data: bytes, *, name: str) -> str:
    """Decode UTF-8, dropping a byte order mark and keeping every line ending as it stands.

    Raises FormatError, naming the first byte that is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{name} is not UTF-8: byte 0x{data[error.start]:02x} at position {error.start} does not fit.",
            remedy="Convert it first, for example with `iconv -f WINDOWS-1252 -t UTF-8`.",
        ) from error


def non_text(value: str) -> str | None:
    """Name the first thing in ``value`` that no text file can hold, and where; None if it is text."""
    found = _NON_TEXT.search(value)
    if not found:
        return None
    what = "a NUL byte" if found.group() == "\0" else "half of a surrogate pair"
    return f"{what} at character {found.start()}"


def derive_title(text: str) -> str:
    """Make a title for a text that came without one: its heading, or else its first words.

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
