"""EPUB: chapters in their order, without what is not shown; and books that are locked, damaged or made to harm."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from index.errors import FormatError
from index.formats.reading import Original, read
from tests import factories

META = """<dc:title>Bridges</dc:title><dc:title>A subtitle</dc:title><dc:creator>Siri Holm</dc:creator>
<dc:creator>Anna Cole</dc:creator><dc:publisher>Norvik Books</dc:publisher><dc:date>2024-05-06T10:00:00Z</dc:date>
<dc:rights>© 2024 Norvik Books</dc:rights>"""
ENCRYPTED = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:EncryptionMethod Algorithm="{method}"/>
<e:CipherData><e:CipherReference URI="{path}"/></e:CipherData></e:EncryptedData></encryption>"""


def test_a_book_is_its_chapters() -> None:
    first = (
        '<h1>One<a id="x"/></h1><p>Rome has 14 bridges.<a epub:type="noteref" href="#n"><sup>1</sup></a>'
        '<span epub:type="pagebreak">12</span> All of <del>wood</del><i>stone</i>.</p>'
        '<aside epub:type="footnote" id="n"><p>Counted in May.</p></aside><p hidden="hidden">DRAFT</p><p>It rained.</p>'
    )
    article = read(Original(factories.epub(first, "<h1>Two</h1><p>Bern&nbsp;has 18.</p>", meta=META), "a.epub"))
    assert article.text.split("\n\n") == [
        "One", "Rome has 14 bridges. All of stone.", "It rained.", "Counted in May.", "Two", "Bern has 18.",
    ]  # fmt: skip
    assert (article.title, article.author, article.publisher) == ("Bridges", "Siri Holm, Anna Cole", "Norvik Books")
    assert (article.published, article.rights, article.kind) == (
        date(2024, 5, 6), "© 2024 Norvik Books", "document",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "is_read"),
    [
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OPS/c0.xhtml", False),
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OPS/cover.jpg", True),
        ("http://www.idpf.org/2008/embedding", "OPS/font.otf", True),
    ],
)
def test_a_book_whose_text_is_encrypted_is_refused(method: str, path: str, is_read: bool) -> None:
    more = {"META-INF/encryption.xml": ENCRYPTED.format(method=method, path=path)}
    original = Original(factories.epub("<p>Rome has 14 bridges.</p>", more=more), "a.epub")
    if is_read:
        assert read(original).text == "Rome has 14 bridges."
    else:
        with pytest.raises(FormatError, match="encrypted"):
            read(original)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"Rome has 14 bridges.", "a.epub"),
        (factories.packed({"a.txt": "Rome"}), "no EPUB"),
        (factories.packed({"META-INF/container.xml": "<container>"}), "damaged"),
        (factories.epub("<img src='a.jpg'/>"), "no text"),
        (factories.epub("<p>" + " " * 3_000_000 + "</p>"), "200 times its size"),
        (factories.epub("<p>Rome</p>")[:-200], "a.epub"),
    ],
)
def test_what_is_no_book_is_reported(data: bytes, why: str) -> None:
    with pytest.raises(FormatError, match=why):
        read(Original(data, "a.epub"))


def test_a_chapter_that_is_missing_is_reported(tmp_path: Path) -> None:
    whole, lacking = tmp_path / "whole.epub", tmp_path / "lacking.epub"
    whole.write_bytes(factories.epub("<p>Rome has 14 bridges.</p>", "<p>Bern has 18.</p>"))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(lacking, "w") as new:
        for name in old.namelist():
            if name != "OPS/c1.xhtml":
                new.writestr(name, old.read(name))
    with pytest.raises(FormatError, match="c1.xhtml is missing"):
        read(Original(lacking.read_bytes(), "a.epub"))
