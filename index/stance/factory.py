"""From a name to a stance tagger."""

from pathlib import Path

from index.errors import ModelError
from index.stance.model import ModelStanceTagger
from index.stance.tagger import StanceTagger
from index.types import Span

DEFAULT_STANCE_TAGGER = "pullquote-stance"
_SHIPPED = Path(__file__).parents[2] / "models" / "stance"
_REMEDY = "Set PULLQUOTE_STANCE_MODEL to none or to a folder that training.stance_export wrote, or unset it."


def open_stance_tagger(name: str = DEFAULT_STANCE_TAGGER) -> StanceTagger:
    """Return the model that is shipped, ``pullquote-stance``, or that of a folder.

    It is tried once. Raises ModelError.
    """
    folder = _SHIPPED if name == DEFAULT_STANCE_TAGGER else Path(name)
    if not (folder / "stance.json").exists():
        raise ModelError(f"There is no stance model {name!r}.", remedy=_REMEDY)
    try:
        model = ModelStanceTagger(folder)
        model.tag("He denied it.", [Span(0, 13)])
    except Exception as error:  # noqa: BLE001 - whatever the runtime raises, the folder holds no tagger
        raise ModelError(f"The stance model {name!r} cannot be loaded: {error}.", remedy=_REMEDY) from error
    return model
