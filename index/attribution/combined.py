"""Statements by a trained tagger and by rule together."""

from collections.abc import Sequence

from index.attribution.quotations import continued, quotations
from index.attribution.rules import RuleTagger
from index.attribution.tagger import Tagger
from index.types import Span, Statement


class CombinedTagger:
    """Find what either of two taggers finds; see ``Tagger``.

    The model finds more statements; the rules are more exact about where one begins and ends. For a cue that both
    found, the two sources are joined, and the contents are those of the rules.
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
            if same:
                ruled.remove(same)
            found.append(_joined(each, same) if same else each)
        both = sorted([*found, *ruled], key=lambda each: each.cue)
        return continued(both, sentences, list(quotations(text)))


def _joined(found: Statement, rule: Statement) -> Statement:
    source = rule.source
    if found.source.overlap(source):
        source = Span(min(found.source.start, source.start), max(found.source.end, source.end))
    same_words = any(one.overlap(other) for one in found.contents for other in rule.contents)
    return Statement(source, found.cue, rule.contents if same_words else found.contents)
