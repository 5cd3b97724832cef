"""Who said the words of a quote, and how that is put."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.text.lexicon import PRONOUNS, SAYING_ASKED
from index.text.words import any_asked, as_asked, as_names, plain_words
from index.types import Article, Attribution, Span
from service.answering.types import ScoredSpan

_ASKED = re.compile(
    r"\bwhat (?:did|does|do|has|have) (?:the )?(?P<name>[^?]{2,60}?) (?:already |just |also )?"
    rf"(?:{'|'.join(SAYING_ASKED)})(?:ed|s)?\b",
    re.IGNORECASE,
)
_SHARE = 0.4


def with_attributions(spans: Iterable[ScoredSpan]) -> list[ScoredSpan]:
    """Return the spans with the attributions of their words, out of those of the passages that they were read in."""
    return [
        replace(
            each, attributions=attributions_of(each.article, each.span, each.highlights, among=each.hit.attributions)
        )
        for each in spans
    ]


def attributions_of(
    article: Article, span: Span, highlights: Sequence[Span], *, among: Sequence[Attribution]
) -> tuple[Attribution, ...]:
    """Return the attributions of a span's words: those who said them first, then those who passed them on.

    Words are someone's where 40% of the span (words that only name a speaker do not count), or a highlight in it,
    stands in what the article gives as theirs.
    """
    if not among:
        return ()
    names = [named for each in among for named in (each.source, each.cue)]
    own = {
        at for at in range(*span) if article.text[at].isalnum() and not any(start <= at < end for start, end in names)
    }
    theirs = [each for each in dict.fromkeys(among) if _is_theirs(each, own, highlights)]
    return tuple(sorted(theirs, key=_nearness))


def _is_theirs(attribution: Attribution, own: set[int], highlights: Sequence[Span]) -> bool:
    inside = sum(start <= at < end for at in own for start, end in attribution.contents)
    if inside >= _SHARE * max(len(own), 1):
        return True
    return any(content.holds(each) for content in attribution.contents for each in highlights)


def _nearness(attribution: Attribution) -> tuple[int, bool, Span]:
    length = sum(end - start for start, end in attribution.contents)
    return length, attribution.via is None, attribution.source


def speaker_asked_about(question: str) -> str | None:
    """Return the speaker whose words a question asks for ("What did Vyorstka report?"), or None."""
    match = _ASKED.search(question)
    return plain_words(match["name"]) if match and PRONOUNS.isdisjoint(match["name"].lower().split()) else None


def said_by(spans: Iterable[ScoredSpan], names: Sequence[str], whole: Sequence[str] = ()) -> list[ScoredSpan]:
    """Return the spans that somebody said or passed on who has one of ``names`` as part of a name, or a ``whole`` one.

    Without ``names`` all are returned.
    """
    asked = any_asked(names, whole)
    if not names:
        return list(spans)
    return [each for each in spans if any(_is_named(said, asked) for said in each.attributions)]


def _is_named(said: Attribution, asked: Sequence[str]) -> bool:
    names = as_names(said.speaker, said.via)
    return any(name in names for name in asked)


def said_by_or_naming(spans: Sequence[ScoredSpan], name: str, whole: Sequence[str] = ()) -> list[ScoredSpan]:
    """Return the spans that ``name`` said, or that name them: not every way to cite somebody is recognised.

    ``whole`` are more names of theirs.
    """
    theirs = said_by(spans, (name,), whole)
    return [each for each in spans if each in theirs or as_asked(name) in as_names(each.text)]


def listed(attributions: Sequence[Attribution], words: Sequence[Span] = ()) -> str:
    """Return the speakers as they are shown: "Meduza and Vyorstka", "a Kremlin source cited by Meduza"; "" for none.

    Who only passed on another's words is named behind that other. Nobody is named where ``words`` themselves say who
    it was.
    """
    if any(each.source.overlap(word) for each in attributions for word in words):
        return ""
    passed_on = {each.via for each in attributions if each.via}
    attributions = [each for each in attributions if each.speaker.lower() not in PRONOUNS]
    names = dict.fromkeys(
        f"{each.speaker} cited by {each.via}" if each.via else each.speaker
        for each in attributions
        if each.via or each.speaker not in passed_on
    )
    *first, last = list(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last
