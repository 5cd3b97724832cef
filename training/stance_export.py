"""Make the trained stance tagger small: ``python -m training.stance_export --run FOLDER --out models/stance``.

Matrices and sums are in 8-bit integers (ONNX Runtime's dynamic quantisation), as those of the tagger of speakers are.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from index.stance.decoding import SCORES, Margins

NAME = "pullquote-stance-1"


class _Scores(nn.Module):
    def __init__(self, run: Path) -> None:
        super().__init__()
        config = BertConfig(**json.loads((run / "config.json").read_text(encoding="utf-8")))
        config._attn_implementation = "eager"
        self.bert = BertModel(config, add_pooling_layer=False)
        self.qa_outputs = nn.Linear(config.hidden_size, SCORES)
        self.load_state_dict(load_file(run / "model.safetensors"))
        self.train(mode=False)

    def forward(self, input_ids: Tensor) -> Tensor:
        scores: Tensor = self.qa_outputs(self.bert(input_ids=input_ids).last_hidden_state)
        return scores


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the folder that training.stance wrote")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = str(Path(scratch) / "model.onnx")
        torch.onnx.export(
            _Scores(options.run), (torch.ones(1, 16, dtype=torch.long),), whole, input_names=["input_ids"],
            output_names=["scores"], dynamic_axes={"input_ids": {0: "batch", 1: "tokens"}}, opset_version=17,
            dynamo=False,
        )  # fmt: skip
        quantize_dynamic(whole, options.out / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copyfile(options.run / "tokenizer.json", options.out / "tokenizer.json")
    shutil.copyfile(options.run / "log.jsonl", options.out / "training.jsonl")
    settings = {"name": NAME, "margins": Margins()._asdict()}
    (options.out / "stance.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    print(f"{(options.out / 'model.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
