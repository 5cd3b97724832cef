"""What the fuzzers begin with: a small file of each format, and words that its readers look for."""

import json
from email.message import EmailMessage
from pathlib import Path

from tests import factories

_SAID = "The mayor said on Monday that 14 bridges would be opened. “We built them in a year,” Anna Cole said."
_PAGE = (
    '<!doctype html><html><head><title>Bridges</title><meta charset="utf-8">'
    '<meta property="og:title" content="Bridges">'
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridges", "datePublished": "2024-05-06",'
    ' "author": {"name": "Anna Cole"}}</script></head><body><article><h1>Bridges</h1>'
    + "".join(f"<p>{_SAID} Part {number}.</p>" for number in range(4))
    + "<table><tr><th>Day</th><th>Bridges</th></tr><tr><td>Monday</td><td>14</td></tr></table></article></body></html>"
)
_FEED = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    "<channel><title>News</title><item><title>Bridges</title>"
    f"<link>https://example.org/1</link><pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate><description>{_SAID}"
    f"</description><content:encoded><![CDATA[<p>{_SAID}</p><p><a href='x'>More</a></p>]]>"
    "</content:encoded></item></channel></rss>"
)
_SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    "<url><loc>https://example.org/1</loc><news:news><news:publication_date>2024-05-06</news:publication_date>"
    "<news:title>Bridges</news:title></news:news></url></urlset>"
)
_NITF = (
    '<?xml version="1.0"?><nitf><head><title>Bridges</title><docdata><doc-id id-string="1"/>'
    '<date.issue norm="20240506"/>'
    f"</docdata></head><body><body.head><hedline><hl1>Bridges</hl1></hedline></body.head><body.content><p>{_SAID}</p>"
    "</body.content></body></nitf>"
)
_ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
    f"<text:h>Bridges</text:h><text:p>{_SAID}</text:p></office:text></office:body></office:document-content>"
)

_RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Times;}}{\info{\title Bridges}}\f0 "
    rb"\'93We built them,\'94 she said.\par\u8220?14 bridges\u8221? {\v hidden}{\footnote A note.}\par"
    rb"\trowd\cell a\cell\row}"
)


def _mail(*, archived: bool = False) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "a@example.org", "Bridges", "Mon, 06 May 2024 10:00:00 +0000"
    message.set_content(_SAID)
    message.add_alternative(_PAGE, subtype="html")
    if archived:
        message.replace_header("Content-Type", 'multipart/related; type="text/html"; boundary="b"')
    return message.as_bytes()


def _warc() -> bytes:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + _PAGE.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/1\r\n"
        "WARC-Date: 2024-05-06T10:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(page)}"
    )
    return head.encode() + b"\r\n\r\n" + page + b"\r\n\r\n"


def seeds_of(target: str) -> list[bytes]:
    """Return small files for a target of the fuzzers."""
    row = {"title": "Bridges", "text": _SAID, "url": "https://example.org/1", "published": "2024-05-06"}
    ninjs = {"uri": "urn:1", "headline": "Bridges", "body_text": _SAID, "versioncreated": "2024-05-06T10:00:00Z"}
    known: dict[str, list[bytes]] = {
        "html": [_PAGE.encode()],
        "markdown": [f"---\ntitle: Bridges\ndate: 2024-05-06\n---\n# Bridges\n\n> {_SAID}\n\n- a\n- [b](c)\n".encode()],
        "pdf": [factories.pdf([["Bridges", "", _SAID.replace("“", "'").replace("”", "'")]], title="Bridges")],
        "docx": [factories.docx(factories.paragraph(_SAID), core="<dc:title>Bridges</dc:title>")],
        "odt": [factories.packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": _ODT})],
        "rtf": [_RTF],
        "epub": [factories.epub(f"<p>{_SAID}</p>")],
        "wacz": [
            factories.packed({"archive/a.warc": _warc(), "pages/pages.jsonl": '{"url": "https://example.org/1"}'})
        ],
        "eml": [_mail()],
        "mhtml": [_mail(archived=True)],
        "xml": [_NITF.encode()],
        "feed": [_FEED.encode(), _SITEMAP.encode()],
        "ninjs": [json.dumps(ninjs).encode()],
        "json_lines": [json.dumps(row).encode(), json.dumps({**row, "text": f"<p>{_SAID}</p>"}).encode()],
        "warc": [_warc()],
        "zip": [factories.packed({"a.txt": _SAID, "b/c.jsonl": json.dumps(row) + "\n"})],
    }
    return known.get(
        target, [f"Bridges\n\n{_SAID}\n\nQ: Why? A: “It rained.” – Anna Cole\n".encode(), _SAID.encode("utf-16")]
    )


_COMMON = [
    "“",
    "”",
    '"',
    "said",
    "according to ",
    "\n",
    "\n\n",
    "\r",
    "\0",
    "\ufeff",
    "\u2029",
    "9" * 30,
    "-1",
    " ",
    "é",
]
_WORDS: dict[str, list[str]] = {
    "html": [
        "<p>",
        "</p>",
        "<table>",
        "<td colspan=99999>",
        "<script>",
        "<!--",
        "-->",
        "&#x110000;",
        "<svg>",
        "<article>",
    ],
    "markdown": ["> ", "- ", "```", "[", "](", "![", "***", "___", "<b>", "|", "---\n", "&amp;"],
    "pdf": ["obj", "endobj", "stream", "endstream", "/Kids", "/Type", "<<", ">>", "xref", "(", ")", "BT", "ET", "Tj"],
    "eml": ["Content-Type: ", "boundary=", "--", "=?utf-8?B?", "?=", "charset=", "base64", "\r\n\r\n"],
    "xml": ["<item>", "</item>", "<!ENTITY a 'b'>", "&a;", "<![CDATA[", "]]>", "xmlns=", "<nitf>", "<newsItem>"],
    "ninjs": ["{", "}", "[", "]", ":", ",", "null", '"body_html"', "1e999", "\\ud800"],
    "json_lines": ["{", "}", "[", "]", ":", ",", "null", "true", '"html"', "1e999", "\\ud800", '"date"'],
    "rtf": ["{", "}", "\\par ", "\\u-10179?", "\\u-8704?", "\\'e4", "\\bin9 ", "\\v ", "{\\*\\x", "\\uc9 ", "\\f1 "],
    "warc": ["WARC/1.0\r\n", "Content-Length: ", "WARC-Type: ", "HTTP/1.1", "chunked", "\r\n\r\n"],
}


def words_of(target: str) -> list[bytes]:
    """Return what the fuzzers put into files of a target, besides bytes by chance."""
    alike = {"mhtml": "eml", "docx": "xml", "odt": "xml", "epub": "xml", "feed": "xml", "wacz": "warc"}.get(
        target, target
    )
    return [word.encode("utf-8", "surrogatepass") for word in (*_COMMON, *_WORDS.get(alike, ()))]


def kept_in(folder: Path, target: str) -> list[bytes]:
    """Return the files that found something before."""
    return [path.read_bytes() for path in sorted(folder.glob(f"{target}-*"))]
