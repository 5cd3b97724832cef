"""A follow-up rewritten by a language model, so that it can be searched for alone."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.text.words import NEGATION, is_function_word, meaning_words, stems
from prompts.rendering import render
from service.answering.language_model import LanguageModel, LanguageModelError, Prompt
from service.answering.types import Turn

_LONGEST_QUESTION = 300
_MOST_TURNS = 6
_SHARE = 0.4
_PLAIN = re.compile(r"[\w\s'’?.,-]+")


class Rewriting(NamedTuple):
    """A follow-up as a question that stands alone, None without one; and ``warnings`` of a model that failed."""

    question: str | None
    warnings: tuple[str, ...] = ()


class Rewriter:
    """Have a language model rewrite follow-ups in words that were asked before."""

    def __init__(self, model: LanguageModel) -> None:
        """Take the model."""
        self._model = model

    def rewrite(self, question: str, history: Sequence[Turn]) -> Rewriting:
        """Return a follow-up as a question that stands alone; None where the model fails, or adds words of its own.

        The model is shown what was asked before, and no answers: those have words of articles in them.
        """
        turns = [" ".join(turn.content[-_LONGEST_QUESTION:].split()) for turn in history if turn.role == "user"]
        before = turns[-_MOST_TURNS:]
        prompt = render("rewriter_prompt", history="\n".join(before), question=question)
        try:
            text = self._model.complete(Prompt(render("rewriter_rules"), prompt), share=_SHARE)
        except LanguageModelError as error:
            return Rewriting(None, (f"{error} The follow-up was understood without it.",))
        rewritten = " ".join(text.split())
        return Rewriting(rewritten if _asks_the_same(rewritten, question, before) else None)


def _asks_the_same(rewritten: str, question: str, before: Sequence[str]) -> bool:
    """Whether a rewritten question has every word of the question, and otherwise only words that were asked before.

    Whether something denied before is still denied, no word shows: then the question is left as it is.
    """
    if not meaning_words(rewritten) or len(rewritten) > _LONGEST_QUESTION or not rewritten.isprintable():
        return False
    if any(NEGATION.search(each) for each in before):
        return False
    if bool(NEGATION.search(rewritten)) != bool(NEGATION.search(question)):
        return False
    turns = " ".join([question, *before])
    said = set(re.findall(r"\w+", turns.casefold()))
    words = re.findall(r"\w+", rewritten.casefold())
    if not _PLAIN.fullmatch(rewritten) or not all(word in said or is_function_word(word) for word in words):
        return False
    own = stems(question) if meaning_words(question) else set()
    return own <= stems(rewritten) <= stems(turns)
