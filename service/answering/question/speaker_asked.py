"""Whose words a question asks for, among the speakers that the articles cite."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.attribution.naming.identity import identity
from index.speakers import Directory, Speaker
from index.text.words import is_function_word
from service.answering.question.conversation import goes_on_with
from service.answering.question.words_asked import asks_for_words
from service.answering.types import Turn

_WORD = re.compile(r"\w+(?:['’.-]\w+)*\.?")
_PRONOUN = re.compile(r"\b(?:he|she|they|it|him|her|them|his|their|its)\b", re.IGNORECASE)
_LONGEST_NAME = 6
_MOST_CHARACTERS = 2_000
_MOST_NAMES = 100


class SpeakerAsked(NamedTuple):
    """Whose words are asked for: ``words`` of the question that name them, and the speakers that these can mean."""

    words: str
    speakers: tuple[Speaker, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names that the articles have for them."""
        return tuple(dict.fromkeys(name for each in self.speakers for name in each.names))


class _Mention(NamedTuple):
    start: int
    end: int
    speakers: tuple[Speaker, ...]


def speaker_asked(question: str, history: Sequence[Turn], directory: Directory) -> SpeakerAsked | None:
    """Return whose words ``question`` asks for; None where it asks for nobody's, or for those of nobody cited.

    Whom a pronoun means is looked for in the questions before, the last first. "And on wages?" asks for the words of
    whoever was asked about before.
    """
    for mention in _mentions(question, directory):
        if asks_for_words(question, mention.start, mention.end):
            return SpeakerAsked(question[mention.start : mention.end], mention.speakers)
    before = [turn.content[-_MOST_CHARACTERS:] for turn in history if turn.role == "user"]
    if not before or any(_mentions(question, directory)):
        return None
    if goes_on_with(question):
        return speaker_asked(before[-1], [turn for turn in history if turn.content != before[-1]], directory)
    pronoun = _PRONOUN.search(question)
    if pronoun is None or not asks_for_words(question, *pronoun.span()):
        return None
    for earlier in reversed(before):
        if named := list(_mentions(earlier, directory)):
            mention = named[0]
            return SpeakerAsked(earlier[mention.start : mention.end], mention.speakers)
    return None


def as_question(question: str, asked: SpeakerAsked) -> str:
    """Return "Cole on wages" as the question that it stands for, which a reader reads better; others as they are."""
    topic = re.fullmatch(rf"\W*{re.escape(asked.words)} (?:on|about) (?P<topic>.+?)\W*", question)
    return f"What did {asked.words} say about {topic['topic']}?" if topic else question


def could_ask_for_words(question: str, history: Sequence[Turn]) -> bool:
    """Whether a question could ask for anybody's words, whoever is cited: if not, ``speaker_asked`` returns None.

    It is asked before the directory of all speakers is made, which takes a second for tens of thousands.
    """
    if any(turn.role == "user" for turn in history):
        return True
    names = [(start, end) for places in _names(question) for start, end in places]
    return len(names) > _MOST_NAMES or any(asks_for_words(question, *each) for each in names)


def _mentions(question: str, directory: Directory) -> Iterator[_Mention]:
    """Yield the places that name speakers, in order; of names that overlap, the longest."""
    behind = 0
    for places in _names(question):
        for start, end in places:
            named = question[start:end]
            if start < behind:
                break
            if speakers := directory.named(identity(named if named[0].isupper() else named.title()).key):
                yield _Mention(start, end, tuple(speakers))
                behind = end
                break


def _names(question: str) -> Iterator[list[tuple[int, int]]]:
    """Yield for each word the places from there on that can be a name, the longest first."""
    words = list(_WORD.finditer(question))
    in_small_letters = not any(word.group()[0].isupper() for word in words[1:])
    for at, first in enumerate(words):
        if not (in_small_letters or first.group()[0].isupper()) or is_function_word(first.group()):
            continue
        ends = [word.end() for word in words[at : at + _LONGEST_NAME]]
        named = [re.sub(r"(?:['’]s|[.’'])$", "", question[first.start() : end]) for end in reversed(ends)]
        yield [(first.start(), first.start() + len(each)) for each in named]
