"""What one speaker said across all articles, over HTTP."""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import make_article, serving


@pytest.fixture
def archive(fake: Services) -> Iterator[httpx.Client]:
    """Three articles that cite Ann Cole by three names, and one that cites somebody else."""
    for number, (text, day, publisher) in enumerate(
        [
            ("Mayor Ann Cole said that wages must rise. It rained. Cole said that rents are too high.", 3, "Herald"),
            ("“Wages are low,” Mayor Cole said on Monday.", 1, "Herald"),
            ("Cole said that the bridge is safe.", 2, "Post"),
            ("Bob Lind said that wages are fine.", 4, "Post"),
        ]
    ):
        article = make_article(text, key=str(number), published=date(2026, 3, day), publisher=publisher)
        fake.ingester.add(article)
    with serving(create_app(Settings(), fake)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def test_speakers_are_listed_once_with_their_names_and_articles(archive: httpx.Client) -> None:
    listed = archive.get("/v1/speakers").json()
    assert listed["next_cursor"] is None
    cole, lind = listed["speakers"]
    assert (cole["id"], cole["name"], cole["times"], cole["article_ids"]) == ("ann-cole", "Ann Cole", 4, [1, 2, 3])
    assert set(cole["aliases"]) <= {"Mayor Cole", "Cole", "Mayor Ann Cole"} and lind["name"] == "Bob Lind"
    assert [each["id"] for each in archive.get("/v1/speakers", params={"q": "lin"}).json()["speakers"]] == []
    assert [each["id"] for each in archive.get("/v1/speakers", params={"q": "lind"}).json()["speakers"]] == ["bob-lind"]


def test_speakers_come_in_pages(archive: httpx.Client) -> None:
    first = archive.get("/v1/speakers", params={"limit": 1}).json()
    second = archive.get("/v1/speakers", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [each["id"] for each in first["speakers"] + second["speakers"]] == ["ann-cole", "bob-lind"]
    assert second["next_cursor"] is None


def test_all_that_a_speaker_said_comes_by_day_and_as_it_stands(archive: httpx.Client) -> None:
    said = archive.get("/v1/speakers/ann-cole").json()
    assert [each["published"] for each in said["sayings"]] == ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-03"]
    for each in said["sayings"]:
        cited = each["citation"]
        article = archive.get(f"/v1/articles/{cited['article_id']}").json()
        assert article["text"][cited["start"] : cited["end"]] == each["text"]
        assert "Cole said" in each["text"] and "rained" not in each["text"]


def test_sayings_come_in_pages(archive: httpx.Client) -> None:
    texts, cursor = [], ""
    while cursor is not None:
        page = archive.get("/v1/speakers/ann-cole", params={"limit": 3, "cursor": cursor}).json()
        texts += [each["text"] for each in page["sayings"]]
        cursor = page["next_cursor"]
    assert len(texts) == len(set(texts)) == 4
    assert archive.get("/v1/speakers/ann-cole", params={"cursor": "x"}).status_code == 422


def test_sayings_are_narrowed_by_topic_publisher_and_day(archive: httpx.Client) -> None:
    def texts(**narrowed: str) -> list[str]:
        return [each["text"] for each in archive.get("/v1/speakers/ann-cole", params=narrowed).json()["sayings"]]

    assert texts(publisher="Post") == ["Cole said that the bridge is safe."]
    assert len(texts(published_from="2026-03-02")) == 3
    assert texts(q="bridge") == ["Cole said that the bridge is safe."]
    assert texts(q="weather") == []


def test_an_unknown_speaker_is_not_found(archive: httpx.Client) -> None:
    assert archive.get("/v1/speakers/nobody").status_code == 404


def test_the_speakers_of_an_article_have_ids(archive: httpx.Client) -> None:
    (speaker,) = archive.get("/v1/articles/2/speakers").json()["speakers"]
    assert speaker["id"] == "ann-cole"


def test_all_on_a_topic_comes_by_day_and_in_pages(archive: httpx.Client, fake: Services) -> None:
    for number in range(10):
        text = f"Cole said that the wage of worker {number} must rise."
        fake.ingester.add(
            make_article(text, key=f"w{number}", title=f"Talks {number}", published=date(2026, 4, 20 - number))
        )
    fake.ingester.add(make_article("Cole said that the bridge will rise.", key="x", title="Wages", publisher="Post"))
    texts, cursor = [], ""
    while cursor is not None:
        params = {"q": "the wages rising", "sort": "published", "limit": 4, "cursor": cursor}
        page = archive.get("/v1/speakers/ann-cole", params=params).json()  # type: ignore[arg-type]
        assert len(page["sayings"]) <= 4
        texts += [each["text"] for each in page["sayings"]]
        cursor = page["next_cursor"]
    assert texts[2:] == [
        *(f"Cole said that the wage of worker {number} must rise." for number in range(9, -1, -1)),
        "Cole said that the bridge will rise.",
    ]
    assert texts[0] == "Mayor Ann Cole said that wages must rise."
    narrowed = {"q": "wages", "sort": "published", "publisher": "post"}
    assert len(archive.get("/v1/speakers/ann-cole", params=narrowed).json()["sayings"]) == 1
    for topic, count in (("zebras", 0), ("of the", 15)):
        found = archive.get("/v1/speakers/ann-cole", params={"q": topic, "sort": "published"}).json()["sayings"]
        assert len(found) == count, topic
