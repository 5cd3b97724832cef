"""Prose by a language model, of which no sentence is shown without a quote that bears it out."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from index.words import NEGATION, meaning_words, stems
from prompts.rendering import render, version
from service.answering.checking import check
from service.answering.claims import claims_in
from service.answering.injection import speaks_to_models
from service.answering.language_model import Asked, LanguageModel, LanguageModelError
from service.answering.sense import deciding_words
from service.answering.types import Quote, Turn, Written

_PROMPTS = ("writer_rules", "writer_prompt", "writer_quote", "writer_example_prompt", "writer_example_answer")
_LONGEST_QUESTION = 300
_MOST_TURNS = 6
_SHARE = 0.6
_ASKING = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_GOING_ON = re.compile(r"^(?:and |but |so )?(?:what|how) about\b", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """What came of asking the model: ``written`` if anything may be shown, and ``warnings`` of what may not."""

    written: Written | None
    warnings: tuple[str, ...] = ()


class Rewriting(NamedTuple):
    """A follow-up as a question that stands alone, if there is one, and ``warnings`` of a model that failed."""

    question: str | None
    warnings: tuple[str, ...] = ()


class Writer:
    """Have a language model put an answer into words, and keep what the quotes bear out.

    The model sees the question and the quotes, nothing else of the articles, and has no tools. Quotes whose words speak
    to a model are kept from it.
    """

    def __init__(self, model: LanguageModel) -> None:
        """Take the model."""
        self._model = model

    def write(self, question: str, quotes: Sequence[Quote]) -> Draft:
        """Write an answer to ``question`` from ``quotes``. A model that fails is told of, and nothing is lost."""
        shown = [quote for quote in quotes if not speaks_to_models(quote.text)]
        warnings = _kept_back(len(quotes) - len(shown))
        if not shown:
            return Draft(None, warnings)
        told = "\n".join(
            render("writer_quote", number=quote.number, text=html.escape(quote.text, quote=False)) for quote in shown
        )
        prompt = render("writer_prompt", quotes=told, question=html.escape(question, quote=False))
        try:
            text = self._model.complete(
                Asked(render("writer_rules"), prompt, example=_example(), schema=_schema(shown)), share=_SHARE
            )
        except LanguageModelError as error:
            return Draft(None, (*warnings, f"{error} The quotes are shown without its words."))
        checked = check(claims_in(text), shown)
        if checked.dropped:
            count = len(checked.dropped)
            said = (
                f"{count} sentence{'s' * (count > 1)} of the language model {'were' if count > 1 else 'was'} left out"
            )
            warnings = (*warnings, f"{said}: {'; '.join(dict.fromkeys(checked.dropped))}.")
        if not checked.kept:
            nothing = () if checked.dropped else (f"The language model {self._model.name} wrote nothing to be used.",)
            return Draft(None, (*warnings, *nothing))
        written = Written(self._model.name, version(*_PROMPTS), checked.kept, len(checked.dropped))
        return Draft(written, warnings)

    def rewrite(self, question: str, history: Sequence[Turn]) -> Rewriting:
        """Give a follow-up as a question that stands alone; none where the model fails, or adds words of its own.

        The model is shown what was asked before, and no answers: those have words of articles in them.
        """
        turns = [" ".join(turn.content[-_LONGEST_QUESTION:].split()) for turn in history if turn.role == "user"]
        told = [each for each in turns[-_MOST_TURNS:] if not speaks_to_models(each)]
        before = "\n".join(html.escape(each, quote=False) for each in told)
        prompt = render("rewriter_prompt", history=before, question=html.escape(question, quote=False))
        try:
            text = self._model.complete(Asked(render("rewriter_rules"), prompt), share=1 - _SHARE)
        except LanguageModelError as error:
            return Rewriting(None, (f"{error} What the question goes on from was found without it.",))
        rewritten = " ".join(html.unescape(text).split())
        return Rewriting(rewritten if _stands_for(rewritten, question, told) else None)


def _stands_for(rewritten: str, question: str, told: Sequence[str]) -> bool:
    """Tell whether a rewritten question asks the same: with all words of its own, and others that were asked before.

    Words that decide what is asked must be the same. Whether what was denied before is denied still, no word tells.
    """
    if not meaning_words(rewritten) or len(rewritten) > _LONGEST_QUESTION or not rewritten.isprintable():
        return False
    if speaks_to_models(rewritten) or any(NEGATION.search(each) for each in told):
        return False
    if bool(NEGATION.search(rewritten)) != bool(NEGATION.search(question)):
        return False
    before = " ".join([question, *told])
    if not _asking(_GOING_ON.sub("", question)) <= _asking(rewritten):
        return False
    if not deciding_words(question) <= deciding_words(rewritten) <= deciding_words(before):
        return False
    own = stems(question) if meaning_words(question) else set()
    return own <= stems(rewritten) <= stems(before)


def _asking(question: str) -> set[str]:
    return {match.group().lower() for match in _ASKING.finditer(question)}


def _example() -> tuple[str, str]:
    return render("writer_example_prompt"), render("writer_example_answer")


def _schema(quotes: Sequence[Quote]) -> dict[str, Any]:
    """Give the JSON schema of an answer: sentences that each name some of ``quotes``."""
    numbers = {"type": "array", "items": {"type": "integer", "enum": [quote.number for quote in quotes]}}
    sentence = _record(text={"type": "string"}, quotes=numbers)
    return _record(sentences={"type": "array", "items": sentence})


def _record(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _kept_back(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    what = "1 quote was" if count == 1 else f"{count} quotes were"
    return (f"{what} not shown to the language model: its words speak to a model.",)
