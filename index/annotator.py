"""What is found in an article as it comes in: who said what, what it does not assert, and what stands beside it."""

from collections.abc import Sequence

from index.attribution.factory import open_tagger
from index.attribution.finding import find_attributions
from index.attribution.tagger import Tagger
from index.furniture.finding import find_furniture, finder_name
from index.stance.factory import open_stance_tagger
from index.stance.finding import find_stances
from index.stance.tagger import StanceTagger
from index.types import Annotations, Attribution, Span


class Annotator:
    """Annotate articles with a speaker tagger and, unless it is None, a stance tagger."""

    def __init__(self, speakers: Tagger, stances: StanceTagger | None = None) -> None:
        """Take the taggers."""
        self._speakers = speakers
        self._stances = stances

    @property
    def name(self) -> str:
        """The names of the taggers: what others found is found anew."""
        return "+".join([*(each.name for each in (self._speakers, self._stances) if each), finder_name()])

    def annotate(self, text: str, sentences: Sequence[Span]) -> Annotations:
        """Return the annotations of ``text``; ``sentences`` are its sentences' spans."""
        stances = find_stances(text, sentences, self._stances) if self._stances else ()
        furniture = find_furniture(text, sentences)
        return Annotations(self.name, self.attributions(text, sentences), stances, furniture)

    def attributions(self, text: str, sentences: Sequence[Span]) -> tuple[Attribution, ...]:
        """Return only who said what in ``text``, which takes half as long."""
        return find_attributions(text, sentences, self._speakers)


NO_STANCES = "none"


def open_annotator(speakers: str, stances: str) -> Annotator:
    """Return the annotator of two models, each by name or folder; "none" finds no stances. Raises ModelError."""
    return Annotator(open_tagger(speakers), None if stances == NO_STANCES else open_stance_tagger(stances))
