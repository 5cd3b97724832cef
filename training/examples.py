"""What the reader learns from: questions with passages that answer them, and with passages that do not."""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.common import read_rows
from index.text.sentences import split_sentences
from index.types import Span

_LONGEST = 700
_TOKENIZED = re.compile(
    r"(?<=[(\[$“]) +| +(?=[.,;:?!)\]%”]|['’](?:s|re|ve|ll|d|m)\b|n['’]t\b)|(?<=\w) (?=- \w)|(?<=\w -) (?=\w)"
)
_SHINGLE = 8


@dataclass(frozen=True)
class Example:
    """A question asked of a passage; ``answers`` are spans in ``passage``, none where it does not answer.

    Examples of one ``group`` stay together, so that no article is both trained on and held out. ``kind`` is how the
    example was made.
    """

    question: str
    passage: str
    answers: tuple[Span, ...]
    title: str = ""
    group: str = ""
    kind: str = "given"


def load(folder: Path) -> list[Example]:
    """Return the examples of the training files of ``folder``, each set by its own function."""
    return [each for given in (_shifts, _squad, _search, _discourse, _qamr) for each in given(folder)]


def _shifts(folder: Path) -> Iterator[Example]:
    for domain in ("new_wiki", "amazon_reviews", "reddit"):
        for row in read_rows(folder / f"squadshifts_{domain}.jsonl.gz"):
            group = row["paragraph"] if domain == "reddit" else row["article"]
            yield Example(row["question"], row["context"], _spans(row["answers"]), group=group)


def _squad(folder: Path) -> Iterator[Example]:
    for row in read_rows(folder / "squad11_train.jsonl.gz"):
        yield Example(row["question"], row["context"], _places(row), _name(row), f"squad {row['article']}", "squad")


def _search(folder: Path) -> Iterator[Example]:
    for row in read_rows(folder / "nq_oracle.jsonl.gz"):
        spans = _spans(row["answers"])
        yield Example(row["question"], row["context"], spans, row["title"], row["title"], "search")
    for row in read_rows(folder / "qed_dev.jsonl.gz"):
        text, answers = row["paragraph_text"], [each for group in row["original_nq_answers"] for each in group]
        spans = tuple(Span(each["start"], each["end"]) for each in answers)
        yield Example(row["question_text"], text, spans, row["title_text"], row["title_text"], "search")
    for row in read_rows(folder / "qed_train.jsonl.gz"):
        text, spans = _detokenized(row["context"], _spans(row["answers"]))
        yield Example(row["question"], text, spans, row["title"], row["title"], "search")


def _discourse(folder: Path) -> Iterator[Example]:
    for row in read_rows(folder / "qadiscourse_wikinews.jsonl.gz"):
        text, spans = _detokenized(row["context"], _spans(row["answers"]))
        yield Example(row["question"], text, spans, "", row["article"], "discourse")


def _qamr(folder: Path) -> Iterator[Example]:
    for row in read_rows(folder / "qamr.jsonl.gz"):
        yield Example(row["question"], row["context"], _spans(row["answers"]), "", row["article"], "sentence")


def without_overlap(examples: Iterable[Example], tests: Iterable[tuple[str, str]]) -> list[Example]:
    """Return the examples that share neither a question nor eight words in a row with a test's (question, text)."""
    questions: set[tuple[str, ...]] = set()
    shingles: set[tuple[str, ...]] = set()
    for question, text in tests:
        questions.add(_words(question))
        shingles.update(_shingles(text))
    return [
        each
        for each in examples
        if _words(each.question) not in questions and not any(piece in shingles for piece in _shingles(each.passage))
    ]


def cropped(example: Example, rng: random.Random) -> Example:
    """Return the example with a run of whole sentences, of at most 700 characters, with an answer if there is one.

    Passages come so from a search: the answer may stand anywhere in them.
    """
    if len(example.passage) <= _LONGEST:
        return example
    sentences = split_sentences(example.passage)
    runs = [
        Span(sentences[first].start, sentences[last].end)
        for first in range(len(sentences))
        for last in range(first, len(sentences))
        if sentences[last].end - sentences[first].start <= _LONGEST
        and (last + 1 == len(sentences) or sentences[last + 1].end - sentences[first].start > _LONGEST)
    ]
    runs = [run for run in runs if not example.answers or _inside(example.answers, run)]
    if not runs:
        return example
    run = rng.choice(runs)
    answers = tuple(each.moved(-run.start) for each in _inside(example.answers, run))
    return replace(example, passage=example.passage[run.start : run.end], answers=answers)


def reworded(question: str, rng: random.Random) -> str:
    """Return the question as people type it: in lower case, as keywords, without its mark, or with a typing error."""
    form = rng.random()
    if form < 0.12:
        return question.lower().rstrip("?. ")
    if form < 0.16:
        words = [word for word in question.rstrip("?").split() if word.lower() not in _FILLERS]
        return " ".join(words) if len(words) > 2 else question
    if form < 0.22 and len(question) > 12:
        at = rng.randrange(1, len(question) - 2)
        if question[at : at + 2].isalpha():
            return question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    if form < 0.30:
        return question[0].upper() + question[1:].rstrip("? ") + "?"
    return question


_FILLERS = frozenset("what who when where which how did does do is are was were the a an of in to".split())


def _inside(answers: Sequence[Span], run: Span) -> list[Span]:
    return [each for each in answers if run.holds(each)]


def _name(row: dict[str, Any]) -> str:
    return str(row["article"]).replace("_", " ")


def _places(row: dict[str, Any]) -> tuple[Span, ...]:
    """Return the answers' spans; where the source does not tell which of several places is meant, all of them."""
    if not row["start_uncertain"]:
        return _spans(row["answers"])
    text = row["context"]
    found = {
        (match.start(), match.end())
        for each in row["answers"]
        for match in re.finditer(rf"(?<!\w){re.escape(each['text'])}(?!\w)", text)
    }
    return tuple(Span(*each) for each in sorted(found)) or _spans(row["answers"])


def _detokenized(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """Return the text without the spaces that a tokenizer put beside its marks, and the spans moved along."""
    gone = [match.span() for match in _TOKENIZED.finditer(text)]

    def moved(place: int) -> int:
        return place - sum(min(end, place) - start for start, end in gone if start < place)

    kept = "".join(text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *gone, (len(text), 0)]))
    return kept, tuple(Span(moved(start), moved(end)) for start, end in spans)


def _spans(answers: list[dict[str, object]]) -> tuple[Span, ...]:
    pairs = {(int(str(each["start"])), str(each["text"])) for each in answers}
    return tuple(sorted(Span(start, start + len(text)) for start, text in pairs))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.lower()))


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    return (words[at : at + _SHINGLE] for at in range(len(words) - _SHINGLE + 1))
