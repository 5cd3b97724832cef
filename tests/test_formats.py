from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FormatError
from index.formats import plain
from index.formats.reading import Original, read, read_file
from index.formats.titles import TITLE_LIMIT, derive_title
from index.types import Article
from tests.conftest import SEED_FILE


def from_markdown(source: str) -> Article:
    return read(Original(source.encode(), "a.md"))


def test_the_seed_file_is_kept_to_the_byte_but_for_its_date(seed: Article) -> None:
    assert seed.published == date(2022, 9, 26)
    assert b" date 2022-09-26 " + seed.text.encode() == SEED_FILE.read_bytes()
    assert seed.key == SEED_FILE.as_uri()


def test_a_text_without_a_date_line_is_kept_whole() -> None:
    data = "\ufeffZürich\r\n\r\nTwo  spaces.\r\n".encode()
    article = plain.read(data, name="a.txt")
    assert article.text == "Zürich\r\n\r\nTwo  spaces.\r\n"
    assert article.published is None
    assert (article.title, article.title_given) == ("Zürich", False)


@pytest.mark.parametrize("text", ["date 2022-13-40 is none.", "dates 2022-09-26 vary.", "On date 2022-09-26 it was."])
def test_what_only_looks_like_a_date_line_stays(text: str) -> None:
    article = plain.from_text(text)
    assert (article.text, article.published) == (text, None)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Border closes\n\nIt closed.", "Border closes"),
        ("It closed. Then it opened.", "It closed. Then it opened."),
        ("It closed.\n\nThen it opened.", "It closed."),
        ("word " * 40, "word " * 17 + "word…"),
        ("x" * 200, "x" * TITLE_LIMIT + "…"),
        ("\u200b\n\nReal\u200bly?\n\nYes.", "Really?"),
        ("CNN —\n\nIt closed. Then it opened.", "It closed. Then it opened."),
        ("New York CNN Business —\n\nAP\n\nBorder closes\n\nIt closed.", "Border closes"),
        ("AP", "AP"),
        ("", ""),
    ],
)
def test_a_title_is_made_of_the_first_words(text: str, title: str) -> None:
    assert derive_title(text) == title


@given(st.text())
def test_a_title_invents_nothing(text: str) -> None:
    title = derive_title(text)
    assert len(title) <= 120
    assert set(title) - {"…", " "} <= set(text)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("It cost £20 in Zürich.", "windows-1252"),
        ("The café’s owner said “no” to the mayor’s plan.", "windows-1252"),
        ("Prezydent powiedział, że ustawa zostanie przyjęta w środę.", "windows-1250"),
        ("Президент заявил, что закон будет принят в среду.", "windows-1251"),
        ("首相は水曜日に新しい法律について発表した。東京で行われた会議で述べた。", "shift_jis"),
        ("总理在周三宣布了新的法律。会议在北京举行。", "gb18030"),
        ("The mayor said no.", "utf-16-le"),
    ],
)
def test_an_encoding_is_guessed_and_the_guess_is_reported(text: str, encoding: str) -> None:
    article = read(Original(text.encode(encoding), "old.txt"))
    assert article.text == text
    assert any("by the look of its bytes" in note for note in article.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_no_guess(encoding: str) -> None:
    article = read(Original("Zürich’s mayor".encode(encoding), "new.txt"))
    assert (article.text, article.notes) == ("Zürich’s mayor", ())


def test_bytes_that_are_no_text_are_reported() -> None:
    with pytest.raises(FormatError, match=r"old\.txt is no text in an encoding that is known"):
        read(Original(bytes(range(256)) * 4, "old.txt"))


def test_markdown_shows_what_the_page_shows() -> None:
    article = from_markdown(
        "# The *title*\n\nA **bold** [link](http://x.org) and `code`.\nNext line.\n\n"
        "- one\n- two\n\n<!-- hidden -->\n\n<div>shown <script>alert(1)</script></div>\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode block\n```\n\n![a picture](p.png) &amp; more"
    )
    assert article.text == (
        "The title\n\nA bold link and code.\nNext line.\n\none\n\ntwo\n\nshown\n\na | b\n\n1 | 2\n\n"
        "code block\n\na picture & more"
    )
    assert (article.title, article.title_given) == ("The title", True)


def test_front_matter_tells_the_source() -> None:
    article = from_markdown(
        "---\ntitle: T\nauthor: [A, B]\npublisher: P\ndate: 2024-05-06\nurl: https://x.org/1\n---\n\nText here."
    )
    assert article.text == "Text here."
    assert (article.title, article.author, article.publisher) == ("T", "A, B", "P")
    assert (article.published, article.url, article.key) == (date(2024, 5, 6), "https://x.org/1", "https://x.org/1")


@pytest.mark.parametrize("value", ["2024-05-06T10:00:00Z", '"2024-05-06"', "2024-05-06 10:00:00"])
def test_front_matter_dates(value: str) -> None:
    assert from_markdown(f"---\npublished: {value}\n---\nText.").published == date(2024, 5, 6)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("one<br>two", "one\ntwo"),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1\n2"),
        ("</style>Kept", "Kept"),
        ("A <b>bold</b> word <script>alert(1)</script>here", "A bold word here"),
        ("A <!-- hidden --> word", "A  word"),
        ("5 &lt; 6 <i>&amp;</i> 7", "5 < 6 & 7"),
    ],
)
def test_html_in_markdown_shows_what_a_browser_shows(source: str, text: str) -> None:
    assert from_markdown(f"Text.\n\n{source}").text == f"Text.\n\n{text}"


@pytest.mark.parametrize(
    "front",
    [
        "title: [",
        "date: soon",
        "title: {a: b}",
        "author: [[A]]",
        "a: " + "[" * 5000,
        "a: &a [x]\nb: &b [*a, *a]\ntitle: [*b, *b]",
    ],
)
def test_bad_front_matter_is_reported(front: str) -> None:
    with pytest.raises(FormatError, match=r"front matter of a\.md"):
        from_markdown(f"---\n{front}\n---\nText.")


def test_a_nul_byte_is_reported_not_replaced() -> None:
    with pytest.raises(FormatError, match=r"a\.md holds a NUL byte at character 1"):
        from_markdown("a\0b")


@pytest.mark.parametrize("source", ["---\nJust a rule.\n---\nText.", "---\n---\nText.", "Text.\n\n---\n\nMore."])
def test_rules_are_not_front_matter(source: str) -> None:
    assert "Text." in from_markdown(source).text


def test_a_file_is_read_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "A.MD").write_text("# Head\n\nText.")
    assert read_file(tmp_path / "A.MD").title == "Head"
    (tmp_path / "a.wpd").write_text("x")
    with pytest.raises(FormatError, match=r"a\.wpd cannot be read.*'\.wpd'.*\.txt"):
        read_file(tmp_path / "a.wpd")
    with pytest.raises(FormatError, match="cannot be opened"):
        read_file(tmp_path / "none.txt")
