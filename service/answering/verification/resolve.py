"""What became of a citation after its article changed: promise 2, a citation survives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.errors import QuestionError
from index.store.base import Store
from index.text.sentences import split_sentences
from index.types import Article, Kept, Revision, Span

CitationStatus = Literal["current", "moved", "superseded", "deleted"]
_FEWEST = 12


@dataclass(frozen=True)
class Resolved:
    """What became of a citation.

    ``current``: its words stand where they stood. ``moved``: they stand at ``span`` of the article as it is now.
    ``superseded``: they are gone; at ``span``, if anywhere, stand the sentences in their place. ``deleted``: the
    article is gone.
    """

    status: CitationStatus
    article: Article | None = None
    span: Span | None = None


def resolve(store: Store, *, article_id: int, span: Span, sha256: str = "", version: int | None = None) -> Resolved:
    """Return what became of the words at ``span`` of the version with this hash, or its first digits.

    Without a hash it is the one with this number. A version that the store does not know counts as superseded, without
    a span. Raises NotFoundError for an article that never existed, and QuestionError for a span beyond the end of its
    text, or for digits that begin the hashes of several versions.
    """
    article, revisions = store.history(article_id)
    if article is None:
        return Resolved("deleted")
    among: list[Article | Revision] = [*revisions, article]
    cited = [each for each in among if (each.sha256.startswith(sha256) if sha256 else each.version == version)]
    if len({each.sha256 for each in cited}) > 1:
        raise QuestionError(
            f"{sha256} begins the hashes of several versions of article {article_id}.", remedy="Send the whole hash."
        )
    if cited and cited[-1].sha256 == article.sha256:
        if not 0 <= span.start < span.end <= len(article.text):
            raise QuestionError(
                f"There are no words at {span.start} to {span.end} of article {article_id}: it ends at"
                f" {len(article.text)}.",
                remedy="Send the citation as it was given out.",
            )
        return Resolved("current", article, span)
    if not cited:
        return Resolved("superseded", article)
    since = max(at for at, each in enumerate(revisions) if each.sha256 == cited[-1].sha256)
    place: Span | None = span
    whole = True
    for revision in revisions[since:]:
        if place is not None:
            after = _after(revision, place)
            whole = whole and after is not None
            place = after or _in_its_place(revision, place)
    if place is None or not whole:
        return Resolved("superseded", article, _sentences(article.text, place))
    return Resolved("current" if place == span else "moved", article, place)


def _after(revision: Revision, span: Span) -> Span | None:
    """Return where the words stand in the next version; None unless they stand there whole and unchanged."""
    kept = next((each for each in revision.kept if each.span.holds(span)), None)
    return span.moved(kept.now - kept.start) if kept else None


def _in_its_place(revision: Revision, span: Span) -> Span | None:
    """Return where most of the words went, or else the place between the words that stood around them."""
    parts = [_part(each, span) for each in revision.kept if each.span.overlap(span)]
    best = max(parts, key=lambda each: each.end - each.start, default=None)
    if best and best.end - best.start >= min(_FEWEST, span.end - span.start):
        return best
    marks = [each for each in revision.kept if each.length >= _FEWEST]
    before = [each for each in marks if each.span.end <= span.start]
    behind = [each for each in marks if each.start >= span.end]
    if not before or not behind:
        return None
    start, end = before[-1].now + before[-1].length, behind[0].now
    return Span(start, end) if start < end else None


def _part(kept: Kept, span: Span) -> Span:
    start, end = max(kept.start, span.start), min(kept.span.end, span.end)
    return Span(start, end).moved(kept.now - kept.start)


def _sentences(text: str, place: Span | None) -> Span | None:
    """Widen a place to whole sentences."""
    touched: Sequence[Span] = [each for each in split_sentences(text) if place and each.overlap(place)]
    return Span(touched[0].start, touched[-1].end) if touched else None
