"""PDF: the text of its pages, put together from lines to paragraphs."""

import itertools
import re
import threading
from collections import Counter
from collections.abc import Sequence
from ctypes import byref, c_double
from math import hypot
from statistics import median
from typing import Any, NamedTuple

from index.errors import FormatError
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
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•‣▪◦●–—*-]\s|\(?\d{1,3}[.)]\s")
_DIVIDED = re.compile(r"(?<![^\W\d_])[^\W\d_]+[-\xad\x02\u2010\ufffe] \w+")
_HYPHENATED = re.compile(r"([^\W\d_]+)[-\xad\x02\u2010\ufffe]$")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.)\s*)?\d{1,4}(?:\s*(?:of|/|von|sur|de)\s*\d{1,4})?\W*", re.IGNORECASE
)
_NO_TITLE = re.compile(r"untitled|microsoft word|.*\.(?:docx?|pdf|indd|qxd|rtf|odt|tex)$|slide 1", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WIDER = 1.3
_USUAL = 1.2
_STEPS = 4
_LONGEST_WORD = 60
_OTHER_SIZE = 1.15
_EMPTY = 0.4


class _Line(NamedTuple):
    """A line of a page: its text, where it begins and ends, its baseline (upwards) and its font's size, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float


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
    text, starts = _joined(_without_margins(pages))
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
        author=" ".join(known.get("Author", "").split()) or None,
        pages=tuple(starts),
        notes=_notes([number for number, lines in enumerate(pages, start=1) if not lines]),
    )


def _notes(empty: Sequence[int]) -> tuple[str, ...]:
    if not empty:
        return ()
    which = ", ".join(map(str, empty[:10])) + (", …" if len(empty) > 10 else "")
    return (f"{len(empty)} of its pages have no text ({which}): they may be scanned.",)


def _lines(data: bytes, *, name: str) -> tuple[list[list[_Line]], dict[str, str]]:
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


def _lines_of(page: Any) -> list[_Line]:  # noqa: ANN401 - pypdfium2 has no types
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
                lines.append(_Line(_decoded(codes[start:end]), left, right, base, size))
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


def _without_margins(pages: Sequence[Sequence[_Line]], *, rounds: int = 2) -> list[list[_Line]]:
    """Return the pages without outermost lines that are page numbers or recur, digits aside, on many pages.

    This is done twice, since pages may be headed by two lines; no page is left without lines.
    """
    outer = [{end(page, key=lambda each: each.base) for end in (min, max)} if page else set() for page in pages]
    seen = Counter(shape for lines in outer for shape in {_shape(line) for line in lines})
    often = {shape for shape, count in seen.items() if shape and count >= max(3, len(pages) / 10)}
    kept = [
        [line for line in page if line not in outermost or not (_shape(line) in often or _numbers(line, len(pages)))]
        or list(page)
        for page, outermost in zip(pages, outer, strict=True)
    ]
    return _without_margins(kept, rounds=rounds - 1) if rounds > 1 else kept


def _shape(line: _Line) -> str:
    """Return the line with "#" for numbers, to compare; "" for a line without letters, such as one of a table."""
    shape = re.sub(r"\d+", "#", line.text.lower())
    return shape if any(character.isalpha() for character in shape) else ""


def _numbers(line: _Line, pages: int) -> bool:
    return pages > 1 and _PAGE_NUMBER.fullmatch(line.text) is not None


def _joined(pages: Sequence[Sequence[_Line]]) -> tuple[str, list[int]]:
    """Return the text of the lines, joined to paragraphs, and where in it each page begins."""
    lines = " ".join(line.text for page in pages for line in page)
    words = Counter(_WORD.findall(_DIVIDED.sub(" ", lines).lower()))
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    last: _Line | None = None
    for page in pages:
        spacing, columns, own = _spacing(page), _columns(page), length
        for number, line in enumerate(page):
            if last is not None and _begins(line, last, spacing=spacing, room=_room(last, columns) if number else 0.0):
                between = "\n\n"
            elif last is not None:
                parts[-1], between = _followed(parts[-1], line.text, words)
                length += len(parts[-1]) - len(last.text)
            else:
                between = ""
            length += len(between)
            if not number:
                own = length
            parts += [between, line.text]
            length += len(line.text)
            last = line
        starts.append(own)
    # A page without text begins where the next one does.
    for number in range(len(pages) - 2, -1, -1):
        if not pages[number]:
            starts[number] = starts[number + 1]
    return "".join(parts), starts


def _spacing(page: Sequence[_Line]) -> float:
    """Return the usual distance from one line to the next, in sizes of the font."""
    steps = [(one.base - other.base) / other.size for one, other in itertools.pairwise(page) if one.base > other.base]
    return median(steps) if len(steps) >= _STEPS else _USUAL


def _columns(page: Sequence[_Line]) -> dict[tuple[int, int], float]:
    """Return how far to the right lines reach, in points, by where they begin and their size."""
    columns: dict[tuple[int, int], float] = {}
    for line in page:
        columns[_column(line)] = max(line.right, columns.get(_column(line), 0.0))
    return columns


def _column(line: _Line) -> tuple[int, int]:
    return round(line.left / (3 * line.size)), round(line.size)


def _room(line: _Line, columns: dict[tuple[int, int], float]) -> float:
    """Return the room that a line leaves empty in its column, in points; an indented one belongs to the next column."""
    left, size = _column(line)
    return max(columns.get((near, size), 0.0) for near in (left - 1, left, left + 1)) - line.right


def _differ(line: _Line, other: _Line) -> bool:
    return max(line.size, other.size) > _OTHER_SIZE * min(line.size, other.size)


def _begins(line: _Line, last: _Line, *, spacing: float, room: float) -> bool:
    """Whether a paragraph begins at ``line``: by its distance, size, indent or mark, or by the line before.

    If its first word would have fitted into the ``room`` of the line before, that line was ended on purpose.
    """
    if _differ(line, last) or _BULLET.match(line.text):
        return True
    ended = _ENDS.search(last.text) is not None
    if line.base >= last.base:  # on the next page, or in the next column
        return ended
    if last.base - line.base > _WIDER * spacing * line.size:
        return True
    letter = (last.right - last.left) / len(last.text)
    fits = room > letter * (1 + len(line.text.split()[0]))
    indented = line.left > last.left + line.size / 2
    headed = line.text[0].isupper() and room > _EMPTY * (room + last.right - last.left)
    return (ended and (fits or indented)) or headed


def _followed(last: str, line: str, words: Counter[str]) -> tuple[str, str]:
    """Return the line before ``line`` as it is to stand, and what comes between: a space, or "" in a divided word.

    The hyphen stays where the word is written with it elsewhere, or where both its parts are words of the text.
    """
    divided = _HYPHENATED.search(last[-_LONGEST_WORD:])
    if not divided:
        return last, "" if re.search(r"\S[-—]$", last[-2:]) else " "
    first, second = divided[1].lower(), re.match(r"\w*", line)[0].lower()  # type: ignore[index]
    whole = last[:-1]
    kept = words[f"{first}-{second}"] or (words[first] and words[second])
    return whole if line[0].islower() and (words[first + second] or not kept) else f"{whole}-", ""
