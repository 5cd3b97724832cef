"""PDF: the text of its pages, put together from lines to paragraphs."""

import re
import threading
from collections.abc import Sequence
from ctypes import byref, c_double
from math import hypot
from typing import Any

from index.errors import FormatError
from index.formats.page.names import author_of
from index.formats.paged.capitals import with_capitals
from index.formats.paged.lines import Line
from index.formats.paged.margins import without_margins
from index.formats.paged.paragraphs import joined
from index.formats.titles import derive_title
from index.types import Article

# PDFium may be used by one thread at a time.
_LOCK = threading.Lock()
_BREAKS = frozenset([10, 13])
# What PDFium gives for a hyphen at a line's end, in the place of the break as well.
_DIVIDES = frozenset([0x02, 0xFFFE])
_LIGATURES = str.maketrans(
    dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "ff fi fl ffi ffl st st".split(), strict=True))
)
_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_UNMAPPED = 0.05
_NO_TITLE = re.compile(r"untitled|microsoft word|.*\.(?:docx?|pdf|indd|qxd|rtf|odt|tex)$|slide 1", re.IGNORECASE)


def read(data: bytes, *, name: str) -> Article:
    """Return the article in a PDF, one paragraph after another, and where each page begins.

    Page numbers and lines that head or foot many pages are left out, words that a line's end divides are joined.
    Title and author are those that the file gives; its dates are about the file, and none is taken for the day of
    publication. The text comes from PDFium. Raises FormatError where there is none, as in scanned pages.
    """
    pages, known = _lines(data, name=name)
    if not any(pages):
        raise FormatError(
            f"{name} has no text: its {len(pages)} pages are pictures, or empty.",
            remedy="Have a program for text recognition (OCR) add it, for example `ocrmypdf`.",
        )
    text, starts = joined([with_capitals(page) for page in without_margins(pages)])
    if len(_UNMAPPED.findall(text)) > _MOST_UNMAPPED * len(text):
        raise FormatError(
            f"{name} does not say which characters its fonts show.",
            remedy="Have a program for text recognition (OCR) read it, for example `ocrmypdf --force-ocr`.",
        )
    title = " ".join(known.get("Title", "").split())
    title = "" if _NO_TITLE.match(title) else title
    return Article(
        text=text,
        title=title or derive_title(text),
        title_given=bool(title),
        author=author_of([known.get("Author", "")]) or None,
        pages=tuple(starts),
        notes=_notes([number for number, lines in enumerate(pages, start=1) if not lines]),
    )


def _notes(empty: Sequence[int]) -> tuple[str, ...]:
    if not empty:
        return ()
    which = ", ".join(map(str, empty[:10])) + (", …" if len(empty) > 10 else "")
    return (f"{len(empty)} of its pages have no text ({which}): they may be scanned.",)


def _lines(data: bytes, *, name: str) -> tuple[list[list[Line]], dict[str, str]]:
    # Imported here because most articles are no PDFs.
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
            try:
                return [_lines_of(document[number]) for number in range(len(document))], document.get_metadata_dict()
            finally:
                document.close()
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise FormatError(f"{name} is locked with a password.", remedy="Save it without one first.") from error
            raise FormatError(f"{name} is no PDF that can be read: {error}.", remedy="Save it anew as PDF.") from error


def _lines_of(page: Any) -> list[Line]:  # noqa: ANN401 - pypdfium2 has no types
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        codes = [raw.FPDFText_GetUnicode(text.raw, at) for at in range(text.count_chars())]
        lines, start = [], 0
        for at in [*(at for at, code in enumerate(codes) if code in _BREAKS | _DIVIDES), len(codes)]:
            end = at + (at < len(codes) and codes[at] in _DIVIDES)
            shown = [at for at in range(start, end) if codes[at] != 32]
            if shown:
                left, base = _origin(text, shown[0])
                right = text.get_charbox(shown[-1])[2]
                size = _size(text, shown[0])
                lines.append(Line(_decoded(codes[start:end]), left, right, base, size))
            start = at + 1
        return [line for line in lines if line.text]
    finally:
        text.close()
        page.close()


def _origin(text: Any, at: int) -> tuple[float, float]:  # noqa: ANN401 - as above
    from pypdfium2 import raw

    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(text.raw, at, byref(x), byref(y))
    return x.value, y.value


def _size(text: Any, at: int) -> float:  # noqa: ANN401 - as above
    """Return the size of a character's font as drawn: its nominal size times its scale."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    scaled = raw.FPDFText_GetMatrix(text.raw, at, byref(matrix))
    drawn = raw.FPDFText_GetFontSize(text.raw, at) * (hypot(matrix.c, matrix.d) if scaled else 1.0)
    return max(float(drawn), 0.1)


def _decoded(codes: Sequence[int]) -> str:
    """Return the text of the codes, some of which are halves of a surrogate pair; ligatures are taken apart."""
    text = "".join(chr(code or 0xFFFD) for code in codes).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(text.translate(_LIGATURES).split())
