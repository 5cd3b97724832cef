"""What an article does not assert: stances found, against those of frames kept aside, of newswire and of real news.

``python -m benchmarks.stance --data data/stance [--limit N] [--json]``

Frames of ``frames.txt`` that were not learnt from are filled with clauses of texts that were not either, alone and
among other sentences. The F1 of each stance, and of all together but asserted, counts words; ``spans_right`` counts
fillings whose stance, as ``stance_of`` gives it, is right, and ``new_words_right`` those of frames with a word that no
frame learnt from has.
``uw`` is newswire (UW factuality): whether a word is told as a fact, by its label. ``news`` are sentences of PolNeAR
that were labelled by hand. ``own_frames`` are the frames of ``benchmarks/data/stance_frames.txt``, likewise. ``framed``
and ``plain`` are articles asked about, see ``benchmarks/framed.py``.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import framed
from benchmarks.common import Figures, read_rows, run
from index.stance.decoding import KINDS
from index.stance.factory import open_stance_tagger
from index.stance.finding import find_stances, stance_of
from index.text.sentences import split_sentences
from index.types import Span, Stance
from training.fillers import Fillers
from training.frames import CODES, UNKNOWN, Frame, Marked, read_frames, words_of
from training.stance import SEED, frames, texts
from training.stance_lessons import Maker
from training.weak import UNSURE

_FILLINGS = 20
_ARTICLES = 500
_NEWS = Path(__file__).parent / "data" / "stance_news.jsonl"
_FRAMES = Path(__file__).parent / "data" / "stance_frames.txt"
Find = Callable[[str], Sequence[Stance]]
_KIND_OF = {code: kind for kind, code in CODES.items()}


def measure(data: Path, limit: int | None = None) -> Figures:
    """Tag the frames kept aside, newswire, and the news where it is at hand."""
    tagger = open_stance_tagger()

    def find(text: str) -> Sequence[Stance]:
        return find_stances(text, split_sentences(text), tagger)

    taken = texts(data.parent, aside=True)
    known = words_of(frames(data.parent, aside=False))
    figures = _named("frames", on_frames(find, frames(data.parent, aside=True)[:limit], known, taken))
    figures |= _named("own_frames", on_frames(find, read_frames(_FRAMES)[:limit], known, taken))
    figures |= on_plain_news(find, taken[:limit])
    figures |= on_newswire(find, data / "uw_test.jsonl.gz", limit)
    articles = data.parent / "attribution" / "polnear_dev.jsonl.gz"
    if _NEWS.exists() and articles.exists():
        figures |= on_news(find, articles, limit)
    xquad = data.parent / "reading" / "xquad_en.jsonl.gz"
    if xquad.exists():
        count = min(limit or _ARTICLES, _ARTICLES)
        figures |= framed.measure(xquad, frames(data.parent, aside=True), count)
        figures |= _named("own", framed.measure(xquad, read_frames(_FRAMES), count // 4))
    return figures


def _named(name: str, figures: Figures) -> Figures:
    return {f"{name}_{key}": value for key, value in figures.items()}


def on_frames(find: Find, aside: Sequence[Frame], known: set[str], taken: Sequence[str]) -> Figures:
    """Fill frames from texts kept aside and compare word by word, and filling by filling.

    ``known`` are the words of the frames learnt from.
    """
    judge = Maker(aside, Fillers(taken, aside=True), taken)
    rng = random.Random(SEED)  # noqa: S311
    table = _Table()
    spans: Counter[str] = Counter()
    for frame in aside:
        new = bool(words_of([frame]) - known)
        for number in range(_FILLINGS):
            number_of = f"{SEED} {frame.template} {number}"
            alone = judge.fill(frame, random.Random(number_of))  # noqa: S311
            probe = judge.fill(frame._replace(label="denied"), random.Random(number_of))  # noqa: S311
            given = alone if number % 2 else judge.among(alone, rng)
            found = find(given.text)
            table.add(given, found)
            gap = _gap(given, probe)
            right = gap is not None and _kind(found, gap) == frame.label
            for name in ("spans", *(["new_words"] if new else []), f"spans_{frame.label}"):
                spans[name] += 1
                spans[f"{name}_right"] += right
    rates = {name: spans[f"{name}_right"] / spans[name] for name in spans if not name.endswith("_right")}
    return table.figures() | {f"{name}_right": rate for name, rate in sorted(rates.items())}


def on_plain_news(find: Find, taken: Sequence[str]) -> Figures:
    """Measure how many sentences without a word that may take anything back are given a stance all the same."""
    plain = marked = 0
    for text in taken:
        found = find(text)
        for sentence in split_sentences(text):
            if not UNSURE.search(text[slice(*sentence)]):
                plain += 1
                marked += any(sentence.overlap(each.scope) for each in found)
    return {"plain_sentences": plain, "plain_given_a_stance": marked / max(plain, 1)}


def on_newswire(find: Find, path: Path, limit: int | None = None) -> Figures:
    """Measure whether marked words of newswire are found asserted, or not, as people judged them."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for row in read_rows(path, limit):
        pieces = row["text"].split(" ")
        first, last = row["tokens"]
        start = len(" ".join(pieces[:first])) + bool(first)
        span = Span(start, start + len(" ".join(pieces[first:last])))
        counts[row["label"] == "asserted", _kind(find(row["text"]), span) == "asserted"] += 1
    asserted = counts[True, True] / max(counts[True, True] + counts[True, False], 1)
    other = counts[False, False] / max(counts[False, True] + counts[False, False], 1)
    return {"uw_asserted": asserted, "uw_not_asserted": other, "uw_balanced_accuracy": (asserted + other) / 2}


def on_news(find: Find, articles: Path, limit: int | None = None) -> Figures:
    """Compare with spans of real news that were labelled by hand: reported counts as asserted."""
    rows = {row["id"]: row["text"] for row in read_rows(articles)}
    table = _Table()
    right = total = 0
    for line in read_rows(_NEWS, limit):
        text = rows[line["doc"]]
        found = find(text)
        known = Marked(text, UNKNOWN * len(text), "")
        for start, end, label in ((each["start"], each["end"], each["label"]) for each in line["spans"]):
            known = known._replace(kinds=known.kinds[:start] + CODES[label] * (end - start) + known.kinds[end:])
            kind = _kind(found, Span(start, end))
            right += (kind if kind != "reported" else "asserted") == label
            total += 1
        table.add(known, found, reported_as="asserted")
    return _named("news", table.figures() | {"spans_right": right / max(total, 1)})


_NOT_ASSERTED: tuple[Callable[[tuple[str, str]], bool], ...] = (
    lambda pair: "asserted" not in pair,
    lambda pair: pair[0] != "asserted",
    lambda pair: pair[1] != "asserted",
)


class _Table:
    """Words counted by the stance that is right and the stance that was found."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, given: Marked, found: Sequence[Stance], reported_as: str = "reported") -> None:
        stood = ["asserted"] * len(given.text)
        for each in found:
            kind = reported_as if each.kind == "reported" else each.kind
            stood[each.scope.start : each.scope.end] = [kind] * (each.scope.end - each.scope.start)
        for word in re.finditer(r"\w+", given.text):
            code = given.kinds[word.start()]
            if code != UNKNOWN:
                self.counts[_KIND_OF[code], stood[word.start()]] += 1

    def figures(self) -> Figures:
        given: Figures = {}
        for kind in KINDS:
            both = self.counts[kind, kind]
            right = sum(count for (gold, _), count in self.counts.items() if gold == kind)
            found = sum(count for (_, ours), count in self.counts.items() if ours == kind)
            if right:
                given[f"f1_{kind}"] = 2 * both / (right + found)
        other = [sum(count for pair, count in self.counts.items() if test(pair)) for test in _NOT_ASSERTED]
        return given | {"f1_not_asserted": 2 * other[0] / max(other[1] + other[2], 1)}


def _kind(found: Sequence[Stance], span: Span) -> str:
    stance = stance_of(found, span)
    return stance.kind if stance else "asserted"


def _gap(given: Marked, probe: Marked) -> Span | None:
    """Return where the filling stands, which is all that ``probe`` denies."""
    start = given.text.find(probe.text)
    run = re.search("d+", probe.kinds)
    return Span(start + run.start(), start + run.end()) if run and start >= 0 else None


if __name__ == "__main__":
    run(__doc__, measure)
