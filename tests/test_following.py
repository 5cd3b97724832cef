"""Following feeds with a real server and a real store: politely, across restarts and outages."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from index.formats.collected.source import Source
from index.pipeline import Outcome, add_all
from index.store.base import Store
from service.assembly import Services
from service.commands.adding import Summary
from service.commands.following import FeedWatch
from service.commands.watching import watch
from service.feeds import following, politeness, schedule
from service.feeds.following import Followed
from service.feeds.schedule import after_failure, retry_after, until_next
from tests.site import Site, site

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Norvik Post</title>{head}{items}</channel></rss>'
NAMES = ("Anna", "Bo", "Cara", "Dag")


def entry(number: int, said: str = "") -> str:
    return f"<item><title>Bridge {number}</title><link>SITE/{number}</link><description>{said}</description></item>"


def feed(*entries: str, head: str = "") -> str:
    return RSS.format(head=head, items="".join(entries))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(politeness, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(schedule, "SMALLEST_SECONDS", 0.0)
    monkeypatch.setattr(schedule, "USUAL_SECONDS", 0.0)
    with site() as running:
        for number, name in enumerate(NAMES):
            text = f"Rome has {number} bridges over the river, {name} said on Monday, and all of them are closed."
            page = (
                f"<html><head><title>Bridge {number}</title></head><body><article><p>{text}</p></article></body></html>"
            )
            running.put(f"/{number}", page)
        running.put("/feed", feed(entry(0), entry(1)), "application/rss+xml", ETag='"1"')
        yield running


def watching(services: Services, here: Site, *paths: str) -> FeedWatch:
    return FeedWatch(services, [here.url + path for path in paths or ("/feed",)], console=Console(quiet=True))


def polled(feeds: FeedWatch) -> Summary:
    """Return what came of one round; empty where nothing did."""
    return next(feeds.due(), Summary())


def counts(summary: Summary) -> dict[str, int]:
    return {status: number for status, number in summary.counts.items() if number}


def test_what_is_new_is_fetched_once(fake: Services, here: Site) -> None:
    feeds = watching(fake, here)
    assert counts(polled(feeds)) == {"added": 2}
    assert here.paths() == ["/feed", "/0", "/1"]
    assert counts(polled(feeds)) == {} and here.paths() == ["/feed"]
    here.put("/feed", feed(entry(2), entry(0)), "application/rss+xml", ETag='"2"')
    assert counts(polled(feeds)) == {"added": 1} and here.paths() == ["/feed", "/2"]
    here.put("/feed", feed(entry(2, "More is known."), entry(0)), "application/rss+xml", ETag='"3"')
    assert counts(polled(feeds)) == {} and here.paths() == ["/feed", "/2"]
    assert fake.store.counts().articles == 3  # what is no longer listed stays


def test_requests_are_conditional_and_say_who_asks(fake: Services, here: Site) -> None:
    here.put("/feed", feed(entry(0)), "text/xml", ETag='W/"a"', Last_Modified="Mon, 06 May 2024 10:00:00 GMT")
    feeds = watching(fake, here)
    polled(feeds)
    here.asked.clear()
    polled(feeds)
    ((_, asked),) = here.asked  # robots.txt is known for a day
    assert asked["if-none-match"] == 'W/"a"' and asked["if-modified-since"] == "Mon, 06 May 2024 10:00:00 GMT"
    assert asked["user-agent"].startswith("pullquote (+https://")


def test_a_restart_goes_on_where_it_was(fake: Services, here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    polled(watching(fake, here))
    here.paths()
    assert counts(polled(watching(fake, here))) == {} and here.paths() == ["/feed"]  # a conditional request
    monkeypatch.setattr(schedule, "SMALLEST_SECONDS", 300.0)
    polled(watching(fake, here))
    here.paths()
    assert counts(polled(watching(fake, here))) == {} and here.paths() == []  # its time has not come


def test_an_interrupted_round_is_gone_on_with_at_once(
    fake: Services, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "SMALLEST_SECONDS", 300.0)

    def stopped(sources: Iterator[Source]) -> Iterator[Outcome]:
        yield next(add_all(fake.ingester, itertools.islice(sources, 1)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Followed(fake.store, f"{here.url}/feed", politeness.Polite()).poll(stopped)
    here.paths()
    assert counts(polled(watching(fake, here))) == {"added": 1} and here.paths() == ["/feed", "/1"]


def test_an_outage_is_told_and_what_was_missed_comes_later(fake: Services, here: Site) -> None:
    feeds = watching(fake, here)
    whole = here.answers["/feed"]
    here.put("/feed", status=503)
    summary = polled(feeds)
    assert counts(summary) == {"failed": 1}
    assert "answers 503" in summary.results[0]["reason"] and "It is asked again at" in summary.results[0]["reason"]
    feeds = watching(fake, here)  # the host asked for a pause, which a new process does not know of
    here.answers["/feed"] = whole
    here.put("/1", status=500)
    assert counts(polled(feeds)) == {"added": 1, "failed": 1}
    here.put("/1", "<html><body><article><p>Bern has 18 bridges, Anna said on Monday.</p></article></body></html>")
    here.paths()
    assert counts(polled(feeds)) == {"added": 1} and here.paths() == ["/feed", "/1"]
    here.put("/feed", "<html><body>Back soon</body></html>")
    assert "is no feed, but text/html" in polled(feeds).results[0]["reason"]
    here.answers["/feed"] = whole
    assert counts(polled(feeds)) == {} and fake.store.counts().articles == 2


def test_a_host_that_cannot_be_reached_is_asked_again(fake: Services) -> None:
    with site() as gone:
        pass
    feeds = FeedWatch(fake, [f"{gone.url}/feed"], console=Console(quiet=True))
    summary = polled(feeds)
    assert counts(summary) == {"failed": 1} and "asked again" in summary.results[0]["reason"]
    assert counts(polled(feeds)) == {}  # not before its time


def test_a_move_for_good_is_remembered_and_one_for_now_is_not(fake: Services, here: Site) -> None:
    here.put("/old", status=301, Location="/feed")
    here.put("/now", status=302, Location="/feed")
    feeds = watching(fake, here, "/old", "/now")
    list(feeds.due())
    here.paths()
    list(watching(fake, here, "/old", "/now").due())
    assert here.paths() == ["/feed", "/now", "/feed"]


def test_a_move_to_what_is_no_feed_is_not_followed(fake: Services, here: Site) -> None:
    feeds = watching(fake, here)
    polled(feeds)
    whole = here.answers["/feed"]
    here.put("/feed", status=301, Location="/0")
    assert counts(polled(feeds)) == {"failed": 1}
    here.answers["/feed"] = whole
    here.paths()
    polled(watching(fake, here))
    assert here.paths() == ["/feed"]


@pytest.mark.parametrize(
    ("page", "kind", "status", "why"),
    [
        ("", "text/html", 410, "is gone (410)"),
        ("", "text/html", 404, "answers 404"),
        ("<html><body>Hello</body></html>", "text/html", 200, "is no feed, but text/html. Give the address"),
        ("<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head></html>", "text/html", 200,
         "Its feed may be SITE/feed."),
    ],
)  # fmt: skip
def test_what_is_gone_or_never_was_a_feed_is_not_followed(
    fake: Services, here: Site, page: str, kind: str, status: int, why: str
) -> None:
    here.put("/other", page, kind, status=status)
    feeds = watching(fake, here, "/other")
    passes = list(feeds.passes())  # ends by itself
    assert why.replace("SITE", here.url) in passes[0].results[0]["reason"]
    assert "asked again" not in passes[0].results[0]["reason"]


def test_a_feed_that_is_gone_after_years_ends_too(fake: Services, here: Site) -> None:
    feeds = watching(fake, here)
    polled(feeds)
    here.put("/feed", status=410)
    (summary,) = list(feeds.passes())
    assert "is not followed any more" in summary.results[0]["reason"]
    assert fake.store.counts().articles == 2


def test_robots_txt_is_heeded_and_one_that_fails_forbids_for_now(fake: Services, here: Site) -> None:
    here.put("/robots.txt", status=500)
    feeds = watching(fake, here)
    reason = polled(feeds).results[0]["reason"]
    assert "robots.txt answers 500" in reason and "asked again" in reason
    here.put("/robots.txt", "User-agent: pullquote\nDisallow: /feed\n", "text/plain")
    reason = polled(watching(fake, here)).results[0]["reason"]
    assert "not for robots" in reason and "asked again" not in reason
    assert "/feed" not in here.paths()


def test_a_host_is_asked_with_pauses_and_left_alone_when_it_says_so(
    fake: Services, here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(politeness, "PAUSE_SECONDS", 0.2)
    began = time.monotonic()
    polled(watching(fake, here))
    assert time.monotonic() - began > 0.55  # robots.txt, the feed and two pages
    here.put("/feed", feed(entry(2), entry(3)), "text/xml")
    here.put("/2", status=429, Retry_After="120")
    here.paths()
    summary = polled(watching(fake, here))
    assert here.paths() == ["/feed", "/2"]
    assert ["answers 429" in each["reason"] or "asked for a pause" in each["reason"] for each in summary.results] == [
        True
    ] * 2


def test_a_feed_beside_a_folder(fake: Services, here: Site, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Oslo has 9 bridges.")
    feeds = watching(fake, here)
    passes = watch(fake, [str(tmp_path)], console=Console(quiet=True), between=feeds.due)
    assert [counts(next(passes)), counts(next(passes))] == [{"added": 1}, {"added": 2}]
    passes.close()  # type: ignore[attr-defined]


def test_an_index_of_sitemaps_is_followed_by_its_days(fake: Services, here: Site) -> None:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    inner = f"<urlset {space}>{{}}</urlset>"
    index = f"<sitemapindex {space}>" + "".join(
        f"<sitemap><loc>SITE/{name}.xml</loc><lastmod>2024-05-0{{{name}}}</lastmod></sitemap>" for name in "ab"
    )
    index += "</sitemapindex>"
    here.put("/a.xml", inner.format("<url><loc>SITE/0</loc></url>"), "text/xml")
    here.put("/b.xml", inner.format("<url><loc>SITE/1</loc></url>"), "text/xml")
    here.put("/index.xml", index.format(a=1, b=1), "text/xml")
    feeds = watching(fake, here, "/index.xml")
    assert counts(polled(feeds)) == {"added": 2}
    here.put("/b.xml", inner.format("<url><loc>SITE/1</loc></url><url><loc>SITE/2</loc></url>"), "text/xml")
    here.put("/index.xml", index.format(a=1, b=2), "text/xml")
    here.paths()
    assert counts(polled(feeds)) == {"added": 1} and here.paths() == ["/index.xml", "/b.xml", "/2"]


def test_no_more_is_remembered_than_the_limit(fake: Services, here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_MOST_SEEN", 1)
    polled(watching(fake, here))
    noted = json.loads(fake.store.note(f"feed {here.url}/feed"))
    assert len(noted["seen"]) == 1 and noted["etag"] == '"1"'


def test_notes_are_kept_by_any_store(either_store: Store) -> None:
    before = either_store.revision()
    assert either_store.note("feed x") == ""
    for value in ("1", "2"):
        either_store.set_note("feed x", value)
    assert either_store.note("feed x") == "2" and either_store.note("feed") == ""
    assert either_store.revision() == before and not either_store.check()


@pytest.mark.parametrize(
    ("headers", "every", "seconds"),
    [
        ({}, 0.0, 900),
        ({"cache-control": "public, max-age=60"}, 0.0, 300),
        ({"cache-control": 'max-age="1200", public', "age": "200"}, 0.0, 1_000),
        ({"cache-control": "max-age=600"}, 3_600.0, 3_600),
        ({"retry-after": "1800"}, 0.0, 1_800),
        ({"cache-control": "max-age=31536000"}, 0.0, 86_400),
        ({"cache-control": "no-cache"}, 60.0, 300),
    ],
)
def test_a_feed_is_asked_when_its_publisher_wants_it(headers: dict[str, str], every: float, seconds: float) -> None:
    assert until_next(headers, every=every) == seconds


def test_failures_are_further_and_further_apart() -> None:
    assert [after_failure({}, failures=number) for number in (1, 2, 3, 50)] == [300, 600, 1_200, 14_400]
    assert after_failure({"retry-after": "40000"}, failures=1) == 40_000
    assert retry_after({"retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"}) > 10**9
    assert retry_after({"retry-after": "soon"}, otherwise=7) == 7


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>90</ttl>", 5_400),
        ("<ttl>soon</ttl>", 0),
        ('<x:updatePeriod xmlns:x="http://purl.org/rss/1.0/modules/syndication/">hourly</x:updatePeriod>'
         '<x:updateFrequency xmlns:x="http://purl.org/rss/1.0/modules/syndication/">2</x:updateFrequency>', 1_800),
    ],
)  # fmt: skip
def test_a_feed_says_how_often_it_changes(head: str, seconds: float) -> None:
    from index.formats.newsroom.feeds import read_feed

    assert read_feed(feed(head=head).encode(), name="a").every == seconds


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_command_stops_cleanly(here: Site, folder: Path, end: signal.Signals) -> None:
    here.put("/robots.txt", "User-agent: *\nCrawl-delay: 30\n", "text/plain")  # it is stopped while it waits
    here.put(
        "/feed",
        feed("<item><title>Rome</title><description>Rome has 14 bridges.</description></item>", entry(0)),
        "text/xml",
    )
    environment = {**os.environ, "PULLQUOTE_STORE": f"file:{folder}", "PULLQUOTE_STANCE_MODEL": "none"}
    command = [sys.executable, "-m", "service", "add", "--watch", "--json", f"{here.url}/feed"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + 120
        while not here.asked and time.monotonic() < deadline and running.poll() is None:
            time.sleep(0.05)
        time.sleep(0.5)
        running.send_signal(end)
        _, said = running.communicate(timeout=20)
    assert (running.returncode, b"Traceback" in said) == (0, False), said
