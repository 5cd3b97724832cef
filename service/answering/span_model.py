"""The span model: how well an answer to a question starts, and ends, at each token of a passage."""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

LONGEST = 384
_STRIDE = 128
LONGEST_QUESTION = 64
LONGEST_TITLE = 24
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")

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


class SpanModel:
    """A reading-comprehension model: ours, or any extractive question-answering model in Hugging Face's format."""

    def __init__(
        self,
        tokenizer: "PreTrainedTokenizerBase",
        run: Callable[[Feeds], Logits],
        *,
        calibration: Calibration | None = None,
        knows_titles: bool = False,
    ) -> None:
        """Take what turns words into tokens, and tokens into scores; only our own model knows what a title is."""
        self.calibration = calibration or Calibration()
        self._knows_titles = knows_titles
        self._tokenizer = tokenizer
        self._run = run
        self._lock = threading.Lock()

    def score(self, question: str, passages: Sequence[tuple[str, str]]) -> list[list[Window]]:
        """Give the windows of each ``(title, text)`` passage: one, or several that overlap where it is long.

        A title is context: none of its tokens is in a window, and only the first window reads it. An empty title is
        none.
        """
        if not passages:
            return []
        heads = [self._head(title) for title, _ in passages]
        # The tokenizer keeps its truncation settings between calls, and the model would only be slowed down by another
        # question at the same time.
        with self._lock:
            encoded = self._tokenizer(
                [self._short(question, LONGEST_QUESTION)] * len(passages),
                [head + text for head, (_, text) in zip(heads, passages, strict=True)],
                truncation="only_second",
                max_length=LONGEST,
                stride=_STRIDE,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
            )
            windows: list[list[Window]] = [[] for _ in passages]
            for row, source in enumerate(encoded["overflow_to_sample_mapping"]):
                # One at a time: nothing is padded, and no passage's score depends on which others are read.
                starts, ends = self._run({name: np.array([encoded[name][row]]) for name in _INPUTS if name in encoded})
                keep, offsets = _places(encoded, row, len(heads[source]), passages[source][1])
                null = float(starts[0, 0] + ends[0, 0])
                windows[source].append(Window(starts[0, keep], ends[0, keep], null, offsets))
        return windows

    def _head(self, title: str) -> str:
        if not title or not self._knows_titles:
            return ""
        return f"{self._short(title, LONGEST_TITLE)} {self._tokenizer.sep_token} "

    def _short(self, text: str, tokens: int) -> str:
        offsets = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        return text[: offsets[tokens - 1][1]] if len(offsets) > tokens else text


def _places(encoded: Any, row: int, skip: int, text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # noqa: ANN401
    """Give which tokens of a row are the passage's, and their places in ``text``, white space left off."""
    keep, places = [], []
    for at, (part, (start, end)) in enumerate(
        zip(encoded.sequence_ids(row), encoded["offset_mapping"][row], strict=True)
    ):
        word = text[max(start - skip, 0) : end - skip] if part == 1 and start >= skip else ""
        if word.strip():
            keep.append(at)
            first = start - skip + len(word) - len(word.lstrip())
            places.append((first, first + len(word.strip())))
    return np.array(keep, dtype=np.int64), np.array(places, dtype=np.int64).reshape(-1, 2)
