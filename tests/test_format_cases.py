"""Small files that went wrong, each read as its article says."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.errors import FormatError
from index.formats import json_lines
from index.formats.reading import Original, read, read_file
from index.text.sentences import split_sentences
from index.text.tables import words_as_read
from index.types import Article, Span
from service.answering.quoting.dates import resolve_dates

CASES = Path(__file__).parents[2] / "shared" / "data" / "cases" / "formats"
if not CASES.is_dir():
    pytest.skip("the cases are not here", allow_module_level=True)
NAMES = [json.loads(line)["file"] for line in (CASES / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
UNREADABLE = ("h12_cookiewall.html", "h14_404.html")
BY_LINE = ("j_rows.jsonl", "dates.jsonl")


def sentences(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in split_sentences(article.text)]


def _bridge(article: Article) -> bool:
    return "Engineers replaced 214 hangers" in article.text and "Ferry services that were added" in article.text


def _liveblog(article: Article) -> bool:
    blocks = article.text.split("\n\n")
    spoken = [each for each in sentences(article) if "hurt" in each]
    return (
        [each.split()[0] for each in spoken] == ["Mayor", "Five"]
        and all(time in blocks for time in ("10:32", "11:05"))
        and blocks.index("10:32") < blocks.index(spoken[0]) < blocks.index("11:05") < blocks.index(spoken[1])
    )


def _runs_on(article: Article, words: str) -> bool:
    return any(words in each for each in sentences(article))


RIGHT: dict[str, Callable[[Article], bool]] = {
    "h02_dropcap_spans.html": lambda it: (
        "\nThe harbour bridge in Eastport reopened" in it.text and "2 May 2024Eng" not in it.text
    ),
    "h04_supsub.html": lambda it: (
        all(words in it.text for words in ("10⁶ litres", "100² seconds", "CO₂ in", "25 m²", "1½ cups"))
        and not re.search(r"said\.\s?3", it.text)
    ),
    "h06_hovercard.html": lambda it: "State Sen. Lena Hartwick (R) is defending" in it.text and _bridge(it),
    "h09_boiler.html": lambda it: (
        _bridge(it) and not re.search("Read more|Ferry captains|tips@|Tom Reyes|newsletter|inbox|Share this", it.text)
    ),
    "h22_author_amp.html": lambda it: it.author in ("Marks & Spencer News Desk", "Jobs & Hire"),
    "h24_author_initials.html": lambda it: it.author == "R.C. Baker Jr.",
    "h27_sitename_is_title.html": lambda it: it.publisher is None and it.title == "Harbour bridge reopens",
    "h32_liveblog.html": _liveblog,
    "table.html": lambda it: (
        "Single | $2.00 | $2.40" in it.text
        and "Single | 2023: $2.00 | 2024: $2.40"
        in words_as_read(it.text, Span(it.text.index("Single |"), len(it.text)))
    ),
    "e03_stub_plain.eml": lambda it: (
        "“It was a good crane,” said Ida Brandt" in it.text
        and not re.search("web page|signed up|Unsubscribe|Preview", it.text)
    ),
    "e05_latin1.eml": lambda it: (
        it.text.strip() == "The mayor of Tromsø said: “We’re done – the café is closed.” It cost €4 million."
    ),
    "e07_no_charset.eml": lambda it: "The mayor of Tromsø said: “We’re done” and the café" in it.text,
    "e04_forward.eml": lambda it: (
        it.author == "Press Office <press@harbour.example>"
        and it.published == date(2025, 3, 4)
        and it.title == "Harbour results"
        and it.text.strip() == "The harbour lost 16 million crowns in 2022, the board said."
    ),
    "p04_dropcap.pdf": lambda it: "\n\nThe committee reviewed the annual report" in it.text,
    "p05_hyphens.pdf": lambda it: all(
        word in it.text
        for word in (
            "well-known",
            "self-employed",
            "vice-chair",
            "follow-up",
            "post-independence",
            "inquiry",
            "published",
        )
    ),
    "p07b_runhead_2pages.pdf": lambda it: "THE DAILY" not in it.text and "Page" not in it.text,
    "p15_browser_print.pdf": lambda it: (
        "https" not in it.text
        and "AM" not in it.text
        and _runs_on(it, "A new terminal is to be built in the south by 2027.")
    ),
    "p14_jump_line.pdf": lambda it: _runs_on(it, "had hoped for a profit of two million.") and "HARBOUR" not in it.text,
    "x05_specials.docx": lambda it: "“yes” and it cost" in it.text,
    "x08_hiddentext.docx": lambda it: it.text == "The board resigned.\n\nThe chair was late.",
    "n11_mixed.txt": lambda it: "The caf\ufffd is closed." in it.text and "Chloé Müller" in it.text and bool(it.notes),
    "n13_mojibake.txt": lambda it: any("â€" in note for note in it.notes),
    "yahoo1.txt": lambda it: len(sentences(it)) == 2,
}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in (*UNREADABLE, *BY_LINE)])
def test_a_file_is_read_as_its_article_says(name: str) -> None:
    article = read_file(CASES / name)
    assert RIGHT[name](article), f"{article!r}"


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_page_without_an_article_is_refused(name: str) -> None:
    with pytest.raises(FormatError, match="holds no article"):
        read_file(CASES / name)


def test_rows_of_others_are_read() -> None:
    lines = (CASES / "j_rows.jsonl").read_bytes().splitlines()
    rows = [read(Original(line, "a line", parse=json_lines.read)) for line in lines]
    assert all("The mill at" in each.text and "<p>" not in each.text for each in rows)
    days = [each.published for each in rows]
    assert days == [*[date(2024, 5, 2)] * 10, None, None, date(2024, 5, 2)]
    assert [each.author for each in rows[:3]] == ["Ana Wolff", "Ana Wolff", "Ana Wolff, Bo Ek"]
    assert [rows[at].title for at in (0, 1, 6, 11, 12)] == [
        "Mill closes j01",
        "Mill closes j02",
        "Mill & town: it’s over",
        "Mill closes",
        "Hallsberg mill",
    ]


@pytest.mark.parametrize(
    ("title", "values"),
    [("d1", {date(2023, 2, 3)}), ("d2", set()), ("d3", set()), ("d4", {date(2019, 3, 7), date(2019, 3, 6)})],
)
def test_a_day_is_the_one_that_was_meant_or_none(title: str, values: set[date]) -> None:
    for line in (CASES / "dates.jsonl").read_bytes().splitlines():
        article = read(Original(line, "a line", parse=json_lines.read))
        if article.title == title:
            found = {each.value for each in resolve_dates(article, Span(0, len(article.text)))}
            assert found <= values and (title != "d4" or date(2019, 3, 7) in found)
