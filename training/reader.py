"""Train the span reader: ``python -m training.reader --data FOLDER --base FOLDER --out FOLDER``.

Started again with the same ``--out`` it goes on where it stopped. The log, one JSON object a line, lies there too.

Each passage's start and end are chosen among its own tokens and [CLS], which stands for "no answer here" (Devlin et
al., 2019, as for SQuAD 2.0). Passages of one question are also normalised together, so that their scores can be
compared (Clark and Gardner, 2018). All annotators' answers count as right.
"""

import argparse
import itertools
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import Tensor

from benchmarks.common import read_rows
from benchmarks.spans import exact_match, f1
from service.answering.reading.tokenization import Encoder
from training import groups
from training.descent import Descent
from training.encoding import Encoded, encode, pack
from training.examples import Example, load, without_overlap
from training.near_misses import names_in, near_miss, things_in
from training.packed import PackedBert, has_bfloat16
from training.taken_back import Framer
from training.twins import Twins, as_miss, is_held_out, load_twins, twins_of

_SEED = 7
_TOKENS = 4_096
_SHARED = 0.5
_LONGEST_ANSWER = 30
_HELD_OUT = 0.04
_LOG_EVERY = 25


def loss(logits: Tensor, batch: Sequence[Encoded], cuts: Sequence[tuple[int, int]], bounds: Sequence[int]) -> Tensor:
    """Return the mean negative log likelihood of the right starts and ends.

    ``logits`` has shape ``(tokens, 2)``; ``bounds`` are the positions in ``batch`` where a new group begins.
    """
    total = logits.new_zeros(())
    inside, gold = [], []
    for each, (start, end) in zip(batch, cuts, strict=True):
        scores = logits[start:end]
        allowed = torch.cat([scores[:1], scores[each.passage : -1]])
        right = torch.stack([scores[list(each.starts), 0].logsumexp(0), scores[list(each.ends), 1].logsumexp(0)])
        total = total + (allowed.logsumexp(0) - right).sum()
        inside.append(scores[each.passage : -1])
        gold.append(None if each.starts == (0,) else right)
    for first, last in zip(bounds, [*bounds[1:], len(batch)], strict=True):
        answered = gold[first]
        if last - first > 1 and answered is not None:
            total = total + _SHARED * (torch.cat(inside[first:last]).logsumexp(0) - answered).sum()
    return total / len(batch)


def look(model: PackedBert, encoder: Encoder, examples: Sequence[Example], device: torch.device) -> dict[str, float]:
    """Return held-out exact match and F1 where there is an answer, and the AUROC of whether there is one."""
    matches, scores, answerable = [], [], []
    model.eval()
    for start in range(0, len(examples), 32):
        some = examples[start : start + 32]
        encoded = [encode(encoder, each) for each in some]
        kept = [(each, code) for each, code in zip(some, encoded, strict=True) if code]
        packed = pack([code for _, code in kept], device)
        with torch.inference_mode():
            logits = model(packed)
        for (each, code), (left, right) in zip(kept, packed.cuts, strict=True):
            own = logits[left:right]
            starts, ends = own[code.passage : -1].unbind(1)
            near = torch.ones(len(ends), len(ends), dtype=torch.bool, device=device).triu().tril(_LONGEST_ANSWER)
            table = (starts[:, None] + ends).masked_fill(~near, -torch.inf)
            best = int(table.argmax())
            first, last = divmod(best, len(ends))
            scores.append(float(table.max() - own[0].sum()))
            answerable.append(bool(each.answers))
            if each.answers:
                words = each.passage[code.offsets[first][0] : code.offsets[last][1]]
                golds = [each.passage[one:other] for one, other in each.answers]
                matches.append((max(exact_match(words, g) for g in golds), max(f1(words, g) for g in golds)))
    model.train()
    count = max(len(matches), 1)
    return {
        "exact": round(sum(one for one, _ in matches) / count, 4),
        "f1": round(sum(other for _, other in matches) / count, 4),
        "auroc": round(float(roc_auc_score(answerable, scores)), 4),
    }


def batches(lessons: list[list[Example]], encoder: Encoder) -> Iterator[tuple[list[Encoded], list[int]]]:
    """Yield batches of about 4,096 tokens of whole groups, each with the positions where its groups begin."""
    batch: list[Encoded] = []
    bounds: list[int] = []
    size = 0
    for group in lessons:
        encoded = [code for each in group if (code := encode(encoder, each))]
        if not encoded:
            continue
        bounds.append(len(batch))
        batch += encoded
        size += sum(len(each.ids) for each in encoded)
        if size >= _TOKENS:
            yield batch, bounds
            batch, bounds, size = [], [], 0


def main() -> None:
    """Train, from where the last run stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True, help="a BERT model's folder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first-epoch", type=int, default=0, help="the epochs' lessons differ; go on with new ones")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1e-4, help="the highest learning rate")
    parser.add_argument("--frozen", type=int, default=3, help="so many of the lowest layers are not trained")
    parser.add_argument("--minutes", type=float, help="end the schedule after this time, if not before")
    parser.add_argument("--look-every", type=int, default=300, help="measure on what is held out after so many steps")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(_SEED)

    train, held_out = split(options.data)
    encoder = Encoder(Tokenizer.from_file(str(options.base / "tokenizer.json")), title_mark="[SEP]")
    twins = load_twins(options.data / "reading")
    lessons = groups.Lessons(train, twins, Framer.of(options.data))
    dev = dev_set(held_out, twins, names_in(train), things_in(train))
    epochs = [lessons.epoch(number) for number in range(options.first_epoch, options.first_epoch + options.epochs)]
    plan = list(itertools.chain.from_iterable(epochs))

    model = PackedBert(json.loads((options.base / "config.json").read_text(encoding="utf-8")))
    model.load_bert(load_file(options.base / "model.safetensors"))
    model.freeze(options.frozen)
    model.to(device=device, dtype=torch.bfloat16 if device.type == "cuda" or has_bfloat16() else torch.float32)
    clock = _Clock(len(plan), options.minutes)
    descent = Descent(model, rate=options.rate, progress=lambda _: clock.progress())
    checkpoint = options.out / "checkpoint.pt"
    schedule = {"groups": len(plan), "frozen": options.frozen, "rate": options.rate, "minutes": options.minutes}
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True, map_location=device)
        if saved["schedule_of"] != schedule:
            parser.exit(2, f"{checkpoint} was made with {saved['schedule_of']}, not {schedule}: use another --out.\n")
        clock.go_on(saved["groups"], saved["seconds"])
        descent.load(saved)

    log = _logger(options.out / "log.jsonl")

    def keep() -> None:
        log({"step": descent.done, **look(model, encoder, dev, device)})
        save_file(model.bert(), options.out / "model.safetensors")
        state = {"schedule_of": schedule, "groups": clock.groups, "seconds": clock.seconds}
        torch.save({**descent.state(), **state}, checkpoint.with_suffix(".tmp"))
        checkpoint.with_suffix(".tmp").replace(checkpoint)

    began, running, tokens = time.monotonic(), 0.0, 0
    for batch, bounds in batches(plan[clock.groups :], encoder):
        if clock.progress() >= 1:
            break
        packed = pack(batch, device)
        value = loss(model(packed), batch, packed.cuts, bounds)
        clock.groups += len(bounds)
        descent.step(value)
        running += value.item()
        tokens += len(packed.ids)
        if descent.done % _LOG_EVERY == 0:
            rate = round(tokens / (time.monotonic() - began))
            done = round(clock.progress(), 3)
            log({"step": descent.done, "done": done, "loss": round(running / _LOG_EVERY, 3), "tokens_per_s": rate})
            running = 0.0
        if descent.done % options.look_every == 0:
            keep()
    keep()


class _Clock:
    """Tells which part of the training is over: of its groups or of its time, whichever is more."""

    def __init__(self, groups: int, minutes: float | None) -> None:
        self.groups = 0
        self._all, self._most = groups, minutes * 60 if minutes else None
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def go_on(self, groups: int, seconds: float) -> None:
        self.groups, self._began = groups, time.monotonic() - seconds

    def progress(self) -> float:
        return min(1.0, max(self.groups / self._all, self.seconds / self._most if self._most else 0.0))


def split(folder: Path) -> tuple[list[Example], list[Example]]:
    """Return the examples to train on and those held out, split by article; overlaps with a test are in neither."""
    examples = groups.titled(without_overlap(load(folder / "reading"), _tests(folder)))
    rng = random.Random(_SEED)  # noqa: S311
    names = sorted({each.group for each in examples})
    others = [each for each in names if not each.startswith("squad ")]
    kept_aside = (
        set(rng.sample(others, round(len(others) * _HELD_OUT)))
        | set(rng.sample([each for each in names if each.startswith("new_wiki")], 4))
        | {each for each in names if is_held_out(each)}
    )
    train = [each for each in examples if each.group not in kept_aside]
    return train, [each for each in examples if each.group in kept_aside and each.kind not in ("sentence", "discourse")]


def dev_set(held_out: Sequence[Example], twins: Twins, names: Sequence[str], things: Sequence[str]) -> list[Example]:
    """Return 300 held-out questions, half of them with a near miss that people wrote, the rest with one of ours."""
    rng = random.Random(_SEED)  # noqa: S311
    paired = rng.sample([each for each in held_out if twins_of(each, twins)], 150)
    plain = rng.sample([each for each in held_out if each.kind in ("given", "search")], 150)
    written = [as_miss(each, rng.choice(twins_of(each, twins))) for each in paired]
    made = [made for each in plain if (made := near_miss(each, rng, names, things))]
    return [*paired, *plain, *written, *made]


def _tests(folder: Path) -> list[tuple[str, str]]:
    read = read_rows(folder / "reading" / "xquad_en.jsonl.gz")
    asked = read_rows(folder / "abstention_clapnq.jsonl")
    return [(row["question"], row["context"]) for row in read] + [(row["question"], row["text"]) for row in asked]


def _logger(path: Path) -> Callable[[dict[str, float]], None]:
    def log(what: dict[str, float]) -> None:
        line = json.dumps(what)
        print(line, flush=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    return log


if __name__ == "__main__":
    main()
