"""From a name to a span model."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index import hub
from index.errors import ModelError
from service.answering.reading.span_model import Calibration, Feeds, Logits, SpanModel
from service.answering.reading.tokenization import LONGEST, Encoder

SHIPPED = Path(__file__).parents[3] / "models" / "reader"
_REMEDY = "Set PULLQUOTE_READER_MODEL to a folder or hub name of an extractive question-answering model, or unset it."
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
_OUTPUTS = ["starts", "ends"]
_TITLE_MARK = "[SEP]"
_FEWEST_WORDS = 100


def load_span_model(name: str | None = None) -> SpanModel:
    """Load a model: the one shipped, without ``name``; or a folder's or the hub's. Raises ModelError.

    A folder with a ``reader.json`` holds a model of our own making. The model is tried once, on a passage it must cut.
    """
    folder = SHIPPED if name is None else Path(name)
    own = name is None or (folder / "reader.json").exists()
    source = str(folder) if own else str(name)
    read: Callable[[bool], SpanModel] = (
        (lambda _: _load_onnx(folder)) if own else lambda local: _load_torch(source, local)
    )

    def tried(local_only: bool) -> SpanModel:
        model = read(local_only)
        model.score("Is it so?", [("A title", "so " * LONGEST)])
        return model

    return hub.load(source, tried, what="reader model", remedy=_REMEDY)


def calibration_from(settings: dict[str, Any]) -> Calibration:
    """Read what ``reader.json`` says. Raises KeyError, TypeError and ValueError."""
    first, second, third = (float(each) for each in settings["weights"])
    calibration = Calibration((first, second, third), float(settings["bias"]), float(settings["threshold"]))
    if not (
        isinstance(settings["weights"], list) and all(map(math.isfinite, (first, second, third, calibration.bias)))
    ):
        raise ValueError("reader.json has weights that are no numbers")
    if not 0 <= calibration.threshold <= 1:
        raise ValueError(f"reader.json has the threshold {calibration.threshold}")
    return calibration


def _load_onnx(folder: Path) -> SpanModel:
    import onnxruntime
    from tokenizers import Tokenizer

    settings = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    calibration = calibration_from(settings)
    tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
    encoder = Encoder(tokenizer, title_mark=_TITLE_MARK if settings["titles"] else None)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # Threads that wait busily would take the processor from the embedder and from other questions.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])

    def run(feeds: Feeds) -> Logits:
        starts, ends = session.run(_OUTPUTS, feeds)
        return starts, ends

    return SpanModel(encoder, run, calibration=calibration)


def _load_torch(name: str, local_only: bool) -> SpanModel:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=local_only)
    model, report = AutoModelForQuestionAnswering.from_pretrained(
        name, local_files_only=local_only, output_loading_info=True
    )
    if report["missing_keys"]:
        raise ModelError(f"The reader model {name!r} has no head for answering questions.", remedy=_REMEDY)
    if len(tokenizer) < _FEWEST_WORDS or not tokenizer.is_fast:
        raise ModelError(f"The reader model {name!r} has no tokenizer that can be used.", remedy=_REMEDY)
    model.eval()
    accepted = _INPUTS & set(tokenizer.model_input_names)
    most = getattr(model.config, "max_position_embeddings", LONGEST)
    # RoBERTa counts its positions from two on.
    encoder = Encoder(tokenizer.backend_tokenizer, longest=most - 2 if most > 0 else LONGEST)

    def run(feeds: Feeds) -> Logits:
        with torch.inference_mode():
            scores = model(**{key: torch.from_numpy(value) for key, value in feeds.items() if key in accepted})
        return scores.start_logits.float().numpy(), scores.end_logits.float().numpy()

    return SpanModel(encoder, run)
