"""Statements by a trained tagger."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.attribution.decoding import Thresholds, statements
from index.attribution.quotations import continued, quotations
from index.attribution.windows import stretches
from index.types import Span, Statement


class ModelTagger:
    """Find statements with a folder's ``model.onnx``, ``tokenizer.json`` and ``tagger.json``; see ``Tagger``."""

    def __init__(self, folder: Path) -> None:
        """Load it. Raises OSError, ValueError, KeyError and TypeError where the folder does not hold one."""
        settings = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
        self._thresholds = Thresholds(*(float(settings["thresholds"][name]) for name in Thresholds._fields))
        self._name = str(settings["name"])
        self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        # Threads that wait busily would take the processor from the embedder, whose turn comes next.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """See ``Tagger.name``."""
        return self._name

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        """See ``Tagger.tag``."""
        found: list[Statement] = []
        for stretch in stretches(self._tokenizer, text, sentences):
            with self._lock:
                (scores,) = self._session.run(["scores"], {"input_ids": np.array([stretch.ids], dtype=np.int64)})
            found += statements(stretch, scores[0], self._thresholds, text)
        return continued(found, sentences, list(quotations(text)))
