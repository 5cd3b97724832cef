"""Whether an article says what a statement reports with a number or a date, without its words."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Self

from index.embedding import Vectors
from index.search import Searcher
from index.text.words import shared, stems
from index.types import Article, Hit, Span
from service.answering.quoting.speakers import attributions_of, listed
from service.answering.verification.differences import Difference
from service.answering.verification.figures import Figure, figures_in
from service.answering.verification.names import agreement
from service.answering.verification.verify import Match, Verified

_PASSAGES = 20
_ON_THE_MATTER = 0.5
_SURELY_ON_THE_MATTER = 0.6
_FEWEST_SHARED = 2


class Reported(NamedTuple):
    """A statement: the words in which a text reports it, without marks, and who is said to have made it."""

    text: str
    figures: tuple[Figure, ...]
    speaker: str | None

    @classmethod
    def of(cls, text: str, span: Span, speaker: str | None) -> Self:
        """Return the statement at ``span`` of a text."""
        words = text[slice(*span)]
        return cls(words, tuple(figures_in(words, Span(0, len(words)))), speaker)


class _Told(NamedTuple):
    """A stretch of an article on the matter of a statement, and how much of the statement's meaning it shares."""

    hit: Hit
    span: Span
    share: float


class StatementChecker:
    """Look statements up in a store."""

    def __init__(self, searcher: Searcher) -> None:
        """Take what searches the store."""
        self._searcher = searcher

    def check(
        self,
        statement: Reported,
        *,
        vector: Vectors | None = None,
        is_source: Callable[[Article], bool] = lambda _: True,
    ) -> Verified:
        """Return ``found`` where a sentence on the matter has all the figures, and nobody else is cited for it.

        ``altered`` where the same speaker is cited, surely on the matter, with another number of the same things;
        otherwise ``absent``: it may be told in words that are not recognised. A warning says if only somebody else is
        cited with the figures.
        """
        hits = self._searcher.search(statement.text, k=_PASSAGES, vector=vector).hits
        told = sorted(
            (each for hit in hits if is_source(hit.article) for each in _on_the_matter(statement, hit)),
            key=lambda each: -each.share,
        )
        others = ""
        for each in told:
            if _has_all(statement.figures, figures_in(each.hit.article.text, each.span)):
                found = _found(statement, each)
                if found.speaker != "other":
                    return found
                others = others or found.said_by
        warnings = (f"The archive cites {others} with this figure.",) if others else ()
        absent = Verified("absent", warnings=warnings)
        return next((altered for each in told if (altered := _altered(statement, each))), absent)


def _on_the_matter(statement: Reported, hit: Hit) -> Iterator[_Told]:
    asked = _meaning(statement)
    sentences = hit.passage.sentences
    for at, sentence in enumerate(sentences):
        # Who says more of a matter in the next sentence need not name it again.
        for span in (sentence, Span(sentences[max(0, at - 1)].start, sentence.end)):
            common = shared(asked, stems(hit.article.text[slice(*span)]))
            if common >= min(_FEWEST_SHARED, len(asked)) and common >= _ON_THE_MATTER * len(asked):
                yield _Told(hit, span, common / max(1, len(asked)) - (span != sentence) / 100)


def _meaning(statement: Reported) -> set[str]:
    """Return the stems of a statement's words that are neither its figures nor its speaker's name."""
    text = statement.text
    for figure in reversed(statement.figures):
        text = f"{text[: figure.span.start]} {text[figure.span.end :]}"
    found = stems(text) if any(map(str.isalpha, text)) else set()
    return found - (stems(statement.speaker) if statement.speaker else set()) or found


def _has_all(wanted: Sequence[Figure], there: Sequence[Figure]) -> bool:
    return all(any(one.is_same(other) for other in there) for one in wanted)


def _found(statement: Reported, told: _Told) -> Verified:
    article = told.hit.article
    cited = attributions_of(article, told.span, (), among=told.hit.attributions)
    agreed = agreement(statement.speaker, cited, article) if statement.speaker else None
    return Verified("found", (Match(article, told.span),), said_by=listed(cited), speaker=agreed)


def _altered(statement: Reported, told: _Told) -> Verified | None:
    article = told.hit.article
    if told.share < _SURELY_ON_THE_MATTER or statement.speaker is None:
        return None
    there = figures_in(article.text, told.span)
    differing = []
    for figure in statement.figures:
        if not any(figure.is_same(other) for other in there):
            alike = [other for other in there if figure.is_of_same_kind(other)]
            if len(alike) != 1:
                return None
            given, found = statement.text[slice(*figure.span)], article.text[slice(*alike[0].span)]
            differing.append(Difference("words", given, found, alike[0].span.start - told.span.start))
            cited = attributions_of(article, told.span, (alike[0].span,), among=told.hit.attributions)
            if agreement(statement.speaker, cited, article) != "same":
                return None
    if not differing:
        return None
    cited = attributions_of(article, told.span, (), among=told.hit.attributions)
    return Verified("altered", (Match(article, told.span),), tuple(differing), said_by=listed(cited), speaker="same")
