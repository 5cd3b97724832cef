"""The span model: how well an answer to a question starts, and ends, at each token of a passage."""

import math
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index import stopping
from service.answering.reading.tokenization import Encoder

Feeds = dict[str, NDArray[np.int64]]
Logits = tuple[NDArray[np.float32], NDArray[np.float32]]


class Window(NamedTuple):
    """The scores of a stretch of one passage.

    ``starts`` and ``ends`` have shape ``(tokens,)``, higher is better; ``null`` is what "no answer here" scores, to
    compare with a start and an end together. ``offsets``, ``(tokens, 2)``, are the tokens' places in the passage, in
    code points.
    """

    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    null: float
    offsets: NDArray[np.int64]


class Calibration(NamedTuple):
    """How evidence becomes a confidence, ``1 / (1 + exp(-(weights · evidence + bias)))``, and from which on it answers.

    ``weights`` are those of the span's score, of the share of the question's content words that the sentence has, and
    of the share that the passage and its title have. A model that was not calibrated has its score alone.
    """

    weights: tuple[float, float, float] = (1.0, 0.0, 0.0)
    bias: float = 0.0
    threshold: float = 0.5

    def confidence(self, evidence: tuple[float, float, float]) -> float:
        """Return the confidence in [0, 1] for some evidence."""
        logit = self.bias + sum(weight * each for weight, each in zip(self.weights, evidence, strict=True))
        return 1 / (1 + math.exp(min(-logit, 700.0)))


class SpanModel:
    """A reading-comprehension model: ours, or any extractive question-answering model in Hugging Face's format."""

    def __init__(
        self, encoder: Encoder, run: Callable[[Feeds], Logits], *, calibration: Calibration | None = None
    ) -> None:
        """Take what turns words into tokens, and tokens into scores; these have shape ``(1, tokens)``."""
        self.calibration = calibration or Calibration()
        self._encoder = encoder
        self._run = run
        self._lock = threading.Lock()

    def score(self, question: str, passages: Sequence[tuple[str, str]]) -> list[list[Window]]:
        """Return the windows of each ``(title, text)`` passage: one, or several overlapping ones where it is long.

        A title is context: none of its tokens is in a window. An empty title is none.
        """
        windows: list[list[Window]] = []
        for title, text in passages:
            windows.append([])
            for row in self._encoder.windows(question, title, text):
                stopping.check()
                tokens = slice(row.first, row.first + len(row.places))
                # One at a time: nothing is padded, and no passage's score depends on which others are read. Two
                # questions at the same time would only slow each other down.
                with self._lock:
                    starts, ends = self._run(
                        {
                            "input_ids": np.array([row.ids], dtype=np.int64),
                            "attention_mask": np.ones((1, len(row.ids)), dtype=np.int64),
                            "token_type_ids": np.array([row.types], dtype=np.int64),
                        }
                    )
                null = float(starts[0, 0] + ends[0, 0])
                windows[-1].append(Window(starts[0, tokens], ends[0, tokens], null, np.array(row.places)))
        return windows
