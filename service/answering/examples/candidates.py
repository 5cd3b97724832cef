"""Questions that an article may answer, made of its own words."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.text.words import content_words, stem, stems
from index.types import Article, Attribution, Span

_MOST_WORDS = 14
_FEWEST_WORDS = 4
_MOST_NAMES = 3
# "About 1,200 people were …": a number that counts what is named next, and what is said of them.
_COUNTED = re.compile(
    r"(?:About|Around|Almost|At least|More than|Nearly|Over|Some)?\s*"
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,3})\s+(?P<rest>[a-z]+\s[^,;:“”\"()\n]+?)\s*[.,]",
    re.IGNORECASE,
)
_NO_COUNT = frozenset("percent per am pm a.m. p.m. million billion trillion hundred thousand".split())
# What is counted is one or two words, and something is said of it.
_VERB_AFTER = re.compile(r"(?:[a-z]+ ){1,2}(?:are|were|have|had|will|can|could|died|left|[a-z]+ed)\b")


class Candidate(NamedTuple):
    """A question, and the words that should answer it."""

    question: str
    answer: Span


def candidates(article: Article, sentences: Sequence[Span], attributions: Sequence[Attribution]) -> Iterator[Candidate]:
    """Yield questions that an article may answer, in the order of its text: who said what, and how many."""
    yield from _said(article, attributions)
    yield from _counted(article, sentences)


def _said(article: Article, attributions: Sequence[Attribution]) -> Iterator[Candidate]:
    """Yield what people who are named in full say of what stands in the title."""
    topics = [word for word in content_words(article.title) if word[0].islower() or not article.title_given]
    asked: set[str] = set()
    for each in attributions:
        if not each.contents or not _is_full_name(each.speaker) or each.speaker in asked:
            continue
        said = article.text[each.contents[0].start : each.contents[-1].end]
        topic = next((found for word in topics if (found := _as_said(word, said)) and word not in each.speaker), None)
        if topic:
            asked.add(each.speaker)
            span = Span(each.contents[0].start, each.contents[-1].end)
            yield Candidate(f"What did {each.speaker} say about {topic}?", span)


def _is_full_name(speaker: str) -> bool:
    words = speaker.split()
    return 2 <= len(words) <= _MOST_NAMES and all(word.istitle() for word in words)


def _as_said(word: str, said: str) -> str | None:
    """Return the title's word as it is said with its article, None where it is not."""
    found = re.search(rf"\bthe\s(?:{re.escape(word)})s?(?![\w-])", said, re.IGNORECASE)
    return found[0].lower() if found and stem(word) in stems(said) else None


def _counted(article: Article, sentences: Sequence[Span]) -> Iterator[Candidate]:
    for sentence in sentences:
        found = _COUNTED.match(article.text[sentence.start : sentence.end])
        if not found:
            continue
        words = found["rest"].split()
        if words[0].lower() in _NO_COUNT or not _VERB_AFTER.match(found["rest"]):
            continue
        if _FEWEST_WORDS <= len(words) <= _MOST_WORDS:
            yield Candidate(f"How many {' '.join(words)}?", sentence)
