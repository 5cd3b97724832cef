"""Stances by a trained tagger."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.attribution.token_model import TokenModel
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
        self._model = TokenModel(folder)

    @property
    def name(self) -> str:
        """See ``StanceTagger.name``."""
        return self._name

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Stance]:
        """See ``StanceTagger.tag``."""
        places: list[tuple[int, int]] = []
        scores: list[Floats] = []
        for stretch in stretches(self._model.tokenizer, text, sentences):
            places += stretch.places[stretch.first - 1 : stretch.last - 1]
            scores.append(self._model.scores(stretch)[stretch.first : stretch.last])
        if not places:
            return []
        return stances(text, words(text, places, np.concatenate(scores)), sentences, self._margins)
