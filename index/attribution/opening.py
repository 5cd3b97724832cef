"""From a name to a tagger."""

from index.attribution.rules import RuleTagger
from index.attribution.tagger import Tagger
from index.errors import ModelError

DEFAULT_TAGGER = "rules"


def open_tagger(name: str) -> Tagger:
    """Open the tagger ``name``. Raises ModelError."""
    if name == "rules":
        return RuleTagger()
    raise ModelError(f"There is no attribution model {name!r}.", remedy="Set PULLQUOTE_ATTRIBUTION_MODEL to rules.")
