"""From one store to another, whatever their engines: nothing is read, embedded or annotated anew."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import NamedTuple

import numpy as np

from index.errors import NotFoundError
from index.store.base import Record, Store
from index.store.kept.base import KeptAnswers, KeptSummary
from index.types import ArticleSummary

_TOGETHER = 50
_PAGE = 500


class Copied(NamedTuple):
    """How many articles were copied, how many were there before, and one sentence for each that is not the same."""

    copied: int
    kept: int
    faults: list[str]


def copy(source: Store, target: Store, *, name: str, progress: Callable[[int], None] = lambda articles: None) -> Copied:
    """Make ``target`` a copy of ``source``, whose ``name`` it remembers until it is one; then compare them.

    Ids, versions, vectors and what former versions became are kept, so that citations still resolve. What is there from
    an interrupted copy is not copied again. What changes in the source meanwhile is copied when both are compared, so
    the copy is of the source's state then. ``progress`` is called with articles copied, and once more with those
    compared. Raises StoreError.
    """
    model = source.model()
    if model:
        target.bind(model.name, model.dimension)
    reading, writing = source.transfer(), target.transfer()
    writing.begin(name)
    copied = kept = 0
    batch: list[Record] = []

    def flush() -> None:
        nonlocal copied
        writing.write(batch)
        copied += len(batch)
        progress(len(batch))
        batch.clear()

    there = _by_id(target)
    for summary in _articles(source):
        if there.get(summary.id) == _state(summary):
            kept += 1
            progress(1)
            continue
        try:
            batch.append(reading.record(summary.id))
        except NotFoundError:  # removed meanwhile
            continue
        if len(batch) >= _TOGETHER:
            flush()
    flush()
    faults = _compare(source, target, progress=progress)
    _copy_kept(source.kept(), target.kept())
    writing.finish(reading.given())
    if source.counts() != target.counts():
        faults.append(f"There are {source.counts()} in the source and {target.counts()} in the copy.")
    return Copied(copied, kept, faults)


def _compare(source: Store, target: Store, *, progress: Callable[[int], None]) -> list[str]:
    """Compare all records, copying again what differs; return one sentence for each that still does."""
    reading, writing = source.transfer(), target.transfer()
    faults = []
    for summary in _articles(source):
        try:
            for _ in range(2):
                record = reading.record(summary.id)
                if _same(record, _found(target, summary.id)):
                    break
                writing.write([record])
            else:
                if not _same(record, _found(target, summary.id)):
                    faults.append(f"Article {summary.id} is not the same in the copy.")
        except NotFoundError:
            continue
        progress(1)
    sourced = _by_id(source)
    target.remove_all([article_id for article_id in _by_id(target) if article_id not in sourced])
    return faults


def _copy_kept(source: KeptAnswers, target: KeptAnswers) -> None:
    """Make the kept answers of ``target`` those of ``source``; the articles are there by now, or gone in both."""
    there = {each.id for each in _kept(source)}
    for each in _kept(target):
        if each.id not in there:
            target.remove(each.id)
    for answer_id in there:
        try:
            target.put(source.get(answer_id))
        except NotFoundError:  # removed meanwhile
            continue


def _kept(kept: KeptAnswers) -> Iterator[KeptSummary]:
    after = None
    while page := kept.list(limit=_PAGE, after=after):
        yield from page
        after = page[-1].place


def _found(store: Store, article_id: int) -> Record | None:
    try:
        return store.transfer().record(article_id)
    except NotFoundError:
        return None


def _same(one: Record, other: Record | None) -> bool:
    if other is None or not np.array_equal(one.vectors, other.vectors):
        return False
    # Notes are said when an article is read, and not kept.
    names = [each.name for each in fields(one.article) if each.name != "notes"]
    return (one.passages, one.annotations, one.revisions, one.story) == (
        other.passages,
        other.annotations,
        other.revisions,
        other.story,
    ) and all(getattr(one.article, each) == getattr(other.article, each) for each in names)


def _articles(store: Store) -> Iterator[ArticleSummary]:
    after = 0
    while page := store.articles(limit=_PAGE, after=after):
        yield from page
        after = page[-1].id


def _by_id(store: Store) -> dict[int, tuple[int, str]]:
    return {each.id: _state(each) for each in _articles(store)}


def _state(summary: ArticleSummary) -> tuple[int, str]:
    return summary.version, summary.sha256
