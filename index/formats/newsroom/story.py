"""A story as an agency sends it, in whatever format: what it says of itself, and the article that this makes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from index.errors import FormatError, WithdrawnError
from index.formats.newsroom.edition import Edition
from index.formats.page.layout import Block
from index.formats.page.names import author_of
from index.formats.titles import derive_title
from index.types import Article

_WITHDRAWN = re.compile(r"(?:.*[:/])?(?:cancell?ed|withheld|kill(?:ed)?|withhold|withdrawn|deleted)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s/]+/\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Story:
    """What a format says of a story; "" for what it does not. ``status`` is the agency's word, such as "usable".

    ``key`` names the story across its versions, of which ``version`` is the number; the times are as in ISO 8601.
    """

    blocks: tuple[str, ...]
    key: str = ""
    status: str = ""
    title: str = ""
    author: str = ""
    publisher: str = ""
    published: str = ""
    embargo: str = ""
    rights: str = ""
    url: str = ""
    version: str = ""
    sent: str = ""


def article_from(story: Story, *, name: str) -> Article:
    """Return a story as an article. Raises WithdrawnError for one that is to be removed, and FormatError."""
    version = story.version.strip()
    edition = str(Edition(int(version) if version.isdecimal() else None, instant(story.sent)))
    if _WITHDRAWN.fullmatch(story.status.strip()):
        told = f"{name} withdraws the story {story.key or 'that it holds'} ({story.status})."
        raise WithdrawnError(told, key=story.key, edition=edition)
    text = "\n\n".join(filter(None, (" ".join(each.split()) for each in story.blocks)))
    if not text:
        raise FormatError(f"{name} holds a story without text.", remedy="Add its text.")
    title = " ".join(story.title.split())
    url = next((each for each in (story.url, story.key) if _ADDRESS.fullmatch(each)), None)
    published = instant(story.published)
    return Article(
        text=text,
        title=title or derive_title(text),
        key=story.key,
        title_given=bool(title),
        url=url,
        author=author_of([story.author]) or None,
        publisher=" ".join(story.publisher.split()) or None,
        published=published.date() if published else None,
        rights=" ".join(story.rights.split()) or None,
        embargo=_embargo(story, name=name),
        edition=edition,
    )


def instant(value: str) -> datetime | None:
    """Return the instant that a format gives, in UTC where it names no zone; None for one that cannot be read."""
    value = re.sub(r"^(\d{4})(\d\d)(\d\d)(T?)", r"\1-\2-\3\4", value.strip())
    value = re.sub(r"T(\d\d)(\d\d)(\d\d)", r"T\1:\2:\3", value)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def texts(blocks: list[Block]) -> tuple[str, ...]:
    """Return the texts of blocks."""
    return tuple(block.text for block in blocks)


def _embargo(story: Story, *, name: str) -> datetime | None:
    """Return the end of an embargo. Raises FormatError for one that cannot be read: it must not be overlooked."""
    embargo = instant(story.embargo)
    if embargo is None and story.embargo.strip():
        raise FormatError(f"{name} has an embargo until {story.embargo[:80]!r}.", remedy="Write it as in ISO 8601.")
    return embargo
