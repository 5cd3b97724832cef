"""Who said the words of a quote, and how that is put."""

import re
from collections.abc import Iterable, Sequence

from index.text.words import as_asked, as_names, plain_words
from index.types import Attribution, Filters, Hit, Span
from service.answering.types import ScoredSpan

_ASKED = re.compile(
    r"\bwhat (?:did|does|do|has|have) (?:the )?(?P<name>[^?]{2,60}?) (?:already |just |also )?"
    r"(?:add|announce|argue|claim|predict|report|said|say|state|suggest|tell|think|tweet|warn|write)(?:ed|s)?\b",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    """anybody anyone everyone he her his i it its people she somebody someone that their these they this those we who
    you""".split()
)
_SHARE = 0.4


def cited_near(span: ScoredSpan, hits: Sequence[Hit]) -> list[Attribution]:
    """Give the attributions with words in the passages that a span is of."""
    return [
        each
        for hit in hits
        if hit.article.id == span.article.id and span.span.overlap(hit.passage.span)
        for each in hit.attributions
    ]


def said_in(span: ScoredSpan, near: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """Give, of the attributions ``near`` a span, those of its words: who said them first, then who passed them on.

    Words are someone's where a share of the span (what only names a speaker does not count), or a short answer in it,
    stands in what is given as theirs.
    """
    names = [named for each in near for named in (each.source, each.cue)]
    text = span.article.text
    told = {at for at in range(*span.span) if text[at].isalnum() and not any(start <= at < end for start, end in names)}
    theirs = [each for each in dict.fromkeys(near) if _is_theirs(span, each, told)]
    return tuple(sorted(theirs, key=_nearness))


def _nearness(attribution: Attribution) -> tuple[int, bool, Span]:
    length = sum(end - start for start, end in attribution.contents)
    return length, attribution.via is None, attribution.source


def _is_theirs(span: ScoredSpan, attribution: Attribution, told: set[int]) -> bool:
    inside = sum(start <= at < end for at in told for start, end in attribution.contents)
    if inside >= _SHARE * max(len(told), 1):
        return True
    return any(content.holds(lit) for content in attribution.contents for lit in span.highlights)


def asked_of(question: str) -> str | None:
    """Give whose words a question asks for: "What did Vyorstka report?"; None where it asks for nobody's."""
    match = _ASKED.search(question)
    return plain_words(match["name"]) if match and _NOBODY.isdisjoint(match["name"].lower().split()) else None


def by(spans: Sequence[ScoredSpan], hits: Sequence[Hit], name: str) -> list[ScoredSpan]:
    """Keep the spans whose words are those of ``name``, or that name them: not every way to cite is recognised."""
    theirs = kept(spans, hits, Filters(speakers=(name,)))
    return [each for each in spans if each in theirs or as_asked(name) in as_names(each.text)]


def kept(spans: Iterable[ScoredSpan], hits: Sequence[Hit], filters: Filters) -> list[ScoredSpan]:
    """Keep the spans that one of ``filters.speakers`` said or passed on; all where none is named."""
    asked = [name for each in filters.speakers if (name := as_asked(each))]
    if not filters.speakers:
        return list(spans)
    return [each for each in spans if any(_named(said, asked) for said in said_in(each, cited_near(each, hits)))]


def _named(said: Attribution, asked: Sequence[str]) -> bool:
    names = as_names(said.speaker, said.via)
    return any(name in names for name in asked)


def listed(attributions: Sequence[Attribution], words: Sequence[Span] = ()) -> str:
    """Name the speakers: "Meduza and Vyorstka", "a Kremlin source cited by Meduza"; "" for none.

    Who only passed on another's words is named behind that other. Nobody is named where ``words`` themselves tell who
    it was.
    """
    if any(each.source.overlap(word) for each in attributions for word in words):
        return ""
    passed_on = {each.via for each in attributions if each.via}
    names = dict.fromkeys(
        f"{each.speaker} cited by {each.via}" if each.via else each.speaker
        for each in attributions
        if each.via or each.speaker not in passed_on
    )
    *first, last = list(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last
