"""Fit the simple reader's weights and threshold: ``python -m training.simple_reader --data FOLDER``.

FOLDER holds ``seed_questions.jsonl`` and ``abstention_clapnq.jsonl``. Two logistic regressions are fitted: one over
sentences (does this sentence answer?), then one over questions (does the best sentence answer?), which turns the
first one's score into the confidence of an answer. Both are linear in the features, so they are printed as one set
of weights. The printed table says what each threshold gives.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from benchmarks.common import read_rows
from index.embedding import SentenceTransformerEmbedder
from index.formats import plain
from index.text.chunking import chunk
from index.text.sentences import split_sentences
from index.types import Article, Hit, Passage
from service.answering.reading.simple_reader import SimpleReader

_SEED = Path(__file__).parents[1] / "seeds" / "000_06ba40dd4b54deae.txt"
# A seed question weighs as much as three others: there are 24 of them to 325.
_SEED_WEIGHT = 3.0


@dataclass(frozen=True)
class _Example:
    source: str
    question: str
    article: Article
    gold: list[list[str]]
    answerable: bool

    def hits(self) -> list[Hit]:
        """Return the article's passages as hits of a search."""
        passages = chunk(self.article.text, split_sentences(self.article.text))
        return [
            Hit(self.article, Passage(each.start, each.end, each.sentences, id=number), None, None, 0.0)
            for number, each in enumerate(passages)
        ]

    def is_gold(self, sentence: str) -> bool:
        """Whether a sentence has gold words, or is most of a gold sentence."""
        return any(
            text in sentence or (len(sentence) > 20 and sentence in text) for group in self.gold for text in group
        )


def _examples(folder: Path) -> Iterator[_Example]:
    seed = plain.read(_SEED.read_bytes(), name=_SEED.name)
    for row in read_rows(folder / "seed_questions.jsonl"):
        yield _Example("seed", row["question"], seed, row["gold"], row["answerable"])
    for row in read_rows(folder / "abstention_clapnq.jsonl"):
        article = Article(key=row["id"], text=row["text"], title=row["title"])
        yield _Example("clapnq", row["question"], article, [row.get("gold_sentences") or []], row["answerable"])


def main() -> None:
    """Fit the weights and the threshold, and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    examples = list(_examples(parser.parse_args().data))
    reader = SimpleReader(SentenceTransformerEmbedder())
    features: list[NDArray[np.float64]] = []
    gold: list[NDArray[np.bool_]] = []
    for example in examples:
        hits = example.hits()
        features.append(np.concatenate(reader.features(example.question, hits)))
        texts = [example.article.text[start:end] for hit in hits for start, end in hit.passage.sentences]
        gold.append(np.array([example.answerable and example.is_gold(text) for text in texts]))
    sources = np.array([example.source for example in examples])
    answerable = np.array([example.answerable for example in examples])
    weights = np.where(sources == "seed", _SEED_WEIGHT, 1.0)

    sizes = [len(each) for each in features]
    sentences = LogisticRegression(C=3.0).fit(
        np.concatenate(features), np.concatenate(gold), sample_weight=np.repeat(weights, sizes)
    )
    scores = [sentences.decision_function(each) for each in features]
    best = np.array([score.max() for score in scores])
    right = np.array([bool(labels[score.argmax()]) for labels, score in zip(gold, scores, strict=True)])
    questions = LogisticRegression(C=100.0).fit(best[:, None], right, sample_weight=weights)
    scale = float(questions.coef_[0, 0])
    bias = scale * float(sentences.intercept_[0]) + float(questions.intercept_[0])
    print(
        "WEIGHTS =", tuple(round(scale * float(weight), 2) for weight in sentences.coef_[0]), "BIAS =", round(bias, 2)
    )

    for source, auroc in _cross_validated(features, gold, weights, sources, answerable).items():
        print(f"{source}: AUROC over ten folds of questions {auroc:.3f}")
    confidence = questions.predict_proba(best[:, None])[:, 1]
    for source in ("seed", "clapnq"):
        mine = sources == source
        auroc = roc_auc_score(answerable[mine], confidence[mine])
        print(f"{source}: AUROC {auroc:.3f}, best sentence gold {right[mine & answerable].mean():.3f}")
        print("threshold  answerable answered  unanswerable refused")
        for threshold in np.arange(0.2, 0.8, 0.05):
            answered = confidence >= threshold
            kept, refused = answered[mine & answerable].mean(), (~answered[mine & ~answerable]).mean()
            print(f"{threshold:9.2f}  {kept:19.3f}  {refused:20.3f}")


def _cross_validated(
    features: list[NDArray[np.float64]],
    gold: list[NDArray[np.bool_]],
    weights: NDArray[np.float64],
    sources: NDArray[np.str_],
    answerable: NDArray[np.bool_],
) -> dict[str, float]:
    """Return each source's refusal AUROC where every question is scored by weights fitted without it."""
    best = np.zeros(len(features))
    for train, test in KFold(10, shuffle=True, random_state=0).split(best):
        fitted = LogisticRegression(C=3.0).fit(
            np.concatenate([features[each] for each in train]),
            np.concatenate([gold[each] for each in train]),
            sample_weight=np.concatenate([np.full(len(gold[each]), weights[each]) for each in train]),
        )
        best[test] = [fitted.decision_function(features[each]).max() for each in test]
    return {
        source: float(roc_auc_score(answerable[sources == source], best[sources == source]))
        for source in ("seed", "clapnq")
    }


if __name__ == "__main__":
    main()
