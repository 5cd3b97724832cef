"""What a feed or a sitemap says of an article that stands elsewhere, and what is missing where it is read."""

import html as entities
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from index.formats.page.layout import letters
from index.formats.page.verdict import cut_off, foreign_title
from index.text.sentences import split_sentences
from index.text.words import stems
from index.types import Article, Verdict

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)?[^<>]*>")
_SILENT = ("head", "script", "style", "template")
_END = re.compile(r"[.!?][”\"’')\]]*$")
_LEAST = 20
_PIECE = 40
_LOST = 0.5
_SAME_WORDS = 0.6
_LARGEST_PAGE = 2_000_000
_MOST_SENTENCES = 200
_LONGEST = 100_000


@dataclass(frozen=True)
class Announced:
    """What is said of an article: its facts ("" and None where not), and paragraphs of its text or a summary."""

    title: str = ""
    author: str = ""
    publisher: str = ""
    published: date | None = None
    paragraphs: tuple[str, ...] = ()


def compared(article: Article, said: Announced, *, page: bytes) -> Article:
    """Return an article with the facts that it lacks, and as a part where it lacks sentences that are said to be its.

    A summary in words of its own says nothing of what is missing: a sentence counts if another one of the summary is in
    the article, or the page shows it, or the article has few of its words.
    """
    title = {} if article.title_given else {"title": said.title}
    facts = {name: getattr(said, name) for name in ("author", "publisher", "published") if not getattr(article, name)}
    completed = article.known_as(**title, **facts)
    if completed.verdict.kind != "complete":
        return completed
    reason = _missing(completed.text, said.paragraphs, page) or foreign_title(said.title, completed.text)
    return replace(completed, verdict=Verdict("partial", reason)) if reason else completed


def _missing(text: str, paragraphs: Sequence[str], page: bytes) -> str:
    """Return the reason that sentences are missing; "" where none is."""
    sentences = list(islice((each for paragraph in paragraphs for each in _sentences(paragraph)), _MOST_SENTENCES))
    have = letters(text)
    lost = [each for each in sentences if not _stands(each, have)]
    if not lost:
        return ""
    is_excerpt = len(lost) < len(sentences)
    if not is_excerpt:
        shown, words = letters(_shown(page[:_LARGEST_PAGE].decode("utf-8", "replace"))), stems(text)
        lost = [each for each in lost if _stands(each, shown) or _share(stems(each), words) < _SAME_WORDS]
    if not lost:
        return ""
    return f"{len(lost)} of {len(sentences)} sentences that its feed has of it were not found"


def _sentences(paragraph: str) -> list[str]:
    """Return the whole sentences of a paragraph that are long enough to be told apart."""
    paragraph = paragraph[:_LONGEST]
    found = [paragraph[span.start : span.end].strip() for span in split_sentences(paragraph)]
    whole = found[:-1] if found and (cut_off(paragraph) or not _END.search(found[-1])) else found
    return [each for each in whole if len(letters(each)) >= _LEAST]


def _stands(sentence: str, have: str) -> bool:
    """Whether most of a sentence is in a text, of which ``have`` are the letters."""
    wanted = letters(sentence)
    pieces = [wanted[at : at + _PIECE] for at in range(0, len(wanted) - _PIECE + 1, _PIECE)] or [wanted]
    return sum(piece not in have for piece in pieces) <= _LOST * len(pieces)


def _share(asked: set[str], there: set[str]) -> float:
    return len(asked & there) / len(asked) if asked else 1.0


def _shown(page: str) -> str:
    """Return what stands on a page outside its head and its scripts, tags aside."""
    parts, at, silent = [], 0, ""
    for tag in _TAG.finditer(page):
        name = (tag[2] or "").lower()
        if not silent:
            parts.append(page[at : tag.start()])
            silent = name if name in _SILENT and not tag[1] else ""
        elif tag[1] and name == silent:
            silent = ""
        at = tag.end()
    return entities.unescape(" ".join([*parts, "" if silent else page[at:]]))
