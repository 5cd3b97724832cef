import sqlite3
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from index.annotator import Annotator
from index.attribution.naming.speakers import attribute
from index.attribution.rules import RuleTagger
from index.errors import NotFoundError
from index.ingest import Ingester, annotate_anew
from index.store.sqlite.store import SqliteStore
from index.text.sentences import split_sentences
from index.types import Annotations, Attribution, Filters, Span, Statement
from service.answering.quoting.speakers import (
    attributions_of,
    listed,
    said_by,
    said_by_or_naming,
    speaker_asked_about,
    with_attributions,
)
from service.answering.types import ScoredSpan
from service.assembly import Services
from tests.conftest import WordEmbedder, hit_of, make_article

TEXT = "The outlet Meduza reported that a guard said that it rains. Nobody saw the sun."


class LaterTagger(RuleTagger):
    """The rules, as if they were of a later version that finds nothing."""

    name = "rules-later"

    def tag(self, text: str, sentences: Sequence[Span]) -> list[Statement]:
        return []


def said(speaker: str, start: int, end: int, via: str | None = None) -> Attribution:
    return Attribution(speaker, Span(0, 3), Span(4, 7), (Span(start, end),), via)


def test_attributions_are_stored_with_the_article(store: SqliteStore, words: WordEmbedder) -> None:
    stored = Ingester(store, words).add(make_article(TEXT))
    outer, inner = store.attributions(stored.id)
    assert (outer.speaker, outer.via, inner.speaker, inner.via) == ("Meduza", None, "a guard", "Meduza")
    assert TEXT[slice(*inner.contents[0])] == "it rains."
    found = store.search(words.encode_query("rains"), ["rains"], k=1, filters=Filters())
    assert list(found.attributions.values()) == [(outer, inner)]
    with pytest.raises(NotFoundError):
        store.attributions(99)


def test_a_new_version_has_its_own_attributions_and_a_removed_article_none(
    store: SqliteStore, words: WordEmbedder, folder: Path
) -> None:
    ingester = Ingester(store, words)
    first = ingester.add(make_article(TEXT, key="k"))
    ingester.add(make_article("The mayor said that it snows.", key="k"))
    assert [each.speaker for each in store.attributions(first.id)] == ["the mayor"]
    store.remove(first.id)
    with sqlite3.connect(folder / "pullquote.sqlite3") as record:
        assert record.execute("SELECT count(*) FROM attributions").fetchone() == (0,)


def test_another_tagger_finds_anew_once(store: SqliteStore, words: WordEmbedder) -> None:
    stored = Ingester(store, words).add(make_article(TEXT))
    assert annotate_anew(store, Annotator(RuleTagger())) == 0
    assert annotate_anew(store, Annotator(LaterTagger()), stopped=lambda: True) == 0
    assert store.attributions(stored.id)
    assert annotate_anew(store, Annotator(LaterTagger())) == 1
    assert annotate_anew(store, Annotator(LaterTagger())) == 0
    assert store.attributions(stored.id) == []


def test_an_article_changed_meanwhile_keeps_its_own_attributions(store: SqliteStore, words: WordEmbedder) -> None:
    ingester = Ingester(store, words)
    stored = ingester.add(make_article(TEXT, key="k"))
    old = store.article(stored.id)
    ingester.add(make_article("The mayor said that it snows.", key="k"))
    store.annotate(old, Annotations("other"))
    assert [each.speaker for each in store.attributions(stored.id)] == ["the mayor"]


def test_a_store_of_the_first_format_is_brought_up_to_date(folder: Path, words: WordEmbedder) -> None:
    store = SqliteStore(folder)
    stored = Ingester(store, words).add(make_article(TEXT))
    store.close()
    with sqlite3.connect(folder / "pullquote.sqlite3") as record:
        record.executescript(
            "DROP TABLE furniture; DROP TABLE stances; DROP TABLE bands;"
            "DROP INDEX articles_by_origin; DROP INDEX articles_by_story;"
            "DROP INDEX articles_by_embargo; DROP INDEX articles_listed; DROP TABLE kept_quotes;"
            "DROP TABLE kept_answers; DELETE FROM meta WHERE name = 'seal';"
            + "".join(
                f"ALTER TABLE articles DROP COLUMN {name};"
                for name in ("pages", "origin", "original", "story", "partial", "warnings", "rights", "embargo", "kind")
            )
            + "ALTER TABLE passages DROP COLUMN headers;"
            "DROP TABLE revisions; DROP TABLE attributions; ALTER TABLE articles DROP COLUMN tagger;"
            "PRAGMA user_version = 1;"
        )
    again = SqliteStore(folder)
    assert again.attributions(stored.id) == []
    assert annotate_anew(again, Annotator(RuleTagger())) == 1
    assert len(again.attributions(stored.id)) == 2
    assert again.check() == []
    again.close()


@pytest.mark.parametrize(
    ("speakers", "found"),
    [
        ((), 2),
        (("Meduza",), 1),
        (("meduza",), 1),
        (("Guard",), 1),
        (("Medu",), 0),
        (("the mayor", "x"), 1),
        (("%",), 0),
    ],
)
def test_a_filter_by_speaker_narrows_the_search(
    store: SqliteStore, words: WordEmbedder, speakers: tuple[str, ...], found: int
) -> None:
    ingester = Ingester(store, words)
    ingester.add(make_article(TEXT, key="a"))
    ingester.add(make_article("The mayor said that it snows.", key="b"))
    candidates = store.search(words.encode_query("it"), ["it"], k=9, filters=Filters(speakers=speakers))
    assert len(candidates.passages) == candidates.articles_searched == found


def test_a_quote_is_theirs_whose_words_it_mostly_is() -> None:
    article = make_article("He said that cats sleep. Dogs bark loudly and often in the yard.", id=1)
    among = [said("He", 13, 24)]

    def speakers(start: int, end: int, *highlights: Span) -> list[str]:
        return [each.speaker for each in attributions_of(article, Span(start, end), highlights, among=among)]

    assert speakers(0, 24) == ["He"]
    assert speakers(25, 64) == []
    assert speakers(0, 64) == []
    assert speakers(0, 64, Span(13, 17)) == ["He"]
    (span,) = with_attributions([ScoredSpan(hit_of(article, *among), Span(0, 24), 0.9)])
    assert span.attributions == tuple(among)


def test_who_said_it_first_stands_first() -> None:
    article = make_article(TEXT, id=1)
    attributions = attribute(TEXT, RuleTagger().tag(TEXT, split_sentences(TEXT)))
    given = attributions_of(article, Span(0, 59), (), among=attributions)
    assert [each.speaker for each in given] == ["a guard", "Meduza"]
    assert listed(given) == "a guard cited by Meduza"


def test_speakers_are_listed() -> None:
    assert listed(()) == ""
    assert listed([said("A", 0, 9), said("B", 0, 9), said("A", 0, 9)]) == "A and B"
    assert listed([said("A", 0, 9), said("B", 0, 9), said("C", 0, 9)]) == "A, B and C"
    assert listed([said("A", 0, 9)], [Span(1, 2)]) == "", "the answer is the speaker"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did Vyorstka report?", "vyorstka"),
        ("what does the FSB say about it", "fsb"),
        ("What has Khodorkovsky Live also reported about lawmakers?", "khodorkovsky live"),
        ("What did he say?", None),
        ("Who said that?", None),
        ("What did the storm do?", None),
    ],
)
def test_a_question_may_ask_for_someones_words(question: str, name: str | None) -> None:
    assert speaker_asked_about(question) == name


def test_only_that_ones_words_are_kept() -> None:
    article = make_article(TEXT, id=1)
    hit = hit_of(article, said("Meduza", 32, 59))
    rain, sun = with_attributions([ScoredSpan(hit, Span(32, 59), 0.9), ScoredSpan(hit, Span(60, 79), 0.9)])
    assert said_by_or_naming([rain, sun], "meduza") == [rain]
    assert said_by_or_naming([rain, sun], "nobody") == [sun], "its own words name them"
    assert said_by([rain, sun], ["Meduza"]) == [rain]
    assert said_by([rain, sun], []) == [rain, sun]


def ask(client: httpx.Client, question: str, **more: object) -> dict[str, object]:
    answer: dict[str, object] = client.post("/v1/ask", json={"question": question, **more}).raise_for_status().json()
    return answer


def test_a_quote_names_its_speakers_and_days_where_the_article_does(client: httpx.Client, seeded: Services) -> None:
    text = client.get("/v1/articles/1").json()["text"]
    answer = ask(client, "When is the most likely date that the border would be closed to draft-age men?")
    quote = answer["quotes"][0]  # type: ignore[index]
    assert answer["answer"] == "Sept. 28, according to Meduza and Khodorkovsky Live [1]"
    assert [(each["speaker"], each["via"], each["resolved"]) for each in quote["attribution"]] == [
        ("Meduza", None, False),
        ("Khodorkovsky Live", None, False),
    ]
    assert quote["said_by"] == "Meduza and Khodorkovsky Live"
    for each in quote["attribution"]:
        assert text[each["start"] : each["end"]].startswith(each["speaker"])
        assert text[each["cue_start"] : each["cue_end"]] == each["cue"] == "according to"
        assert all(text[one["start"] : one["end"]] == one["text"] for one in each["contents"])
    (day,) = quote["dates"]
    assert (day["text"], day["value"], text[day["start"] : day["end"]]) == ("Sept. 28", "2022-09-28", "Sept. 28")


def test_only_what_one_source_said_is_asked_for(client: httpx.Client) -> None:
    answer = ask(client, "When will Putin address parliament?", filters={"speaker": ["vyorstka"]})
    assert answer["answer"] == "Sept. 30, according to Vyorstka [1]"
    assert not ask(client, "When will Putin address parliament?", filters={"speaker": ["Meduza"]})["answered"]
    nobody = ask(client, "When will Putin address parliament?", filters={"speaker": ["Reuters"]})
    assert nobody["reason"] == "filters_exclude_all"


def test_what_someone_else_said_does_not_answer(client: httpx.Client) -> None:
    quotes = ask(client, "What did Vyorstka report?")["quotes"]
    assert quotes
    for quote in quotes:  # type: ignore[attr-defined]
        assert "Vyorstka" in {each["speaker"] for each in quote["attribution"]}


def test_an_articles_speakers_are_listed(client: httpx.Client) -> None:
    speakers = client.get("/v1/articles/1/speakers").raise_for_status().json()["speakers"]
    times = {each["speaker"]: each["times"] for each in speakers}
    assert times["Meduza"] == 3
    assert times["Media in Kazakhstan"] == 1
    assert [each["times"] for each in speakers] == sorted(times.values(), reverse=True)
    assert client.get("/v1/articles/99/speakers").status_code == 404
