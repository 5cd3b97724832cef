"""Askers for runs under load, and what they see: every quote is compared with its article's text."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import httpx

from benchmarks.newsmaking import made_question
from index.types import hash_of

REFUSED = (429, 503)
PAUSE_SECONDS = 0.1


class Tally:
    """What all askers saw, and the texts that may be quoted; safe for threads."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self.texts: dict[str, str] = {}
        self.seconds: list[float] = []
        self.counts: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()

    def know(self, text: str) -> None:
        """Take a text that may be quoted from now on."""
        with self._lock:
            self.texts[hash_of(text.encode())] = text

    def took(self, seconds: float, answer: dict[str, object]) -> None:
        """Note an answer; compare its quotes with their articles."""
        quotes = [*_list(answer["quotes"]), *_list(answer["nearest"])]
        wrong = sum(not self._stands(quote) for quote in quotes)
        with self._lock:
            self.seconds.append(seconds)
            self.counts.update({"asks": 1, "answered": bool(answer["answered"]), "quotes": len(quotes), "wrong": wrong})

    def _stands(self, quote: dict[str, dict[str, object] | str]) -> bool:
        cited = quote["citation"]
        assert isinstance(cited, dict)
        text = self.texts.get(str(cited["sha256"]), "")
        return bool(quote["text"]) and text[int(str(cited["start"])) : int(str(cited["end"]))] == quote["text"]

    def refused(self) -> None:
        """Note a deliberate refusal."""
        with self._lock:
            self.counts["refused"] += 1

    def failed(self, what: str) -> None:
        """Note an error."""
        with self._lock:
            self.errors[what] += 1

    def taken(self) -> list[float]:
        """Return the seconds of the answers since the last call."""
        with self._lock:
            taken, self.seconds = sorted(self.seconds), []
        return taken


def _list(value: object) -> list[dict[str, dict[str, object] | str]]:
    assert isinstance(value, list)
    return value


def asking(url: str, tally: Tally, goes_on: Callable[[], bool], seed: int, *, cut: Callable[[], bool]) -> None:
    """Ask one question after the other while ``goes_on``; errors do not count while the service is ``cut`` off."""
    rng = random.Random(seed)
    # Without certificates, which take longer to load than an answer takes.
    with httpx.Client(base_url=url, timeout=120, verify=False) as client:
        while goes_on():
            began = time.perf_counter()
            was_cut = cut()
            try:
                response = client.post("/v1/ask", json={"question": made_question(rng), "max_quotes": 10})
            except httpx.TransportError as error:
                if not was_cut and not cut():
                    tally.failed(type(error).__name__)
                time.sleep(PAUSE_SECONDS)
                continue
            if response.status_code in REFUSED:
                tally.refused()
                time.sleep(PAUSE_SECONDS)
            elif response.is_success:
                tally.took(time.perf_counter() - began, response.json())
            elif not cut():
                tally.failed(str(response.status_code))


@contextmanager
def together(works: Sequence[Callable[[], None]]) -> Iterator[None]:
    """Run all of ``works`` beside each other and what stands in the block; wait for them at its end."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


def askers(
    url: str,
    tally: Tally,
    goes_on: Callable[[], bool],
    *,
    seeds: Sequence[int],
    cut: Callable[[], bool] = lambda: False,
) -> list[Callable[[], None]]:
    """Return an asker for each of ``seeds``."""
    return [partial(asking, url, tally, goes_on, seed, cut=cut) for seed in seeds]
