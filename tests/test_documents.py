"""DOCX, e-mail and JSON lines: what is read of them."""

import json
from datetime import date

import pytest

from index.errors import FormatError
from index.formats import json_lines
from index.formats.reading import Original, read
from index.types import Article
from tests import factories

_W = factories.paragraph


def line(data: bytes, *, name: str = "n.jsonl line 1") -> Article:
    return read(Original(data, name, parse=json_lines.read))


def test_a_document_is_its_paragraphs_and_cells() -> None:
    table = f"<w:tbl><w:tr><w:tc>{_W('Rome')}</w:tc><w:tc>{_W('14')}</w:tc></w:tr></w:tbl>"
    core = "<dc:title>Bridges of\n Rome</dc:title><dc:creator>Ann Lee</dc:creator>"
    data = factories.docx(_W("Rome has 14 bridges.") + table + _W(" ") + _W("They are old."), core=core)
    article = read(Original(data, "a.docx"))
    assert article.text == "Rome has 14 bridges.\n\nRome | 14\n\nThey are old."
    assert (article.title, article.author, article.published) == ("Bridges of Rome", "Ann Lee", None)


def test_tracked_changes_count_as_made() -> None:
    body = (
        "<w:p><w:r><w:t>Rome has </w:t></w:r><w:del><w:r><w:delText>12</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>14</w:t></w:r></w:ins><w:r><w:t> bridges.</w:t></w:r></w:p>"
    )
    assert read(Original(factories.docx(body), "a.docx")).text == "Rome has 14 bridges."


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"x", "damaged, or not what its ending"),
        (factories.packed({"a.txt": "x"}), "damaged, or not what its ending"),
        (factories.docx(""), "has no text"),
        (factories.docx(_W("A bridge."))[:300], "damaged"),
        (factories.docx("<w:p><w:r>"), "damaged"),
    ],
)
def test_what_is_no_document_is_reported(data: bytes, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read(Original(data, "a.docx"))


def test_an_e_mail_is_its_text() -> None:
    data = (
        b"From: City Hall <press@example.org>\r\nSubject: =?utf-8?q?Bridges_of_Z=C3=BCrich?=\r\n"
        b"Date: Mon, 06 May 2024 10:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Z=FCrich has 14 bridges.\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>Z&uuml;rich has <b>14</b> bridges.</p>\r\n--b--\r\n"
    )
    article = read(Original(data, "a.eml"))
    assert article.text.strip() == "Zürich has 14 bridges."
    assert (article.title, article.title_given) == ("Bridges of Zürich", True)
    assert (article.author, article.published) == ("City Hall <press@example.org>", date(2024, 5, 6))


@pytest.mark.parametrize("data", [b"", b"no headers at all", b"Subject: x\r\n\r\n", b"\xff" * 100])
def test_what_is_no_e_mail_is_reported(data: bytes) -> None:
    with pytest.raises(FormatError, match="a.eml"):
        read(Original(data, "a.eml"))


def test_a_line_is_an_article() -> None:
    row = {"url": "https://x.org/a", "title": "Bridges", "text": "Rome has 14.", "publisher": "The Post", "extra": 1}
    article = line(json.dumps({**row, "published": "2024-05-06T10:00:00Z"}).encode())
    assert (article.key, article.url, article.title, article.text) == (
        row["url"],
        row["url"],
        "Bridges",
        "Rome has 14.",
    )
    assert (article.publisher, article.author, article.published) == ("The Post", None, date(2024, 5, 6))
    bare = line(b'{"text": "Rome has 14 bridges."}')
    assert (bare.title, bare.title_given, bare.key[:7]) == ("Rome has 14 bridges.", False, "sha256:")


def test_a_line_may_hold_a_page() -> None:
    page = (
        "<html><head><title>Own title</title></head><body><article><p>Rome has 14 bridges.</p></article></body></html>"
    )
    article = line(json.dumps({"html": page, "publisher": "The Post"}).encode())
    assert (article.text, article.title, article.publisher) == ("Rome has 14 bridges.", "Own title", "The Post")
    named = line(json.dumps({"html": page, "title": "Given", "url": "https://x.org/a"}).encode())
    assert (named.title, named.title_given, named.url, named.key) == (
        "Given",
        True,
        "https://x.org/a",
        "https://x.org/a",
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"{", "line 7 is not JSON"),
        (b"[1]", "line 7 is no JSON object"),
        (b'{"text": 3}', "line 7: its text is '3'"),
        (b'{"text": "x", "title": ["y"]}', "line 7: its title is"),
        (b'{"text": "x", "published": "soon"}', "line 7: its published is 'soon'"),
        (b'{"text": "caf\xe9"}', "line 7 is not JSON"),
        (b"[" * 100_000, "line 7 is not JSON"),
        (b'{"text": "Rome has 14.", "html": "<p>Rome has 15."}', "line 7 has both text and html"),
    ],
)
def test_a_line_that_is_no_article_is_reported(data: bytes, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        line(data, name="line 7")


def test_a_page_that_a_library_stumbles_over_is_an_error_of_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise KeyError("charset")

    monkeypatch.setattr("index.formats.html.from_html", stumble)
    with pytest.raises(FormatError, match="line 7 cannot be read .KeyError"):
        line(b'{"html": "<p>Rome has 14."}', name="line 7")
