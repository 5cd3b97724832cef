"""The answer to a question for the gist of an article."""

import time
import uuid
from collections.abc import Sequence

from index.search import Found, Searcher
from index.types import Filters
from prompts.rendering import render
from service.answering.quoting.answer_text import answer_text
from service.answering.quoting.central import central_sentences
from service.answering.quoting.selection import numbered
from service.answering.quoting.speakers import with_attributions
from service.answering.quoting.stance import with_stances
from service.answering.types import Answer, Quote, Reason, TookMs

_ALL_PASSAGES = 200


def gist(searcher: Searcher, question: str, *, asked: str, filters: Filters, most: int) -> Answer:
    """Return the gist of the one article that the filters let through, in at most ``most`` quotes.

    Where they let through more, or none, it is a refusal. ``asked`` is the question with its white space folded. Raises
    StoreError.
    """
    began = time.perf_counter()
    found = searcher.search(asked, k=_ALL_PASSAGES, filters=filters)
    searched = time.perf_counter()
    hits = found.hits if found.articles_searched == 1 else []
    spans = central_sentences(hits, searcher.vectors, most=most)
    quotes = numbered(with_stances(with_attributions(spans), asked))
    reason = None if quotes else reason_of(found)
    return Answer(
        id=uuid.uuid4().hex,
        question=question,
        search_question=asked,
        text=_text(quotes, reason),
        short=False,
        confidence=max((each.confidence for each in quotes), default=0.0),
        reason=reason,
        took_ms=TookMs(milliseconds(searched - began), 0, 0, milliseconds(time.perf_counter() - began)),
        quotes=quotes,
        kind="gist",
    )


def reason_of(found: Found) -> Reason:
    """Return why nothing of what was found answers."""
    if not found.articles_stored:
        return "no_articles"
    return "no_passage_answers" if found.articles_searched else "filters_exclude_all"


def milliseconds(seconds: float) -> int:
    """Return a time in whole milliseconds."""
    return round(seconds * 1000)


def _text(quotes: Sequence[Quote], reason: Reason | None) -> str:
    if reason is None:
        return answer_text(quotes, short=False)
    return render("gist_of_one" if reason == "no_passage_answers" else reason)
