"""HTML: the article of a page, and nothing else of it."""

from datetime import date

import httpx
import pytest

from index.errors import FormatError
from index.formats.reading import Original, read

PAGE = """<!doctype html><html lang="en"><head><meta charset="{charset}"><title>Bridge opens – The Post</title>
<meta property="og:site_name" content="The Post"><meta name="author" content="Ann Lee">
<meta property="article:published_time" content="2024-05-06T10:00:00Z">
<link rel="canonical" href="https://post.example/bridge"></head>
<body><nav><a href="/">Home</a> <a href="/s">Sport</a></nav>
<article><h1>Bridge opens</h1>
<p>The mayor of Zürich opened 14 bridges\n   on Monday.&nbsp;“It is <b>safe</b>,” she said.<br>Nobody fell.</p>
<p>All were glad &amp; went home. <script>alert("not this")</script><!-- nor this --></p>
<blockquote><p>We waited nine years.</p></blockquote>
<ul><li>First point stands here.</li><li>Second one.</li></ul>
<table><tr><th>Bridge</th><th>Length</th></tr><tr><td>North</td><td>90 m</td></tr></table></article>
<footer>Copyright 2024 The Post. All rights reserved.</footer></body></html>"""
TEXT = """Bridge opens

The mayor of Zürich opened 14 bridges on Monday. “It is safe,” she said. Nobody fell.

All were glad & went home.

We waited nine years.

First point stands here.

Second one.

Bridge | Length

North | 90 m"""


def test_a_page_is_its_article_and_what_it_tells_of_it() -> None:
    article = read(Original(PAGE.format(charset="utf-8").encode(), "a.html"))
    assert article.text == TEXT
    assert (article.title, article.title_given, article.author) == ("Bridge opens", True, "Ann Lee")
    assert (article.publisher, article.published) == ("The Post", date(2024, 5, 6))
    assert article.key == article.url == "https://post.example/bridge"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_a_page_is_read_in_its_encoding(encoding: str) -> None:
    declared = encoding.removesuffix("-sig") if encoding != "utf-16" else "utf-8"
    assert read(Original(PAGE.format(charset=declared).encode(encoding), "a.htm")).text == TEXT


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "no article text"),
        (b"<html></html>", "no article text"),
        (b"<html><body><script>1</script></body></html>", "no article text"),
        (b"\x00\x01\x02\x03", "no article text"),
    ],
)
def test_what_is_no_article_is_reported(data: bytes, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read(Original(data, "a.html"))


@pytest.mark.parametrize("source", ["<p>Rome has 21 bridges.</p>", "<div><p>Rome has <b>21</b> bridges.</div>"])
def test_a_piece_of_a_page_is_a_page(source: str) -> None:
    assert read(Original(source.encode(), "a.html")).text == "Rome has 21 bridges."


@pytest.mark.parametrize("charset", [b"utf-8", b"nonsense"])
def test_a_page_that_is_not_in_what_it_declares_is_guessed_at(charset: bytes) -> None:
    article = read(Original(b"<meta charset=" + charset + b"><p>The caf\xe9 was closed on Monday.", "a.html"))
    assert article.text == "The café was closed on Monday."
    assert "by the look of its bytes" in article.notes[0]


def test_a_day_in_the_text_is_not_the_day_of_publication() -> None:
    page = (
        "<html><body><article><p>On May 6, 2019 the mayor opened 14 bridges, and all of them were safe.</p></article>"
    )
    article = read(Original(page.encode(), "a.html"))
    assert (article.published, article.author, article.publisher, article.url) == (None,) * 4
    assert not article.title_given and article.title.startswith("On May 6, 2019")


def test_the_day_of_publication_is_not_that_of_a_change() -> None:
    changed = '<meta property="article:modified_time" content="2024-08-09T10:00:00Z"></head>'
    page = PAGE.format(charset="utf-8").replace("</head>", changed)
    assert read(Original(page.encode(), "a.html")).published == date(2024, 5, 6)


@pytest.mark.parametrize(
    ("declared", "encoding"), [('<?xml version="1.0" encoding="iso-8859-1"?>', "windows-1252"), ("", "utf-8")]
)
def test_names_of_encodings_mean_what_they_mean_to_browsers(declared: str, encoding: str) -> None:
    page = declared + PAGE.format(charset="iso-8859-1" if declared else "undefined")
    assert read(Original(page.encode(encoding), "a.xhtml")).text == TEXT


def paragraph(inside: str) -> str:
    others = "".join(
        f"<p>Paragraph {number} of the article tells what happened in the city.</p>" for number in range(9)
    )
    page = f"<html><body><article><h1>Title of it</h1>{others}<p>{inside}</p>{others}</article></body></html>"
    blocks = read(Original(page.encode(), "a.html")).text.split("\n\n")
    assert len(blocks) == 20
    return blocks[10]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("They said <q>we are safe</q> on Monday.", "They said “we are safe” on Monday."),
        ("The toll was <del>five</del> six on Monday.", "The toll was six on Monday."),
        ("It runs <code>make</code> on every Monday.", "It runs make on every Monday."),
        ("It was <span hidden>not</span> safe there on Monday.", "It was safe there on Monday."),
        ("A sign&#11; stood here&#xFFFE; on Monday.", "A sign stood here on Monday."),
        ("Two lines<br>stand here on Monday.", "Two lines stand here on Monday."),
    ],
)
def test_a_paragraph_reads_as_it_is_shown(inside: str, shown: str) -> None:
    assert paragraph(inside) == shown


def test_the_home_page_is_no_articles_address() -> None:
    page = PAGE.format(charset="utf-8").replace("https://post.example/bridge", "https://post.example/")
    article = read(Original(page.encode(), "a.html"))
    assert article.url is None


def test_a_page_that_is_out_of_the_ordinary_does_no_harm() -> None:
    with pytest.raises(FormatError, match="no article text"):
        read(Original(b"<div>" * 5_000 + b"Deep words stand here." + b"</div>" * 5_000, "a.html"))
    assert read(Original(b"<p>" + b"x" * 1_000_000, "a.html")).text == "x" * 1_000_000


def test_a_page_can_be_sent_as_json(own_client: httpx.Client) -> None:
    sent = {"html": PAGE.format(charset="utf-8"), "publisher": "Another"}
    stored = own_client.post("/v1/articles", json=sent)
    assert (stored.status_code, stored.json()["title"]) == (201, "Bridge opens")
    whole = own_client.get(f"/v1/articles/{stored.json()['id']}").json()
    assert (whole["text"], whole["publisher"], whole["author"]) == (TEXT, "Another", "Ann Lee")
    for body in ({}, {"text": "Rain fell.", "html": "<p>Rain fell.</p>"}):
        refused = own_client.post("/v1/articles", json=body)
        assert refused.status_code == 422 and "either text or html" in refused.json()["detail"]
