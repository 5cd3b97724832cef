"""WARC: the pages that a crawler saved."""

from collections.abc import Iterator
from typing import IO, NamedTuple

from index.errors import FormatError

_LARGEST = 50_000_000


class Saved(NamedTuple):
    """A page of a web archive: its address, its bytes and the encoding that was declared for them."""

    url: str
    data: bytes
    charset: str | None


def pages_of(file: IO[bytes], *, name: str) -> Iterator[Saved]:
    """Yield the pages in HTML that were answered with 200, in order. Raises FormatError."""
    # Imported here because most articles come from no web archive.
    from warcio.archiveiterator import ArchiveIterator

    try:
        for record in ArchiveIterator(file):
            headers = record.http_headers
            if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
                continue
            kind, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
            if kind.strip().lower() in ("text/html", "application/xhtml+xml"):
                data = record.content_stream().read(_LARGEST)
                charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'") or None
                yield Saved(record.rec_headers.get_header("WARC-Target-URI") or "", data, charset)
    except OSError:
        raise
    # Beside its own, warcio raises whatever a malformed header makes it stumble on.
    except Exception as error:  # noqa: BLE001
        raise FormatError(f"{name} is no web archive that can be read: {error}.", remedy="Save it anew.") from error
