"""A language model as a reader: it chooses among sentences, and nothing that it writes is shown."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.normal_form import normal_form
from index.text.words import meaning_words
from service.answering.language_model import LanguageModel, LanguageModelError
from service.answering.reading.picks import Pick, parse_picks
from service.answering.reading.shortlist import PROMPTS_VERSION, choosing_prompt, in_reading_order
from service.answering.types import ChosenBy, ScoredSpan
from service.answering.verification.quote_matching import exact_spans

SHORTLIST = 24
_SHARE = 0.6

# What the model's choice adds to the log-odds of a sentence: of the first, the second and later ones chosen, of those
# passed over, and of all where it chooses none. Simulated on 120 questions of ClapNQ: a model that always points right
# raises the AUROC of refusing from .86 to .93, and one that points blindly lowers it to .84; neither moves the best
# quote. Twice the first three let a perfect model find it 3 points more often, and a blind one 3 points less often.
_CHOSEN = (0.4, 0.2, 0.1)
_PASSED_OVER = -0.4
_REFUSED = -0.8


@dataclass(frozen=True)
class Choice:
    """The spans as they stand after the model's choice, best first.

    ``chosen_by`` is None, and ``warnings`` say why, where the model did not choose.
    """

    spans: list[ScoredSpan]
    chosen_by: ChosenBy | None = None
    warnings: tuple[str, ...] = ()


class Chooser:
    """Have a language model choose the sentences that answer, out of those that a reader put first.

    The model is shown the question and the sentences, with their neighbours, and has no tools. It can reorder them,
    raise or lower their confidence, and point at words inside them; whatever else it writes is dropped.
    """

    def __init__(self, model: LanguageModel) -> None:
        """Take the model."""
        self._model = model

    def choose(self, question: str, spans: Sequence[ScoredSpan]) -> Choice:
        """Return ``spans``, best first, with the model's choice weighed in; unchanged where the model fails."""
        listed, rest = in_reading_order(spans[:SHORTLIST]), list(spans[SHORTLIST:])
        if not listed:
            return Choice([])
        try:
            text = self._model.complete(choosing_prompt(question, listed), share=_SHARE)
        except LanguageModelError as error:
            return Choice(list(spans), warnings=(f"{error} The answer was chosen without it.",))
        picks = parse_picks(text, most=len(listed))
        if picks is None:
            nonsense = f"The language model {self._model.name} chose no sentence in a form that can be read."
            return Choice(list(spans), warnings=(f"{nonsense} The answer was chosen without it.",))
        weighed = sorted([*_weighed(listed, picks), *rest], key=lambda each: -each.confidence)
        return Choice(weighed, ChosenBy(self._model.name, PROMPTS_VERSION))


def _weighed(listed: Sequence[ScoredSpan], picks: Sequence[Pick]) -> Iterator[ScoredSpan]:
    """Yield the sentences with the confidences that the choice leaves them, and the chosen words as highlights."""
    ranks = {pick.number: rank for rank, pick in enumerate(picks)}
    for number, span in enumerate(listed, start=1):
        if number in ranks:
            pick = picks[ranks[number]]
            shift = _CHOSEN[min(ranks[number], len(_CHOSEN) - 1)]
            span = _pointed_at(span, pick.words)  # noqa: PLW2901 - the same span
        else:
            shift = _PASSED_OVER if picks else _REFUSED
        yield replace(span, confidence=_shifted(span.confidence, shift))


def _shifted(confidence: float, by: float) -> float:
    """Return a confidence whose log-odds are ``by`` higher."""
    bounded = min(max(confidence, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(math.log(bounded / (1 - bounded)) + by)))


def _pointed_at(span: ScoredSpan, words: str) -> ScoredSpan:
    """Return the sentence with the words that the model gave as its highlight, if verifying would find them there.

    They alone may stand as the answer only where they hold the reader's own short answer; otherwise the sentence stands
    whole, since other words of it can say something else: "Police cleared Conti; Bianchi broke into the bank."
    """
    found = next(exact_spans(words.strip(), normal_form(span.text)), None) if meaning_words(words) else None
    if found is None:
        return span
    chosen = found.moved(span.span.start)
    if span.highlights and all(chosen.holds(each) for each in span.highlights):
        return replace(span, highlights=(chosen,))
    if any(chosen.overlap(each) for each in span.highlights):
        return span
    return replace(span, highlights=(chosen,), contested=True)
