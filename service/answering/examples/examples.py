"""Questions to begin with, each of which the articles answer."""

import threading
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from index import stopping
from index.errors import NotFoundError
from index.store.base import Store
from index.store.catalogue import Choice, Order
from service.answering.answer import Answerer
from service.answering.examples.candidates import Candidate, candidates
from service.answering.types import Answer

WANTED = 3
SURE = 0.8
_MOST_ASKED = 24
_LATEST = 40
_OF_EACH = 3


class Example(NamedTuple):
    """A question, and the article that answers it, as it was when it was chosen."""

    question: str
    article_id: int
    sha256: str


class Examples:
    """Choose questions that the newest articles answer for sure: each was asked, and its first quote answers it."""

    def __init__(self, store: Store, answerer: Answerer) -> None:
        """Take the store, and what answers."""
        self._store = store
        self._answerer = answerer
        self._lock = threading.Lock()
        self._chosen: tuple[Example, ...] = ()
        self._refused: set[Example] = set()

    def examples(self) -> tuple[Example, ...]:
        """Return three questions; fewer where the newest articles offer no more.

        Those that were chosen stay while their articles are as they were. To choose takes up to 24 questions' time;
        where it is stopped, the next call goes on. Raises StoreError and StoppedError.
        """
        with self._lock:
            self._chosen = tuple(each for each in self._chosen if self._stands(each))
            if len(self._chosen) < WANTED:
                self._choose()
            return self._chosen

    def _stands(self, example: Example) -> bool:
        try:
            return self._store.article(example.article_id).sha256 == example.sha256
        except NotFoundError:
            return False

    def _choose(self) -> None:
        """Ask what has not been asked yet, of different articles before a second question of any."""
        offered = dict(self._candidates())
        self._refused &= offered.keys()
        known = {each.question for each in self._chosen}
        new = (each for each in offered if each.question not in known and each not in self._refused)
        for example in islice(new, _MOST_ASKED):
            stopping.check()
            if not _answers(self._answerer.ask(example.question), example, offered[example]):
                self._refused.add(example)
                continue
            self._chosen = (*self._chosen, example)
            known.add(example.question)
            if len(self._chosen) == WANTED:
                return

    def _latest(self) -> list[int]:
        newest = Order("added", descending=True)
        return [each.article.id for each in self._store.catalogue().list(Choice(), order=newest, limit=_LATEST)]

    def _candidates(self) -> Iterator[tuple[Example, Candidate]]:
        found = []
        for article_id in self._latest():
            article = self._store.article(article_id)
            sentences = [each for passage in self._store.passages(article_id) for each in passage.sentences]
            of_it = islice(candidates(article, sentences, self._store.attributions(article_id)), _OF_EACH)
            found.append([(Example(each.question, article_id, article.sha256), each) for each in of_it])
        for number in range(_OF_EACH):
            yield from (each[number] for each in found if len(each) > number)


def _answers(answer: Answer, example: Example, candidate: Candidate) -> bool:
    """Whether an answer is sure, and begins with the words that the question was made of, which the article stands by.

    What may come to be is news too.
    """
    if not answer.quotes or answer.quotes[0].confidence < SURE or answer.warnings:
        return False
    first = answer.quotes[0]
    here = first.article.id == example.article_id and first.span.overlap(candidate.answer)
    return bool(here) and not first.contested and (first.stance is None or first.stance.kind == "conditional")
