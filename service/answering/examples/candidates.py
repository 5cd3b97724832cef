"""Questions that an article may answer, made of its own words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.text.words import content_words, is_function_word, stem, stems
from index.types import Article, Attribution, Span

_MOST_WORDS = 14
_FEWEST_WORDS = 4
_MOST_NAMES = 3
_OFTEN = 3
_TOPIC = re.compile(r"\bthe ([a-z]{4,})(?![\w’'-])(?: (\w+))?")
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
    """Yield questions that an article may answer: who said what, and how many; last, what somebody said at all."""
    yield from _said(article, attributions)
    yield from _counted(article, sentences)
    named = {each.speaker: each for each in attributions if each.contents and _is_name(each.speaker, times=1)}
    for each in named.values():
        if not each.resolved:
            yield Candidate(f"What did {each.speaker} say?", Span(each.contents[0].start, each.contents[-1].end))


def _said(article: Article, attributions: Sequence[Attribution]) -> Iterator[Candidate]:
    """Yield what those who are named say of what the article is about: its title's words, and those it has often."""
    often = Counter(stem(word) for word in content_words(article.text))
    title = stems(article.title)
    times = Counter(each.speaker for each in attributions)
    asked: set[str] = set()
    for each in attributions:
        if not each.contents or each.speaker in asked or not _is_name(each.speaker, times=times[each.speaker]):
            continue
        span = Span(each.contents[0].start, each.contents[-1].end)
        known = [word for word in _topics(article, span) if stem(word) in title or often[stem(word)] >= _OFTEN]
        if known:
            asked.add(each.speaker)
            topic = max(known, key=lambda word: (stem(word) in title, often[stem(word)]))
            yield Candidate(f"What did {each.speaker} say about the {topic}?", span)


def _topics(article: Article, said: Span) -> Iterator[str]:
    """Yield what is spoken of as "the …": a word that no further word of the same thing comes behind."""
    for found in _TOPIC.finditer(article.text, said.start, said.end):
        if content_words(found[1]) and (not found[2] or is_function_word(found[2])):
            yield found[1]


def _is_name(speaker: str, *, times: int) -> bool:
    """Whether somebody is named in full, or is one word but cited often."""
    words = speaker.split()
    named = len(words) <= _MOST_NAMES and all(word.istitle() and not is_function_word(word.lower()) for word in words)
    return named and (len(words) > 1 or times > 1)


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
