"""Checking quotations that anybody wrote against the articles."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

from cachetools import LRUCache

from index import stopping
from index.embedding import Vectors
from index.errors import NotFoundError, QuestionError
from index.formats.decoding import non_text
from index.search import Searcher
from index.store.base import Store
from index.text.normal_form import NormalText, normal_form, quotation_words
from index.text.words import NEGATION
from index.types import Article, Attribution, Filters, Span
from service.answering.quoting.speakers import attributions_of, listed
from service.answering.verification.context import Context, lost_context, lost_words
from service.answering.verification.differences import Difference, differences
from service.answering.verification.names import Agreement, agreement
from service.answering.verification.quote_matching import exact_spans, nearest_span

Verdict = Literal["found", "altered", "misattributed", "out_of_context", "absent"]

LONGEST_QUOTATION = 5_000
_PASSAGES = 40
_MOST_MATCHES = 50
_LONG = 300
_MOST_COMPARED = 4
_FEW_WORDS = 12
_VERY_LIKE = 85.0
_MOST_KEPT = 5_000_000  # characters; each takes 9 bytes


class Claim(NamedTuple):
    """A quotation to check: its words, who is said to have said them, and the article and span it is said to be of."""

    text: str
    speaker: str | None = None
    article_id: int | None = None
    span: Span | None = None


class Match(NamedTuple):
    """Where the words, or the nearest ones, stand."""

    article: Article
    span: Span


@dataclass(frozen=True)
class Verified:
    """The verdict on a claim.

    ``found``: the words stand there; ``differences`` lists what only typography, dots, brackets or an attribution in
    the middle change. ``misattributed``: they do, but the article cites somebody else for them (``said_by``).
    ``out_of_context``: they do, and ``context`` says what the quotation leaves out that changes their meaning.
    ``altered``: other words stand there. ``absent``: nothing like them was found, and ``matches`` is empty.

    ``speaker`` is how sure it is that the claimed speaker said them; None where none is claimed or nothing was found.
    ``source`` is where the article of the first match names or refers to whoever said them.
    """

    status: Verdict
    matches: tuple[Match, ...] = ()
    differences: tuple[Difference, ...] = ()
    said_by: str = ""
    speaker: Agreement | None = None
    context: Context | None = None
    warnings: tuple[str, ...] = ()
    source: Span | None = None


class _Place(NamedTuple):
    """A place of the words, who is cited for them there, and what the quotation leaves out around them."""

    match: Match
    attributions: tuple[Attribution, ...]
    context: Context | None


class Verifier:
    """Check quotations against a store."""

    def __init__(self, store: Store, searcher: Searcher) -> None:
        """Take the store, and what finds the passages that a quotation may come from."""
        self._store = store
        self._searcher = searcher

    def verify(self, claim: Claim) -> Verified:
        """Return the verdict on one claim.

        Raises QuestionError for a quotation without words or of more than 5,000 characters.
        """
        return self._verified(claim, quotation_words(_checked(claim.text)), _Forms(), lambda _: True)

    def verify_all(
        self, claims: Sequence[Claim], *, is_source: Callable[[Article], bool] = lambda _: True
    ) -> list[Verified]:
        """Return the verdicts on several claims, whose words are embedded together.

        Articles that are no source are not looked in. Raises QuestionError as ``verify`` does, and StoppedError.
        """
        words = [quotation_words(_checked(claim.text)) for claim in claims]
        forms, known = _Forms(), dict(zip(words, self._searcher.vectors(words), strict=True))
        done: dict[Claim, Verified] = {}
        for claim, text in zip(claims, words, strict=True):
            stopping.check()
            if claim not in done:
                done[claim] = self._verified(claim, text, forms, is_source, known[text])
        return [done[claim] for claim in claims]

    def _verified(
        self,
        claim: Claim,
        words: str,
        forms: "_Forms",
        is_source: Callable[[Article], bool],
        vector: Vectors | None = None,
    ) -> Verified:
        articles = [each for each in self._candidates(words, claim, vector=vector) if is_source(each)]
        verified = self._among(articles, claim, words, forms)
        if claim.speaker is None or verified.speaker == "same" or len(words.split()) > _FEW_WORDS:
            return verified
        # Many may have said a few words, so that a search for them alone need not find those who are meant.
        known = {each.id for each in articles}
        theirs = self._candidates(words, claim, vector=vector, filters=Filters(speakers=(claim.speaker,)))
        more = [each for each in theirs if each.id not in known and is_source(each)]
        return self._among([*articles, *more], claim, words, forms) if more else verified

    def _among(self, articles: Sequence[Article], claim: Claim, words: str, forms: "_Forms") -> Verified:
        exact = [
            Match(article, span)
            for article in sorted(articles, key=lambda each: each.id != claim.article_id)
            for span in islice(exact_spans(words, forms.of(article)), _MOST_MATCHES)
        ]
        if not exact:
            return self._nearest(words, claim, articles, forms)
        exact.sort(key=lambda each: (each.article.id, each.span) != (claim.article_id, claim.span))
        places = [self._place(each) for each in exact[:_MOST_MATCHES]]
        return self._verdict(words, claim, places)

    def _verdict(self, words: str, claim: Claim, places: Sequence[_Place]) -> Verified:
        """Return the verdict on words that stand in ``places``: the best of what is true of any of them."""
        agreed = {id(each): _agreement(claim.speaker, each) for each in places}
        ranked = sorted(places, key=lambda each: (_RANKS[agreed[id(each)]], each.context is not None))
        best = ranked[0]
        shown = differences(words, best.match.article.text[slice(*best.match.span)])
        swallowed = next((each for each in shown if _swallows(each)), None)
        context = best.context
        if swallowed and not context:
            start = best.match.span.start + swallowed.at
            words_left_out = Span(start, start + len(swallowed.found))
            context = lost_words(best.match.article, best.match.span, words_left_out)
        status: Verdict = "found"
        if agreed[id(best)] == "other":
            status = "misattributed"
        elif context or swallowed:
            status = "out_of_context" if context else "altered"
        return Verified(
            status,
            tuple(each.match for each in ranked),
            tuple(shown),
            said_by=next((listed(each.attributions) for each in ranked if each.attributions), ""),
            speaker=agreed[id(best)],
            context=context,
            warnings=_elsewhere(claim, places),
            source=best.attributions[0].source if best.attributions else None,
        )

    def _place(self, match: Match) -> _Place:
        among = self._store.attributions(match.article.id)
        cited = attributions_of(match.article, match.span, (match.span,), among=among)
        return _Place(
            match, cited, lost_context(match.article, match.span, self._store.stances(match.article.id), among)
        )

    def _candidates(
        self, words: str, claim: Claim, *, vector: Vectors | None = None, filters: Filters | None = None
    ) -> list[Article]:
        """Return the articles that the words may be of: the one named, and those that a search for them finds."""
        hits = self._searcher.search(words, k=_PASSAGES, filters=filters, vector=vector).hits
        found = {hit.article.id: hit.article for hit in hits}
        if claim.article_id is not None and claim.article_id not in found:
            try:
                return [self._store.article(claim.article_id), *found.values()]
            except NotFoundError:  # removed since it was cited
                pass
        return list(found.values())

    def _nearest(self, words: str, claim: Claim, articles: Sequence[Article], forms: "_Forms") -> Verified:
        """Return the verdict on words that stand nowhere: what is most like them, if anything is like them enough.

        Words that somebody else is cited for must be very like them.
        """
        best, match = 0.0, None
        for article in articles if len(words) <= _LONG else _sharing(words, articles):
            stopping.check()
            near = nearest_span(words, forms.of(article, ignore_case=True), at_least=best)
            if near and near[0] > best:
                best, match = near[0], Match(article, near[1])
        if match is None:
            return Verified("absent")
        place = self._place(match)
        agreed = _agreement(claim.speaker, place)
        if agreed == "other" and best < _VERY_LIKE:
            return Verified("absent")
        shown = tuple(differences(words, match.article.text[slice(*match.span)]))
        return Verified("altered", (match,), shown, said_by=listed(place.attributions), speaker=agreed)


class _Forms:
    """The normal forms of articles that several quotations are looked for in: those last used, up to a size."""

    def __init__(self) -> None:
        self._known: LRUCache[tuple[int, bool], NormalText] = LRUCache(
            _MOST_KEPT, getsizeof=lambda form: len(form.text)
        )

    def of(self, article: Article, *, ignore_case: bool = False) -> NormalText:
        key = (article.id, ignore_case)
        form = self._known.get(key)
        if form is None:
            form = normal_form(article.text, ignore_case=ignore_case)
            if len(form.text) <= _MOST_KEPT:
                self._known[key] = form
        return form


_RANKS: dict[Agreement | None, int] = {"same": 0, None: 1, "unsure": 1, "other": 2}


def _agreement(speaker: str | None, place: _Place) -> Agreement | None:
    return agreement(speaker, place.attributions, place.match.article) if speaker is not None else None


def _elsewhere(claim: Claim, places: Sequence[_Place]) -> tuple[str, ...]:
    """Return a warning where the words do not stand in the article that they are cited to."""
    ids = [each.match.article.id for each in places]
    if claim.article_id is None or claim.article_id in ids:
        return ()
    return (f"These words do not stand in article {claim.article_id}, which is cited; they stand in article {ids[0]}.",)


def _checked(text: str) -> str:
    if len(text) > LONGEST_QUOTATION:
        raise QuestionError(
            f"The quotation has {len(text):,} characters.", remedy=f"Check at most {LONGEST_QUOTATION:,} at a time."
        )
    if found := non_text(text):
        raise QuestionError(f"The quotation holds {found}.", remedy="Leave it out.")
    if not any(character.isalnum() for character in text):
        raise QuestionError("The quotation has no words.", remedy="Give at least one.")
    return text


def _swallows(difference: Difference) -> bool:
    """Whether dots or brackets leave out or put in a "not"."""
    changed = f"{difference.given} {difference.found}"
    return difference.kind in ("ellipsis", "insertion") and bool(NEGATION.search(changed))


def _sharing(words: str, articles: Sequence[Article]) -> list[Article]:
    """Return the articles that share most runs of three words with a long quotation, the most first; four at most.

    To compare a long quotation with a whole article takes long, and one that is only altered shares many with its own.
    """
    asked = _runs(words)
    shared = {article.id: len(asked & _runs(article.text)) for article in articles}
    ranked = sorted((each for each in articles if shared[each.id]), key=lambda each: -shared[each.id])
    return ranked[:_MOST_COMPARED]


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return set(zip(words, words[1:], words[2:], strict=False))
