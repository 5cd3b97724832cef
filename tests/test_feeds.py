"""Feeds and sitemaps: what they hold, what they lead to, and what the pages lack of it. All articles are made up."""

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.errors import FormatError
from index.formats.newsroom import feeds, sitemaps
from index.formats.newsroom.roots import root_of
from index.formats.reading import Original, read
from index.formats.sources import sources_of
from index.types import Article
from service.feeds import politeness
from service.feeds.entries import fetched_all
from tests import factories
from tests.site import Site, site

FIRST = "The council of Norvik closed the ferry quay on Tuesday, and no ferry will call there until May."
SECOND = "A report had found cracks in all of the eleven pillars that carry the quay over the water."
THIRD = "Siri Holm, who leads the harbour office, said that divers would begin their work within a week."
ABSTRACT = "In Norvik the ferry quay that the council closed on Tuesday stays shut until May, when ferries will call."
PAGE = "<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Norvik Post</title><link>SITE/</link>{head}
{items}</channel></rss>"""
NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> SITE/quay </loc><image:image><image:loc>SITE/quay.jpg</image:loc></image:image><news:news><news:publication>
<news:name>The Norvik Post</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2024-03-05T09:00:00+01:00</news:publication_date><news:title>Norvik closes its quay</news:title>
</news:news></url><url><loc>SITE/quay</loc></url></urlset>"""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(politeness, "PAUSE_SECONDS", 0.0)
    with site() as running:
        yield running


def rss(*items: str, head: str = "") -> str:
    return RSS.format(head=head, items="".join(f"<item>{item}</item>" for item in items))


def linked(summary: str, *, path: str = "/quay", title: str = "Norvik closes its quay") -> str:
    return f"<title>{title}</title><link>SITE{path}</link><description><![CDATA[{summary}]]></description>"


def body(*paragraphs: str) -> str:
    return "".join(f"<p>{each}</p>" for each in paragraphs)


def articles_at(here: Site, path: str) -> list[Article]:
    return [read(source.load()) for source in fetched_all(here.url + path)]


@pytest.mark.parametrize(
    ("opening", "root"),
    [
        (b"<?xml version='1.0'?>\n<!-- <feed> -->\n<!DOCTYPE rss>\n<rss>", "rss"),
        (b"\xef\xbb\xbf<rdf:RDF xmlns='x'>", "rdf"),
        ("\ufeff<feed>".encode("utf-16-le"), "feed"),
        (b"<html><!-- <rss> --><body>", "html"),
        (b"Rome <rss>", ""),
        (b"<!--" * 900, ""),
    ],
)
def test_a_feed_is_known_by_its_root(opening: bytes, root: str) -> None:
    assert root_of(opening) == root


@pytest.mark.parametrize(
    ("summary", "shown", "verdict"),
    [
        # The summary is an excerpt, of which a sentence is lost.
        (f"<p>{FIRST}</p><p>{SECOND}</p>", body(FIRST, THIRD), "partial"),
        (f"<p>{FIRST} {SECOND}</p>", body(FIRST, SECOND, THIRD), "complete"),
        # The last sentence was cut, a link leads on, and WordPress adds a line of its own.
        (f"<p>{FIRST} {SECOND[:50]}…</p><a href='SITE/quay'>Continue reading</a>", body(FIRST, THIRD), "complete"),
        (f"<p>{FIRST}</p><p>The post <a href='x'>Quay of Norvik is closed</a> appeared first on <a href='y'>Norvik"
         " Post</a>.</p>", body(FIRST, THIRD), "complete"),
        # An abstract in words of its own is no loss; one that says other things is, as is what the page shows aside.
        (ABSTRACT, body(FIRST, SECOND, THIRD), "complete"),
        (SECOND, body(FIRST, THIRD), "partial"),
        (ABSTRACT, f"<nav><ul><li>{ABSTRACT}</li></ul></nav>" + body(FIRST, SECOND, THIRD), "partial"),
    ],
)  # fmt: skip
def test_what_a_page_lacks_of_its_summary_makes_it_a_part(here: Site, summary: str, shown: str, verdict: str) -> None:
    here.put("/feed", rss(linked(summary)), "application/rss+xml")
    here.put("/quay", PAGE.format(title="Norvik closes its quay", body=shown))
    (article,) = articles_at(here, "/feed")
    assert (article.verdict.kind, article.text) == (verdict, "\n\n".join(
        each for each in (FIRST, SECOND, THIRD) if f"<p>{each}</p>" in shown
    ))  # fmt: skip
    assert ("that its feed has of it were not found" in article.verdict.reason) == (verdict == "partial")


def test_odd_entries_of_a_feed(here: Site) -> None:
    items = [
        linked("", path="/quay"),
        linked("", path="/quay", title="The same again"),
        f"<title>No link</title><guid isPermaLink='false'>7</guid><description>{FIRST}</description>",
        "<title>Relative</title><link>/relative</link><description>x</description>",
        linked("", path="/none"),
    ]
    here.put("/feed", rss(*items), "text/xml")
    here.put("/quay", PAGE.format(title="Quay", body=body(FIRST)))
    here.put("/relative", PAGE.format(title="Report", body=body(SECOND)))
    quay, no_link, relative, none = fetched_all(f"{here.url}/feed")
    assert read(quay.load()).text == FIRST and read(relative.load()).text == SECOND
    alone = read(no_link.load())
    assert (alone.text, alone.key, alone.url) == (FIRST, f"{here.url}/feed#7", None)
    assert (alone.verdict.kind, alone.published) == ("partial", None)
    with pytest.raises(FormatError, match="/none answers 404"):
        none.load()


def test_a_title_has_no_markup() -> None:
    for title, plain in (("<![CDATA[<b>Rome</b> &amp; Bern]]>", "Rome & Bern"), ("5 &lt; 6", "5 < 6")):
        (entry,) = feeds.read_feed(
            rss(f"<title>{title}</title><description>{FIRST}</description>").encode(), name="a"
        ).entries
        assert read(Original(entry.row, "a", parse=feeds.read)).title == entry.said.title == plain


def test_whatever_a_malformed_feed_makes_the_parser_stumble_on_is_told() -> None:
    for malformed in (b"<feed><entry><summary/><link></entry></link></rss>", b"<rss><![CDATA["):
        with pytest.raises(FormatError, match="no feed that can be read"):
            feeds.read_feed(malformed, name="a")
    (entry,) = feeds.read_feed(rss("<title>x</title><description/><content:encoded/>").encode(), name="a").entries
    assert entry.said.paragraphs == ()
    with pytest.raises(FormatError, match="more than 10 MB"):
        feeds.read_feed(b"<rss>" + b" " * 10_000_000, name="a")


def test_whole_and_cut_entries(here: Site) -> None:
    def item(content: str) -> str:
        return f"{linked('The quay closes.')}<content:encoded><![CDATA[{content}]]></content:encoded>"

    (whole,) = feeds.read_feed(rss(item(body(FIRST, SECOND))).encode(), name="a").entries
    (cut,) = feeds.read_feed(rss(item(body(FIRST, SECOND[:-9] + " […]"))).encode(), name="a").entries
    (long,) = feeds.read_feed(rss(linked(body(*[FIRST] * 30))).encode(), name="a").entries
    assert (whole.is_whole, cut.is_whole, long.is_whole) == (True, False, True)


@pytest.mark.parametrize(
    ("page", "kind", "why"),
    [
        (rss(), "application/rss+xml", "a feed without entries"),
        (rss(linked("x"))[:120], "application/rss+xml", "no feed that can be read"),
        (NEWS[:-20], "text/xml", "no sitemap that can be read"),
        ("<html><body><nav>Subscribe</nav></body></html>", "text/html", "no article text"),
        (gzip.compress(NEWS.encode())[:-9], "application/gzip", "cut off"),
        (gzip.compress(b" " * 60_000_000), "application/gzip", "unpacks to more than 50 MB"),
    ],
)
def test_what_is_no_feed_or_an_empty_one_is_told(here: Site, page: str | bytes, kind: str, why: str) -> None:
    here.put("/feed", page, kind)
    (source,) = fetched_all(f"{here.url}/feed")
    with pytest.raises(FormatError, match=why):
        read(source.load())


def test_a_news_sitemap_leads_to_its_pages_and_says_what_they_do_not(here: Site) -> None:
    here.put("/news.xml.gz", gzip.compress(NEWS.replace("SITE", here.url).encode()), "application/x-gzip")
    here.put("/quay", f"<html><body><article>{body(FIRST, SECOND)}</article></body></html>")
    index = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>SITE/{}</loc></sitemap></sitemapindex>"
    here.put("/index.xml", index.format("news.xml.gz"), "text/xml")
    here.put("/outer.xml", index.format("index.xml"), "text/xml")
    for path in ("/news.xml.gz", "/index.xml"):
        (article,) = articles_at(here, path)
        assert (article.text, article.title) == (f"{FIRST}\n\n{SECOND}", "Norvik closes its quay")
        assert (article.publisher, article.published) == ("The Norvik Post", date(2024, 3, 5))
        assert article.url == f"{here.url}/quay" and article.verdict.kind == "complete"
    with pytest.raises(FormatError, match="index within an index"):
        articles_at(here, "/outer.xml")


def test_a_page_that_has_nothing_of_its_announced_title_is_a_part(here: Site) -> None:
    here.put("/news.xml", NEWS, "text/xml")
    home = "Welcome to our harbour town, where fishermen have sold mackerel every morning since 1820."
    here.put("/quay", f"<html><body><article>{body(home)}</article></body></html>")
    (article,) = articles_at(here, "/news.xml")
    assert article.verdict.kind == "complete"  # too short a title to tell
    here.put("/news.xml", NEWS.replace("its quay", "damaged quay because pillars cracked"), "text/xml")
    (article,) = articles_at(here, "/news.xml")
    assert article.verdict.kind == "partial" and "title shares no word" in article.verdict.reason


def test_robots_are_heeded_where_a_feed_leads(here: Site) -> None:
    here.put("/robots.txt", "User-agent: *\nDisallow: /private/*.html\n", "text/plain")
    here.put("/feed", rss(linked("x", path="/private/a.html"), linked("x", path="/quay")), "application/rss+xml")
    here.put("/quay", PAGE.format(title="Quay", body=body(FIRST)))
    private, quay = fetched_all(f"{here.url}/feed")
    with pytest.raises(FormatError, match="not for robots"):
        private.load()
    assert read(quay.load()).text == FIRST
    assert "/private/a.html" not in here.paths()


def test_a_public_feed_does_not_lead_into_the_own_network(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.feeds.entries.is_public", lambda address: True)
    here.put(
        "/feed", rss(f"<title>Inside</title><link>{here.url.replace('127.0.0.1', 'localhost')}/a</link>"), "text/xml"
    )
    (source,) = fetched_all(f"{here.url}/feed")
    with pytest.raises(FormatError, match="port|no public address"):
        source.load()


def test_feeds_and_sitemaps_in_files(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(factories.packed({"feed.xml": rss(linked(FIRST)), "sitemap.xml": NEWS, "empty.rss": rss()}))
    entry, sitemap, empty = sources_of(file)
    article = read(entry.load())
    assert (article.text, article.verdict.kind, article.kind) == (FIRST, "partial", "wire")
    for source, why in ((sitemap, "is a sitemap"), (empty, "without entries")):
        with pytest.raises(FormatError, match=why):
            source.load()


def test_entities_of_a_sitemap_are_not_resolved() -> None:
    bomb = (
        '<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>https://x.org/&b;</loc></url></urlset>'
    )
    assert all("aaaa" not in entry.url for entry in sitemaps.read(bomb.encode(), name="a").entries)


def test_a_mark_changes_with_what_is_said() -> None:
    def mark(*changed: str) -> str:
        (entry,) = feeds.read_feed(rss(linked(*changed)).encode(), name="a").entries
        return entry.mark

    assert mark("x") == mark("x") != mark("y")


def test_the_page_of_a_feed_is_no_article() -> None:
    from service.fetching import Page, original_of

    with pytest.raises(FormatError, match="pullquote add"):
        original_of(Page(rss().encode(), "https://x.org/feed", "application/rss+xml", None), origin="")
    assert isinstance(original_of(Page(b"<p>", "https://x.org/a", "text/html", None), origin=""), Original)
