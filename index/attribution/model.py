"""Statements by a trained tagger."""

import json
from collections.abc import Sequence
from pathlib import Path

from index.attribution.decoding import Thresholds, statements
from index.attribution.quotations import continued, quotations
from index.attribution.token_model import TokenModel
from index.attribution.windows import stretches
from index.types import Span, Statement


class ModelTagger:
    """Find statements with a folder's ``model.onnx``, ``tokenizer.json`` and ``tagger.json``; see ``Tagger``."""

    def __init__(self, folder: Path) -> None:
        """Load it. Raises OSError, ValueError, KeyError and TypeError where the folder does not hold one."""
        settings = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
        self._thresholds = Thresholds(*(float(settings["thresholds"][name]) for name in Thresholds._fields))
        self._name = str(settings["name"])
        self._model = TokenModel(folder)

    @property
    def name(self) -> str:
        """See ``Tagger.name``."""
        return self._name

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        """See ``Tagger.tag``."""
        found: list[Statement] = []
        for stretch in stretches(self._model.tokenizer, text, sentences):
            found += statements(stretch, self._model.scores(stretch), self._thresholds, text)
        return continued(found, sentences, list(quotations(text)))
