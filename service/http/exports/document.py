"""What every export is made of, whatever its format."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

STATES = {
    "current": "",
    "moved": "The article has changed since. These words stand in another place of it now.",
    "superseded": "The article has changed since, and these words with it.",
    "deleted": "The article has been removed, and its words with it.",
}
UNTITLED = "An article without a title"


class Source(NamedTuple):
    """An article as it is cited. ``name`` tells it apart in one export; ``accessed`` is the day it was quoted."""

    name: str
    title: str
    publisher: str | None
    author: str | None
    published: date | None
    url: str
    accessed: date


@dataclass(frozen=True)
class Excerpt:
    """A quotation in an export.

    ``text`` is None once its article was removed. ``link`` is its whole address on the service; ``url`` the publisher's
    page, ``url_at`` that page opened at the words. ``prefix`` and ``suffix`` are the words around it. ``state`` is what
    became of it, "" where nothing did, and ``instead`` what stands in its place now. ``notes`` are what else to know.
    """

    id: str
    number: int | None
    text: str | None
    credit: str
    source: Source
    pages: str
    start: int
    end: int
    link: str
    url: str | None
    url_at: str | None
    prefix: str
    suffix: str
    state: str = ""
    instead: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A question with its answer: ``line`` stands above the quotes, ``notes`` below."""

    heading: str
    line: str
    excerpts: tuple[Excerpt, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """All that is exported, under one ``title``; ``link`` is where it is kept, if anywhere."""

    title: str
    link: str | None
    made: date
    sections: tuple[Section, ...]
    about: tuple[str, ...] = ()

    def excerpts(self) -> Iterator[tuple[Section, Excerpt]]:
        """Yield each excerpt with its section."""
        for section in self.sections:
            for each in section.excerpts:
                yield section, each

    def sources(self) -> list[Source]:
        """Return each article once, in the order in which they are quoted."""
        return list({each.source.name: each.source for _, each in self.excerpts()}.values())


def facts(excerpt: Excerpt) -> list[str]:
    """Return what is said of an excerpt's source besides its title and its addresses."""
    source = excerpt.source
    day = source.published.isoformat() if source.published else ""
    return [each for each in (source.publisher or "", source.author or "", excerpt.pages, day) if each]
