"""The sentences that a language model chooses from, as it is shown them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from index.types import Hit, Span
from prompts.rendering import render, version
from service.answering.language_model import Prompt
from service.answering.types import ScoredSpan

_PROMPTS = ("chooser_rules", "chooser_prompt", "chooser_passage", "chooser_sentence")
PROMPTS_VERSION = version(*_PROMPTS)
_LONGEST_TITLE = 150
_NUMBER = re.compile(r"\[(\d+)\]")


def in_reading_order(spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """Return the sentences passage by passage, as they stand there; the passage of the best sentence comes first.

    So their numbers do not show how the reader ranks them: a model that prefers low numbers learns nothing from them.
    """
    ranks: dict[int, int] = {}
    for span in spans:
        ranks.setdefault(span.hit.passage.id, len(ranks))
    return sorted(spans, key=lambda each: (ranks[each.hit.passage.id], each.span))


def choosing_prompt(question: str, listed: Sequence[ScoredSpan]) -> Prompt:
    """Return the prompt that asks which of the sentences ``listed``, numbered from 1, answer ``question``."""
    passages = "\n\n".join(_passages(listed))
    text = render("chooser_prompt", passages=passages, question=question)
    return Prompt(render("chooser_rules"), text, _schema(len(listed)))


def _passages(listed: Sequence[ScoredSpan]) -> Iterator[str]:
    """Yield each passage with its listed sentences numbered, and their neighbours without a number."""
    numbers = {(each.hit.passage.id, each.span): number for number, each in enumerate(listed, start=1)}
    for hit in {each.hit.passage.id: each.hit for each in listed}.values():
        own = [each for each in listed if each.hit.passage.id == hit.passage.id]
        lines = []
        for before, sentence, behind in _neighbourhoods(hit):
            spans = [each for each in own if each.span.start == sentence.start]
            if spans:
                lines += [
                    render("chooser_sentence", number=numbers[hit.passage.id, each.span], text=_line(each.text))
                    for each in spans
                ]
            elif any(each.span.overlap(sentence) for each in own):
                continue
            elif any(each.span.overlap(near) for each in own for near in (before, behind)):
                lines.append(_line(hit.article.text[sentence.start : sentence.end]))
        yield render("chooser_passage", source=_source(hit, own), sentences="\n".join(lines))


def _neighbourhoods(hit: Hit) -> Iterator[tuple[Span, Span, Span]]:
    nothing = Span(0, 0)
    sentences = hit.passage.sentences
    yield from zip((nothing, *sentences), sentences, (*sentences[1:], nothing), strict=False)


def _source(hit: Hit, own: Sequence[ScoredSpan]) -> str:
    article = hit.article
    speakers = dict.fromkeys(said.speaker for each in own for said in each.attributions)
    facts = (
        f"“{_line(article.title)[:_LONGEST_TITLE]}”",
        article.publisher,
        str(article.published or ""),
        f"speakers: {', '.join(speakers)}" if speakers else "",
    )
    return ", ".join(_line(fact) for fact in facts if fact)


def _line(text: str) -> str:
    """Return ``text`` as one line, without square brackets around numbers, which are ours alone."""
    return _NUMBER.sub(r"(\1)", " ".join(text.split()))


def _schema(most: int) -> dict[str, Any]:
    """Return the JSON schema of a choice among sentences 1 to ``most``."""
    number = {"type": "integer", "enum": list(range(1, most + 1))}
    answer = _object(id=number, words={"type": "string"})
    return _object(answers={"type": "array", "items": answer})


def _object(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
