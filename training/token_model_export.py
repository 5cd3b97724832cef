"""A trained model of tokens as a small ONNX file: matrices and sums in 8-bit integers.

That is ONNX Runtime's dynamic quantisation. Articles are annotated while they are added, and a model in float32 would
take as long as embedding them does.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel


class _Scores(nn.Module):
    def __init__(self, run: Path, scores: int) -> None:
        super().__init__()
        config = BertConfig(**json.loads((run / "config.json").read_text(encoding="utf-8")))
        config._attn_implementation = "eager"
        self.bert = BertModel(config, add_pooling_layer=False)
        self.qa_outputs = nn.Linear(config.hidden_size, scores)
        self.load_state_dict(load_file(run / "model.safetensors"))
        self.train(mode=False)

    def forward(self, input_ids: Tensor) -> Tensor:
        scores: Tensor = self.qa_outputs(self.bert(input_ids=input_ids).last_hidden_state)
        return scores


def export(run: Path, out: Path, *, scores: int, settings_file: str, settings: dict[str, Any]) -> None:
    """Write the model of a training run, with so many ``scores`` a token, and its settings, to the folder ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = str(Path(scratch) / "model.onnx")
        torch.onnx.export(
            _Scores(run, scores), (torch.ones(1, 16, dtype=torch.long),), whole, input_names=["input_ids"],
            output_names=["scores"], dynamic_axes={"input_ids": {0: "batch", 1: "tokens"}}, opset_version=17,
            dynamo=False,
        )  # fmt: skip
        quantize_dynamic(whole, out / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copyfile(run / "tokenizer.json", out / "tokenizer.json")
    shutil.copyfile(run / "log.jsonl", out / "training.jsonl")
    (out / settings_file).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    print(f"{(out / 'model.onnx').stat().st_size / 1e6:.1f} MB")
