"""Who said it: statements found in news articles, against those that annotators found.

``python -m benchmarks.attribution --data polnear_dev.jsonl.gz [--limit N] [--json]``

Token F1 is over the words of sources, cues and contents. A sentence that overlaps a gold content counts as found if a
source found for it shares a content word with a gold source; "false" are sentences outside every gold content for which
a source was found.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import Figures, Rows, read_rows, run
from index.attribution.factory import open_model, open_tagger
from index.attribution.tagger import Tagger
from index.text.sentences import split_sentences
from index.types import Span, Statement
from service.settings import load_settings

_SMALL = frozenset("a an the of and or in for at on to by with from his her their its who that".split())
_HALF = 0.5
"""A sentence is inside a content where half of its characters are."""


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the figures of the rules alone, of the model in the settings alone, and of both as they are used."""
    chosen = load_settings().attribution_model
    rows = read_rows(data, limit)
    taggers: dict[str, Tagger] = {"rules": open_tagger("rules")}
    if chosen != "rules":
        taggers |= {"model": open_model(chosen), "both": open_tagger(chosen)}
    return {
        f"{name}_{key}": value for name, tagger in taggers.items() for key, value in score(tagger.tag, rows).items()
    }


def score(tag: Callable[[str, Sequence[Span]], list[Statement]], rows: Rows) -> Figures:
    """Return the figures of ``tag`` against the annotations."""
    counts: Counter[str] = Counter()
    for row in rows:
        text = row["text"]
        sentences = split_sentences(text)
        gold = annotated(row)
        found = [
            {"source": [each.source], "cue": [each.cue], "content": list(each.contents)}
            for each in tag(text, sentences)
        ]
        words = [Span(*match.span()) for match in re.finditer(r"\w+", text)]
        for part in ("source", "cue", "content"):
            right, given = (_touched(words, [span for each in side for span in each[part]]) for side in (gold, found))
            counts[f"{part}_both"] += len(right & given)
            counts[f"{part}_gold"] += len(right)
            counts[f"{part}_found"] += len(given)
        for sentence in sentences:
            real, ours = (_sources(text, side, sentence) for side in (gold, found))
            if any(real):
                counts["inside"] += 1
                counts["inside_found"] += any(one & other for one in real for other in ours if one)
            elif not any(sentence.overlap(span) for each in gold for span in each["content"]):
                counts["outside"] += 1
                counts["outside_found"] += bool(ours)
    figures: Figures = {}
    for part in ("source", "cue", "content"):
        figures[f"{part}_f1"] = 2 * counts[f"{part}_both"] / max(counts[f"{part}_gold"] + counts[f"{part}_found"], 1)
    figures["source_of_sentence_found"] = counts["inside_found"] / max(counts["inside"], 1)
    figures["false_on_other_sentences"] = counts["outside_found"] / max(counts["outside"], 1)
    return figures


def annotated(row: dict[str, Any]) -> list[dict[str, list[Span]]]:
    """Return the annotations of a PolNeAR article: the spans of each statement's source, cue and content."""
    return [
        {part: [Span(each["start"], each["end"]) for each in given[part]] for part in ("source", "cue", "content")}
        for given in row["attributions"]
    ]


def _touched(words: Sequence[Span], spans: Sequence[Span]) -> set[Span]:
    return {word for word in words for span in spans if word.overlap(span)}


def _sources(text: str, side: Sequence[dict[str, list[Span]]], sentence: Span) -> list[set[str]]:
    """Return the sources of statements whose content has half of the sentence, or has half of itself in it."""
    given = []
    for each in side:
        length = sum(sentence.overlap(span) for span in each["content"])
        if length >= _HALF * (sentence.end - sentence.start):
            given.append({word for span in each["source"] for word in re.findall(r"\w+", text[slice(*span)].lower())})
    return [names - _SMALL or names for names in given]


if __name__ == "__main__":
    run(__doc__, measure)
