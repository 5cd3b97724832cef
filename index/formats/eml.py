"""EML: the text of an e-mail, such as a newsletter or a press release."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from typing import NamedTuple

from dateutil import parser

from index.errors import FormatError
from index.formats import html
from index.formats.decoding import decode
from index.formats.page.furniture import speaks_to_the_visitor
from index.formats.titles import derive_title
from index.types import Article

_HEADER = re.compile(r"\s*\*?(From|Date|Sent|Subject|To|Cc|Reply-To|Von|Gesendet|Datum|An|Betreff):\*?\s*(.*\S)?\s*$")
_NAMES = {"Sent": "Date", "Gesendet": "Date", "Datum": "Date", "Von": "From", "Betreff": "Subject"}
_DELIMITER = re.compile(
    r"\s*(?:-{2,}.*-{2,}|_{5,}|Begin forwarded message:|.{0,40}forwarded message.{0,20}:?)\s*$", re.IGNORECASE
)
_QUOTED = re.compile(r"\s{0,3}>")
_INTRODUCED = re.compile(r".{0,200}\b(?:wrote|writes|schrieb|écrit|escribió|skrev)\s?:?\s*$")
_SIGNATURE = re.compile(r"--\s?$")
_MOST_SIGNED = 12
_WORD = re.compile(r"\w+")
_STUB = 0.5


class _Part(NamedTuple):
    """The text of a part of a message, and how it was decoded."""

    text: str
    notes: tuple[str, ...]


def read(data: bytes, *, name: str) -> Article:
    """Return the article in an e-mail: its subject is the title, its sender the author, its day that of publication.

    Plain text is preferred to HTML, unless the HTML has more than twice its words; attachments are left out. Of a
    forwarded message only the original is read, with its own sender, day and subject. Raises FormatError, and whatever
    the library raises for headers and parts that are malformed.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    outer = article = _article(message, name=name)
    for inner in _attached(message):
        # A message sent on as a whole is the article, not the words around it.
        article = _article(inner, name=name)
        article = replace(article, notes=(*article.notes, "It was forwarded; only the forwarded message was read."))
        break
    if not (article.text.strip() and (outer.title_given or outer.author)):
        raise FormatError(f"{name} holds no e-mail with text.", remedy="Save its text alone.")
    return article


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            yield from (each for each in part.iter_parts() if isinstance(each, EmailMessage))


def _article(message: EmailMessage, *, name: str) -> Article:
    subject, author = (" ".join(str(message.get(each, "")).split()) for each in ("Subject", "From"))
    plain, page = (_body(message, kind, name=name) for kind in ("plain", "html"))
    article, notes = None, plain.notes
    if page.text.strip():
        try:
            article = html.from_message(page.text, name=name)
        except FormatError:
            article = None
    if article is None or (plain.text.strip() and not _is_stub(plain.text, article.text)):
        text = plain.text.replace("\r\n", "\n")
        article = Article(text=text, title=derive_title(text), title_given=False)
    else:
        notes = page.notes
    article = replace(
        article,
        title=subject or article.title,
        title_given=bool(subject),
        author=author or None,
        published=_day(message) or article.published,
        notes=notes,
    )
    return _own(_original(article))


def _body(message: EmailMessage, kind: str, *, name: str) -> _Part:
    body = message.get_body((kind,))
    if not isinstance(body, EmailMessage):
        return _Part("", ())
    data = body.get_payload(decode=True)
    charset = body.get_content_charset()
    return (
        _Part(*decode(data, name=name, declared=[charset] if charset else []))
        if isinstance(data, bytes)
        else _Part("", ())
    )


def _is_stub(plain: str, page: str) -> bool:
    """Whether a plain text only leads to the page, or says much less than it."""
    words, others = (len(_WORD.findall(text)) for text in (plain, page))
    lines = [line for line in plain.splitlines() if line.strip()]
    return words < _STUB * others or (len(lines) <= 3 and all(map(speaks_to_the_visitor, lines)))  # noqa: PLR2004


def _original(article: Article) -> Article:
    """Return the message that another one forwards, with its own sender, day and subject; else the message itself."""
    lines = article.text.split("\n")
    for at, line in enumerate(lines):
        if not _HEADER.match(line):
            continue
        said, end = _headers(lines, at)
        forwarded = any(
            _DELIMITER.match(each) for each in lines[max(0, at - 2) : at]
        ) or article.title.lower().startswith(("fw", "wg:"))
        if "From" in said and ("Date" in said or "Subject" in said) and forwarded and "".join(lines[end:]).strip():
            return replace(
                article,
                text="\n".join(lines[end:]).strip("\n"),
                title=said.get("Subject") or article.title,
                author=said["From"],
                published=_parsed(said.get("Date", "")) or article.published,
                notes=(*article.notes, "It was forwarded; only the forwarded message was read."),
            )
    return article


def _headers(lines: list[str], at: int) -> tuple[dict[str, str], int]:
    """Return the headers that stand from a line on, by their English names, and the line behind them."""
    said: dict[str, str] = {}
    while at < len(lines) and ((found := _HEADER.match(lines[at])) or not lines[at].strip()):
        if found and found[2]:
            said.setdefault(_NAMES.get(found[1], found[1]), found[2])
        at += 1
    return said, at


def _own(article: Article) -> Article:
    """Return a message without what it quotes of another one, and without a signature."""
    lines = article.text.split("\n")
    signed = next((at for at, line in enumerate(lines) if _SIGNATURE.match(line)), None)
    if signed is not None and 0 < len(lines) - signed <= _MOST_SIGNED:
        lines = lines[:signed]
    kept = [at for at, line in enumerate(lines) if not _QUOTED.match(line)]
    if len(kept) == len(lines) and signed is None:
        return article
    own = [
        lines[at] for at in kept if not (_INTRODUCED.match(lines[at]) and at + 1 < len(lines) and at + 1 not in kept)
    ]
    text = "\n".join(own).strip("\n")
    return replace(article, text=text) if text.strip() else article


def _day(message: EmailMessage) -> date | None:
    try:
        sent = message["Date"].datetime
    except (AttributeError, ValueError, TypeError):
        return None
    return sent.date() if sent else None


def _parsed(value: str) -> date | None:
    try:
        return parser.parse(re.sub(r"\s+at\s+", " ", value)).date()
    except (ValueError, OverflowError):
        return None
