"""WARC: the pages that a crawler saved."""

from collections.abc import Iterator
from typing import IO, Any, NamedTuple, Protocol
from urllib.parse import urljoin

from index.errors import FormatError

_LARGEST = 50_000_000
_SUSPICIOUS = 10_000_000
_MOST_PACKED = 200


class Saved(NamedTuple):
    """A page of a web archive: its address, its bytes and the encoding that was declared for them."""

    url: str
    data: bytes
    charset: str | None


class Choice(Protocol):
    """Which addresses of an archive are pages; ``leads`` is told where one of them redirects to."""

    def holds(self, url: str) -> bool:
        """Whether an address is that of a page."""

    def leads(self, url: str, target: str) -> None:
        """Note that an address redirects to another."""


def pages_of(file: IO[bytes], *, name: str, choice: Choice | None = None) -> Iterator[Saved]:
    """Yield the pages in HTML that were answered with 200, in order; with a ``choice``, those alone that it holds.

    Raises FormatError for what is damaged, or is packed so small that it is made to fill a memory.
    """
    # Imported here because most articles come from no web archive.
    from warcio.archiveiterator import ArchiveIterator

    unpacked = 0
    try:
        for record in ArchiveIterator(file):
            unpacked += max(0, int(record.rec_headers.get_header("Content-Length") or 0))
            if unpacked > max(_SUSPICIOUS, _MOST_PACKED * file.tell()):
                raise FormatError(f"{name} unpacks to more than {_MOST_PACKED} times its size.")
            if page := _page(record, choice):
                yield page
    except (OSError, FormatError):
        raise
    # Beside its own, warcio raises whatever a malformed header makes it stumble on.
    except Exception as error:  # noqa: BLE001
        raise FormatError(f"{name} is no web archive that can be read: {error}.", remedy="Save it anew.") from error


def _page(record: Any, choice: Choice | None) -> Saved | None:  # noqa: ANN401 - warcio has no types
    """Return the page that a record holds, if it holds one."""
    headers = record.http_headers
    if record.rec_type != "response" or headers is None:
        return None
    url, status = record.rec_headers.get_header("WARC-Target-URI") or "", headers.get_statuscode()
    if choice and status.startswith("3") and (target := headers.get_header("Location")):
        choice.leads(url, urljoin(url, target))
    kind, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    is_page = status == "200" and kind.strip().lower() in ("text/html", "application/xhtml+xml")
    if not is_page or (choice and not choice.holds(url)):
        return None
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'") or None
    return Saved(url, record.content_stream().read(_LARGEST), charset)
