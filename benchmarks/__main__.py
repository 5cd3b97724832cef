"""Run every benchmark and rewrite RESULTS.md: ``python -m benchmarks --data FOLDER``, or ``make bench``."""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    ablations,
    abstention,
    archive,
    attribution,
    conversation,
    drafts,
    extraction,
    ingest,
    kills,
    news,
    postgres,
    reading,
    replicas,
    reports,
    seed,
    size,
    speed,
    stance,
)
from benchmarks.common import Figures

_RESULTS = Path(__file__).parent / "RESULTS.md"
_BENCHMARKS = {
    "seed": (seed, "seed_questions.jsonl"),
    "abstention": (abstention, "abstention_clapnq.jsonl"),
    "reading": (reading, "reading/xquad_en.jsonl.gz"),
    "attribution": (attribution, "attribution/polnear_dev.jsonl.gz"),
    "reports": (reports, "attribution/gum.jsonl.gz"),
    "stance": (stance, "stance"),
    "conversation": (conversation, "conversations_mtragun.jsonl"),
    "speed": (speed, "seed_questions.jsonl"),
    "extraction": (extraction, "extraction.jsonl"),
    "ingest": (ingest, "news"),
    "archive": (archive, "news"),
    "drafts": (drafts, "news"),
    "size": (size, "news"),
    "news": (news, "news"),
    "ablations": (ablations, "news"),
    "postgres": (postgres, "news"),
    "replicas": (replicas, ""),
    "kills": (kills, ""),
}
_NEED_A_STORE = {"archive", "drafts", "size", "news", "ablations"}
_MARK = "<!-- Everything below this line is written by `make bench`. -->"


def main() -> None:
    """Run every benchmark that has data, and name those that have none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--store", type=Path, help="keep the news indexed here, and use them again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        parts = list(_measured(options.data, options.store or Path(scratch)))
    opening = _RESULTS.read_text(encoding="utf-8").partition(_MARK)[0]
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    head = f"{_MARK}\n\nMeasured on {datetime.now(UTC):%Y-%m-%d} with `make bench` ({machine}).\n"
    _RESULTS.write_text("\n".join([opening + head, *parts]), encoding="utf-8")
    print(f"\nWritten to {_RESULTS}.")


def _measured(folder: Path, store: Path) -> Iterator[str]:
    for name, (module, file) in _BENCHMARKS.items():
        if (folder / file).exists():
            print(f"\n{name}")
            figures = module.measure(folder / file, None, *((store,) if name in _NEED_A_STORE else ()))
            yield _section(name, file, figures)
        else:
            yield f"## {name}\n\nNot measured: there was no `{file}`.\n"


def _section(name: str, file: str, figures: Figures) -> str:
    rows = [
        f"| {key} | {value:.3f} |" if isinstance(value, float) else f"| {key} | {value} |"
        for key, value in figures.items()
    ]
    for row in rows:
        print(row)
    return "\n".join(
        [
            f"## {name}",
            "",
            f"`python -m benchmarks.{name} --data {file}`",
            "",
            "| figure | value |",
            "|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    main()
