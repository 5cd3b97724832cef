"""Following feeds on the command line: what is new is added, until it is stopped."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Console

from index.errors import FormatError
from index.formats.collected.source import Source
from index.pipeline import Outcome
from service.assembly import Services
from service.commands.adding import Summary, add_sources
from service.commands.reports import terminal
from service.feeds.following import Followed
from service.feeds.politeness import Polite

_TICK_SECONDS = 1.0


class FeedWatch:
    """Feeds that are asked in turn, one host after another."""

    def __init__(self, services: Services, addresses: Sequence[str], *, console: Console) -> None:
        """Go on from what the store has noted of the feeds. Raises StoreError."""
        self.polite = Polite()
        self._services, self._console = services, console
        self._feeds = [Followed(services.store, each, self.polite) for each in dict.fromkeys(addresses)]
        for feed in self._feeds:
            if feed.due > time.time():
                self._say(f"{feed.address} is asked again at {_clock(feed.due)}.")

    def passes(self) -> Iterator[Summary]:
        """Yield what came of each round, until all feeds have ended or the work is stopped."""
        while self._feeds and not self.polite.stopped.is_set():
            yield from self.due()
            self.polite.stopped.wait(_TICK_SECONDS)

    def due(self) -> Iterator[Summary]:
        """Ask the feeds whose time has come; yield what came of each, if anything did. Raises StoreError."""
        for feed in [each for each in self._feeds if each.due <= time.time()]:
            summary = self._polled(feed)
            summary.results = [each for each in summary.results if each["status"] != "unchanged"]
            if summary.results:
                yield summary
        self._feeds = [each for each in self._feeds if not each.ended]

    def _polled(self, feed: Followed) -> Summary:
        summary = Summary()

        def add(sources: Iterator[Source]) -> Iterator[Outcome]:
            return add_sources(self._services.ingester, sources, summary=summary, console=self._console)

        try:
            moved = feed.poll(add)
            if moved:
                self._say(f"{feed.address} has moved for good: {moved} is asked from now on.")
        except FormatError as error:
            again = "" if feed.ended else f" It is asked again at {_clock(feed.due)}."
            summary.fail(feed.address, f"{error}{again}")
        if summary.results:
            self._services.store.save_caches()
        return summary

    def _say(self, text: str) -> None:
        terminal.say(self._console, terminal.printable(text), style="dim")


def _clock(instant: float) -> str:
    return datetime.fromtimestamp(instant).astimezone().strftime("%H:%M:%S")
