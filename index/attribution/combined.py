"""Statements by a trained tagger, mended by rule."""

from collections.abc import Sequence

from index.attribution.quotations import continued, quotations
from index.attribution.rules import RuleTagger
from index.attribution.tagger import Tagger
from index.types import Span, Statement


class CombinedTagger:
    """Find what a model finds, with the sources that rules complete; see ``Tagger``.

    For a cue that both found, the two sources are joined. What only the rules find is wrong more often than it is
    missed, and so are the contents that they see.
    """

    def __init__(self, model: Tagger, rules: RuleTagger) -> None:
        """Combine the two."""
        self._model = model
        self._rules = rules

    @property
    def name(self) -> str:
        """See ``Tagger.name``."""
        return f"{self._model.name}+{self._rules.name}"

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        """See ``Tagger.tag``."""
        ruled = self._rules.tag(text, sentences)
        found = []
        for each in self._model.tag(text, sentences):
            same = next((rule for rule in ruled if rule.cue.overlap(each.cue)), None)
            found.append(_joined(each, same) if same else each)
        return continued(found, sentences, list(quotations(text)))


def _joined(found: Statement, rule: Statement) -> Statement:
    source = rule.source
    if found.source.overlap(source):
        source = Span(min(found.source.start, source.start), max(found.source.end, source.end))
    return Statement(source, found.cue, found.contents)
