"""MHTML: a page that a browser saved with all that it shows, as an e-mail."""

import email
import email.policy
from dataclasses import replace

from index.errors import FormatError
from index.formats import html
from index.formats.decoding import decode
from index.types import Article


def read(data: bytes, *, name: str) -> Article:
    """Return the article on a saved page; see ``html.from_html``. Raises FormatError."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    content = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(content, bytes):
        raise FormatError(f"{name} holds no saved page.", remedy="Save the page anew, as HTML or MHTML.")
    charset = page.get_content_charset()
    decoded = decode(content, name=name, declared=[charset] if charset else [])
    article = html.from_html(decoded.text, name=name)
    address = str(message.get("Snapshot-Content-Location") or page.get("Content-Location") or "").strip()
    known = address if address.startswith(("http://", "https://")) else None
    return replace(article, url=article.url or known, notes=(*decoded.notes, *article.notes))
