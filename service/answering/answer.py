"""The one readable sequence from question to answer."""

import time
import unicodedata
import uuid
from collections.abc import Generator, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from index.errors import QuestionError
from index.formats.decoding import non_text
from index.search import Found, Searcher, together
from index.types import Filters
from prompts.rendering import render
from service.answering.question import answer_type, conversation
from service.answering.question.conversation import Reading
from service.answering.question.rewriting import Rewriter
from service.answering.question.time_scope import When, when_asked, within
from service.answering.quoting.answer_text import is_short, tell
from service.answering.quoting.quotes import take_quotes
from service.answering.quoting.speakers import asked_of, by, kept
from service.answering.reading.reader import Reader
from service.answering.types import Answer, Quote, Reason, ScoredSpan, Searched, TookMs, Turn

LONGEST_QUESTION = 2_000
PASSAGES_READ = 20
_NEAREST = 3


class _Look(NamedTuple):
    """What was found, read and answers, and how many seconds searching and reading took."""

    filters: Filters
    found: Found
    spans: list[ScoredSpan]
    answering: list[ScoredSpan]
    search: float
    read: float


class Answerer:
    """Answer questions from what a searcher finds and a reader chooses."""

    def __init__(
        self, searcher: Searcher, reader: Reader, *, threshold: float | None = None, rewriter: Rewriter | None = None
    ) -> None:
        """Take the parts, and the confidence in [0, 1] from which on a quote counts as an answer: or the reader's.

        With a rewriter, follow-ups are asked anew in words of the questions before.
        """
        self._searcher = searcher
        self._reader = reader
        self._rewriter = rewriter
        self._threshold = reader.threshold if threshold is None else threshold

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        max_quotes: int = 3,
        filters: Filters | None = None,
        today: date | None = None,
    ) -> Answer:
        """Answer ``question`` with at most ``max_quotes`` quotes. Raises QuestionError and StoreError."""
        answer = None
        for step in self.steps(question, history=history, max_quotes=max_quotes, filters=filters, today=today):
            answer = step
        assert isinstance(answer, Answer)
        return answer

    def steps(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        max_quotes: int = 3,
        filters: Filters | None = None,
        today: date | None = None,
    ) -> Iterator[Searched | Quote | Answer]:
        """Answer step by step: what was searched, then each quote, then the whole answer.

        "This week" and the like are looked for in articles of those days, as seen from ``today``, or else the day it
        is; where nothing there answers, in all, and the answer says so.
        """
        began = time.perf_counter()
        asked = check_question(question)
        readings, warnings = self._readings(asked, history)
        search_question = readings[-1].question
        filters = filters or Filters()
        when = when_asked(search_question, today or date.today())  # noqa: DTZ011 - where the service stands
        recent = within(when, filters)
        look = yield from self._looking(asked, history, readings, [recent, filters] if recent else [filters])
        found = look.found
        if recent and when and look.answering:
            warnings += (_when_told(when, other_days=look.filters is filters),)
        kind_asked = asked if answer_type.is_told(asked) else search_question
        quotes = take_quotes(look.answering, found.hits, most=max_quotes)
        reason = None if quotes else _reason(found)
        nearest = () if quotes else take_quotes(look.spans, found.hits, most=_NEAREST)
        short = is_short(kind_asked, quotes)
        yield from quotes
        yield Answer(
            id=uuid.uuid4().hex,
            question=question,
            search_question=search_question,
            text=tell(quotes, short=short) if reason is None else render(reason),
            short=short,
            confidence=quotes[0].confidence if quotes else look.spans[0].confidence if look.spans else 0.0,
            reason=reason,
            took_ms=TookMs(_ms(look.search), _ms(look.read), _ms(time.perf_counter() - began)),
            quotes=quotes,
            nearest=nearest,
            warnings=warnings,
        )

    def _looking(
        self, asked: str, history: Sequence[Turn], readings: Sequence[Reading], places: Sequence[Filters]
    ) -> Generator[Searched, None, _Look]:
        """Search and read in each of ``places`` until something answers; tell what was searched before it is read."""
        told = False
        searching = reading = 0.0
        for filters in places:
            began = time.perf_counter()
            searches = [self._searcher.search(each.question, k=PASSAGES_READ, filters=filters) for each in readings]
            found = together(searches, k=PASSAGES_READ)
            searched = time.perf_counter()
            if not told and (found.hits or filters is places[-1]):
                told = True
                yield Searched(readings[-1].question, len(found.hits))
            read = [self._reader.read(each.question, found.hits) for each in readings]
            spans = kept(conversation.agreed(asked, history, asked=readings, read=read), found.hits, filters)
            answering = self._answering(asked if answer_type.is_told(asked) else readings[-1].question, spans)
            if name := asked_of(asked):
                answering = by(answering, found.hits, name)
            searching += searched - began
            reading += time.perf_counter() - searched
            if answering:
                break
        return _Look(filters, found, spans, answering, searching, reading)

    def _readings(self, question: str, history: Sequence[Turn]) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
        """Give the readings of a question, and warnings; a follow-up is rewritten where there is a rewriter."""
        readings = conversation.readings(question, history)
        if self._rewriter and readings[-1].question != question:
            rewriting = self._rewriter.rewrite(question, history)
            if rewriting.question:
                readings = (*readings[:-1], readings[-1]._replace(question=rewriting.question))
            return readings, rewriting.warnings
        return readings, ()

    def _answering(self, question: str, spans: list[ScoredSpan]) -> list[ScoredSpan]:
        """Choose the spans that answer, of ``spans`` in order: those that reach the threshold.

        Beside a best one with a short answer, only others stand whose short answer is of the kind asked for.
        """
        sure = [span for span in spans if span.confidence >= self._threshold]
        kind = answer_type.expected(question)
        return [span for span in sure if span is sure[0] or not sure[0].highlights or _could_be(kind, span)]


def check_question(question: str) -> str:
    """Give the question as it is searched for: white space folded. Raises QuestionError."""
    remedy = f"Ask in 1 to {LONGEST_QUESTION:,} characters."
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(f"The question has {len(question):,} characters.", remedy=remedy)
    if found := non_text(question):
        raise QuestionError(f"The question holds {found}.", remedy="Leave it out.")
    if not any(unicodedata.category(character)[0] in "LNSP" for character in question):
        raise QuestionError("The question is empty.", remedy=remedy)
    return " ".join(question.split())


def _could_be(kind: answer_type.AnswerType | None, span: ScoredSpan) -> bool:
    """Tell whether the words lit up are of the kind asked for, where that can be told: a number or a date."""
    words = " ".join(span.article.text[start:end] for start, end in span.highlights)
    return bool(words) and (kind not in ("number", "date") or bool(answer_type.find(kind, words)))


def _reason(found: Found) -> Reason:
    if not found.articles_stored:
        return "no_articles"
    return "no_passage_answers" if found.articles_searched else "filters_exclude_all"


def _when_told(when: When, *, other_days: bool) -> str:
    if other_days:
        return f"No article from {when.first} to {when.last} answers; these quotes are of other days."
    return f"By “{when.words}” articles from {when.first} to {when.last} are meant."


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
