"""Following a feed: asking it now and then for what is new, across restarts."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import urljoin

from index.errors import FormatError, UnreachableError
from index.formats.collected.source import Source
from index.formats.newsroom.feeds import Feed
from index.formats.reading import Original
from index.pipeline import Outcome
from index.store.base import Store
from service.feeds.entries import feed_in, listed_in, unpacked
from service.feeds.politeness import Answered, Polite
from service.feeds.schedule import LARGEST_SECONDS, after_failure, until_next
from service.fetching import Page, page_of

_MOST_SEEN = 20_000
_NOT_MODIFIED, _GONE = 304, 410
_ADVERTISED = re.compile(r"<link\b[^<>]*\btype\s*=\s*[\"']?application/(?:rss|atom)\+xml[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)

Add = Callable[[Iterator[Source]], Iterator[Outcome]]
"""Adds sources; yields what became of each once it is committed."""


@dataclass
class Record:
    """What is kept of a feed: where it is now, what its last answer was known by, and when it is to be asked again.

    ``due`` is in seconds since 1970, ``every`` the seconds that the feed itself gives. ``seen`` holds the marks of what
    it listed and was dealt with, the last one last.
    """

    address: str
    etag: str = ""
    modified: str = ""
    due: float = 0.0
    every: float = 0.0
    failures: int = 0
    seen: list[str] = field(default_factory=list)


class Followed:
    """A feed that is followed: ``due`` says when to ``poll`` it, ``ended`` that there is no use in it any more."""

    def __init__(self, store: Store, address: str, polite: Polite) -> None:
        """Go on from what the store has noted of the feed. Raises StoreError."""
        self.address = address
        self.ended = False
        self._store, self._polite = store, polite
        self._name = f"feed {address}"
        noted = _record(store.note(self._name))
        self._record = noted or Record(address)
        self._worked = noted is not None
        self._seen = dict.fromkeys(self._record.seen)

    @property
    def due(self) -> float:
        """When it is to be asked, in seconds since 1970; at most a day from now."""
        return min(self._record.due, time.time() + LARGEST_SECONDS)

    def poll(self, add: Add) -> str:
        """Ask the feed, and add what is new; return where it has moved for good, "" if it has not.

        Raises FormatError where it cannot be had: it is asked again later, and nothing is taken for known meanwhile. It
        has ``ended`` where it is gone for good, or never was a feed. Raises StoreError.
        """
        headers: Any = {}
        try:
            answered = self._asked()
            headers, page = answered.reply.headers, self._page(answered)
            feed = self._feed(page) if page else None
        except FormatError as error:
            self._fail(error, headers)
            raise
        moved = answered.moved if answered.moved != self._record.address else ""
        self._record = replace(self._record, address=answered.moved, failures=0)
        try:
            complete = feed is None or self._added(feed, answered.url, add)
        except BaseException:  # what was added before an interruption is not fetched again, and the rest is at once
            self._record = replace(self._record, etag="", modified="")
            self._save(0.0)
            raise
        if feed:
            etag, modified = (headers.get(each, "") if complete else "" for each in ("etag", "last-modified"))
            self._record = replace(self._record, etag=etag, modified=modified, every=feed.every)
        self._save(time.time() + until_next(headers, every=self._record.every))
        return moved

    def _asked(self) -> Answered:
        known = {"If-None-Match": self._record.etag, "If-Modified-Since": self._record.modified}
        return self._polite.ask(self._record.address, headers={name: each for name, each in known.items() if each})

    def _page(self, answered: Answered) -> Page | None:
        """Return the page that the feed answers, None where it has not changed. Raises FormatError."""
        if answered.reply.status == _NOT_MODIFIED:
            return None
        if answered.reply.status == _GONE:
            self.ended = True
            raise FormatError(f"{self.address} is gone (410).", remedy="It is not followed any more.")
        return unpacked(page_of(answered.reply, answered.url))

    def _feed(self, page: Page) -> Feed:
        feed = feed_in(page)
        if feed is None:
            raise FormatError(f"{page.url} is no feed, but {page.kind or 'of no known kind'}.", remedy=_advice(page))
        return feed

    def _fail(self, error: FormatError, headers: Any) -> None:  # noqa: ANN401 - of httpx
        """Put the feed off; end it where it is gone for good, or was never one."""
        self.ended = self.ended or not (self._worked or isinstance(error, UnreachableError))
        self._record = replace(self._record, failures=self._record.failures + 1)
        if self.ended:
            self._store.set_note(self._name, "")
        elif self._worked:
            self._save(time.time() + after_failure(headers, failures=self._record.failures))
        else:  # it is not known yet whether it is one
            self._record.due = time.time() + after_failure(headers, failures=self._record.failures)

    def _added(self, feed: Feed, url: str, add: Add) -> bool:
        """Add what the feed lists and was not seen; whether nothing of it was put off."""
        marks: dict[str, str] = {}
        put_off: set[str] = set()
        whole: list[str] = []

        def sources() -> Iterator[Source]:
            for listed in listed_in(feed, url, self._polite, is_known=self._is_known):
                if listed.source is None:
                    whole.append(listed.mark)
                    continue
                marks[listed.source.name] = listed.mark
                yield replace(listed.source, load=partial(_load, listed.source, put_off))

        for outcome in add(sources()):
            if outcome.source.name not in put_off:
                self._seen[marks[outcome.source.name]] = None
        if not put_off:
            self._seen.update(dict.fromkeys(whole))
        return not put_off

    def _is_known(self, mark: str) -> bool:
        if mark not in self._seen:
            return False
        self._seen[mark] = self._seen.pop(mark)  # what is still listed is forgotten last
        return True

    def _save(self, due: float) -> None:
        self._worked = True
        self._record = replace(self._record, due=due, seen=list(self._seen)[-_MOST_SEEN:])
        self._store.set_note(self._name, json.dumps(asdict(self._record)))


def _load(source: Source, put_off: set[str]) -> Original:
    """Load a source; note that it is put off where it cannot be reached now."""
    try:
        return source.load()
    except UnreachableError:
        put_off.add(source.name)
        raise


def _record(noted: str) -> Record | None:
    try:
        return Record(**json.loads(noted)) if noted else None
    except (ValueError, TypeError):  # of another version
        return None


def _advice(page: Page) -> str:
    """Return what to do about a page that is no feed: many name theirs."""
    link = _ADVERTISED.search(page.data[:200_000].decode("utf-8", "replace"))
    href = _HREF.search(link[0]) if link else None
    return f"Its feed may be {urljoin(page.url, href[1])}." if href else "Give the address of a feed or a sitemap."
