"""Runtimes: the time to read 20 passages with PyTorch, ONNX Runtime and OpenVINO.

``python -m benchmarks.runtimes --data xquad_en.jsonl.gz [--limit N] [--json]``; needs the extra ``train``.

"shipped" is the file in the repository, with integer weights and float32 sums; the others have the same weights as
float32. Ratios are to the shipped file with one passage at a time, as the service runs it.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import openvino
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

from benchmarks.common import Figures, read_rows, run
from service.answering.reading.span_model_factory import SHIPPED
from training.base import config_of, dequantized
from training.export import export

_PASSAGES = 20
_ROUNDS = 7

Feeds = dict[str, NDArray[np.int64]]


def measure(data: Path, limit: int | None = None) -> Figures:
    """Return the times of each runtime on the first 20 paragraphs, cut at 700 characters."""
    rows = read_rows(data, limit or 200)
    texts = list({row["context"][:700]: None for row in rows})[:_PASSAGES]
    tokenizer = AutoTokenizer.from_pretrained(SHIPPED, local_files_only=True)
    single = [dict(tokenizer(rows[0]["question"], text, return_tensors="np")) for text in texts]
    batch = dict(tokenizer([rows[0]["question"]] * len(texts), texts, padding=True, return_tensors="np"))
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        weights = dequantized(onnx.load(SHIPPED / "model.onnx"))
        config = BertConfig(**{**config_of(weights), "attn_implementation": "eager"})
        model = BertForQuestionAnswering(config)
        model.load_state_dict(weights)
        model.train(mode=False)
        plain = Path(folder) / "plain.onnx"
        export(model, plain, small=False)
        for name, file in (("onnxruntime_shipped", SHIPPED / "model.onnx"), ("onnxruntime_float32", plain)):
            score = _onnxruntime(file)
            seconds[f"{name}_one_by_one"] = _each(score, single)
            seconds[f"{name}_one_batch"] = _each(score, [batch])
        for name, kind in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
            seconds[f"torch_{name}_one_batch"] = _each(_torch(model, kind), [batch])
        for precision in ("f32", "bf16"):
            seconds[f"openvino_{precision}_one_batch"] = _each(_openvino(plain, precision), [batch])
    chosen = seconds["onnxruntime_shipped_one_by_one"]
    figures: Figures = {"passages": len(texts), "tokens": int(batch["attention_mask"].sum())}
    figures |= {f"{name}_s": value for name, value in seconds.items()}
    figures |= {f"{name}_ratio": value / chosen for name, value in seconds.items()}
    return figures


def _each(score: Callable[[Feeds], object], batches: list[Feeds]) -> float:
    rounds = []
    for _ in range(_ROUNDS + 2):
        began = time.perf_counter()
        for feeds in batches:
            score(feeds)
        rounds.append(time.perf_counter() - began)
    return statistics.median(rounds[2:])


def _onnxruntime(file: Path) -> Callable[[Feeds], object]:
    session: Any = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return lambda feeds: session.run(None, feeds)


def _torch(model: nn.Module, kind: torch.dtype) -> Callable[[Feeds], object]:
    model.to(kind)

    def score(feeds: Feeds) -> object:
        with torch.inference_mode():
            return model(**{name: torch.from_numpy(array) for name, array in feeds.items()})

    return score


def _openvino(file: Path, precision: str) -> Callable[[Feeds], object]:
    compiled: Any = openvino.Core().compile_model(file, "CPU", {"INFERENCE_PRECISION_HINT": precision})
    return lambda feeds: compiled(feeds)


if __name__ == "__main__":
    run(__doc__, measure)
