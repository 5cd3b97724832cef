"""The one readable sequence from question to answer."""

import time
import unicodedata
import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from index.errors import QuestionError
from index.formats.decoding import non_text
from index.search import Found, Searcher, together
from index.types import Filters, Hit
from prompts.rendering import render
from service.answering.gist import gist, milliseconds, reason_of
from service.answering.question import answer_type, conversation
from service.answering.question.conversation import Reading
from service.answering.question.gist_asked import asks_for_gist
from service.answering.question.rewriting import Rewriter
from service.answering.question.speaker_asked import SpeakerAsked, as_question, could_ask_for_words, speaker_asked
from service.answering.question.time_scope import TimeScope, time_scope
from service.answering.quoting.answer_text import answer_text, is_short
from service.answering.quoting.selection import take_quotes
from service.answering.quoting.speakers import said_by, said_by_or_naming, speaker_asked_about, with_attributions
from service.answering.quoting.stance import stance_name, with_stances
from service.answering.reading.chooser import Choice, Chooser
from service.answering.reading.reader import Reader
from service.answering.types import Answer, Progress, Quote, ScoredSpan, Searched, TookMs, Turn

LONGEST_QUESTION = 2_000
PASSAGES_READ = 20
_NEAREST = 3
_READ_AT_ONCE = 4

Step = Searched | Progress | Quote | Answer


class _Asked(NamedTuple):
    """A question in all that is known of it before anything is searched."""

    question: str
    history: Sequence[Turn]
    readings: Sequence[Reading]
    speaker: SpeakerAsked | None = None

    @property
    def searched(self) -> str:
        """The question as it is searched, with what it follows."""
        return self.readings[-1].question

    @property
    def typed(self) -> str:
        """The question that says which kind of answer is wanted."""
        says = answer_type.names_its_type(self.question) or answer_type.asks_for_a_sentence(self.question)
        return self.question if says else self.searched


class _Look(NamedTuple):
    """What was found under some filters, its sentences as they were read, and the seconds that both took."""

    filters: Filters
    found: Found
    spans: list[ScoredSpan]
    search: float
    read: float


class Answerer:
    """Answer questions from what a searcher finds and a reader chooses."""

    def __init__(
        self,
        searcher: Searcher,
        reader: Reader,
        *,
        threshold: float | None = None,
        chooser: Chooser | None = None,
        rewriter: Rewriter | None = None,
    ) -> None:
        """Take the parts, and the confidence in [0, 1] from which on a quote answers; the reader's own if None.

        With a chooser, a language model chooses among the reader's sentences; with a rewriter, it rewrites follow-ups.
        """
        self._searcher = searcher
        self._reader = reader
        self._chooser = chooser
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
        """Return the answer to ``question``, with at most ``max_quotes`` quotes. Raises QuestionError, StoreError."""
        *_, answer = self.steps(question, history=history, max_quotes=max_quotes, filters=filters, today=today)
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
    ) -> Iterator[Step]:
        """Yield what was searched, how far reading is, each quote, and the whole answer.

        Raises QuestionError and StoreError.

        "This week" and the like are looked for in articles of those days, counted from ``today`` (by default the day it
        is); where nothing there answers, in all articles, with a warning.
        """
        began = time.perf_counter()
        checked, filters = check_question(question), filters or Filters()
        if asks_for_gist(checked):
            whole = gist(self._searcher, question, asked=checked, filters=filters, most=max_quotes)
            if whole.answered or not history:
                yield Searched(checked, len(whole.quotes))
                yield from whole.quotes
                yield whole
                return
        asked, warnings = self._asked(checked, history)
        scope = time_scope(asked.searched, today or date.today())  # noqa: DTZ011 - where the service stands
        places = _places(filters, asked.speaker, scope)
        look = yield from self._look(asked, [place for place, _ in places])
        looked = time.perf_counter()
        choice = self._chooser.choose(asked.searched, look.spans) if self._chooser else Choice(look.spans)
        chosen = time.perf_counter()
        answering = _allowed(with_stances(self._answering(asked, choice.spans), asked.searched), filters.stances)
        if scope and answering:
            in_scope = any(place is look.filters and is_recent for place, is_recent in places)
            warnings = (*warnings, _scope_warning(scope, other_days=not in_scope))
        quotes = take_quotes(answering, most=max_quotes)
        nearest = () if quotes else take_quotes(with_stances(choice.spans, asked.searched), most=_NEAREST)
        reason = None if quotes else reason_of(look.found)
        short = is_short(asked.typed, quotes)
        yield from quotes
        yield Answer(
            id=uuid.uuid4().hex,
            question=question,
            search_question=asked.searched,
            text=answer_text(quotes, short=short) if reason is None else render(reason),
            short=short,
            confidence=max((span.confidence for span in (quotes or choice.spans[:1])), default=0.0),
            reason=reason,
            took_ms=TookMs(*map(milliseconds, (look.search, look.read, chosen - looked, time.perf_counter() - began))),
            quotes=quotes,
            nearest=nearest,
            warnings=(*warnings, *choice.warnings),
            chosen_by=choice.chosen_by,
        )

    def _asked(self, question: str, history: Sequence[Turn]) -> tuple[_Asked, tuple[str, ...]]:
        """Return a question with its readings, and warnings; a follow-up is rewritten where there is a rewriter."""
        history, left_out = conversation.recent(history)
        speaker = None
        if could_ask_for_words(question, history):
            speaker = speaker_asked(question, history, self._searcher.speakers.directory())
        question = as_question(question, speaker) if speaker else question
        readings = conversation.readings(question, history)
        warnings = (left_out,) if left_out and conversation.may_follow(question, readings) else ()
        if self._rewriter is None or readings[-1].question == question:
            return _Asked(question, history, readings, speaker), warnings
        rewriting = self._rewriter.rewrite(question, history)
        if rewriting.question:
            readings = (*readings[:-1], readings[-1]._replace(question=rewriting.question))
        return _Asked(question, history, readings, speaker), (*warnings, *rewriting.warnings)

    def _look(self, asked: _Asked, places: Sequence[Filters]) -> Generator[Step, None, _Look]:
        """Search and read in each of ``places`` until something answers; yield what was searched before it is read."""
        announced = False
        searching = reading = 0.0
        for filters in places:
            began = time.perf_counter()
            searches = [
                self._searcher.search(each.question, k=PASSAGES_READ, filters=filters) for each in asked.readings
            ]
            found = together(searches, k=PASSAGES_READ)
            searched = time.perf_counter()
            if not announced and (found.hits or filters is places[-1]):
                announced = True
                yield Searched(asked.searched, len(found.hits))
            read = yield from self._read(asked.readings, found.hits)
            agreed = conversation.agreed(asked.question, asked.history, asked=asked.readings, read=read)
            widened = self._searcher.speakers.widened(filters)
            spans = said_by(with_attributions(agreed), widened.speakers, widened.speaker_names)
            searching += searched - began
            reading += time.perf_counter() - searched
            if self._answering(asked, spans):
                break
        return _Look(filters, found, spans, searching, reading)

    def _read(
        self, readings: Sequence[Reading], hits: Sequence[Hit]
    ) -> Generator[Progress, None, list[list[ScoredSpan]]]:
        """Return the spans of each reading, the most confident first; yield how many of the passages are read."""
        if not self._reader.reads_apart:
            return [self._reader.read(each.question, hits) for each in readings]
        spans: list[list[ScoredSpan]] = [[] for _ in readings]
        for at in range(0, len(hits), _READ_AT_ONCE):
            some = hits[at : at + _READ_AT_ONCE]
            for found, each in zip(spans, readings, strict=True):
                found.extend(self._reader.read(each.question, some))
            yield Progress(at + len(some), len(hits))
        return [sorted(found, key=lambda span: -span.confidence) for found in spans]

    def _answering(self, asked: _Asked, spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
        """Return the spans that answer, out of ``spans`` in order: those that reach the threshold.

        Beside a best one with a short answer, only others stand whose short answer is of the kind asked for; of a
        question for somebody's words, only theirs.
        """
        sure = [span for span in spans if span.confidence >= self._threshold]
        if asked.speaker:
            return said_by_or_naming(sure, asked.speaker.words, asked.speaker.names)
        kind = answer_type.expected(asked.typed)
        sure = [span for span in sure if span is sure[0] or not sure[0].highlights or _could_be(kind, span)]
        name = speaker_asked_about(asked.question)
        return said_by_or_naming(sure, name) if name else sure


def check_question(question: str) -> str:
    """Return the question as it is searched for, its white space folded. Raises QuestionError."""
    remedy = f"Ask in 1 to {LONGEST_QUESTION:,} characters."
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(f"The question has {len(question):,} characters.", remedy=remedy)
    if found := non_text(question):
        raise QuestionError(f"The question holds {found}.", remedy="Leave it out.")
    kinds = {unicodedata.category(character)[0] for character in question}
    if not kinds & set("LNSP"):
        raise QuestionError("The question is empty.", remedy=remedy)
    if not kinds & set("LN"):
        raise QuestionError("The question has no words: no letter and no digit.", remedy="Ask in words.")
    return " ".join(question.split())


def _places(filters: Filters, speaker: SpeakerAsked | None, scope: TimeScope | None) -> list[tuple[Filters, bool]]:
    """Return where to look, one after the other until something answers, and which of it are the days asked for.

    What somebody said is looked for in their words first; of other days before those of others.
    """
    wide = [filters]
    if speaker and not filters.speakers:
        wide.insert(0, replace(filters, speakers=(speaker.words,), speaker_names=speaker.names))
    places = []
    for place in wide:
        if scope and (recent := scope.applied_to(place)):
            places.append((recent, True))
        places.append((place, False))
    return places


def _allowed(spans: list[ScoredSpan], stances: Sequence[str]) -> list[ScoredSpan]:
    return [span for span in spans if not stances or stance_name(span.stance) in stances]


def _could_be(kind: answer_type.AnswerType | None, span: ScoredSpan) -> bool:
    """Whether the highlighted words are of the kind asked for, where words can show it: a number or a date."""
    words = " ".join(span.highlighted)
    return bool(words) and (kind not in ("number", "date") or bool(answer_type.find(kind, words)))


def _scope_warning(scope: TimeScope, *, other_days: bool) -> str:
    if other_days:
        return f"No article from {scope.first} to {scope.last} answers; these quotes are of other days."
    return f"By “{scope.words}” articles from {scope.first} to {scope.last} are meant."
