"""All attacks: ``python -m benchmarks.attack [--seconds 600] [--size N]``, or ``make attack``.

Fuzzers on every reader for that long, then hostile requests to a real service. What the OpenAPI document promises is
attacked by ``python -m benchmarks.attack.openapi``.
"""

import argparse
import os

from benchmarks.attack import fuzz, hostile
from benchmarks.attack.targets import TARGETS


def main() -> None:
    """Run all; exit with 1 if something broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--size", type=int, default=5_000_000, help="the bytes of long requests")
    parser.add_argument("--seed", type=int, default=0, help="for the fuzzers; another finds other things")
    options = parser.parse_args()
    fuzzed = fuzz.measure(seconds=options.seconds, targets=sorted(TARGETS), jobs=os.cpu_count() or 1, seed=options.seed)
    sent = hostile.measure(size=options.size)
    for name, value in {**fuzzed, **sent}.items():
        print(f"{name:16} {value:,}")
    raise SystemExit(1 if fuzzed["crashes"] or fuzzed["hangs"] or sent["bad"] else 0)


if __name__ == "__main__":
    main()
