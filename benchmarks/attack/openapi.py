"""Generate requests from the OpenAPI document, and compare every response with what the document says.

    python -m benchmarks.attack.openapi [--cases 5000] [--path REGEX] [--examples 60]

It needs Schemathesis (``make attack-openapi`` installs it). Each run is against a real server in a process of its own,
over the seed articles, with models that take no time: once without keys, once with. It goes on with other seeds until
there were as many cases as asked for, and exits with 1 if a response differs from the document. With ``--path`` only
the operations whose path it matches are tried, each by itself.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.common import Figures

READER_KEY, ADMIN_KEY = "reader-key", "admin-key"
_SECONDS = 1_800


def serve(address: Connection, folder: str, keys: bool) -> None:
    """Serve the seed articles from ``folder``, and send the address at which that is."""
    import logging

    import uvicorn

    from service.answering.reading.simple_reader import SimpleReader
    from service.assembly import add_seeds, assemble
    from service.http.app import create_app
    from service.http.connections import Connection
    from service.settings import Settings
    from tests.doubles import WordEmbedder

    logging.disable(logging.WARNING)
    given = {"api_keys": READER_KEY, "admin_keys": ADMIN_KEY} if keys else {}
    settings = Settings.model_validate(
        {"store": f"file:{folder}", "attribution_model": "rules", "stance_model": "none", **given}
    )
    embedder = WordEmbedder()
    services = assemble(settings, embedder=embedder, reader=SimpleReader(embedder))
    add_seeds(services)
    app = create_app(settings, services)
    config = uvicorn.Config(app, http=Connection, ws="none", port=0, log_level="error", access_log=False)
    listener = config.bind_socket()
    address.send(f"http://127.0.0.1:{listener.getsockname()[1]}")
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def serving(*, keys: bool) -> Iterator[str]:
    """Yield the address of a service of its own, which ends afterwards."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = context.Process(target=serve, args=(there, folder, keys))
        process.start()
        try:
            if not here.poll(60):
                raise SystemExit("The service did not start.")
            yield here.recv()
        finally:
            process.terminate()
            process.join(30)


def attack(url: str, *, key: str, seed: int, path: str, examples: int) -> tuple[int, Counter[str]]:
    """Return how many cases were sent to the service at ``url``, and what differs from the document, how often."""
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which("schemathesis", path=beside)
    if program is None:
        raise SystemExit("Schemathesis is not installed: pip install schemathesis")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "events.ndjson"
        options = ["--max-examples", str(examples), "--seed", str(seed), "--continue-on-failure", "--no-shrink"]
        # The check that is left out has a stricter namesake in checks.py.
        options += ["--checks", "all", "--exclude-checks", "positive_data_acceptance", "--suppress-health-check", "all"]
        options += ["--warnings", "off", "--report", "ndjson", "--report-ndjson-path", str(report)]
        if path:
            options += ["--include-path-regex", path, "--phases", "examples,coverage,fuzzing"]
        if key:
            options += ["--header", f"Authorization: Bearer {key}"]
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": "benchmarks.attack.checks"}
        subprocess.run(
            [program, "run", f"{url}/openapi.json", *options],
            check=False,
            env=environment,
            timeout=_SECONDS,
            stdout=sys.stderr,
        )
        return counted(report)


def counted(report: Path) -> tuple[int, Counter[str]]:
    """Return how many cases a report has, and which checks failed on which operation, how often."""
    cases, failures = 0, Counter[str]()
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if "NonFatalError" in event:
                error = event["NonFatalError"]
                failures[f"{error.get('label')}: {error['value']}"] += 1
            if "ScenarioFinished" not in event:
                continue
            recorded = event["ScenarioFinished"]["recorder"]
            cases += len(recorded.get("interactions", {}))
            for checks in recorded.get("checks", {}).values():
                wrong = [each["name"] for each in checks if each["status"] != "success"]
                failures.update(f"{recorded['label']}: {name}" for name in wrong)
    return cases, failures


def main() -> None:
    """Attack a service without keys and one with, print what was found, and exit with 1 if that is anything."""
    parser = argparse.ArgumentParser(description="Compare the service with its OpenAPI document.")
    parser.add_argument("--cases", type=int, default=5_000, help="at least so many for each of the two")
    parser.add_argument("--path", default="", help="only operations whose path this regular expression matches")
    parser.add_argument("--examples", type=int, default=60, help="how many for each operation and seed")
    given = parser.parse_args()
    figures: Figures = {}
    found = Counter[str]()
    for keys in (False, True):
        cases, seed = 0, 1
        while cases < given.cases:
            with serving(keys=keys) as url:
                key = ADMIN_KEY if keys else ""
                more, failures = attack(url, key=key, seed=seed, path=given.path, examples=given.examples)
            if not more:
                raise SystemExit("Schemathesis sent nothing.")
            cases, seed, found = cases + more, seed + 1, found + failures
        figures["cases_with_keys" if keys else "cases_without_keys"] = cases
    for what, times in found.most_common():
        print(f"{times:6,} × {what}", file=sys.stderr)
    print(json.dumps({**figures, "failures": found.total()}))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
