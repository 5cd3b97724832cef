"""Web archives: the pages that a crawler saved, as WARC or as WACZ."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from index.errors import FormatError
from index.formats.collected.source import Source, failing
from index.formats.reading import Original
from index.formats.saved import wacz, warc

ENDINGS = (".warc", ".warc.gz", ".wacz")


def sources_in(file: Path) -> Iterator[Source]:
    """Yield the pages of a web archive; each is known by its address."""
    place = file.resolve().as_uri()
    number = 0
    try:
        with file.open("rb") as records:
            pages_of = wacz.pages_of if file.name.lower().endswith(".wacz") else warc.pages_of
            for page in pages_of(records, name=str(file)):
                number += 1
                name = f"{file} {page.url}"
                yield Source(name, place, 0, partial(_original, page, name=name, origin=place))
        if not number:
            raise FormatError("it holds no page that was answered with 200.", remedy="Save the pages anew.")
    except (OSError, FormatError) as error:
        what, remedy = ("cannot be read on", "What came before is added.") if number else ("cannot be used", "")
        yield failing(str(file), place, FormatError(f"{file} {what}: {error}", remedy=remedy))


def _original(page: warc.Saved, *, name: str, origin: str) -> Original:
    return Original(page.data, f"{name}.html", origin=origin, url=page.url, charset=page.charset)
