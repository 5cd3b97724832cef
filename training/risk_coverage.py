"""Thresholds: the share of questions answered at each, and the share of wrong answers."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Names = NDArray[np.str_]


def best_threshold(confidence: Floats, answerable: Truths, sources: Names) -> float:
    """Return the threshold with the smallest shares of wrong answers and wrong refusals, over the sources."""
    grid = np.arange(0.05, 0.96, 0.01)
    cells = [(sources == source) & (answerable == which) for source in sorted(set(sources)) for which in (True, False)]
    wrong = [float(sum(((confidence >= each) != answerable)[cell].mean() for cell in cells)) for each in grid]
    return round(float(grid[int(np.argmin(wrong))]), 2)


def table(confidence: Floats, right: Truths, answerable: Truths, sources: Names) -> Iterator[str]:
    """Yield the lines of a table with the figures of each threshold on each source."""
    yield "| questions | threshold | coverage | risk | answered when unanswerable | refused when answerable |"
    yield "|---|---|---|---|---|---|"
    for source in sorted(set(sources)):
        mine = sources == source
        for threshold in np.arange(0.1, 0.95, 0.1):
            shown = confidence[mine] >= threshold
            risk = 1 - right[mine][shown].mean() if shown.any() else 0.0
            wrongly, refused = shown[~answerable[mine]].mean(), 1 - shown[answerable[mine]].mean()
            yield f"| {source} | {threshold:.1f} | {shown.mean():.3f} | {risk:.3f} | {wrongly:.3f} | {refused:.3f} |"


def draw(confidence: Floats, right: Truths, sources: Names, threshold: float, out: Path) -> None:
    """Draw the risk over the coverage of each source, with a dot where the threshold stands."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for source in sorted(set(sources)):
        mine = sources == source
        order = np.argsort(-confidence[mine])
        count = np.arange(1, len(order) + 1)
        coverage, risk = count / len(order), np.cumsum(~right[mine][order]) / count
        (line,) = axes.plot(coverage, risk, label=source)
        at = max(int(np.sum(confidence[mine] >= threshold)) - 1, 0)
        axes.plot(coverage[at], risk[at], "o", color=line.get_color())
    axes.set(xlabel="coverage: share of questions answered", ylabel="risk: share of best quotes that do not answer")
    axes.set(xlim=(0, 1), ylim=(0, None), title=f"Risk and coverage; the dots stand at the threshold, {threshold:.2f}")
    axes.legend()
    figure.savefig(out, dpi=120)
