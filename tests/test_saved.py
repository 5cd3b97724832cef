"""Saved pages, web archives and OpenDocument. All texts are made up."""

import io
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from index.errors import FormatError
from index.formats.reading import Original, read
from index.formats.sources import sources_of
from tests import factories

WORDS = "The council of Norvik closed the ferry quay on Tuesday, and “no ferry” will call there until May."
PAGE = f"<html><head><title>Quay</title></head><body><article><p>{WORDS}</p></article></body></html>"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "style", "table")
)
CONTENT = f"""<office:document-content {SPACES}><office:automatic-styles>
<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>
<style:style style:name="T2"><style:text-properties style:text-line-through-style="solid"/></style:style>
</office:automatic-styles>
<office:body><office:text>
<text:h>The quay</text:h><text:p>Norvik closed<text:line-break/>the quay.<text:span
text:style-name="T1"> INTERNAL</text:span>
<text:note><text:note-citation>1</text:note-citation>
<text:note-body><text:p>Since 1998.</text:p></text:note-body></text:note>
It <text:span text:style-name="T2">sank</text:span> burned.</text:p>
<table:table><table:table-row><table:table-cell><text:p>Rome
</text:p></table:table-cell><table:table-cell><text:p>14</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body></office:document-content>"""


def test_a_saved_page_is_read() -> None:
    saved = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://post.example/quay\r\nSubject: Quay\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{PAGE}\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    )
    article = read(Original(saved.encode(), "a.mhtml"))
    assert (article.text, article.url) == (WORDS, "https://post.example/quay")
    with pytest.raises(FormatError, match="holds no saved page"):
        read(Original(b"From: x\r\n\r\nRome", "a.mht"))


def test_an_open_document_is_read() -> None:
    meta = (
        '<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Quay</dc:title><dc:creator>Siri Holm</dc:creator></m>'
    )
    article = read(Original(factories.packed({"content.xml": CONTENT, "meta.xml": meta}), "a.odt"))
    assert article.text == "The quay\n\nNorvik closed the quay. It burned.\n\nRome | 14\n\nSince 1998."
    assert (article.title, article.author) == ("Quay", "Siri Holm")
    for data in (b"x", factories.packed({"a.txt": "x"})):
        with pytest.raises(FormatError, match="a.odt"):
            read(Original(data, "a.odt"))


@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile.*")  # of the writer, which only the test needs
@pytest.mark.parametrize("gzip", [False, True])
def test_a_web_archive_is_its_pages(gzip: bool, tmp_path: Path) -> None:
    file = tmp_path / ("crawl.warc.gz" if gzip else "crawl.warc")
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=gzip)
        for status, kind in (
            ("200 OK", "text/html; charset=utf-8"),
            ("404 Gone", "text/html"),
            ("200 OK", "image/png"),
        ):
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            payload = io.BytesIO(PAGE.encode())
            record = writer.create_warc_record(
                "https://post.example/quay", "response", payload=payload, http_headers=headers
            )
            writer.write_record(record)
    (source,) = sources_of(file)
    article = read(source.load())
    assert (article.text, article.url) == (WORDS, "https://post.example/quay")


def crawled(*answers: tuple[str, str, str, str]) -> bytes:
    """Return a WARC of (address, status, header, body)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for url, status, header, body in answers:
        name, _, value = header.partition(": ")
        headers = StatusAndHeaders(status, [(name, value)], protocol="HTTP/1.1")
        payload = io.BytesIO(body.encode())
        writer.write_record(writer.create_warc_record(url, "response", payload=payload, http_headers=headers))
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile.*")
def test_a_wacz_is_the_pages_that_it_lists(tmp_path: Path) -> None:
    kind = "Content-Type: text/html; charset=utf-8"
    records = crawled(
        ("http://post.example/q", "301 Moved", "Location: https://post.example/quay", ""),
        ("https://post.example/quay", "200 OK", kind, PAGE),
        ("https://ads.example/frame", "200 OK", kind, PAGE.replace("Norvik", "Rome")),
    )
    listed = '{"format": "json-pages-1.0", "id": "pages"}\n{"url": "https://post.example/q/", "t": 1}\nnonsense\n'
    file = tmp_path / "a.wacz"
    file.write_bytes(factories.packed({"archive/a.warc.gz": records, "pages/pages.jsonl": listed}))
    (source,) = sources_of(file)
    article = read(source.load())
    assert (article.text, article.url, article.kind) == (WORDS, "https://post.example/quay", "page")
    file.write_bytes(factories.packed({"archive/a.warc.gz": records}))
    assert len(list(sources_of(file))) == 2


@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile.*")
def test_a_wacz_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    other = crawled(("https://post.example/quay", "404 Gone", "Content-Type: text/html", PAGE))
    bomb = crawled(("https://post.example/quay", "200 OK", "Content-Type: text/html", " " * 40_000_000))
    file = tmp_path / "a.wacz"
    for data, why in (
        (b"Rome", "no WACZ"),
        (factories.packed({"a.txt": "Rome"}), "no web archive"),
        (factories.packed({"archive/a.warc": "Rome has 14 bridges."}), "no web archive"),
        (factories.packed({"archive/a.warc.gz": other}), "no page that was answered with 200"),
        (factories.packed({"archive/a.warc": b"0" * 5_000_000}), "200 times its size"),
        (factories.packed({"archive/a.warc.gz": bomb}), "200 times its size"),
        (factories.packed({"archive/a.warc.gz": other})[:-30], "no WACZ"),
    ):
        file.write_bytes(data)
        (source,) = sources_of(file)
        with pytest.raises(FormatError, match=why):
            source.load()


def test_what_is_no_web_archive_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "a.warc"
    file.write_bytes(b"Rome has 14 bridges.")
    (source,) = sources_of(file)
    with pytest.raises(FormatError, match="a.warc"):
        source.load()


def test_a_web_archive_in_an_archive_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(factories.packed({"a.wacz": "x", "b.warc.gz": "x"}))
    for source in sources_of(file):
        with pytest.raises(FormatError, match="archive within an archive"):
            source.load()
