"""Correcting what is known of an article, and removing several: on both engines, and over HTTP."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import httpx
import pytest

from index.editing import edit
from index.embedding import Vectors
from index.errors import ArticleError, NotFoundError
from index.ingest import Ingester
from index.store.base import Store
from index.types import Filters, Span
from service.answering.verification.resolve import resolve
from service.assembly import Services
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import WordEmbedder, make_article, serving

TEXT = "The mayor counted 14 zebras. Ann Cole said that it rains."


class Counting(WordEmbedder):
    """An embedder that knows how many texts it has embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = 0

    def encode_passages(self, texts: object) -> Vectors:
        self.texts += len(list(texts))  # type: ignore[call-overload]
        return super().encode_passages(texts)  # type: ignore[arg-type]


@pytest.fixture
def embedder() -> Counting:
    return Counting()


@pytest.fixture
def ingester(either_store: Store, embedder: Counting) -> Ingester:
    ingester = Ingester(either_store, embedder)
    ingester.add(make_article(TEXT, key="https://x.org/a", url="https://x.org/a", title="Zoo", publisher="The Post"))
    ingester.add(make_article("It snowed in Oslo.", key="file:///b.txt", title="Snow", origin="file:///b.txt"))
    return ingester


def test_an_edit_is_a_new_version_of_the_same_text(ingester: Ingester, embedder: Counting) -> None:
    store, before = ingester.store, ingester.store.article(1)
    passages, said, embedded = store.passages(1), store.attributions(1), embedder.texts
    changes = {"author": " Bo  Lind ", "publisher": None, "published": date(2026, 3, 2)}
    assert edit(ingester, 1, changes) == (1, 2, "replaced")
    now = store.article(1)
    assert replace(now, author=None, publisher="The Post", published=None, version=1) == before
    assert (now.author, now.publisher, now.published) == ("Bo Lind", None, date(2026, 3, 2))
    assert (store.passages(1), store.attributions(1), embedder.texts) == (passages, said, embedded)
    assert resolve(store, article_id=1, sha256=before.sha256, span=Span(4, 28)).status == "current"
    assert store.check() == []


def test_what_does_not_differ_makes_no_version(ingester: Ingester) -> None:
    assert edit(ingester, 1, {"title": "Zoo", "publisher": "The Post", "author": "  "}) == (1, 1, "unchanged")
    assert edit(ingester, 1, {}) == (1, 1, "unchanged")


def test_a_new_title_is_searched_by_and_the_old_one_is_not(ingester: Ingester, embedder: Counting) -> None:
    store, embedded = ingester.store, embedder.texts
    assert edit(ingester, 1, {"title": "Savanna"}).version == 2
    assert embedder.texts == embedded + len(store.passages(1))
    for word, found in (("savanna", 1), ("zoo", 0), ("zebras", 1)):
        vector = embedder.encode_query(word)
        assert len(store.search(vector, [word], k=5, filters=Filters()).lexical) == found, word
    best, *_ = store.search(embedder.encode_query("Savanna " + TEXT), [], k=5, filters=Filters()).dense
    assert best[1] > 0.99
    assert resolve(store, article_id=1, sha256=store.article(1).sha256, span=Span(4, 28)).status == "current"
    assert store.check() == []


def test_a_title_that_is_cleared_is_derived_from_the_text(ingester: Ingester) -> None:
    edit(ingester, 1, {"title": None})
    article = ingester.store.article(1)
    assert article.title == TEXT and not article.title_given


def test_an_old_citation_survives_a_new_text_after_an_edit(ingester: Ingester) -> None:
    old = ingester.store.article(1)
    edit(ingester, 1, {"publisher": "Daily Rain"})
    ingester.add(replace(old, text=f"CORRECTED. {old.text}", id=0, version=0))
    moved = resolve(ingester.store, article_id=1, sha256=old.sha256, span=Span(4, 28))
    assert moved.status == "moved" and moved.span == Span(15, 39)


def test_an_article_is_known_by_its_new_address_and_a_file_by_its_path(ingester: Ingester) -> None:
    edit(ingester, 1, {"url": "https://x.org/b"})
    edit(ingester, 2, {"url": "https://x.org/snow"})
    keys = [ingester.store.article(each).key for each in (1, 2)]
    assert keys == ["https://x.org/b", "file:///b.txt"]
    edit(ingester, 1, {"url": None})
    assert ingester.store.article(1).url is None
    ingester.add(make_article("It hailed.", key="https://x.org/c", url="https://x.org/c"))
    edit(ingester, 3, {"url": "https://x.org/d"})
    with pytest.raises(ArticleError, match="Another article has the address"):
        edit(ingester, 3, {"url": "https://x.org/b"})
    with pytest.raises(ArticleError, match="url"):
        edit(ingester, 1, {"url": "javascript:alert(1)"})
    with pytest.raises(NotFoundError):
        edit(ingester, 99, {"title": "Nothing"})


def test_what_another_wrote_meanwhile_is_not_undone(ingester: Ingester, monkeypatch: pytest.MonkeyPatch) -> None:
    store, old = ingester.store, ingester.store.article(1)
    embed = ingester.embed

    def slowly(batch: object) -> object:
        monkeypatch.setattr(ingester, "embed", embed)
        ingester.add(replace(old, text="The mayor counted 15 zebras.", id=0, version=0))
        return embed(batch)  # type: ignore[arg-type]

    monkeypatch.setattr(ingester, "embed", slowly)
    assert edit(ingester, 1, {"title": "Savanna"}) == (1, 3, "replaced")
    assert (store.article(1).text, store.article(1).title) == ("The mayor counted 15 zebras.", "Savanna")
    assert store.check() == []


@pytest.fixture
def http(fake: Services) -> Iterator[httpx.Client]:
    fake.ingester.add(make_article(TEXT, key="a", title="Zoo", publisher="The Post", published=date(2026, 3, 2)))
    fake.ingester.add(make_article("It snowed in Oslo.", key="b", title="Snow", publisher="The Postman"))
    fake.ingester.add(make_article("It rained in Rome.", key="c", title="Rain", publisher="Post and Rail"))
    settings = Settings(admin_keys=("k",))
    with serving(create_app(settings, fake)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


KEY = {"Authorization": "Bearer k"}


def test_an_article_is_corrected_over_http(http: httpx.Client) -> None:
    assert http.patch("/v1/articles/1", json={"title": "Savanna"}).status_code == 403
    done = http.patch("/v1/articles/1", json={"title": "Savanna", "published": None}, headers=KEY)
    assert done.status_code == 200
    told = {name: done.json()[name] for name in ("id", "version", "status", "title", "published", "publisher")}
    assert told == {
        "id": 1,
        "version": 2,
        "status": "replaced",
        "title": "Savanna",
        "published": None,
        "publisher": "The Post",
    }
    again = http.patch("/v1/articles/1", json={"title": "Savanna"}, headers=KEY).json()
    assert (again["version"], again["status"]) == (2, "unchanged")
    assert http.get("/v1/articles/1").json()["text"] == TEXT
    for body, status in (({"text": "No."}, 422), ({"published": "soon"}, 422), ({"url": "ftp://x"}, 422)):
        assert http.patch("/v1/articles/1", json=body, headers=KEY).status_code == status
    assert http.patch("/v1/articles/99", json={"title": "x"}, headers=KEY).status_code == 404


@pytest.mark.parametrize("url", ["", " ", "https://x.org/a", " https://x.org/a "])
def test_the_document_allows_what_clears_an_address(http: httpx.Client, url: str) -> None:
    assert http.patch("/v1/articles/1", json={"url": url}, headers=KEY).status_code == 200
    edit = http.get("/openapi.json").json()["components"]["schemas"]["ArticleEdit"]["properties"]["url"]
    assert re.search(edit["anyOf"][0]["pattern"], url) and not re.search(edit["anyOf"][0]["pattern"], "ftp://x")


def test_several_articles_are_removed_at_once(http: httpx.Client) -> None:
    assert http.post("/v1/articles/remove", json={"ids": [1]}).status_code == 403
    done = http.post("/v1/articles/remove", json={"ids": [1, 3, 3, 99]}, headers=KEY)
    assert done.json() == {"removed": [1, 3], "missing": [99]}
    assert [each["id"] for each in http.get("/v1/articles").json()["articles"]] == [2]
    assert http.post("/v1/articles/remove", json={"ids": []}, headers=KEY).status_code == 422


def test_the_list_is_searched_sorted_and_goes_on(http: httpx.Client) -> None:
    def listed(**asked: object) -> list[str]:
        cursor, titles = "", []
        while cursor is not None:
            page = http.get("/v1/articles", params={**asked, "limit": 1, "cursor": cursor}).json()  # type: ignore[dict-item]
            titles += [each["title"] for each in page["articles"]]
            cursor = page["next_cursor"]
        assert page["total"] == len(titles)
        return titles

    assert listed() == ["Zoo", "Snow", "Rain"]
    assert listed(sort="title") == ["Rain", "Snow", "Zoo"]
    assert listed(sort="-added") == ["Rain", "Snow", "Zoo"]
    assert listed(sort="-published") == ["Zoo", "Rain", "Snow"]
    assert listed(q="oslo") == ["Snow"]
    assert listed(publisher=["the post", "the postman"], sort="-publisher") == ["Snow", "Zoo"]
    assert listed(published_from="2026-03-01") == ["Zoo"]
    assert listed(kind="pdf") == []
    first = http.get("/v1/articles", params={"sort": "title", "limit": 1}).json()["next_cursor"]
    for wrong in ({"cursor": first}, {"cursor": "x"}, {"cursor": "²"}, {"sort": "size"}, {"kind": "fax"}):
        assert http.get("/v1/articles", params=wrong).status_code == 422, wrong  # type: ignore[arg-type]


def test_publishers_are_suggested_by_a_part_of_their_names(http: httpx.Client) -> None:
    assert http.get("/v1/publishers", params={"q": "post"}).json() == {
        "publishers": [
            {"name": "Post and Rail", "articles": 1},
            {"name": "The Post", "articles": 1},
            {"name": "The Postman", "articles": 1},
        ],
        "total": 3,
    }
    assert http.get("/v1/publishers", params={"q": "ostm"}).json()["total"] == 1
    archive = http.get("/v1/archive").json()
    assert (archive["articles"], archive["publishers"], archive["first_day"]) == (3, 3, "2026-03-02")
