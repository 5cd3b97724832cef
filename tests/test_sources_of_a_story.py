"""The same words from two publishers, what is only a part, and what may not be quoted yet."""

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.store.sqlite.store import SqliteStore
from index.types import Verdict
from service.answering.quoting.copies import first_published
from service.answering.reading.simple_reader import SimpleReader
from service.assembly import Services, assemble
from service.commands.app import main
from service.http.app import create_app
from service.http.plain_text import plain_text
from service.http.schemas.asking import AnswerOut
from service.settings import Settings
from tests.conftest import WordEmbedder, make_article

SHORT = "Rome closed the Milvian bridge on Monday."
LONG = " ".join(f"{SHORT[:-1]}, engineer number {word} said." for word in "one two three four five six".split())
DAY = date(2024, 5, 6)


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_the_same_text_of_two_publishers_is_two_sources_of_one_story(fake: Services, text: str) -> None:
    wire = make_article(text, key="https://wire.example/1", publisher="The Wire", published=DAY)
    post = make_article(text, key="https://post.example/1", publisher="The Post", published=DAY + timedelta(days=1))
    ids = [fake.ingester.add(each).id for each in (post, wire)]
    assert ids[0] != ids[1] and fake.store.near_duplicates(ids[0]) == [ids[1]]
    answer = fake.answerer.ask("Which bridge was closed on Monday?")
    (quote, *others) = answer.quotes or answer.nearest
    named = {each.publisher for each in (quote.article, *(copy.article for copy in quote.copies))}
    assert named == {"The Wire", "The Post"} and not any(each.text == quote.text for each in others)
    first = first_published(quote)
    assert first is not None and first.publisher == "The Wire"
    shown = AnswerOut.of(answer)
    (out, *_) = shown.quotes or shown.nearest
    marked = {out.source.publisher: out.published_first, out.copies[0].source.publisher: out.copies[0].published_first}
    assert marked == {"The Wire": True, "The Post": False}


def test_the_same_text_of_one_publisher_is_one_article(fake: Services) -> None:
    for publisher in ("The Wire", "THE WIRE", None):
        stored = fake.ingester.add(make_article(SHORT, key=f"https://wire.example/{publisher}", publisher=publisher))
        assert stored.id == 1
    assert fake.store.counts().articles == 1


def test_of_two_on_one_day_none_is_first(fake: Services) -> None:
    for publisher in ("The Wire", "The Post"):
        fake.ingester.add(
            make_article(SHORT, key=f"https://{publisher[4:]}.example/1", publisher=publisher, published=DAY)
        )
    answer = fake.answerer.ask("Which bridge was closed on Monday?")
    assert all(first_published(each) is None for each in (*answer.quotes, *answer.nearest))


def test_every_quote_of_a_part_says_so(fake: Services) -> None:
    article = replace(
        make_article(LONG), verdict=Verdict("partial", "it ends early"), warnings=("A claim in it is false.",)
    )
    fake.ingester.add(article)
    assert (
        fake.store.article(1).verdict == article.verdict and fake.store.articles(limit=1)[0].verdict == article.verdict
    )
    answer = fake.answerer.ask("Which bridge was closed on Monday?")
    shown = AnswerOut.of(answer)
    told = ["Only a part of the article was read: it ends early.", "A claim in it is false."]
    assert [each.warnings for each in (*shown.quotes, *shown.nearest)] == [told] * (
        len(shown.quotes) + len(shown.nearest)
    )
    assert all(each in plain_text(answer, "") for each in told)


def test_nothing_under_embargo_is_quoted(fake: Services) -> None:
    later, before = (datetime.now(UTC) + timedelta(days=days) for days in (1, -1))
    fake.ingester.add(replace(make_article(LONG, key="https://a.example/1"), embargo=later))
    answer = fake.answerer.ask("Which bridge was closed on Monday?")
    assert not answer.quotes and not answer.nearest
    fake.ingester.add(replace(make_article(LONG, key="https://a.example/1"), embargo=before))
    answer = fake.answerer.ask("Which bridge was closed on Monday?")
    assert answer.quotes or answer.nearest


def test_a_reply_tells_the_verdict(fake: Services) -> None:
    client = TestClient(create_app(Settings(), fake))
    page = "<html><head><title>Norvik</title></head><body><article><p>{}</p></article></body></html>"
    cut = f"{LONG} The ferry company, which has run four ships between Norvik and the islands since the"
    stored = client.post("/v1/articles", json={"html": page.format(cut)}).json()
    assert stored["verdict"] == "partial" and "middle of a sentence" in stored["warnings"][0]
    wall = client.post(
        "/v1/articles", json={"html": page.format("Please enable JavaScript in your browser to view this page.")}
    )
    assert wall.status_code == 422 and "holds no article text" in wall.json()["detail"]


def test_adding_ends_with_what_was_read(
    folder: Path, words: WordEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["pullquote", *arguments])
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()), pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0), out.getvalue()

    page = "<html><head><title>Norvik</title></head><body><article><p>{}</p></article></body></html>"
    (tmp_path / "part.html").write_text(page.format(f"{SHORT} The ferry company, which has run four ships since the"))
    (tmp_path / "wall.html").write_text(page.format("Please enable JavaScript in your browser to view this page."))
    (tmp_path / "whole.html").write_text(page.format(LONG), encoding="utf-8")
    monkeypatch.setattr("service.assembly.assemble", partial(assemble, embedder=words, reader=SimpleReader(words)))
    monkeypatch.setattr(os, "nice", lambda _: 0)
    for name, value in (("STORE", f"file:{folder}"), ("ATTRIBUTION_MODEL", "rules"), ("STANCE_MODEL", "none")):
        monkeypatch.setenv(f"PULLQUOTE_{name}", value)
    code, out = run("add", *map(str, sorted(tmp_path.glob("*.html"))), "--json")
    told = json.loads(out)
    assert code == 1 and told["verdicts"] == {"complete": 1, "partial": 1, "no_article": 1}
    assert [each["verdict"] for each in told["files"]] == ["partial", "no_article", "complete"]
    code, out = run("add", str(tmp_path / "part.html"))
    assert code == 0 and "parts of articles\t1\t0" in out
    code, out = run("check", "--extraction")
    assert code == 0 and "it ends in the middle of a sentence" in out
    assert "1 article of which only a part was read." in out
    assert json.loads(run("check", "--extraction", "--json")[1])[0]["kind"] == "partial"


def test_an_older_store_is_brought_up(store: SqliteStore) -> None:
    with store._database.reading() as connection:  # noqa: SLF001
        columns = {row["name"] for row in connection.execute("PRAGMA table_info(articles)")}
    assert {"partial", "warnings", "rights", "embargo"} <= columns
