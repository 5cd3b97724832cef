"""A place where an article stands, in a file or on the web."""

from collections.abc import Callable
from dataclasses import dataclass

from index.errors import FormatError
from index.formats.reading import Original

LARGEST = 200_000_000
SUSPICIOUS = 1_000_000
MOST_PACKED = 200


@dataclass(frozen=True)
class Source:
    """A place where an article stands: ``name`` for people, ``origin`` its URI, ``weight`` its bytes on disk.

    ``load`` returns the original, to be read by ``reading.read``, or raises FormatError.
    """

    name: str
    origin: str
    weight: int
    load: Callable[[], Original]


def failing(name: str, origin: str, error: FormatError, *, weight: int = 0) -> Source:
    """Return a source that raises ``error`` when it is loaded."""

    def load() -> Original:
        raise error

    return Source(name, origin, weight, load)


def too_large(name: str, size: int) -> FormatError:
    """Return the error for a file of ``size`` bytes."""
    return FormatError(
        f"{name} has {size / 1_000_000:,.0f} MB; at most {LARGEST // 1_000_000} are read.", remedy="Divide it."
    )


def require_believable(unpacked: int, packed: int) -> None:
    """Raise OSError where so many bytes came out of so few that they are made to fill a memory."""
    if unpacked > max(SUSPICIOUS, MOST_PACKED * packed):
        raise OSError(f"it unpacks to more than {MOST_PACKED} times its size")
