"""Entailment: whether a sentence that its quote bears out is told from one with two names exchanged.

``python -m benchmarks.entailment --data abstention_clapnq.jsonl [--limit N] [--json]``

Of every sentence of ClapNQ's passages that has two names, one is made without what stands in brackets or between
commas, and another with the names exchanged besides; the quote is the sentence itself. ``…_kept`` are the shares that
the checks of a language model's sentences keep. ``reader_…_dropped`` are those that the reader would have dropped,
asked the sentence as it is: where its score with the names the other way round is higher by 2 logits. ``took`` is the
median time for one sentence.
"""

import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.common import Figures, read_rows, run
from index.sentences import split_sentences
from index.types import Article, Span
from service.answering.checking import check
from service.answering.loading import load_span_model
from service.answering.span_model import SpanModel
from service.answering.types import Claim, Quote

_NAME = re.compile(r"\b[A-Z][a-z][\w’'-]+(?:\s[A-Z][\w’'-]+)*")
_ASIDE = re.compile(r"\s*\([^()]*\)|,[^,]{1,80},")
_LIST = re.compile(r"\W*(?:and|or|with|,)?\W*(?:the )?", re.IGNORECASE)

_MARGIN = 2.0


class _Case(NamedTuple):
    quote: str
    true: str
    exchanged: str


def measure(data: Path, limit: int | None = None) -> Figures:
    """Judge every sentence with two names, as it is and with the names exchanged."""
    cases = list(dict.fromkeys(case for row in read_rows(data, limit) for case in _cases(row["text"])))
    model = load_span_model()
    true, exchanged, better, checking, reading = [], [], [], [], []
    for case in cases:
        began = time.perf_counter()
        true.append(_kept(case.true, case.quote))
        checked = time.perf_counter()
        exchanged.append(_kept(case.exchanged, case.quote))
        asked = time.perf_counter()
        better.append(_best(model, case.true, case.quote) - _best(model, case.exchanged, case.quote))
        checking.append(checked - began)
        reading.append(time.perf_counter() - asked)
    return {
        "sentences": len(cases),
        "true_kept": statistics.mean(true),
        "exchanged_kept": statistics.mean(exchanged),
        "check_took_ms": 1000 * statistics.median(checking),
        "reader_true_dropped": statistics.mean(each < -_MARGIN for each in better),
        "reader_exchanged_dropped": statistics.mean(each > _MARGIN for each in better),
        "reader_took_ms": 1000 * statistics.median(reading),
    }


def _cases(text: str) -> Iterator[_Case]:
    for start, end in split_sentences(text):
        sentence = text[start:end]
        short = _ASIDE.sub("", sentence)
        found = [match for match in _NAME.finditer(short) if match.start()]
        for one, other in zip(found, found[1:], strict=False):
            between = short[one.end() : other.start()]
            if one.group() != other.group() and not _LIST.fullmatch(between):
                exchanged = f"{short[: one.start()]}{other.group()}{between}{one.group()}{short[other.end() :]}"
                yield _Case(sentence, short, exchanged)
                break


def _kept(claim: str, quote: str) -> bool:
    given = Quote(Article(key="quote", text=quote, title=""), Span(0, len(quote)), 1.0, (), 1)
    return bool(check([Claim(claim, (1,))], [given]).kept)


def _best(model: SpanModel, question: str, quote: str) -> float:
    """Give the score of the best span of ``quote``."""
    best = -np.inf
    for window in model.score(question, [("", quote)])[0]:
        table = window.starts[:, None] + window.ends[None, :]
        best = max(best, float(table[np.triu_indices(len(table))].max()) - window.null)
    return best


if __name__ == "__main__":
    run(__doc__, measure)
