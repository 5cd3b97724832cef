"""What a quotation leaves out around its words that changes what they say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text.sentences import split_sentences
from index.text.words import NEGATION
from index.types import Article, Attribution, Span, Stance, StanceKind

_CUT_BEHIND = re.compile(
    r"(?P<word>\b(?:no|not|never|only|nor|neither|hardly|without|cannot)|\w+n['’]t)\s+$", re.IGNORECASE
)
# Closed classes of English: what introduces a condition, and a question of which the answer is a part.
_CONDITION = re.compile(
    r"\b(?:if|unless|provided|assuming|should|had|were|whether|until|once|only|condition)\b", re.IGNORECASE
)
_QUESTION_WORD = re.compile(r"\W*(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
# What takes back the words in front of it, or makes them depend on something.
_CUT_BEFORE = re.compile(
    r"[\s,]*(?P<word>if|unless|only|except|provided|as long as|on condition"
    r"|(?:were|had) (?:there|i|it|he|she|we|they))\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"(?:^|[.?!:“\"]\s*|\n)(?P<word>If|Unless|Had|Were|Should)\b[^.?!“”\"\n]{1,120},\s+$")
_BEFORE = 20
_FARTHEST = 150
_COVERED = 0.6


@dataclass(frozen=True)
class Context:
    """What a quotation leaves out: the words that change its meaning (``cue``), and all ``sentences`` that it needs.

    ``stance`` is what the article does with the quoted words; None where that is not known ("only").
    """

    stance: StanceKind | None
    cue: Span
    sentences: Span


def lost_context(
    article: Article, span: Span, stances: Sequence[Stance], attributions: Sequence[Attribution] = ()
) -> Context | None:
    """Return what a quotation of ``span`` leaves out that changes what it says; None where nothing does.

    That is a "not" or "only" right before it, an "if" or "except" right behind it, an "If …," in front, or the cue of a
    stance that most of its words are under.
    """
    kind: StanceKind | None
    if cut := _CUT_BEHIND.search(article.text, max(0, span.start - _BEFORE), span.start):
        kind = "denied" if NEGATION.search(cut["word"]) else None
        return _context(article, span, Span(*cut.span("word")), kind)
    cut = _CUT_BEFORE.match(article.text, span.end) or _SUPPOSED.search(
        article.text, max(0, span.start - _FARTHEST), span.start
    )
    if cut:
        kind = None if cut["word"].lower() in ("only", "except") else "conditional"
        return _context(article, span, Span(*cut.span("word")), kind)
    outside = [
        each
        for each in stances
        if not span.holds(each.cue) and _takes_back(each, article, span) and not _is_reply(each, span, attributions)
    ]
    covered = sum(each.scope.overlap(span) for each in outside)
    if not outside or covered < _COVERED * (span.end - span.start):
        return None
    most = max(outside, key=lambda each: each.scope.overlap(span))
    return _context(article, span, most.cue, most.kind)


def _takes_back(stance: Stance, article: Article, span: Span) -> bool:
    """Whether leaving the cue out makes words assert what they do not.

    A condition does; a mere "would" or "plans to" does not, nor a question of which a part is quoted ("who called").
    """
    if stance.kind == "conditional":
        return bool(_CONDITION.search(article.text, *stance.cue))
    if stance.kind == "asked":
        return not _QUESTION_WORD.match(article.text, *span)
    return True


def _is_reply(stance: Stance, span: Span, attributions: Sequence[Attribution]) -> bool:
    """Whether others deny or doubt, further on, what somebody said with ``span``: that they said so stays true."""
    said = [each for each in attributions if any(content.holds(span) for content in each.contents)]
    parts = [part for each in said for part in (each.source, each.cue, *each.contents)]
    if not parts or stance.kind not in ("denied", "doubted"):
        return False
    return stance.cue.start >= max(each.end for each in parts)


def lost_words(article: Article, span: Span, words: Span) -> Context | None:
    """Return the context of a quotation of ``span`` whose dots leave out ``words``, with a "not" among them."""
    negation = NEGATION.search(article.text, *words)
    return _context(article, span, Span(*negation.span()), "denied") if negation else None


def _context(article: Article, span: Span, cue: Span, kind: StanceKind | None) -> Context:
    touched = [each for each in split_sentences(article.text) if each.overlap(span) or each.overlap(cue)]
    whole = Span(touched[0].start, touched[-1].end) if touched else span
    return Context(kind, cue, whole)
