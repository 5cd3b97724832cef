"""What a list of articles needs of any store: to choose, order and count them, and to correct what is known of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, Protocol

from index.embedding import Vectors
from index.types import Article, ArticleSummary, Stored

OrderBy = Literal["added", "published", "title", "publisher"]
LONGEST_KEY = 200
"""How many characters of a title put it in its place."""

_PHRASE = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True)
class Choice:
    """Which articles to list; an empty field excludes nothing, days are inclusive.

    ``words`` stand in an article's title or text, each of them, and those in quotation marks side by side; or all of
    it is a part of the title. ``publishers`` are whole names. ``kinds`` are those of ``Article.kind``.
    ``embargoed`` lists those under embargo as well.
    """

    words: str = ""
    publishers: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    kinds: tuple[str, ...] = ()
    embargoed: bool = False

    @property
    def phrases(self) -> list[str]:
        """The words and phrases that each must stand in an article."""
        found = (quoted or word for quoted, word in _PHRASE.findall(self.words))
        return [each for each in found if any(character.isalnum() for character in each)]


class Order(NamedTuple):
    """In which order to list articles; of equal ones, and by "added", in the order in which they came.

    Those without a day, or a publisher, come last either way.
    """

    by: OrderBy = "added"
    descending: bool = False


class Place(NamedTuple):
    """Where an article stands in an order: whether it lacks what is ordered by, what that is, and its id."""

    lacks: bool
    value: str
    article_id: int


class Listed(NamedTuple):
    """An article in a list, and its place there."""

    article: ArticleSummary
    place: Place


class CitedName(NamedTuple):
    """A speaker's name in one article, and how often it is cited there."""

    name: str
    article_id: int
    times: int


class PublisherCount(NamedTuple):
    """A publisher, as most of its articles have its name, and how many these are."""

    name: str
    articles: int


@dataclass(frozen=True)
class Facets:
    """What there is to choose from: how many articles of how many publishers, of which days and kinds.

    ``kinds`` are (kind, number of articles), the most frequent first.
    """

    articles: int
    publishers: int
    first_day: date | None
    last_day: date | None
    kinds: tuple[tuple[str, int], ...]


class Catalogue(Protocol):
    """Lists articles, and corrects what is known of them. All methods raise StoreError where the store fails."""

    def list(self, choice: Choice, *, order: Order, limit: int, after: Place | None = None) -> Sequence[Listed]:
        """Return at most ``limit`` of the articles chosen, in order; ``after`` is the place of the last one before."""

    def count(self, choice: Choice) -> int:
        """Return how many articles are chosen."""

    def ids(self, choice: Choice) -> Sequence[int]:
        """Return the ids of the articles that are chosen, in order."""

    def publishers(self) -> Sequence[PublisherCount]:
        """Return every publisher, those of the most articles first."""

    def facets(self) -> Facets:
        """Return what there is to choose from."""

    def edit(self, article: Article, vectors: Vectors | None) -> Stored | None:
        """Commit what is known of an article beside its text as its next version; None if it has changed meanwhile.

        Its ``version`` says what it was made of, its text is that one's. ``vectors`` (one for each of its passages) are
        given where the title that is embedded is another. Raises ArticleError where another article has its key, and
        NotFoundError.
        """


def facets_of(
    counted: tuple[int, str | None, str | None], *, publishers: int, kinds: Sequence[tuple[str, int]]
) -> Facets:
    """Return the facets of the number of articles with their first and last day, as they are written."""
    articles, *days = counted
    first, last = (date.fromisoformat(each) if each else None for each in days)
    return Facets(articles, publishers, first, last, tuple(sorted(kinds, key=lambda each: (-each[1], each[0]))))
