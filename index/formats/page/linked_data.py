"""What a page says of its article in JSON-LD (schema.org), the surest of its facts."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_ARTICLE = re.compile(r"(?:.*Article|BlogPosting|LiveBlogPosting|Report|PressRelease)$")
_TAG = re.compile(r"<[^>]+>")
_BREAK = re.compile(r"(?:</p>|<br\s*/?>|\r?\n)\s*", re.IGNORECASE)
_NOT_JSON = re.compile(r"^\s*(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>\s*$|^\s*<!--|-->\s*$")
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_MOST_NESTED = 6


@dataclass(frozen=True)
class LinkedData:
    """The facts of an article; "" and () where the page does not give them. ``ratings`` are (claim, rating)."""

    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    url: str = ""
    body: str = ""
    is_free: bool = True
    is_article: bool = False
    ratings: tuple[tuple[str, str], ...] = ()


def linked_data(tree: Any) -> LinkedData:  # noqa: ANN401 - an element of lxml, which has no types
    """Return what the scripts of a page say; what is no JSON is passed over."""
    nodes = [node for script in tree.iter("script") if _is_linked(script) for node in _nodes(_parsed(script.text))]
    articles = [node for node in nodes if any(_ARTICLE.match(kind) for kind in _kinds(node))]
    ratings = tuple(filter(all, (_rating(node) for node in nodes if "ClaimReview" in _kinds(node))))
    if not articles:
        return LinkedData(ratings=ratings)
    # Of several, such as those of a list of related ones, the one that says most of itself.
    node = max(
        articles, key=lambda each: sum(name in each for name in ("articleBody", "datePublished", "author", "publisher"))
    )
    return LinkedData(
        title=_text(node.get("headline") or node.get("name")),
        authors=tuple(filter(None, (_name(each) for each in _listed(node.get("author") or node.get("creator"))))),
        publisher=next(filter(None, (_name(each) for each in _listed(node.get("publisher")))), ""),
        published=_text(node.get("datePublished") or node.get("dateCreated")),
        url=_text(node.get("url")) or _identifier(node.get("mainEntityOfPage")),
        body=_paragraphs(node.get("articleBody")),
        is_free=str(node.get("isAccessibleForFree", "true")).lower() not in ("false", "0"),
        is_article=True,
        ratings=ratings,
    )


def _is_linked(script: Any) -> bool:  # noqa: ANN401
    return "ld+json" in (script.get("type") or "").lower() and bool(script.text)


def _parsed(text: str) -> object:
    for attempt in (text, _CONTROLS.sub(" ", _NOT_JSON.sub("", text)).rstrip("; ")):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _MOST_NESTED:
        return
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
            yield from _nodes(value.get(name), depth + 1)


def _kinds(node: dict[str, Any]) -> list[str]:
    return [str(kind).rpartition("/")[2] for kind in _listed(node.get("@type"))]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _name(value: object) -> str:
    return _text(value.get("name") if isinstance(value, dict) else value)


def _identifier(value: object) -> str:
    return _text(value.get("@id") or value.get("url") if isinstance(value, dict) else value)


def _rating(node: dict[str, Any]) -> tuple[str, str]:
    rating = node.get("reviewRating")
    said = _text(rating.get("alternateName") or rating.get("ratingExplanation")) if isinstance(rating, dict) else ""
    return _text(node.get("claimReviewed")), said


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def _paragraphs(value: object) -> str:
    """Return a body without tags, its paragraphs set apart by a blank line where it says where they end."""
    if not isinstance(value, str):
        return ""
    unescaped = html.unescape(html.unescape(value)) if "&lt;" in value or "&amp;" in value else html.unescape(value)
    parts = (" ".join(_TAG.sub("", part).split()) for part in _BREAK.split(unescaped))
    return "\n\n".join(filter(None, parts))
