"""What kind of XML a file is, by its root element."""

import re

_OPENING = 4_000
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_ASIDE = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
_TAG = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")


def root_of(data: bytes) -> str:
    """Return the name of the root element in small letters, without its prefix; "" where there is none near the top."""
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "latin-1")
    opening = data[:_OPENING].decode(encoding, "replace").lstrip()
    while aside := next((each for each in _ASIDE if opening.startswith(each[0])), None):
        _, ended, opening = opening.partition(aside[1])
        opening = opening.lstrip() if ended else ""
    tag = _TAG.match(opening)
    return tag[1].lower() if tag else ""
