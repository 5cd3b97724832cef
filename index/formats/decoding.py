"""From bytes to text, and what is no text."""

import codecs
import re
from collections.abc import Sequence
from typing import NamedTuple

import chardet

from index.errors import FormatError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TOLD_APART = 0.1
_LATIN = ("ascii", "iso8859-1")
_NO_TEXT = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_GUESSED_BY = 200_000
_WIDE = ("utf-16", "utf-32")
_WESTERN = "windows-1252"
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_NON_TEXT = re.compile("[\0\ud800-\udfff]")


_SEVERAL_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# UTF-8 that was once decoded as Windows-1252: a first byte of several, and then as many others as it calls for.
_CONTINUED = "[\x80-\xbf" + bytes(range(0x80, 0xA0)).decode("windows-1252", "ignore") + "]"
_MOJIBAKE = re.compile(
    f"[\u00c2-\u00df]{_CONTINUED}|[\u00e0-\u00ef]{_CONTINUED}{{2}}|\u00e2\u20ac|[\u00f0-\u00f4]{_CONTINUED}{{3}}"
)
_VALID_FOR_EACH_BAD = 2
_LEAST_MOJIBAKE = 2


class Decoded(NamedTuple):
    """Text that was bytes, and what whoever adds it should know: how its encoding was guessed, what is wrong in it."""

    text: str
    notes: tuple[str, ...]


def decode(data: bytes, *, name: str, declared: Sequence[str] = ()) -> Decoded:
    """Decode ``data``, dropping a byte order mark and keeping every line ending as it stands.

    A byte order mark decides, then UTF-8, then the encodings ``declared`` in the text or beside it, each if all bytes
    fit; then UTF-8 with a few bad bytes, each of which becomes U+FFFD. Otherwise the encoding is guessed from the bytes
    (chardet), among those in use on the web. Raises FormatError
    where nothing fits: these bytes are no text.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    # Text of two or four bytes a character, without a mark, is UTF-8 as well, only that half of it are NULs.
    wide = b"\0" in data and str(_guess(data)["encoding"]).lower().startswith(_WIDE)
    for encoding in [marked] if marked else [] if wide else ["utf-8", *map(_of_the_web, declared)]:
        try:
            text = data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        return Decoded(text, garbled(text))
    if not wide and (mended := _mended(data)):
        return mended
    guess = _guess(data)
    # A few accented letters say too little; then it is the encoding that Western text mostly is in.
    encoding = (guess["encoding"] if guess["confidence"] >= _TOLD_APART else _WESTERN) or ""
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        text = "\0"
    if _CONTROLS.search(text):
        raise FormatError(f"{name} is no text in an encoding that is known.", remedy="Convert it to UTF-8 first.")
    return Decoded(text, (f"It is not in UTF-8; it was read as {encoding}, by the look of its bytes.",))


def garbled(text: str) -> tuple[str, ...]:
    """Return a note if ``text`` holds characters that were decoded in a wrong encoding before it came here."""
    found = _MOJIBAKE.findall(text)
    if len(found) < _LEAST_MOJIBAKE and "\u00e2\u20ac" not in text:
        return ()
    return (f"It seems to have been decoded wrongly before: it has {found[0]!r} in {len(found)} places.",)


def _mended(data: bytes) -> Decoded | None:
    """Return text that is UTF-8 but for a few bytes; None if it is not mostly that."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    if _CONTROLS.search(text) or len(_SEVERAL_BYTES.findall(data)) < _VALID_FOR_EACH_BAD * bad:
        return None
    which = "1 byte of it is" if bad == 1 else f"{bad:,} bytes of it are"
    return Decoded(text, (f"{which} no UTF-8, and shown as \ufffd.", *garbled(text)))


def _guess(data: bytes) -> chardet.DetectionDict:
    """Guess the encoding by the part of ``data`` around the first byte that is not ASCII."""
    first = _NOT_ASCII.search(data)
    start = max(0, first.start() - _GUESSED_BY // 4) if first else 0
    return chardet.detect(data[start : start + _GUESSED_BY], encoding_era=chardet.EncodingEra.MODERN_WEB)


def _of_the_web(encoding: str) -> str:
    """Return the encoding that browsers use for a name: the wider one for Latin-1, "" for those that are no text."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return ""
    return _WESTERN if name in _LATIN else "" if name in _NO_TEXT else encoding


def non_text(value: str) -> str | None:
    """Return what in ``value`` no text file can hold, and where; None if it is text."""
    found = _NON_TEXT.search(value)
    if not found:
        return None
    what = "a NUL byte" if found.group() == "\0" else "half of a surrogate pair"
    return f"{what} at character {found.start()}"
