"""Adding what paths and addresses name, with progress."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

from index.errors import InputError
from index.formats.collected.source import Source
from index.formats.sources import SUPPORTED, find, sources_of
from index.ingest import Ingester
from index.pipeline import Outcome, add_all
from service.feeds.entries import fetched_all
from service.fetching import is_address

VERDICTS = ("complete", "partial", "no_article")
STATUSES = ("added", "replaced", "unchanged", "failed", "removed")
_MOST_TOLD = 1_000


@dataclass
class Summary:
    """What became of everything that was to be added.

    The first thousand failures are among the ``results``; the others are counted by their verdict, as ``untold``.
    """

    results: list[dict[str, Any]] = field(default_factory=list)
    untold: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    passages: int = 0
    seconds: float = 0.0
    _failed: int = 0

    def note(self, outcome: Outcome) -> None:
        """Record an outcome."""
        self.passages += outcome.passages
        verdict = {"verdict": outcome.verdict.kind} if outcome.verdict else {}
        if outcome.stored is None:
            self.fail(outcome.source.name, outcome.reason, **verdict)
            return
        result = {"path": outcome.source.name, **outcome.stored._asdict(), **verdict}
        self.results.append({**result, "warnings": list(outcome.notes)} if outcome.notes else result)

    def remove(self, path: str, article_id: int) -> None:
        """Record an article that was removed because its file, or its place in it, is gone."""
        self.results.append({"path": path, "id": article_id, "status": "removed"})

    def fail(self, path: str, reason: str, **verdict: str) -> None:
        """Record what could not be used; ``verdict`` where it was read and is no article."""
        if self._failed < _MOST_TOLD:
            self._failed += 1
            self.results.append({"path": path, "status": "failed", **verdict, "reason": reason})
        else:
            self.untold[verdict.get("verdict", "")] += 1

    def join(self, other: "Summary") -> None:
        """Add another summary's results to these."""
        self.results += other.results
        self.untold.update(other.untold)

    @property
    def counts(self) -> dict[str, int]:
        """The number of results by status; "removed" only where something was."""
        counted = Counter(each["status"] for each in self.results)
        counted["failed"] += self.untold.total()
        return {status: counted[status] for status in STATUSES if status != "removed" or counted[status]}

    @property
    def verdicts(self) -> dict[str, int]:
        """The number of results by the verdict on what was read; those that could not be read have none."""
        counted = Counter(each.get("verdict") for each in self.results) + self.untold
        return {verdict: counted[verdict] for verdict in VERDICTS}

    def as_json(self) -> dict[str, Any]:
        """Describe it as the command line prints it."""
        return {
            "counts": self.counts,
            "verdicts": self.verdicts,
            "left_out": dict(self.left_out),
            "passages": self.passages,
            "seconds": round(self.seconds, 1),
            "files": self.results,
            **({"failures_not_listed": self.untold.total()} if self.untold else {}),
        }


class _Rate(ProgressColumn):
    """How many passages a second are embedded."""

    def render(self, task: Any) -> str:  # noqa: ANN401 - rich's task
        passages = task.fields["passages"]
        return f"{passages / task.elapsed:.0f} passages/s" if passages and task.elapsed else ""


def add_paths(
    ingester: Ingester,
    paths: Sequence[str],
    *,
    summary: Summary,
    console: Console,
    names: Mapping[str, str] | None = None,
) -> Iterator[Outcome]:
    """Add all that ``paths`` name; see ``add_files``. ``names`` are those that JSON lines have for our fields."""
    files: list[Path] = []
    addresses: list[str] = []
    for path in paths:
        try:
            if is_address(path):
                addresses.append(path)
            else:
                found = find(path)
                if not found.files:
                    summary.fail(path, f"The folder {path} holds no articles. Supported are {', '.join(SUPPORTED)}.")
                files += found.files
                summary.left_out.update(found.left_out)
        except InputError as error:
            summary.fail(path, str(error))
    once = {file.resolve(): file for file in reversed(files)}  # a file may be named beside its folder
    files = [file for file in files if once.pop(file.resolve(), None)]
    distinct = list(dict.fromkeys(addresses))
    yield from add_files(ingester, files, distinct, summary=summary, console=console, names=names)


def add_files(
    ingester: Ingester,
    files: Sequence[Path],
    addresses: Sequence[str] = (),
    *,
    summary: Summary,
    console: Console,
    names: Mapping[str, str] | None = None,
) -> Iterator[Outcome]:
    """Add files and addresses; yield each outcome once it is recorded in ``summary``. Raises StoreError."""
    weight = sum(_size(file) for file in files) + len(addresses)
    sources = _sources(files, addresses, names)
    yield from add_sources(ingester, sources, summary=summary, console=console, weight=weight)


def add_sources(
    ingester: Ingester, sources: Iterator[Source], *, summary: Summary, console: Console, weight: int = 0
) -> Iterator[Outcome]:
    """Add sources of this weight in all; yield each outcome once it is recorded in ``summary``. Raises StoreError."""
    began = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[articles]} articles"),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Adding", total=max(weight, 1), articles=0, passages=0)
        for number, outcome in enumerate(add_all(ingester, sources), start=1):
            summary.note(outcome)
            progress.update(task, advance=outcome.source.weight, articles=number, passages=summary.passages)
            yield outcome
    summary.seconds += time.monotonic() - began


def _sources(files: Sequence[Path], addresses: Sequence[str], names: Mapping[str, str] | None) -> Iterator[Source]:
    for file in files:
        yield from sources_of(file, names)
    for address in addresses:
        yield from fetched_all(address)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
