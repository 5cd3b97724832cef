"""What a page says of its article: title, author, publisher, day and address, from its markup before any guess."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from index.formats.page import names
from index.formats.page.linked_data import LinkedData, linked_data

_PAGE = re.compile(r"https?://[^/]+/.*[^/]", re.IGNORECASE)
_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl")
_PUBLISHERS = ("og:site_name", "publisher", "dc.publisher", "application-name", "article:publisher")
_TITLES = ("og:title", "twitter:title", "dc.title")
_DAYS = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dcterms.created",
    "dc.date.issued", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date",
)  # fmt: skip
_BYLINE = re.compile(
    r"(?:.*[-_])?(?:byline|authors?)(?:[-_]*(?:name|link|block|text|wrap|wrapper|names?))*|c-byline.*", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|disqus|reply|related|recommend|sidebar|most-?read", re.IGNORECASE)
_OLDEST = date(1600, 1, 1)
_LONGEST_BYLINE = 120


@dataclass(frozen=True)
class Facts:
    """What is known of an article; "" and None for what is not. ``summary`` is the page's description of it."""

    title: str
    author: str
    publisher: str
    published: date | None
    url: str
    summary: str
    data: LinkedData


def facts_of(tree: Any) -> Facts:  # noqa: ANN401 - an element of lxml, which has no types
    """Return what a page says of its article."""
    data, said = linked_data(tree), _said(tree)
    page_title = _folded("".join(next(tree.iter("title"), tree.makeelement("title")).itertext()))
    heading = _heading(tree)
    title = data.title or next(filter(None, (said.get(name, "") for name in _TITLES)), "") or heading
    url = _address(tree, said, data)
    publisher = next(
        (
            found
            for name in (data.publisher, *(said.get(name, "") for name in _PUBLISHERS))
            if "://" not in name and (found := names.publisher_of(name, title=title or page_title))
        ),
        "",
    ) or names.publisher_in_title(page_title, host=urlsplit(url).hostname or "")
    given = [data.authors, *([said[name]] for name in _AUTHORS if "://" not in said.get(name, "://")), _bylines(tree)]
    author = next((found for each in given if (found := names.author_of(each, publisher=publisher))), "")
    days = [data.published, *(said.get(name, "") for name in _DAYS), *_times(tree)]
    published = next((day for each in days if (day := day_of(each))), None)
    summary = said.get("og:description") or said.get("description") or ""
    return Facts(title, author, publisher, published, url, summary, data)


def day_of(value: str) -> date | None:
    """Return the day that a value of a page's markup begins with; None if it has none, or one that is yet to come."""
    try:
        day = date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None
    return day if _OLDEST <= day <= datetime.now(UTC).date() else None


def _said(tree: Any) -> dict[str, str]:  # noqa: ANN401
    """Return what the meta elements say, the first of each name; names in small letters."""
    said: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        value = _folded(meta.get("content") or "")
        if name and value:
            said.setdefault(name, value)
    return said


def _heading(tree: Any) -> str:  # noqa: ANN401
    headings = [text for each in tree.iter("h1") if (text := _folded("".join(each.itertext())))]
    return headings[0] if len(headings) == 1 else ""


def _address(tree: Any, said: dict[str, str], data: LinkedData) -> str:  # noqa: ANN401
    canonical = (link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return next((each for each in (*canonical, said.get("og:url", ""), data.url) if _PAGE.match(each)), "")


def _bylines(tree: Any) -> list[str]:  # noqa: ANN401
    """Return the names at the elements that are marked as the author's, outside comments."""
    found = []
    for element in tree.iter("a", "span", "div", "p", "address", "li", "cite"):
        marked = "author" in ((element.get("rel") or "").split() + (element.get("itemprop") or "").split())
        if not (marked or any(_BYLINE.fullmatch(name) for name in (element.get("class") or "").split())):
            continue
        if any(
            _COMMENTS.search(f"{each.get('class') or ''} {each.get('id') or ''}") for each in element.iterancestors()
        ):
            continue
        text = _folded(" ".join(element.itertext()))
        name = names.author_of([text]) if len(text) <= _LONGEST_BYLINE else ""
        if name and (marked or all(names.is_person(each) for each in re.split(r",\s+|\s+and\s+", name))):
            found.append(name)
            break
    return found


def _times(tree: Any) -> list[str]:  # noqa: ANN401
    """Return the first time that is marked as that of publication, or else the first inside the article, if any."""
    marked = [each for each in tree.iter("time") if each.get("datetime")]
    published = [
        each for each in marked if each.get("pubdate") is not None or "datePublished" in (each.get("itemprop") or "")
    ]
    bodies = [*tree.iter("article"), *tree.iter("main")]
    inside = [each for each in marked if bodies and bodies[0] in each.iterancestors()]
    chosen = published[:1] or inside[:1]
    return [each.get("datetime") for each in chosen]


def _folded(text: str) -> str:
    return " ".join(text.split())
