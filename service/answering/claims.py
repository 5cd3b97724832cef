"""What a language model wrote, sentence by sentence, with the numbers of the quotes that each names."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from index.sentences import split_sentences
from service.answering.types import Claim

_LONGEST = 8_000
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_MARK = re.compile(
    r"[ \t]?(?:[\[【]\^?(?:quotes?\s)?(\d{1,3}(?:\s?(?:,|;|and|&|-|–)\s?\d{1,3}){0,9})[\]】]"
    r"|\((?:quotes?\s(\d{1,3}))\))",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"^[ \t]{0,8}(?:[-*•>]{1,3}|#{1,6}|\d{1,2}[.)])[ \t]+|\*\*|__|`", re.MULTILINE)


def claims_in(written: str) -> list[Claim]:
    """Split the first 8,000 characters that a model wrote into sentences; one that names no quote has no numbers.

    It is JSON, ``{"sentences": [{"text": …, "quotes": [1]}]}``, or else text with marks: "The men left [1]."
    A mark behind a sentence's end, "… left. [1]", is that sentence's. Left out are the thoughts of a model that thinks
    aloud, the signs of Markdown, and characters that show nothing or steer what shows them.
    """
    claims = []
    for line, given in _lines(_THOUGHT.sub("", _shown(written))[:_LONGEST]):
        bare, marks = _without_marks(line)
        sentences = [span for span in split_sentences(bare) if any(each.isalnum() for each in bare[slice(*span)])]
        named = [list(given) for _ in sentences]
        for at, numbers in marks:
            of = [number for number, span in enumerate(sentences) if span.start < at]
            if of:
                named[of[-1]] += numbers
        claims += [
            Claim(" ".join(bare[slice(*span)].split()), tuple(dict.fromkeys(numbers)))
            for span, numbers in zip(sentences, named, strict=True)
        ]
    return claims


def _shown(text: str) -> str:
    """Take out control characters, surrogates and marks that change a text's direction; line breaks stay."""
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each)[0] != "C")


def _lines(written: str) -> Iterator[tuple[str, list[int]]]:
    """Give the lines, with the numbers of the quotes that JSON names for them."""
    try:
        given = json.loads(written[written.find("{") : written.rfind("}") + 1])["sentences"]
        sentences = [(each["text"], _whole(each.get("quotes"))) for each in given if isinstance(each.get("text"), str)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sentences = [(written, [])]
    for text, numbers in sentences:
        for line in _shown(html.unescape(_MARKDOWN.sub("", text))).splitlines():
            yield line, numbers


def _whole(numbers: Any) -> list[int]:  # noqa: ANN401 - whatever JSON may hold
    return [each for each in numbers if type(each) is int] if isinstance(numbers, list) else []


def _without_marks(line: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """Take the marks out of a line; give it, and where each stood with the numbers in it."""
    bare, marks, at = "", [], 0
    for match in _MARK.finditer(line):
        bare += line[at : match.start()]
        marks.append((len(bare), _numbers(match[1] or match[2])))
        at = match.end()
    return bare + line[at:], marks


def _numbers(mark: str) -> list[int]:
    """Give the numbers of a mark: "1, 3", "1-3"."""
    ends = [int(number) for number in re.findall(r"\d+", mark)]
    return list(range(ends[0], ends[-1] + 1)) if re.fullmatch(r"\d+\s?[-–]\s?\d+", mark) else ends
