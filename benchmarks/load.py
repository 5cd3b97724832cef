"""Load: ``python -m benchmarks.load [--seconds 600] [--asks 10000] [--articles 300] [--json]``, or ``make load``.

A real service in a process of its own, over a store of made news, with the reader that PULLQUOTE_READER_MODEL sets.

1. 1, 4, 16 and 64 askers, each for a twentieth of the time; beside them ``/healthz`` is asked ten times a second, by a
   process of its own.
2. For six tenths of the time, 8 askers while others upload, replace and remove articles. In the middle the service is
   killed and started again; at its end ``pullquote check`` must find the store sound, with every article that was
   confirmed and none that was removed.
3. The askers of the first part once more.
4. ``--asks`` questions, after a tenth as many to warm up, while the memory of the service is measured.

Every quote is compared with its article's text, known by its hash. A refusal with 429 or 503 is deliberate, and its
asker asks again a little later; everything else but a whole answer is an error. A connection that the kill cut is none.
"""

import argparse
import json
import random
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx
import psutil

from benchmarks.askers import PAUSE_SECONDS, REFUSED, Tally, askers, together
from benchmarks.common import Figures
from benchmarks.health import watching
from benchmarks.newsmaking import made_article
from benchmarks.serving import Service, command, environment
from index.types import hash_of

_LEVELS = (1, 4, 16, 64)
_MIXED_ASKERS = 8
_SAMPLES = 10


def _level(service: Service, tally: Tally, count: int, *, seconds: float) -> Figures:
    """Return throughput, latencies and those of ``/healthz`` with so many askers at once."""
    until = time.monotonic() + seconds

    def goes_on() -> bool:
        return time.monotonic() < until

    refused = tally.counts["refused"]
    began = time.monotonic()
    with (
        watching(service.url, seconds) as healthy,
        together(askers(service.url, tally, goes_on, seeds=range(count))),
    ):
        pass
    took = tally.taken()
    lasted = time.monotonic() - began
    figures: Figures = {
        "askers": count,
        "answers_per_second": len(took) / lasted,
        **{f"p{share}_ms": 1000 * _percentile(took, share) for share in (50, 95, 99)},
        "healthz_p99_ms": 1000 * _percentile(healthy, 99),
        "refused": tally.counts["refused"] - refused,
    }
    print(" ".join(f"{name}={value:.4g}" for name, value in figures.items()), flush=True)
    return figures


def _percentile(ordered: list[float], share: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else float("nan")


class _Editing:
    """Uploads, replacements and removals by one client, which knows what must be there."""

    def __init__(self, service: Service, tally: Tally, articles: int) -> None:
        """Begin with so many articles."""
        self._service, self._tally = service, tally
        self._rng = random.Random(11)
        self.expected: dict[str, str] = {}
        self.unsure: set[str] = set()
        self._ids: dict[str, int] = {}
        self.done: Counter[str] = Counter()
        self._next = 0
        self.begin(articles)

    def begin(self, articles: int) -> None:
        """Upload the first articles."""
        with httpx.Client(base_url=self._service.url, timeout=120) as client:
            for _ in range(articles):
                self._put(client, self._new())

    def work(self, goes_on: Callable[[], bool], cut: Callable[[], bool]) -> None:
        """Upload, replace and remove while ``goes_on``."""
        with httpx.Client(base_url=self._service.url, timeout=120) as client:
            while goes_on():
                known = [key for key in self.expected if key not in self.unsure]
                kind = self._rng.choice(["upload", "replace", "replace", "remove"]) if len(known) > 20 else "upload"
                key = self._new() if kind == "upload" else self._rng.choice(known)
                was_cut = cut()
                try:
                    if kind == "remove":
                        response = client.delete(f"/v1/articles/{self._ids[key]}")
                        if response.is_success:
                            del self.expected[key], self._ids[key]
                    else:
                        response = self._put(client, key)
                except httpx.TransportError as error:
                    self.unsure.add(key)
                    if not was_cut and not cut():
                        self._tally.failed(f"{kind} {type(error).__name__}")
                    time.sleep(PAUSE_SECONDS)
                    continue
                if response.is_success:
                    self.done[kind] += 1
                elif response.status_code in REFUSED:
                    self._tally.refused()
                    time.sleep(PAUSE_SECONDS)
                else:
                    self._tally.failed(f"{kind} {response.status_code}")

    def _new(self) -> str:
        self._next += 1
        return f"https://news.example/{self._next}"

    def _put(self, client: httpx.Client, key: str) -> httpx.Response:
        title, text = made_article(self._rng)
        self._tally.know(text)
        response = client.post(
            "/v1/articles", json={"text": text, "title": title, "url": key, "publisher": "Norvik Post"}
        )
        if response.is_success:
            self.expected[key], self._ids[key] = hash_of(text.encode()), response.json()["id"]
        return response


def _mixed(service: Service, store: Path, tally: Tally, editing: _Editing, *, seconds: float) -> Figures:
    """Ask, upload, replace and remove; kill in the middle; return what was lost."""
    began = time.monotonic()
    cut = threading.Event()

    def goes_on() -> bool:
        return time.monotonic() < began + seconds

    asking = askers(service.url, tally, goes_on, seeds=range(100, 100 + _MIXED_ASKERS), cut=cut.is_set)
    with together([*asking, partial(editing.work, goes_on, cut.is_set)]):
        time.sleep(seconds / 2)
        cut.set()
        service.kill()
        down = time.monotonic()
        service.start()
        down = time.monotonic() - down
        time.sleep(1)
        cut.clear()
    took = tally.taken()
    with httpx.Client(base_url=service.url, timeout=120) as client:
        found = dict(_stored(client))
    certain = {key: sha256 for key, sha256 in editing.expected.items() if key not in editing.unsure}
    lost = sum(found.get(key) != sha256 for key, sha256 in certain.items())
    back = sum(key.startswith("https://news.") and key not in editing.expected for key in found) - len(
        [key for key in editing.unsure if key in found and key not in editing.expected]
    )
    service.stop()
    sound = subprocess.run(command("check"), env=environment(store), stdout=subprocess.DEVNULL).returncode == 0
    service.start()
    return {
        "mixed_answers_per_second": len(took) / seconds,
        "mixed_p99_ms": 1000 * _percentile(took, 99),
        **{f"{kind}s": editing.done[kind] for kind in ("upload", "replace", "remove")},
        "back_after_kill_seconds": down,
        "lost_articles": lost,
        "articles_that_came_back": back,
        "store_sound": int(sound),
    }


def _stored(client: httpx.Client) -> Iterator[tuple[str, str]]:
    """Yield the address and the hash of every article."""
    cursor: str | None = "0"
    while cursor:
        page = client.get("/v1/articles", params={"limit": 1000, "cursor": cursor}).raise_for_status().json()
        for each in page["articles"]:
            yield each["url"] or "", client.get(f"/v1/articles/{each['id']}").json()["sha256"]
        cursor = page["next_cursor"]


def _ask_many(service: Service, tally: Tally, count: int, *, seed: int) -> None:
    until, stop = tally.counts["asks"] + count, threading.Event()

    def goes_on() -> bool:
        return tally.counts["asks"] < until and not stop.is_set()

    try:
        with together(askers(service.url, tally, goes_on, seeds=range(1_000 + seed, 1_002 + seed))):
            pass
    finally:
        stop.set()


def _memory(service: Service, tally: Tally, asks: int) -> Figures:
    """Return the service's memory in MB, after a tenth of ``asks`` and after each tenth more; Ctrl-C ends it early."""
    process = psutil.Process(service.process_id)
    steps: list[float] = []
    before = tally.counts["asks"]
    with suppress(KeyboardInterrupt):
        for number in range(_SAMPLES + 1):
            _ask_many(service, tally, asks // _SAMPLES, seed=2 * number)
            steps.append(process.memory_info().rss / 1e6)
            print(f"{tally.counts['asks']} asks, {tally.counts['quotes']} quotes, {steps[-1]:.0f} MB", flush=True)
    if not steps:
        return {}
    return {
        "memory_asks": tally.counts["asks"] - before,
        "memory_first_mb": steps[0],
        "memory_last_mb": steps[-1],
        "memory_most_mb": max(steps),
        "memory_growth": max(steps) / steps[0] - 1,
    }


def measure(*, seconds: float, asks: int, articles: int) -> tuple[Figures, list[Figures]]:
    """Return the figures of all parts, and those of each level of askers, before and after."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder))
        service.start()
        try:
            with httpx.Client(base_url=service.url) as client:
                for each in client.get("/v1/articles").json()["articles"]:
                    tally.know(client.get(f"/v1/articles/{each['id']}").json()["text"])
            editing = _Editing(service, tally, articles)
            levels = [_level(service, tally, askers, seconds=seconds / 20) for askers in _LEVELS]
            figures = _mixed(service, Path(folder), tally, editing, seconds=0.6 * seconds)
            print(" ".join(f"{name}={value:.4g}" for name, value in figures.items()), flush=True)
            levels += [_level(service, tally, askers, seconds=seconds / 20) for askers in _LEVELS]
            if asks:
                figures |= _memory(service, tally, asks)
        finally:
            service.stop()
    counts = {name: tally.counts[name] for name in ("asks", "answered", "refused", "quotes", "wrong")}
    for what, number in tally.errors.items():
        print(f"error {what}: {number}")
    return {**figures, **counts, "errors": tally.errors.total()}, levels


def main() -> None:
    """Run all parts; exit with 1 if a quote was wrong, an error came, or an article was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--asks", type=int, default=10_000, help="how many questions for the measurement of memory")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--json", action="store_true", help="print one JSON object of figures as the last line")
    options = parser.parse_args()
    figures, levels = measure(seconds=options.seconds, asks=options.asks, articles=options.articles)
    for name, value in figures.items():
        print(f"{name:28} {value:.4g}" if isinstance(value, float) else f"{name:28} {value}")
    if options.json:
        print(json.dumps({**figures, "levels": levels}))
    bad = figures["wrong"] or figures["errors"] or figures["lost_articles"] or figures["articles_that_came_back"]
    raise SystemExit(1 if bad or not figures["store_sound"] else 0)


if __name__ == "__main__":
    main()
