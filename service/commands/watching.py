"""Keeping the store in step with folders: new and changed files are added, and those that are gone removed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from rich.console import Console

from index.errors import FormatError
from index.formats.sources import Listing, find, is_wanted
from index.store.base import Store
from service.assembly import Services
from service.commands.adding import Summary, add_files


def watch(
    services: Services,
    paths: Sequence[str],
    *,
    console: Console,
    between: Callable[[], Iterator[Summary]] | None = None,
) -> Iterator[Summary]:
    """Bring the store in step with ``paths``, and again after every change there, until interrupted.

    ``between`` is called about every second, and what it yields is yielded. An article is removed when its file is
    gone, or no longer holds it; not when the file cannot be read. Raises FormatError and StoreError.
    """
    # Imported here because only this needs it.
    import watchfiles

    roots = [Path(path).resolve() for path in paths]
    if missing := [path for path, root in zip(paths, roots, strict=True) if not root.exists()]:
        raise FormatError(f"There is no file or folder {missing[0]} to watch.", remedy="Check the path.")
    # A file that is put in the place of a watched one is another to the system: its folder is what must be watched.
    watched = {root if root.is_dir() else root.parent for root in roots}
    changes = watchfiles.watch(*watched, yield_on_timeout=True, rust_timeout=1_000, raise_interrupt=True)
    next(changes)  # from now on no change is missed
    yield _in_step(services, roots, roots, console=console)
    for change in changes:
        if between:
            yield from between()
        if not (places := _places(change, roots)):
            continue
        summary = _in_step(services, places, roots, console=console)
        if {"removed", "replaced"} & {each["status"] for each in summary.results}:
            # The text that went may stand in another file, which was unchanged so far.
            summary.join(_in_step(services, roots, roots, console=console))
        summary.results = [each for each in summary.results if each["status"] != "unchanged"]
        if summary.results:
            yield summary


def _places(changes: Iterable[tuple[Any, str]], roots: Sequence[Path]) -> list[Path]:
    """Return the files that came, changed or went, and the folders that came or went, but not what is in those."""
    paths = sorted(path for path in {Path(path) for _, path in changes} if _is_under(path, roots))
    wanted = [path for path in paths if is_wanted(path.name) or not path.is_file()]
    return [path for path in wanted if not any(other in path.parents for other in wanted)]


def _is_under(path: Path, roots: Sequence[Path]) -> bool:
    return any(root == path or root in path.parents for root in roots)


def _in_step(services: Services, places: Sequence[Path], roots: Sequence[Path], *, console: Console) -> Summary:
    """Add what is at ``places``, remove what was added from there and is not there any more.

    Nothing is removed where a place cannot be looked into, or where one of ``roots`` itself is gone: a disk that is not
    mounted looks the same.
    """
    summary = Summary()
    there: list[Path] = []
    files: list[Path] = []
    for place in places:
        if not all(root.exists() for root in roots if _is_under(place, [root])):
            summary.fail(str(place), f"{place} is not there. What was added from it stays.")
            continue
        try:
            found = find(str(place)) if place.exists() else Listing([], Counter())
            files += found.files
            summary.left_out.update(found.left_out)
            there.append(place)
        except FormatError as error:
            summary.fail(str(place), str(error))
    seen: set[int] = set()
    failed: set[str] = set()
    for outcome in add_files(services.ingester, files, summary=summary, console=console):
        if outcome.stored:
            seen.add(outcome.stored.id)
        else:
            failed.add(outcome.source.origin)
    gone = [each for place in there for each in _gone(services.store, place, seen, failed)]
    services.store.remove_all([article_id for article_id, _ in gone])
    for article_id, origin in gone:
        summary.remove(origin, article_id)
    services.store.save_caches()
    return summary


def _gone(store: Store, place: Path, seen: AbstractSet[int], failed: AbstractSet[str]) -> list[tuple[int, str]]:
    """Return (id, origin) of articles from ``place`` that were not seen this time, unless their file is unreadable.

    Of a JSON lines file with a line that cannot be read, nothing is known to be gone.
    """
    stored = store.origins(place.as_uri())
    return [each for each in stored if each[0] not in seen and not {each[1], each[1].partition("!")[0]} & failed]
