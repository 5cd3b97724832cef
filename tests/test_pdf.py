"""PDF: paragraphs from lines, pages, and what has no text."""

import pytest

from index.errors import FormatError
from index.formats.reading import Original, read
from index.types import Article, Span
from service.answering.quoting.selectors import on_pages
from tests import factories


def read_pdf(*pages: list[str], **known: str) -> Article:
    return read(Original(factories.pdf(pages, **known), "a.pdf"))


def test_lines_become_paragraphs() -> None:
    article = read_pdf(
        [
            "The council closed the northern bridge on Tuesday because the storm had damaged two",
            "of its pillars.",
            "The mayor said that repairs would take until the end of the year and cost a million",
            "or more.",
            "",
            "Nobody was hurt.",
        ],
        title="Bridge closed",
        author="Ann Lee",
    )
    assert article.text == (
        "The council closed the northern bridge on Tuesday because the storm had damaged two of its pillars.\n\n"
        "The mayor said that repairs would take until the end of the year and cost a million or more.\n\n"
        "Nobody was hurt."
    )
    assert (article.title, article.title_given, article.author) == ("Bridge closed", True, "Ann Lee")
    assert (article.published, article.pages) == (None, (0,))


@pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - draft 3", "report-final.docx"])
def test_a_programs_title_is_none(title: str) -> None:
    article = read_pdf(["The northern bridge", "", "It was closed on Tuesday."], title=title)
    assert (article.title, article.title_given) == ("The northern bridge", False)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The damage was extra-", "ordinary, they said."], "The damage was extraordinary, they said."),
        (["It is a well-", "known and well-known bridge."], "It is a well-known and well-known bridge."),
        (["The state owned a state-", "owned bridge."], "The state owned a state-owned bridge."),
        (
            ["It crosses the river at Baden-", "Baden in the south."],
            "It crosses the river at Baden-Baden in the south.",
        ),
        (["It costs 3,000-", "4,000 euros a day."], "It costs 3,000-4,000 euros a day."),
    ],
)
def test_a_word_that_a_lines_end_divides_is_joined(lines: list[str], text: str) -> None:
    assert read_pdf(lines).text == text


def test_a_quote_names_its_pages_and_runs_across_them() -> None:
    article = read_pdf(
        ["The council met on Monday.", "", "The northern bridge, which four thousand cars cross each day, will"],
        ["stay closed for a year.", "", "Nobody was hurt."],
    )
    sentence = "The northern bridge, which four thousand cars cross each day, will stay closed for a year."
    start = article.text.index(sentence)
    assert article.pages_of(Span(0, 26)) == (1, 1)
    assert article.pages_of(Span(start, start + len(sentence))) == (1, 2)
    assert article.pages_of(Span(article.text.index("Nobody"), len(article.text))) == (2, 2)
    assert on_pages(article, Span(start, start + len(sentence))) == "pp. 1–2"
    assert on_pages(article, Span(0, 26)) == "p. 1"


def test_page_numbers_and_running_heads_are_left_out() -> None:
    pages = [
        ["The Daily Bridge", *[""] * 2, f"Sentence {word} stands here.", *[""] * 2, f"Page {number} of 4"]
        for number, word in enumerate(["one", "two", "three", "four"], start=1)
    ]
    article = read_pdf(*pages)
    assert article.text == "\n\n".join(f"Sentence {word} stands here." for word in ("one", "two", "three", "four"))
    assert [article.text[start:][:12] for start in article.pages] == ["Sentence one", "Sentence two"] + [
        "Sentence thr",
        "Sentence fou",
    ]


def test_pages_without_text_are_reported() -> None:
    article = read_pdf(["The bridge is closed."], [], ["It opens in May."])
    assert article.notes == ("1 of its pages have no text (2): they may be scanned.",)
    assert article.pages_of(Span(23, 30)) == (3, 3)
    with pytest.raises(FormatError, match=r"a\.pdf has no text: its 2 pages are pictures, or empty\..*ocrmypdf"):
        read_pdf([], [])


def test_what_is_no_pdf_is_reported() -> None:
    for data in (b"", b"words", b"%PDF-1.7\n", factories.pdf([["x"]])[:200]):
        with pytest.raises(FormatError, match="a.pdf"):
            read(Original(data, "a.pdf"))


def test_the_original_is_named_by_its_hash() -> None:
    import hashlib

    data = factories.pdf([["The bridge is closed."]])
    assert read(Original(data, "a.pdf")).original == hashlib.sha256(data).hexdigest()
