"""From a name to a tagger."""

from pathlib import Path

from index.attribution.combined import CombinedTagger
from index.attribution.model import ModelTagger
from index.attribution.rules import RuleTagger
from index.attribution.tagger import Tagger
from index.errors import ModelError
from index.types import Span

DEFAULT_TAGGER = "pullquote-tagger"
_SHIPPED = Path(__file__).parents[2] / "models" / "tagger"
_REMEDY = "Set PULLQUOTE_ATTRIBUTION_MODEL to rules or to a folder that training.tagger_export wrote, or unset it."


def open_tagger(name: str) -> Tagger:
    """Open ``rules``, or a model with the rules beside it: the one shipped, ``pullquote-tagger``, or that of a folder.

    A model is tried once. Raises ModelError.
    """
    return RuleTagger() if name == "rules" else CombinedTagger(open_model(name), RuleTagger())


def open_model(name: str) -> ModelTagger:
    """Open a model without the rules: the one shipped, or that of a folder. It is tried once. Raises ModelError."""
    folder = _SHIPPED if name == DEFAULT_TAGGER else Path(name)
    if not (folder / "tagger.json").exists():
        raise ModelError(f"There is no attribution model {name!r}.", remedy=_REMEDY)
    try:
        model = ModelTagger(folder)
        model.tag("He said so.", [Span(0, 11)])
    except Exception as error:  # noqa: BLE001 - whatever the runtime raises, the folder holds no tagger
        raise ModelError(f"The attribution model {name!r} cannot be loaded: {error}.", remedy=_REMEDY) from error
    return model
