"""Run every benchmark and rewrite RESULTS.md: ``python -m benchmarks --data FOLDER``, or ``make bench``."""

import argparse
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import abstention, seed, speed
from benchmarks.common import Figures

_RESULTS = Path(__file__).parent / "RESULTS.md"
_BENCHMARKS = {
    "seed": (seed, "seed_questions.jsonl"),
    "abstention": (abstention, "abstention_clapnq.jsonl"),
    "speed": (speed, "seed_questions.jsonl"),
}
_MARK = "<!-- Everything below this line is written by `make bench`. -->"


def main() -> None:
    """Measure what there is data for; say what there is none for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data
    parts = []
    for name, (module, file) in _BENCHMARKS.items():
        if (folder / file).exists():
            print(f"\n{name}")
            parts.append(_section(name, file, module.measure(folder / file)))
        else:
            parts.append(f"## {name}\n\nNot measured: there was no `{file}`.\n")
    opening = _RESULTS.read_text(encoding="utf-8").partition(_MARK)[0]
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    head = f"{_MARK}\n\nMeasured on {datetime.now(UTC):%Y-%m-%d} with `make bench` ({machine}).\n"
    _RESULTS.write_text("\n".join([opening + head, *parts]), encoding="utf-8")
    print(f"\nWritten to {_RESULTS}.")


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
