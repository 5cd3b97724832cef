"""HTML: the article on a page, without what stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from index.errors import FormatError, NoArticleError
from index.formats.decoding import decode
from index.formats.page import names
from index.formats.page.facts import Facts, day_of, facts_of
from index.formats.page.furniture import remove_furniture, without_furniture
from index.formats.page.layout import Block, blocks_of
from index.formats.page.selection import selected, texts_of
from index.formats.page.tidy import tidy
from index.formats.page.verdict import Read, judge, share_lost
from index.formats.titles import derive_title
from index.types import Article

_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_XML_FORBIDS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]));",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"<(?:html|head|body|meta|!doctype)\b", re.IGNORECASE)
_PAGE = re.compile(r"https?://[^/]+/.*[^/]", re.IGNORECASE)
_DECLARED_WITHIN = 2_048
_LOST = 0.1
_REMEDY = "Add its text, or save the page as it is shown once you are past any wall."


@dataclass(frozen=True)
class _Guess:
    """What trafilatura takes for the article (the texts of its blocks) and for its facts."""

    texts: tuple[str, ...] = ()
    title: str = ""
    author: str = ""
    publisher: str = ""
    published: date | None = None
    url: str = ""


def read(data: bytes, *, name: str) -> Article:
    """Return the article on a page; see ``from_html``. Raises FormatError."""
    decoded = decode(data, name=name, declared=_declared(data))
    article = from_html(decoded.text, name=name)
    return replace(article, notes=(*decoded.notes, *article.notes))


def from_html(source: str, *, name: str) -> Article:
    """Return the article that a page's main text makes, its blocks set apart by a blank line.

    Title, author, publisher, day and address are those that its markup gives (JSON-LD, OpenGraph), before those that
    are guessed. The main text is found by trafilatura (Barbaresi 2021), and its blocks are those of the page; what
    JSON-LD holds of the text is made sure of. Raises FormatError where there is no article, such as at a wall.
    """
    tree = _tree(source)
    if tree is None:
        raise FormatError(f"{name} holds no article text.", remedy=_REMEDY)
    facts = facts_of(tree)
    tidy(tree)
    page = " ".join(" ".join(tree.itertext()).split()) if not facts.data.is_free or len(source) < 2_000_000 else ""
    remove_furniture(tree)
    guess = _guess(tree)
    shown = list(blocks_of(tree))
    facts = _completed(facts, guess)
    blocks = _blocks(selected(shown, guess.texts, body=facts.data.body), facts)
    text = "\n\n".join(block.text for block in blocks)
    if share_lost(text, facts.data.body) > _LOST and len(facts.data.body) > len(text):
        text = facts.data.body
        blocks = [Block(each, tree) for each in text.split("\n\n")]
    beside = sum(len(block.text.split()) for block in shown) - len(text.split())
    verdict = judge(Read(blocks, facts, beside=max(0, beside), page=page))
    if verdict.kind == "no_article":
        raise NoArticleError(f"{name} holds no article text: {verdict.reason}.", remedy=_REMEDY)
    return Article(
        text=text,
        title=facts.title or derive_title(text),
        title_given=bool(facts.title),
        url=facts.url or None,
        author=facts.author or None,
        publisher=facts.publisher or None,
        published=facts.published,
        verdict=verdict,
        warnings=tuple(
            f"A fact check on the page rates the claim “{claim}”: {said}." for claim, said in facts.data.ratings
        ),
    )


def from_message(source: str, *, name: str) -> Article:
    """Return the text of an e-mail in HTML: all that it shows, since its tables are for layout. Raises FormatError."""
    tree = _tree(source)
    if tree is None:
        raise FormatError(f"{name} holds no text.", remedy=_REMEDY)
    facts = facts_of(tree)
    tidy(tree)
    blocks = without_furniture(list(blocks_of(tree)))
    text = "\n\n".join(block.text for block in blocks)
    if not text:
        raise FormatError(f"{name} holds no text.", remedy=_REMEDY)
    return Article(text=text, title=derive_title(text), title_given=False, published=facts.published)


def _tree(source: str) -> Any:  # noqa: ANN401 - an element of lxml, which has no types
    import trafilatura

    if not _WHOLE.search(source):
        source = f"<html><body>{source}</body></html>"
    return trafilatura.load_html(_XML_FORBIDS.sub(" ", source))


def _guess(tree: Any) -> _Guess:  # noqa: ANN401
    import trafilatura

    # The day on which it first appeared; one that merely stands in the text may be any.
    days = {"original_date": True, "extensive_search": False, "max_date": datetime.now(UTC).strftime("%Y-%m-%d")}
    found: Any = trafilatura.bare_extraction(
        tree, with_metadata=True, include_comments=False, date_extraction_params=days
    )
    if not found:
        return _Guess()
    return _Guess(
        texts=tuple(texts_of(found.body)) if found.body is not None else (),
        title=_line(found.title),
        author=_line(found.author),
        publisher=_line(found.sitename) if found.sitename != found.hostname else "",
        published=day_of(found.date or ""),
        url=found.url if found.url and _PAGE.match(found.url) else "",
    )


def _completed(facts: Facts, guess: _Guess) -> Facts:
    """Return the facts with what was guessed in the place of those that the page does not give."""
    title = facts.title or guess.title
    publisher = facts.publisher or names.publisher_of(guess.publisher, title=title)
    author = facts.author
    if not author:
        author = names.author_of(
            [each for each in guess.author.split("; ") if names.is_person(each)], publisher=publisher
        )
    return replace(
        facts,
        title=title,
        publisher=publisher,
        author=author,
        published=facts.published or guess.published,
        url=facts.url or guess.url,
    )


def _blocks(blocks: Sequence[Block], facts: Facts) -> list[Block]:
    return without_furniture(blocks, author=facts.author, title=facts.title)


def _declared(data: bytes) -> list[str]:
    """Return the encoding that a page declares, if any."""
    declared = _CHARSET.search(data[:_DECLARED_WITHIN])
    return [declared[1].decode("ascii")] if declared else []


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
