"""The nouns of the index: frozen, and of the standard library only."""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple


class Span(NamedTuple):
    """A piece of a text: Unicode code points, ``start`` inclusive, ``end`` exclusive."""

    start: int
    end: int

    def moved(self, by: int) -> "Span":
        """Return the span ``by`` characters further on."""
        return Span(self.start + by, self.end + by)

    def holds(self, other: "Span") -> bool:
        """Whether all of ``other`` is in it."""
        return self.start <= other.start and other.end <= self.end

    def overlap(self, other: "Span") -> int:
        """Return how many characters both have."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True)
class Statement:
    """Words that an article reports as someone's: ``contents``, the words that name who (``source``), and the ``cue``.

    The spans are in the article's offsets. A content may hold another statement: its speaker is cited in turn.
    """

    source: Span
    cue: Span
    contents: tuple[Span, ...]


@dataclass(frozen=True)
class Attribution:
    """Who said some words of an article (``contents``), by name.

    ``source`` is where the article names the speaker, or refers to one named before (``resolved``). ``via`` names who
    passed the words on, if someone did.
    """

    speaker: str
    source: Span
    cue: Span
    contents: tuple[Span, ...]
    via: str | None = None
    resolved: bool = False


StanceKind = Literal["denied", "doubted", "conditional", "asked", "fictional", "retracted", "reported"]


@dataclass(frozen=True)
class Stance:
    """Words that an article does not assert (``scope``) and those that show it (``cue``), in the article's offsets.

    "reported" is a rumour, an allegation or a suspicion that nobody who is named stands behind. The scope lies in one
    sentence; the cue may lie in another, or inside the scope, as a question's "?" does.
    """

    kind: StanceKind
    cue: Span
    scope: Span


class FurnitureLine(NamedTuple):
    """A line beside an article's text: if not ``sure``, only where several articles of its site have it (``block``)."""

    start: int
    end: int
    block: int
    sure: bool


class Annotations(NamedTuple):
    """Who said what in an article, what it does not assert and what stands beside it, as ``tagger`` found them."""

    tagger: str
    attributions: tuple[Attribution, ...] = ()
    stances: tuple[Stance, ...] = ()
    furniture: tuple[FurnitureLine, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether what was read is the whole article ("complete"), "partial" or "no_article", and the reason if not."""

    kind: Literal["complete", "partial", "no_article"] = "complete"
    reason: str = ""


ANONYMOUS = "sha256:"


def hash_of(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Article:
    """An article's text and what is known about it.

    ``key`` is what the article is known by across versions: a URL, the URI of a file, or else ANONYMOUS and a hash of
    the bytes; "" until ``reading.read`` sets it. ``title_given`` is false for a title that was derived from the text.
    ``pages`` is where in the text each page begins, in order; a page without text begins where the next one does.
    ``origin`` is the URI where it was read, ``original`` the SHA-256 of the bytes there, in hexadecimal.
    ``notes`` are warnings for whoever adds it, not stored; ``kind`` is one of ``reading.KINDS``, None if not known.
    ``verdict`` says whether it is all of the article, ``warnings`` what whoever quotes it should know besides.
    ``rights`` are terms of use that came with it; before ``embargo`` (with its time zone) it must not be quoted.
    ``edition`` is which version of its story a message holds, not stored. ``id`` and ``version`` are the store's: 0
    until the article is stored; versions count from 1.
    """

    text: str
    title: str
    key: str = ""
    title_given: bool = True
    url: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: date | None = None
    pages: tuple[int, ...] = ()
    origin: str | None = field(default=None, compare=False)
    original: str | None = field(default=None, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    verdict: Verdict = Verdict()
    warnings: tuple[str, ...] = ()
    rights: str | None = None
    embargo: datetime | None = None
    kind: str | None = field(default=None, compare=False)
    edition: str = field(default="", compare=False)
    id: int = 0
    version: int = 0

    def pages_of(self, span: Span) -> tuple[int, int] | None:
        """Return the first and last page, counted from 1, that ``span`` stands on; None where there are no pages."""
        if not self.pages:
            return None
        return bisect_right(self.pages, span.start), bisect_right(self.pages, max(span.start, span.end - 1))

    def known_as(self, **stated: Any) -> "Article":  # noqa: ANN401 - the values of its fields
        """Return the article with the ``stated`` fields in place of its own; empty ones change nothing."""
        folded = {name: " ".join(each.split()) if isinstance(each, str) else each for name, each in stated.items()}
        given: dict[str, Any] = {name: value for name, value in folded.items() if value}
        if "title" in given:
            given["title_given"] = True
        return replace(self, **given)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What every quote of it must carry: that the article is not whole, and its warnings."""
        partial = (f"Only a part of the article was read: {self.verdict.reason}.",) if self.verdict.reason else ()
        return (*partial, *self.warnings)

    @property
    def given_title(self) -> str:
        """The title that came with the article; "" where it was derived, and so says nothing new."""
        return self.title if self.title_given else ""

    @cached_property
    def sha256(self) -> str:
        """Hash the text (UTF-8), in hexadecimal."""
        return hash_of(self.text.encode())


class Kept(NamedTuple):
    """Words of one version that stand in the next: ``length`` characters, from ``start`` there and ``now`` here."""

    start: int
    now: int
    length: int

    @property
    def span(self) -> Span:
        """Where they stood."""
        return Span(self.start, self.start + self.length)


class Revision(NamedTuple):
    """A former version of an article, known by its hash, and what of it stands in the version after it."""

    version: int
    sha256: str
    kept: tuple[Kept, ...]


class History(NamedTuple):
    """An article as it is now, None where it was removed, and its former versions, the oldest first."""

    article: Article | None
    revisions: tuple[Revision, ...]


@dataclass(frozen=True)
class ArticleSummary:
    """What a list of articles shows: everything but the text. ``characters`` is the text's length."""

    id: int
    version: int
    key: str
    title: str
    title_given: bool
    url: str | None
    author: str | None
    publisher: str | None
    published: date | None
    sha256: str
    characters: int
    verdict: Verdict = Verdict()
    warnings: tuple[str, ...] = ()
    rights: str | None = None
    embargo: datetime | None = None
    kind: str | None = None


@dataclass(frozen=True)
class PassageSpan:
    """Where a passage stands in its article, and its sentences' spans (in the article's offsets)."""

    start: int
    end: int
    sentences: tuple[Span, ...]
    page: int | None = None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Passage(PassageSpan):
    """A stored passage. ``id`` is never given twice, not even after the passage is removed."""

    id: int = 0
    article_id: int = 0


@dataclass(frozen=True)
class Filters:
    """Which articles to look in. An empty field excludes nothing; dates are inclusive.

    ``speakers`` keeps only what one of them said or passed on; "Trump" also means "Donald Trump". ``speaker_names`` are
    further whole names of theirs, which count where ``speakers`` are given. ``stances`` keeps only quotes of these
    stances; it narrows no search.
    """

    article_ids: tuple[int, ...] = ()
    publishers: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    speakers: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    speaker_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A passage found for a question. Scores lie in [0, 1], higher is better.

    ``dense`` is the cosine similarity of question and passage (0 where negative), ``lexical`` the BM25 score
    b mapped to b / (1 + b); None where that search did not return the passage. ``score`` is their reciprocal
    rank fusion, divided by the largest value it can take. ``attributions`` are those with words in the passage;
    ``copies`` the articles that are nearly the same as this one, with which it shares its ``story``.
    """

    article: Article
    passage: Passage
    dense: float | None
    lexical: float | None
    score: float
    attributions: tuple[Attribution, ...] = ()
    stances: tuple[Stance, ...] = ()
    story: int | None = None
    copies: tuple[Article, ...] = ()

    @property
    def text(self) -> str:
        """The passage's words."""
        return self.article.text[self.passage.start : self.passage.end]


Status = Literal["added", "unchanged", "replaced", "removed"]


class Stored(NamedTuple):
    """What became of an article handed to the store."""

    id: int
    version: int
    status: Status
