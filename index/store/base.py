"""What ingestion and search need of any store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from index.embedding import Vectors
from index.store.catalogue import Catalogue, CitedName
from index.store.kept.base import KeptAnswers
from index.types import (
    Annotations,
    Article,
    ArticleSummary,
    Attribution,
    Filters,
    History,
    Passage,
    PassageSpan,
    Revision,
    Stance,
    Stored,
)


class EmbeddingModel(NamedTuple):
    """The embedding model that made a store's vectors."""

    name: str
    dimension: int


class Counts(NamedTuple):
    """How much a store holds."""

    articles: int
    passages: int


class SayingPlace(NamedTuple):
    """Where a saying stands in the order of all.

    ``day`` is the article's ("9999-99-99" where it has none), ``number`` the attribution's own.
    """

    day: str
    article_id: int
    number: int


class Saying(NamedTuple):
    """What an article attributes to a speaker, and its place among all sayings."""

    article: Article
    attribution: Attribution
    place: SayingPlace


@dataclass(frozen=True)
class Candidates:
    """What one search found, from one state of the store.

    ``dense`` and ``lexical`` are (passage id, score), best first: cosine similarity in [-1, 1], and BM25,
    above 0. ``passages`` and ``articles`` hold every one that is named; ``attributions`` has, by passage id, those
    with words in it. ``stories`` maps an article's id to the number that it shares with articles
    that are nearly the same. ``articles_searched`` counts those that pass the filters, of ``articles_stored``. No
    sentence of a passage holds furniture; ``left_out`` counts the passages that are nothing else, which are not named.
    """

    dense: list[tuple[int, float]]
    lexical: list[tuple[int, float]]
    passages: dict[int, Passage]
    articles: dict[int, Article]
    attributions: dict[int, tuple[Attribution, ...]]
    stances: dict[int, tuple[Stance, ...]]
    stories: dict[int, int]
    articles_searched: int
    articles_stored: int
    left_out: int = 0


Embed = Callable[[Article, Sequence[Passage]], Vectors]
"""Makes the vectors of some passages of an article: shape ``(len(passages), dimension)``."""

NOT_ANNOTATED = Annotations("")


class Given(NamedTuple):
    """The largest ids that a store has ever given; none of them, nor a lower one, is given again."""

    article: int
    passage: int


@dataclass(frozen=True)
class Record:
    """All that a store keeps of an article: what another store needs to be the same.

    ``vectors`` has one row for each of the ``passages``, in their order.
    """

    article: Article
    passages: tuple[Passage, ...]
    vectors: Vectors
    annotations: Annotations
    revisions: tuple[Revision, ...]
    story: int | None


class Transfer(Protocol):
    """Reads and writes whole records, ids and versions included, so that one store can become a copy of another."""

    def given(self) -> Given:
        """Return the largest ids that were ever given."""

    def record(self, article_id: int) -> Record:
        """Return all that is kept of an article. Raises NotFoundError."""

    def begin(self, source: str) -> None:
        """Make an empty store ready to become a copy of ``source``, or go on where copying it was interrupted.

        Raises StoreUnavailableError if the store holds anything else.
        """

    def write(self, records: Sequence[Record]) -> None:
        """Commit records in one transaction, each in place of what is there under its article's id."""

    def finish(self, given: Given) -> None:
        """End copying: make searches quick, and give no id again that was ``given`` in the source."""


class Store(Protocol):
    """Keeps articles with their passages and vectors, and searches the passages.

    Every method is safe to call from any thread. A write is all or nothing, and visible to every search that
    begins after it. All methods raise StoreUnavailableError, StoreBusyError or StoreCorruptError where the
    store itself fails.
    """

    def model(self) -> EmbeddingModel | None:
        """Return the model that made the vectors; None while there are none."""

    def bind(self, name: str, dimension: int | None = None) -> None:
        """Declare the model that makes the vectors of passages and of searches.

        Without ``dimension`` only the name is compared, so that a mismatch is an error before a model is loaded. Raises
        ModelMismatchError if vectors of another model are there.
        """

    def status(self, article: Article) -> Stored:
        """Return what ``put`` would do with ``article`` (id and version are 0 for a new one)."""

    def from_original(self, origin: str | None, original: str) -> Stored | None:
        """Return the article that was read at ``origin`` from bytes with the SHA-256 ``original``, or None.

        Without an origin it is one that was sent.
        """

    def origins(self, under: str) -> list[tuple[int, str]]:
        """Return (id, origin) of the articles read at the URI ``under``: from that file, or from inside it."""

    def near_duplicates(self, article_id: int) -> list[int]:
        """Return the ids of the articles of the same story; none for an unknown article.

        They have 90% of their words in common with this one, or with another of them.
        """

    def copies(self, article_id: int, *, filters: Filters) -> tuple[Article, ...]:
        """Return the articles of ``near_duplicates`` that pass the filters, a hundred of them at most."""

    def adopt(self, article_id: int, *, key: str, origin: str, original: str) -> None:
        """Change the key and origin of an article whose file was renamed; its version stays.

        Nothing is done if another article has the key.
        """

    def put(
        self,
        article: Article,
        passages: Sequence[PassageSpan],
        vectors: Vectors,
        *,
        annotations: Annotations = NOT_ANNOTATED,
    ) -> Stored:
        """Commit an article, its passages, their vectors (shape ``(len(passages), dimension)``) and its annotations.

        The same key with another text or other metadata replaces the article: same id, next version. The same
        text under another key changes nothing, and the article that is there is returned.
        """

    def remove(self, article_id: int) -> None:
        """Remove an article with its passages and vectors. Raises NotFoundError.

        None of its words stays in a file. While someone is reading they stay until the next removal, or the next start.
        """

    def remove_all(self, article_ids: Sequence[int]) -> None:
        """Remove several articles as ``remove`` does, in one commit; those that are gone already make no difference."""

    def article(self, article_id: int, *, embargoed: bool = False) -> Article:
        """Return an article. Raises NotFoundError, and EmbargoedError for one that must not be quoted yet.

        ``embargoed`` returns such a one all the same, to work on it: nothing of it may be shown.
        """

    def history(self, article_id: int) -> History:
        """Return an article and its former versions; the article is None if it was removed.

        Raises NotFoundError if no article ever had this id, and EmbargoedError.
        """

    def articles(self, *, limit: int, after: int = 0) -> list[ArticleSummary]:
        """Return at most ``limit`` articles whose id is above ``after``, by id, those under embargo included."""

    def passages(self, article_id: int) -> list[Passage]:
        """Return an article's passages in order; none for an unknown article."""

    def attributions(self, article_id: int) -> list[Attribution]:
        """Return an article's attributions in order. Raises NotFoundError and EmbargoedError."""

    def stances(self, article_id: int) -> list[Stance]:
        """Return an article's stances in order. Raises NotFoundError and EmbargoedError."""

    def revision(self) -> str:
        """Return a name of the store's present state, which every write and every end of an embargo changes."""

    def cited(self) -> list[CitedName]:
        """Return every name of a speaker in every article that may be quoted."""

    def sayings(
        self, names: Sequence[str], *, filters: Filters, limit: int, after: SayingPlace | None = None
    ) -> list[Saying]:
        """Return at most ``limit`` attributions to speakers of these whole names, in order of day and place.

        ``filters`` tell which articles. Those without a day come last. ``after`` is the place of the last one before.
        """

    def annotated_otherwise(self, tagger: str, *, limit: int, after: int = 0) -> list[int]:
        """Return at most ``limit`` ids above ``after`` of articles that ``tagger`` has not annotated."""

    def annotate(self, article: Article, annotations: Annotations) -> None:
        """Replace an article's annotations; nothing is done if it has changed or gone meanwhile."""

    def counts(self) -> Counts:
        """Return how many articles and passages there are."""

    def search(self, vector: Vectors, words: Sequence[str], *, k: int, filters: Filters) -> Candidates:
        """Return the ``k`` passages nearest to ``vector`` and the ``k`` best by BM25 for any of ``words``.

        ``vector`` has shape ``(dimension,)`` and length 1. Equal scores are ordered by passage id.
        """

    def replace_vectors(self, model: EmbeddingModel, embed: Embed) -> None:
        """Replace every passage's vector by what ``embed`` makes, and the model by ``model``, in one commit.

        Searches find what was there before until then. If it is stopped in the middle, nothing has changed.
        """

    def refresh(self) -> None:
        """Bring the caches in memory to the record's state, so that the next search is quick."""

    def save_caches(self) -> None:
        """Bring the caches to the record's state and save them, so that the next start is quick.

        Words of articles that were replaced are gone from the files afterwards.
        """

    def claim(self, work: str) -> bool:
        """Whether ``work`` is this store object's to do; it is not while another, anywhere, has claimed it.

        What a process claimed is free again once it releases it or ends. An engine for one machine may let all have it.
        """

    def release(self, work: str) -> None:
        """Give back what was claimed; nothing is done if it was not."""

    def note(self, name: str) -> str:
        """Return what is noted under a name, such as how far a feed was followed; "" for nothing."""

    def set_note(self, name: str, value: str) -> None:
        """Note a value under a name, in place of the last one. Searches and copies know nothing of it."""

    def catalogue(self) -> Catalogue:
        """Return what lists the articles, and corrects what is known of them."""

    def transfer(self) -> Transfer:
        """Return what reads and writes whole records."""

    def kept(self) -> KeptAnswers:
        """Return what keeps answers as evidence."""

    def check(self) -> list[str]:
        """Compare the record with itself and with its caches; one sentence for each fault, none if sound."""

    def repair(self) -> None:
        """Rebuild from the record whatever can be rebuilt."""

    def close(self) -> None:
        """Save the caches and close every file. The store cannot be used afterwards."""
