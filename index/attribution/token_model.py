"""A trained model that scores the tokens of a text."""

import threading
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index import stopping
from index.attribution.windows import Stretch


class TokenModel:
    """The ``model.onnx`` and ``tokenizer.json`` of a folder; safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        """Load both. Raises OSError and whatever the runtime raises where the folder does not hold them."""
        self.tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        # Threads that wait busily would take the processor from the embedder, whose turn comes next.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        self._lock = threading.Lock()

    def scores(self, stretch: Stretch) -> NDArray[np.float32]:
        """Return the scores of a stretch of tokens: shape ``(tokens, scores)``, its two marks included."""
        stopping.check()
        with self._lock:
            (scores,) = self._session.run(["scores"], {"input_ids": np.array([stretch.ids], dtype=np.int64)})
        found: NDArray[np.float32] = scores[0]
        return found
