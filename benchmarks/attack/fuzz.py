"""Fuzz every reader, and what is done with texts: ``python -m benchmarks.attack.fuzz [--seconds N] [--target NAME]``.

Each target runs in a process of its own with a limit on memory. A crash is a process that died by a signal or an
assertion that failed; a hang is an input of at most 20 kB that took more than ``LIMIT_SECONDS`` of processor time. What
a reader stumbles over becomes a FormatError in the service (``formats.reading.parsed``); such exceptions are counted by
the place where they were raised, and fewer are better. With atheris installed, ``--engine atheris`` lets coverage guide
it. Files that found something are kept in ``--found``; those in ``benchmarks/attack/found`` are run first.
"""

import argparse
import atexit
import hashlib
import json
import mmap
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FunctionType
from typing import Any

from benchmarks.attack import corpus
from benchmarks.attack.mutation import mutated
from benchmarks.attack.targets import EXPECTED, TARGETS
from benchmarks.common import Figures

LIMIT_SECONDS = 10.0
KEPT = Path(__file__).parent / "found"
_MEGABYTES = 1_500
_REPORT_SECONDS = 1.0
_STUCK_SECONDS = 120.0
_LARGEST = 1_000_000


def _last_in(folder: Path, name: str) -> mmap.mmap:
    """Return memory that outlives the process: 4 bytes of length, then the input that was run last."""
    path = folder / f"{name}.last"
    with path.open("w+b") as file:
        file.truncate(_LARGEST + 4)
        return mmap.mmap(file.fileno(), _LARGEST + 4)


class _HangError(BaseException):
    """An input took too long; no handler of a reader may catch it."""


class _Run:
    """A target at work: what it did so far, written to a file now and then for the process that waits."""

    def __init__(self, name: str, folder: Path) -> None:
        """Take the target's name and the folder for reports."""
        self.name, self.target = name, TARGETS[name]
        self._folder = folder
        self._last = _last_in(folder, name)
        self._report = folder / f"{name}.json"
        self._reported = time.monotonic()
        self.executions = 0
        self.slowest = 0.0
        self.stumbles: Counter[str] = Counter()
        self.found: list[dict[str, str]] = []

    def once(self, data: bytes) -> None:
        """Run the target on ``data``, and note what comes of it."""
        self._last[: 4 + len(data)] = len(data).to_bytes(4, "big") + data
        self.executions += 1
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
        try:
            self.target(data)
        except EXPECTED:
            pass
        except _HangError:
            self._keep("hang", data, "")
        except AssertionError as error:
            self._keep("crash", data, "".join(traceback.format_exception(error)[-2:]))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            self._stumbled(error, data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        self.slowest = max(self.slowest, time.process_time() - began)
        if time.monotonic() - self._reported > _REPORT_SECONDS:
            self.report()

    def report(self) -> None:
        """Write down what was done so far."""
        self._reported = time.monotonic()
        done = {
            "executions": self.executions,
            "slowest": self.slowest,
            "stumbles": dict(self.stumbles),
            "found": self.found,
        }
        self._report.write_text(json.dumps(done), encoding="utf-8")

    def _stumbled(self, error: Exception, data: bytes) -> None:
        frames = [each for each in traceback.extract_tb(error.__traceback__) if "/index/" in each.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "elsewhere"
        where = f"{type(error).__name__} at {place}"
        self.stumbles[where] += 1
        if self.stumbles[where] == 1:
            self._keep("stumble", data, where)

    def _keep(self, kind: str, data: bytes, told: str) -> None:
        path = self._folder / f"{self.name}-{kind}-{hashlib.sha256(data).hexdigest()[:12]}"
        path.write_bytes(data)
        self.found.append({"kind": kind, "target": self.name, "file": str(path), "told": told})
        self.report()


def _work(name: str, folder: Path, *, seconds: float, seed: int, engine: str) -> None:
    """Run a target until its time is over; the process that started this reads the report."""
    _limit_memory()
    signal.signal(signal.SIGPROF, _too_long)
    run = _Run(name, folder)
    seeds, words = corpus.seeds_of(name), corpus.words_of(name)
    for data in (*corpus.kept_in(KEPT, name), *seeds):
        run.once(data)
    rng = random.Random(seed)
    if engine == "atheris":
        _guided(run, seconds, seed, lambda data: mutated(rng, [data, *seeds], words))
    until = time.monotonic() + seconds
    pool = list(seeds)
    while time.monotonic() < until:
        data = mutated(rng, pool, words)
        run.once(data)
        if len(pool) < 200 and rng.random() < 0.001:
            pool.append(data)
    run.report()


def _guided(run: _Run, seconds: float, seed: int, change: Callable[[bytes], bytes]) -> None:
    """Let libFuzzer choose the inputs by the lines of our own code that they reach; ends the process."""
    import atheris

    def one(data: bytes) -> None:
        run.once(data)

    def mutator(data: bytes, most: int, number: int) -> bytes:
        return change(data)[:most] if number % 2 else bytes(atheris.Mutate(data, most))

    for name in [name for name in sys.modules if name.startswith("index.")]:
        for value in vars(sys.modules[name]).values():
            if isinstance(value, FunctionType) and value.__module__ == name:
                atheris.instrument_func(value)
    atexit.register(run.report)
    options = [f"-max_total_time={max(1, round(seconds))}", "-max_len=20000", f"-seed={seed + 1}", "-rss_limit_mb=0"]
    atheris.Setup([sys.argv[0], *options, "-timeout=60"], one, custom_mutator=mutator)
    atheris.Fuzz()


def _too_long(number: int, frame: object) -> None:
    raise _HangError


def _limit_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEGABYTES * 1_000_000 * 3, _MEGABYTES * 1_000_000 * 3))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def fuzz(name: str, folder: Path, *, seconds: float, seed: int, engine: str) -> dict[str, Any]:
    """Return what a target did in so many seconds, in as many processes as it killed."""
    until = time.monotonic() + seconds
    total: dict[str, Any] = {"executions": 0, "slowest": 0.0, "stumbles": Counter(), "found": []}
    while (left := until - time.monotonic()) > 0.5:
        own = folder / f"{name}-{seed}"
        own.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "benchmarks.attack.fuzz", "--work", name, "--found", str(own)]
        process = subprocess.Popen(
            [*command, "--seconds", str(left), "--seed", str(seed), "--engine", engine],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        stuck = False
        try:
            process.wait(left + _STUCK_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            stuck = True
        _add(total, own / f"{name}.json")
        if stuck or process.returncode < 0:
            last = (own / f"{name}.last").read_bytes()
            data = last[4 : 4 + int.from_bytes(last[:4], "big")]
            kind = "hang" if stuck else f"crash-signal{-process.returncode}"
            path = folder / f"{name}-{kind}-{hashlib.sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            total["found"].append({"kind": kind.partition("-")[0], "target": name, "file": str(path), "told": kind})
        seed += 1_000
    return total


def _add(total: dict[str, Any], report: Path) -> None:
    if report.exists():
        done = json.loads(report.read_text(encoding="utf-8"))
        total["executions"] += done["executions"]
        total["slowest"] = max(total["slowest"], done["slowest"])
        total["stumbles"].update(done["stumbles"])
        total["found"] += done["found"]
        report.unlink()


def fuzz_all(
    folder: Path, *, seconds: float, targets: list[str], jobs: int, seed: int, engine: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each target did; all together take about ``seconds``."""
    each = seconds * jobs / len(targets)
    with ThreadPoolExecutor(jobs) as pool:
        waiting = [(name, pool.submit(fuzz, name, folder, seconds=each, seed=seed, engine=engine)) for name in targets]
        for name, done in waiting:
            yield name, done.result()


def measure(
    *,
    seconds: float,
    targets: list[str],
    jobs: int = 2,
    seed: int = 0,
    engine: str = "mutation",
    found: Path | None = None,
) -> Figures:
    """Return how many executions there were, and how many crashes, hangs and stumbles."""
    totals: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = found or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name, done in fuzz_all(folder, seconds=seconds, targets=targets, jobs=jobs, seed=seed, engine=engine):
            kinds = Counter(each["kind"] for each in done["found"])
            print(
                f"{name:12} {done['executions']:9,} executions, slowest {done['slowest']:.2f} s, {dict(kinds)}",
                flush=True,
            )
            for each in done["found"]:
                print(f"    {each['kind']} {each['told'].strip()} {each['file']}", flush=True)
            totals["executions"] += done["executions"]
            totals.update({kind: kinds[kind] for kind in ("crash", "hang", "stumble")})
            slowest = max(slowest, done["slowest"])
    return {
        "executions": totals["executions"],
        "crashes": totals["crash"],
        "hangs": totals["hang"],
        "stumbles": totals["stumble"],
        "slowest_s": slowest,
    }


def main() -> None:
    """Fuzz, or be the process that does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this; may be repeated")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=["mutation", "atheris"], default="mutation")
    parser.add_argument("--found", type=Path, help="keep files that found something here")
    parser.add_argument("--json", action="store_true", help="print one JSON object of figures as the last line")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        _work(options.work, options.found, seconds=options.seconds, seed=options.seed, engine=options.engine)
        return
    figures = measure(
        seconds=options.seconds,
        targets=options.target or sorted(TARGETS),
        jobs=options.jobs,
        seed=options.seed,
        engine=options.engine,
        found=options.found,
    )
    for name, value in figures.items():
        print(f"{name:12} {value:,}")
    if options.json:
        print(json.dumps(figures))
    sys.exit(1 if figures["crashes"] or figures["hangs"] else 0)


if __name__ == "__main__":
    main()
