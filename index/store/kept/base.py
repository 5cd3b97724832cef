"""What a store does for answers that are kept as evidence, and their nouns."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from index.types import Span


@dataclass(frozen=True)
class KeptQuote:
    """A quotation of a kept answer: its citation, its source, and in ``content`` all that was said of it.

    ``content`` and, where it was made of the article's first words, ``title`` are None once the article was removed.
    """

    article_id: int
    version: int
    sha256: str
    span: Span
    title: str | None
    title_given: bool
    published: date | None
    content: str | None


@dataclass(frozen=True)
class KeptAnswer:
    """An answer as it was given: its ``facts``, its ``words`` and its quotations in order.

    ``words`` is what may repeat words of the articles, such as the line above the quotes: None once one of them was
    removed. To the store, ``facts``, ``words`` and a quote's ``content`` are plain text.
    """

    id: str
    kept: datetime
    question: str
    facts: str
    words: str | None
    quotes: tuple[KeptQuote, ...]


class KeptPlace(NamedTuple):
    """Where a kept answer stands among all, the newest first; ``kept`` is an instant in UTC, as ISO 8601."""

    kept: str
    id: str


class KeptSummary(NamedTuple):
    """What a list of kept answers shows."""

    id: str
    kept: datetime
    question: str
    place: KeptPlace


class KeptAnswers(Protocol):
    """Keeps answers. When an article is removed, ``Store.remove`` takes its words from them, in the same commit."""

    def seal(self) -> bytes:
        """Return the store's secret, by which its service knows the answers that it gave."""

    def put(self, answer: KeptAnswer) -> None:
        """Keep an answer, in place of what was kept under its id, but for words of articles that are gone."""

    def get(self, answer_id: str) -> KeptAnswer:
        """Return an answer. Raises NotFoundError."""

    def list(self, *, limit: int, after: KeptPlace | None = None) -> list[KeptSummary]:
        """Return at most ``limit`` answers, the newest first; ``after`` is the place of the last one before."""

    def count(self) -> int:
        """Return how many are kept."""

    def remove(self, answer_id: str) -> None:
        """Remove an answer. Raises NotFoundError."""
