"""Calibrate the reader: ``python -m training.calibrate --data FOLDER --model models/reader``.

The questions are ones that the reader was not trained on: those on the seed article; those of ClapNQ and the held-out
ones of the training data, with near misses that we make or that people wrote, each asked of its own passage; and the
held-out ones that can be understood without their passage, asked of all held-out passages. A logistic regression weighs
the evidence for each sentence; a second one, over the best sentence of each question (Platt, 1999), turns that into a
confidence. The threshold, the table and the risk–coverage curve (El-Yaniv and Wiener, 2010) come from ten folds: each
question is judged by what was fitted without its article.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from benchmarks.abstention import calibration_error, is_gold
from benchmarks.common import empty_service, read_rows
from index.types import Article, Filters
from service.answering.answer import PASSAGES_READ
from service.answering.reading.span_model import Calibration
from service.answering.reading.span_model_factory import load_span_model
from service.answering.reading.span_reader import Evidence, SpanReader
from service.answering.types import ScoredSpan
from service.assembly import Services, add_seeds
from training import risk_coverage
from training.examples import Example
from training.groups import names_its_subject
from training.near_misses import names_in, near_miss, things_in
from training.reader import split
from training.twins import as_miss, load_twins, twins_of

_QUESTIONS = 300
_REGULARITY = 10.0
_FOLDS = 10

Floats = NDArray[np.float64]


class Asked(NamedTuple):
    """A question with the evidence for each sentence, ``(sentences, 3)``, and whether the sentence answers."""

    source: str
    group: str
    answerable: bool
    evidence: Floats
    right: NDArray[np.bool_]


class Fitted(NamedTuple):
    """The weights of the evidence, and the bias."""

    weights: Floats
    bias: float

    def best(self, asked: Asked) -> tuple[float, bool]:
        """Return the confidence of the best sentence, and whether it answers."""
        logits = asked.evidence @ self.weights + self.bias
        at = int(logits.argmax())
        return float(1 / (1 + np.exp(-logits[at]))), bool(asked.right[at])


def main() -> None:
    """Calibrate the reader, and write the weights, the table and the curve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the folder with model.onnx")
    parser.add_argument("--threshold", type=float, help="set it, instead of where the fewest go wrong")
    options = parser.parse_args()
    settings: dict[str, object] = {"titles": True, **Calibration()._asdict()}
    if not (options.model / "reader.json").exists():
        _write(options.model, settings)
    reader = SpanReader(load_span_model(str(options.model)))
    questions = [*_seed(reader, options.data), *_clapnq(reader, options.data), *_held_out(reader, options.data)]
    sources = np.array([each.source for each in questions])
    answerable = np.array([each.answerable for each in questions])
    confidence, right = np.zeros(len(questions)), np.zeros(len(questions), dtype=bool)
    for train, test in GroupKFold(_FOLDS).split(sources, groups=[each.group for each in questions]):
        fold = fit([questions[at] for at in train])
        for at in test:
            confidence[at], right[at] = fold.best(questions[at])
    threshold = options.threshold
    if threshold is None:
        threshold = risk_coverage.best_threshold(confidence, answerable, sources)
    fitted = fit(questions)
    settings["weights"] = [round(float(each), 4) for each in fitted.weights]
    _write(options.model, settings | {"bias": round(fitted.bias, 4), "threshold": threshold})
    lines = ["| questions | how many | refusal AUROC | best quote right | calibration error |", "|---|---|---|---|---|"]
    for source in sorted(set(sources)):
        mine = sources == source
        auroc = roc_auc_score(answerable[mine], confidence[mine])
        error = calibration_error(confidence[mine], right[mine])
        best = right[mine & answerable].mean()
        lines.append(f"| {source} | {mine.sum()} | {auroc:.3f} | {best:.3f} | {error:.3f} |")
    lines += ["", *risk_coverage.table(confidence, right, answerable, sources)]
    (options.model / "risk_coverage.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    risk_coverage.draw(confidence, right, sources, threshold, options.model / "risk_coverage.png")
    print(*lines, settings, threshold, sep="\n")


def fit(questions: Sequence[Asked]) -> Fitted:
    """Return the weights of the evidence, fitted over all sentences and scaled over each question's best one.

    Each source weighs the same, however many questions it has, and each question, however many sentences.
    """
    evidence = np.concatenate([each.evidence for each in questions])
    spread = evidence.std(axis=0)
    spread[spread == 0] = 1.0
    weights = _source_weights(questions)
    counts = np.array([len(each.right) for each in questions])
    sentences = LogisticRegression(C=_REGULARITY).fit(
        evidence / spread,
        np.concatenate([each.right for each in questions]),
        sample_weight=np.repeat(weights * counts.mean() / counts, counts),
    )
    direction, offset = sentences.coef_[0] / spread, float(sentences.intercept_[0])
    first = [Fitted(direction, offset).best(each) for each in questions]
    logits = np.array([np.log(confidence / (1 - confidence)) for confidence, _ in first])
    platt = LogisticRegression(C=_REGULARITY).fit(logits[:, None], [right for _, right in first], sample_weight=weights)
    scale = float(platt.coef_[0, 0])
    return Fitted(scale * direction, scale * offset + float(platt.intercept_[0]))


def _source_weights(questions: Sequence[Asked]) -> Floats:
    sources = [each.source for each in questions]
    counts = {source: sources.count(source) for source in set(sources)}
    return np.array([len(sources) / len(counts) / counts[source] for source in sources])


def _clapnq(reader: SpanReader, folder: Path) -> Iterator[Asked]:
    with empty_service() as services:
        for row in read_rows(folder / "abstention_clapnq.jsonl"):
            stored = services.ingester.add(Article(key=row["id"], text=row["text"], title=row["title"]))
            hits = services.searcher.search(row["question"], filters=Filters(article_ids=(stored.id,))).hits
            gold = (row.get("gold_sentences") or []) if row["answerable"] else []
            given = list(reader.evidence(row["question"], hits))
            right = [is_gold(row["text"], span.span, gold) for span, _ in given]
            yield _asked("ClapNQ", row["title"], bool(row["answerable"]), given, right)


def _seed(reader: SpanReader, folder: Path) -> Iterator[Asked]:
    with empty_service() as services:
        add_seeds(services)
        for row in read_rows(folder / "seed_questions.jsonl"):
            given = list(
                reader.evidence(row["question"], services.searcher.search(row["question"], k=PASSAGES_READ).hits)
            )
            gold = [words for group in row["gold"] for words in group]
            right = [any(words in span.text for words in gold) for span, _ in given]
            yield _asked("seed", "seed", bool(row["answerable"]), given, right)


def _held_out(reader: SpanReader, folder: Path) -> Iterator[Asked]:
    train, held_out = split(folder)
    plain = [each for each in held_out if each.kind in ("given", "search")]
    rng = random.Random(0)  # noqa: S311
    names, things = names_in(train), things_in(train)
    asked: list[Example] = []
    for each in rng.sample(plain, min(_QUESTIONS, len(plain))):
        asked += [each, *filter(None, [near_miss(each, rng, names, things)])]
    passages = {each.passage for each in plain}
    with empty_service() as services:
        ids: dict[str, int] = {}
        for each in [*plain, *asked]:
            # Only unchanged passages are searched: a changed one would compete with the one that answers.
            if each.passage not in ids and each.passage in passages:
                ids[each.passage] = services.ingester.add(_article(each)).id
        for each in asked:
            if each.passage in passages and names_its_subject(each):
                hits = services.searcher.search(each.question, k=PASSAGES_READ).hits
                given = list(reader.evidence(each.question, hits))
                right = [_answers(span, each) for span, _ in given]
                yield _asked("held out, all passages", each.group, bool(each.answers), given, right)
        yield from _of_own_passage("held out, own passage", reader, services, asked)
        twins = load_twins(folder / "reading")
        paired = rng.sample([each for each in held_out if twins_of(each, twins)], _QUESTIONS)
        written = [as_miss(each, rng.choice(twins_of(each, twins))) for each in paired]
        yield from _of_own_passage("near misses that people wrote", reader, services, [*paired, *written])


def _of_own_passage(source: str, reader: SpanReader, services: Services, asked: Sequence[Example]) -> Iterator[Asked]:
    for each in asked:
        only = Filters(article_ids=(services.ingester.add(_article(each)).id,))
        given = list(reader.evidence(each.question, services.searcher.search(each.question, filters=only).hits))
        right = [_answers(span, each) for span, _ in given]
        yield _asked(source, each.group, bool(each.answers), given, right)


def _article(example: Example) -> Article:
    return Article(key=example.passage, text=example.passage, title=example.title, title_given=bool(example.title))


def _asked(
    source: str, group: str, answerable: bool, given: Sequence[tuple[ScoredSpan, Evidence]], right: list[bool]
) -> Asked:
    return Asked(source, group, answerable, np.array([evidence for _, evidence in given]), np.array(right))


def _answers(found: ScoredSpan, example: Example) -> bool:
    if found.article.text != example.passage:
        return False
    return any(found.span.start <= start and end <= found.span.end for start, end in example.answers)


def _write(folder: Path, settings: dict[str, object]) -> None:
    (folder / "reader.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
