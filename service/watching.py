"""Keeping the store in step with folders: new and changed files are added, and those that are gone removed."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from index.errors import FormatError, NotFoundError
from index.formats.sources import is_wanted
from index.pipeline import Outcome
from index.store.base import Store
from service.adding import Summary, add_paths
from service.assembly import Parts


def watch(parts: Parts, paths: Sequence[str], *, console: Console) -> Iterator[Summary]:
    """Bring the store in step with ``paths``, and again after every change there, until interrupted.

    An article is removed when its file is gone, or no longer holds it; not when the file cannot be read. Raises
    FormatError and StoreError.
    """
    # Imported here because only this needs it.
    import watchfiles

    roots = [Path(path) for path in paths]
    if missing := [path for path in roots if not path.exists()]:
        raise FormatError(f"There is no file or folder {missing[0]} to watch.", remedy="Check the path.")
    changes = watchfiles.watch(*roots, yield_on_timeout=True, rust_timeout=1_000, raise_interrupt=True)
    next(changes)  # from now on no change is missed
    yield _in_step(parts, roots, console=console)
    for change in changes:
        if not (places := _places(change)):
            continue
        summary = _in_step(parts, places, console=console)
        if summary.counts.get("removed"):
            # The same text may stand in a file that was unchanged so far.
            summary.results += _in_step(parts, roots, console=console).results
        summary.results = [each for each in summary.results if each["status"] != "unchanged"]
        if summary.results:
            yield summary


def _places(changes: Iterable[tuple[Any, str]]) -> list[Path]:
    """Give the files that came, changed or went, and the folders that came or went, but not what is in those."""
    paths = sorted({Path(path) for _, path in changes})
    wanted = [path for path in paths if is_wanted(path.name) or not path.is_file()]
    return [path for path in wanted if not any(other in path.parents for other in wanted)]


def _in_step(parts: Parts, roots: Sequence[Path], *, console: Console) -> Summary:
    """Add what is at ``roots``, remove what was added from there and is not there any more."""
    summary = Summary()
    there = [str(root) for root in roots if root.exists() and (not root.is_dir() or _holds_articles(root))]
    outcomes = list(add_paths(parts.ingester, there, summary=summary, console=console))
    for root in roots:
        for article_id, origin in _gone(parts.store, root, outcomes):
            try:
                parts.store.remove(article_id)
                summary.remove(origin, article_id)
            except NotFoundError:  # someone else was faster
                continue
    parts.store.save_caches()
    return summary


def _holds_articles(folder: Path) -> bool:
    return any(is_wanted(path.name) for path in folder.rglob("*"))


def _gone(store: Store, root: Path, outcomes: Sequence[Outcome]) -> list[tuple[int, str]]:
    """List the articles that were read at ``root`` and did not come up this time, unless their file is unreadable."""
    seen = {outcome.stored.id for outcome in outcomes if outcome.stored}
    failed = {outcome.source.origin for outcome in outcomes if not outcome.stored}
    stored = store.origins(root.resolve().as_uri())
    return [each for each in stored if each[0] not in seen and not {each[1], each[1].partition("!")[0]} & failed]
