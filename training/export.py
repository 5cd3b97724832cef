"""Make the trained weights small: ``python -m training.export --run FOLDER --base FOLDER --out models/reader``.

The matrices are kept as 8-bit integers and turned back into float32 when the model is loaded; all sums are in float32.
(Sums in integers are twice as fast and cost more than a point of F1: see the card.) ``reader.json``, which holds the
calibration, is written by ``training.calibrate``.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertForQuestionAnswering, logging

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OUTPUTS = ("starts", "ends")
_LARGE = 10_000


class _Scores(nn.Module):
    def __init__(self, model: BertForQuestionAnswering) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        scores = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return scores.start_logits, scores.end_logits


def load_trained(run: Path, base: Path) -> BertForQuestionAnswering:
    """Return the trained model as Hugging Face's class, float32."""
    config = BertConfig(**json.loads((base / "config.json").read_text(encoding="utf-8")))
    config._attn_implementation = "eager"
    model = BertForQuestionAnswering(config)
    model.load_state_dict(load_file(run / "model.safetensors"))
    model.train(mode=False)
    return model


def export(model: BertForQuestionAnswering, out: Path, *, small: bool = True) -> None:
    """Write the model as ONNX to the file ``out``; any batch size, any length."""
    example = torch.ones(2, 16, dtype=torch.long)
    axes = {name: {0: "batch", 1: "tokens"} for name in (*INPUTS, *_OUTPUTS)}
    torch.onnx.export(
        _Scores(model), (example,) * 3, str(out), input_names=list(INPUTS), output_names=list(_OUTPUTS),
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    if small:
        graph = onnx.load(out)
        _shrink(graph.graph)
        onnx.save(graph, out)


def _shrink(graph: onnx.GraphProto) -> None:
    """Replace every large matrix by 8-bit integers and a node that turns them back into float32.

    A matrix of a product has a scale for each of its outputs, an embedding for each of its rows.
    """
    multiplied = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    for initializer in list(graph.initializer):
        array = numpy_helper.to_array(initializer)
        if array.dtype != np.float32 or array.ndim != 2 or array.size < _LARGE:
            continue
        axis = 1 if initializer.name in multiplied else 0
        scale = np.abs(array).max(axis=1 - axis) / 127
        scale[scale == 0] = 1.0
        integers = np.rint(array / np.expand_dims(scale, 1 - axis)).astype(np.int8)
        name = initializer.name
        graph.initializer.remove(initializer)
        graph.initializer.append(numpy_helper.from_array(integers, f"{name}_quantized"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}_scale"))
        inputs = [f"{name}_quantized", f"{name}_scale"]
        graph.node.insert(0, helper.make_node("DequantizeLinear", inputs, [name], axis=axis))


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the folder that training.reader wrote")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float32", action="store_true", help="leave the weights as they are, to compare")
    options = parser.parse_args()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    options.out.mkdir(parents=True, exist_ok=True)
    export(load_trained(options.run, options.base), options.out / "model.onnx", small=not options.float32)
    if (options.run / "log.jsonl").exists():
        shutil.copyfile(options.run / "log.jsonl", options.out / "training.jsonl")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(options.base / name, options.out / name)
    print(f"{(options.out / 'model.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
