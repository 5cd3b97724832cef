"""EML: the text of an e-mail, such as a newsletter or a press release."""

import email
import email.policy
from dataclasses import replace
from datetime import date
from email.message import EmailMessage

from index.errors import FormatError
from index.formats import html, plain
from index.types import Article


def read(data: bytes, *, name: str) -> Article:
    """Return the article in an e-mail: its subject is the title, its sender the author, its day that of publication.

    Plain text is preferred to HTML; attachments are left out. Raises FormatError,
    and whatever the library raises for headers and parts that are malformed.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    subject, author = (" ".join(str(message.get(each, "")).split()) for each in ("Subject", "From"))
    content = body.get_content() if isinstance(body, EmailMessage) else ""
    kind = body.get_content_type() if body else ""
    if not (subject or author) or not isinstance(content, str) or not content.strip():
        raise FormatError(f"{name} holds no e-mail with text.", remedy="Save its text alone.")
    if kind == "text/html":
        article = html.from_html(content, name=name)
    else:
        article = plain.from_text(content.replace("\r\n", "\n"))
    return replace(
        article,
        title=subject or article.title,
        title_given=bool(subject),
        author=author or None,
        published=_day(message) or article.published,
    )


def _day(message: EmailMessage) -> date | None:
    try:
        sent = message["Date"].datetime
    except (AttributeError, ValueError, TypeError):
        return None
    return sent.date() if sent else None
