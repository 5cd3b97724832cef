"""What a language model wrote, sentence by sentence, with the numbers of the quotes that each names."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from index.sentences import split_sentences
from index.types import Span
from service.answering.types import Claim

_LONGEST = 8_000
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|\A(?:(?!<think).)*</think(?:ing)?>", re.DOTALL | re.I)
_NOTHING = re.compile(r"\s*\{\s*(?:\"\w+\"\s*:\s*(?:\[\s*\]|\{\s*\}|\"\"|null)\s*)?\}\s*")
_OBJECT = re.compile(r"\{[^{}]*\}")
_MARK = re.compile(
    r"[ \t]?(?:\\?[\[【][\^#]?(?:quotes?\s)?(\d{1,3}(?:\s?(?:,|;|and|&|-|–)\s?\d{1,3}){0,9})"
    r"(?:†[^\]】]{0,40})?\\?[\]】]"
    r"|\((?:quotes?\s(\d{1,3}))\))",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"^[ \t]{0,8}(?:[-*•>]{1,3}|#{1,6}|\d{1,2}[.)])[ \t]+|\*\*|__|`", re.MULTILINE)


def claims_in(written: str) -> list[Claim]:
    """Split what a model wrote into sentences, up to 8,000 characters; one that names no quote has no numbers.

    It is JSON, ``{"sentences": [{"text": …, "quotes": [1]}]}``, of which the end may be missing, or else text with
    marks: "The men left [1]." A mark behind a sentence's end, "… left. [1]", is that sentence's; where a line begins
    with one, each is that of the sentence behind it. Left out are the thoughts of a model that thinks aloud, the signs
    of Markdown, and characters that show nothing or steer what shows them.
    """
    claims = []
    for line, given in _lines(_THOUGHT.sub("", _shown(written))[:_LONGEST]):
        bare, marks = _without_marks(line)
        sentences = list(_sentences(bare))
        named = [list(given) for _ in sentences]
        ahead = bool(marks) and not marks[0][0]
        for at, numbers in marks:
            of = [number for number, span in enumerate(sentences) if (at < span.end if ahead else span.start < at)]
            if of:
                named[of[0 if ahead else -1]] += numbers
        claims += [
            Claim(" ".join(bare[slice(*span)].split()), tuple(dict.fromkeys(numbers)))
            for span, numbers in zip(sentences, named, strict=True)
        ]
    return claims


def _sentences(line: str) -> Iterator[Span]:
    """Give the sentences that have words; a single word behind a stop is the end of a name: "Novaya Gazeta. Europe"."""
    spans = [span for span in split_sentences(line) if any(each.isalnum() for each in line[slice(*span)])]
    while spans:
        span = spans.pop(0)
        while spans and len(line[slice(*spans[0])].split()) == 1:
            span = Span(span.start, spans.pop(0).end)
        yield span


def _shown(text: str) -> str:
    """Take out control characters, surrogates and marks that change a text's direction; line breaks stay."""
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each)[0] != "C")


def _lines(written: str) -> Iterator[tuple[str, list[int]]]:
    """Give the lines, with the numbers of the quotes that JSON names for them."""
    if _NOTHING.fullmatch(written):
        return
    given = [each for match in _OBJECT.finditer(written) if (each := _read(match.group()))]
    sentences = [(each["text"], _whole(each.get("quotes"))) for each in given] or [(written, [])]
    for text, numbers in sentences:
        for line in _shown(html.unescape(_MARKDOWN.sub("", text))).splitlines():
            yield line, numbers


def _read(text: str) -> dict[str, Any] | None:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given.get("text"), str) else None


def _whole(numbers: Any) -> list[int]:  # noqa: ANN401 - whatever JSON may hold
    given = numbers if isinstance(numbers, list) else [numbers]
    return [
        int(each) for each in given if type(each) is int or (isinstance(each, str) and re.fullmatch("[0-9]{1,3}", each))
    ]


def _without_marks(line: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """Take the marks out of a line; give it, and where each stood with the numbers in it."""
    bare, marks, at = "", [], 0
    for match in _MARK.finditer(line):
        bare += line[at : match.start()]
        marks.append((len(bare), _numbers(match[1] or match[2])))
        at = match.end()
        if bare.endswith((".", "!", "?")) and line.startswith(".", at):
            at += 1
    return bare + line[at:], marks


def _numbers(mark: str) -> list[int]:
    """Give the numbers of a mark: "1, 3", "1-3"."""
    parts = (re.findall(r"\d+", part) for part in re.split(r"[^\d\s–-]+", mark))
    return [number for ends in parts for number in range(int(ends[0]), int(ends[-1]) + 1)]
