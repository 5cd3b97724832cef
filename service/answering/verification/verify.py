"""Checking quotations that anybody wrote against the articles."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

from index.errors import NotFoundError, QuestionError
from index.formats.decoding import non_text
from index.search import Searcher
from index.store.base import Store
from index.text.lexicon import COURTESIES, ELECTED, OFFICES_SHORT
from index.text.words import NEGATION, plain_words
from index.types import Article, Span
from service.answering.quoting.speakers import attributions_of, listed
from service.answering.verification.quote_matching import (
    Difference,
    Folded,
    bare,
    differences,
    exact_spans,
    fold,
    nearest_span,
)

Verdict = Literal["found", "altered", "misattributed", "absent"]

LONGEST_QUOTATION = 5_000
_PASSAGES = 40
_MOST_MATCHES = 50
_TITLES = re.compile(rf"\b(?:{'|'.join((*COURTESIES, *OFFICES_SHORT))}|[A-Z])\. ?|\b(?:{'|'.join(ELECTED)}) ")


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
    """What became of a claim.

    ``found``: the words stand there, whoever quotes them; typography, white space, dots and brackets aside, which
    ``differences`` tell. ``misattributed``: they do, but the article gives them as someone else's (``said_by``).
    ``altered``: other words stand there. ``absent``: nothing like them was found; ``matches`` is empty.
    """

    status: Verdict
    matches: tuple[Match, ...] = ()
    differences: tuple[Difference, ...] = ()
    said_by: str = ""


class Verifier:
    """Check quotations against a store."""

    def __init__(self, store: Store, searcher: Searcher) -> None:
        """Take the store, and what finds the passages that a quotation may come from."""
        self._store = store
        self._searcher = searcher

    def verify(self, claim: Claim) -> Verified:
        """Check one. Raises QuestionError for a quotation without words or of more than 5,000 characters."""
        words = bare(_checked(claim.text))
        texts = [(article, fold(article.text)) for article in self._candidates(words, claim)]
        exact = [
            Match(article, span)
            for article, text in sorted(texts, key=lambda each: each[0].id != claim.article_id)
            for span in islice(exact_spans(words, text), _MOST_MATCHES)
        ]
        if not exact:
            return _nearest(words, texts)
        exact.sort(key=lambda each: (each.article.id, each.span) != (claim.article_id, claim.span))
        exact = exact[:_MOST_MATCHES]
        shown = differences(words, exact[0].article.text[slice(*exact[0].span)])
        if _changes_sense(shown):
            return Verified("altered", tuple(exact[:1]), tuple(shown))
        speakers = [self._speakers(each) for each in exact]
        wrong = claim.speaker is not None and all(_are_others(claim.speaker, each) for each in speakers)
        status: Verdict = "misattributed" if wrong else "found"
        said_by = next((each[0] for each in speakers if each), "")
        return Verified(status, tuple(exact), tuple(shown), said_by)

    def _candidates(self, words: str, claim: Claim) -> list[Article]:
        """Give the articles that the words may be of: the one named, and those that a search for them finds."""
        found = {hit.article.id: hit.article for hit in self._searcher.search(words, k=_PASSAGES).hits}
        if claim.article_id is not None and claim.article_id not in found:
            try:
                return [self._store.article(claim.article_id), *found.values()]
            except NotFoundError:  # removed since it was cited
                pass
        return list(found.values())

    def _speakers(self, match: Match) -> list[str]:
        """Give how those who said the words are listed, and then each name; nothing where nobody is cited."""
        among = self._store.attributions(match.article.id)
        said = attributions_of(match.article, match.span, (match.span,), among=among)
        names = [name for each in said for name in (each.speaker, each.via) if name]
        return [listed(said), *names] if said else []


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


def _names(speaker: str, names: Sequence[str]) -> bool:
    asked = _bare_name(speaker)
    return any(asked in other or other in asked for other in map(_bare_name, names))


def _bare_name(name: str) -> str:
    """Give a name without accents, initials and titles, in small letters between spaces."""
    plain = unicodedata.normalize("NFKD", _TITLES.sub("", name))
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return f" {plain_words(letters)} "


def _are_others(speaker: str, listed_names: Sequence[str]) -> bool:
    """Tell whether someone else is named: "he" and "the spokesman" may be anyone."""
    named = [each for each in listed_names[1:] if any(word[:1].isupper() for word in each.split()[-2:])]
    return bool(named) and named == listed_names[1:] and not _names(speaker, named)


def _changes_sense(told: Sequence[Difference]) -> bool:
    """Tell whether what dots leave out, or brackets put in, holds a "not"."""
    return any(NEGATION.search(f"{each.given} {each.found}") for each in told if each.kind != "typography")


def _nearest(words: str, texts: Sequence[tuple[Article, Folded]]) -> Verified:
    found = [(near, article) for article, text in texts if (near := nearest_span(words, text))]
    if not found:
        return Verified("absent")
    (_, span), article = max(found, key=lambda each: each[0][0])
    told = differences(words, article.text[slice(*span)])
    return Verified("altered", (Match(article, span),), tuple(told))
