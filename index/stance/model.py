"""Stances by a trained tagger."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.attribution.windows import stretches
from index.stance.decoding import Floats, Margins, stances, words
from index.types import Span, Stance


class ModelStanceTagger:
    """Find stances with a folder's ``model.onnx``, ``tokenizer.json`` and ``stance.json``; see ``StanceTagger``."""

    def __init__(self, folder: Path) -> None:
        """Load it. Raises OSError, ValueError, KeyError and TypeError where the folder does not hold one."""
        settings = json.loads((folder / "stance.json").read_text(encoding="utf-8"))
        self._margins = Margins(*(float(settings["margins"][name]) for name in Margins._fields))
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
        """See ``StanceTagger.name``."""
        return self._name

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Stance]:
        """See ``StanceTagger.tag``."""
        places: list[tuple[int, int]] = []
        scores: list[Floats] = []
        for stretch in stretches(self._tokenizer, text, sentences):
            with self._lock:
                (given,) = self._session.run(["scores"], {"input_ids": np.array([stretch.ids], dtype=np.int64)})
            places += stretch.places[stretch.first - 1 : stretch.last - 1]
            scores.append(given[0, stretch.first : stretch.last])
        if not places:
            return []
        return stances(words(text, places, np.concatenate(scores)), sentences, self._margins)
