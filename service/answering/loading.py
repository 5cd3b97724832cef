"""From a name to a span model."""

import json
from pathlib import Path
from typing import Any

from index import hub
from index.errors import ModelError
from service.answering.span_model import Calibration, Feeds, Logits, SpanModel

SHIPPED = Path(__file__).parents[2] / "models" / "reader"
_REMEDY = "Set PULLQUOTE_READER_MODEL to a folder or hub name of an extractive question-answering model, or unset it."
_OUTPUTS = ["starts", "ends"]


def load_span_model(name: str | None = None) -> SpanModel:
    """Load a model: the one shipped, without ``name``; or a folder's or the hub's. Raises ModelError."""
    if name is None:
        return _load_onnx(SHIPPED)
    return _load_onnx(Path(name)) if (Path(name) / "reader.json").exists() else _load_torch(name)


def calibration_from(settings: dict[str, Any]) -> Calibration:
    """Read what ``reader.json`` says. Raises KeyError, TypeError and ValueError."""
    first, second, third = (float(each) for each in settings["weights"])
    calibration = Calibration((first, second, third), float(settings["bias"]), float(settings["threshold"]))
    if not 0 <= calibration.threshold <= 1:
        raise ValueError(f"the threshold is {calibration.threshold}")
    return calibration


def _load_onnx(folder: Path) -> SpanModel:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state
    from transformers import AutoTokenizer

    raised = (each for each in vars(state).values() if isinstance(each, type) and issubclass(each, Exception))
    broken: tuple[type[Exception], ...] = (OSError, ValueError, KeyError, TypeError, *raised)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        settings = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        calibration, knows_titles = calibration_from(settings), bool(settings["titles"])
        json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        if [each.name for each in session.get_outputs()] != _OUTPUTS:
            raise ValueError("model.onnx is no span reader")
    except broken as error:
        raise hub.cannot_load(str(folder), "reader model", _REMEDY, error) from error

    def run(feeds: Feeds) -> Logits:
        starts, ends = session.run(_OUTPUTS, feeds)
        return starts, ends

    return SpanModel(tokenizer, run, calibration=calibration, knows_titles=knows_titles)


def _load_torch(name: str) -> SpanModel:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    def read(local_only: bool) -> tuple[Any, Any]:
        tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=local_only)
        model, report = AutoModelForQuestionAnswering.from_pretrained(
            name, local_files_only=local_only, output_loading_info=True
        )
        if report["missing_keys"]:
            raise ModelError(f"The reader model {name!r} has no head for answering questions.", remedy=_REMEDY)
        return tokenizer, model.eval()

    tokenizer, model = hub.load(name, read, what="reader model", remedy=_REMEDY)

    def run(feeds: Feeds) -> Logits:
        with torch.inference_mode():
            scores = model(**{key: torch.from_numpy(value) for key, value in feeds.items()})
        return scores.start_logits.float().numpy(), scores.end_logits.float().numpy()

    return SpanModel(tokenizer, run)
