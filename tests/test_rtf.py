r"""RTF as word processors write it, without what they do not show. All texts are made up."""

import pytest

from index.errors import FormatError
from index.formats.reading import Original, read

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset204 Arial Cyr;}}"
    rb"{\colortbl;\red255;}{\stylesheet{\s1 heading 1;}}{\*\generator Riched20;}"
    rb"{\info{\title The quay}{\author Siri Holm}{\operator Somebody}}{\header Page \chpgn}"
)


def text_of(body: bytes) -> str:
    return read(Original(HEAD + body + b"}", "a.rtf")).text


def test_paragraphs_characters_and_facts() -> None:
    body = (
        b"\\pard\\f0 Norvik closed the\r\n \\b quay\\b0\\line on Tuesday.\\par\n"
        rb"\'93No ferry,\'94 she said; it cost 10\super 6\nosupersub  crowns.\par"
    )
    article = read(Original(HEAD + body + b"}", "a.rtf"))
    assert article.text == "Norvik closed the quay on Tuesday.\n\n“No ferry,” she said; it cost 10⁶ crowns."
    assert (article.title, article.author, article.kind) == ("The quay", "Siri Holm", "document")
    assert article.verdict.kind == "complete" and not article.notes


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"It sank{\v  INTERNAL}.\par", "It sank."),
        (rb"It \v secret\v0 sank.\par", "It sank."),
        (rb"It {\strike sank}{\deleted fell}burned.\par", "It burned."),
        (rb"It \strike sank \plain burned.\par", "It burned."),
        (rb"See {\field{\*\fldinst HYPERLINK x.org}{\fldrslt the list}}.\par", "See the list."),
        (rb"Rome.{\super\chftn{\footnote \pard\plain Counted in May.}} Bern.\par", "Rome. Bern.\n\nCounted in May."),
        (rb"\trowd\intbl Rome\cell 14\cell\row\trowd Bern\cell 18\cell\row\pard", "Rome | 14\n\nBern | 18"),
        (rb"{\pict\pngblip 89504e47}{\*\shppict{\pict\bin4 {{}\}}Rome.\par", "Rome."),
        (rb"\u8222?Rome\u8220? and \u-10179?\u-8704?.\par", "„Rome“ and 😀."),
        (rb"{\listtext\pard\plain 2.\tab}Rome{\webhidden 9}\par{\pntext\'b7\tab}Bern\par", "2. Rome\n\nBern"),
        (rb"Rome\\\nBern".replace(rb"\\\n", b"\\\n"), "Rome\n\nBern"),
        (rb"a\u999999999?b\u-99999?c\par", "a\ufffdb\ufffdc"),
        (rb"\uc2\u1056\'d0\'f0\uc1 ome\par", "Рome"),
        (rb"{\f1\'d0\'e8\'ec} and Rome.\par", "Рим and Rome."),
        (rb"Rome \{14\} a\_b \emdash  c.\par", "Rome {14} a\u2011b — c."),
        (rb"{\*\unknown Rome}Bern.\par", "Bern."),
    ],
)
def test_what_is_shown_is_read_and_nothing_else(body: bytes, text: str) -> None:
    assert text_of(body) == text


def test_a_character_of_two_bytes_may_be_written_in_parts() -> None:
    head = rb"{\rtf1\ansi\ansicpg932 "
    assert read(Original(head + rb"\'93\'8c\'8b\'9e.}", "a.rtf")).text == "東京."


def test_what_cannot_be_decoded_is_told() -> None:
    article = read(Original(rb"{\rtf1\ansi\ansicpg932 Rome has \'93.}", "a.rtf"))
    assert article.notes == ("1 characters could not be read.",)


def test_a_file_that_was_cut_off_is_a_part() -> None:
    article = read(Original(HEAD + rb"Rome has 14 bridges.\par {\b Bern", "a.rtf"))
    assert (article.text, article.verdict.kind) == ("Rome has 14 bridges.\n\nBern", "partial")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"Rome has 14 bridges.", "no RTF"),
        (b"", "no RTF"),
        (HEAD + b"}", "no text"),
        (b"{\\rtf1" + b"{" * 20_000 + b"Rome", "10,000 groups"),
    ],
)
def test_what_is_no_document_is_reported(data: bytes, why: str) -> None:
    with pytest.raises(FormatError, match=why):
        read(Original(data, "a.rtf"))
