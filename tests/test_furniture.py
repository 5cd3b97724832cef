"""Lines beside an article are stored with its text, and neither found nor quoted."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.annotator import Annotator
from index.attribution.rules import RuleTagger
from index.copying import copy
from index.editing import edit
from index.embedding import SentenceTransformerEmbedder
from index.formats.sources import find, sources_of
from index.furniture.finding import find_furniture
from index.ingest import Ingester
from index.pipeline import add_all
from index.search import Searcher
from index.store.base import Store
from index.store.sqlite.store import SqliteStore
from index.text.sentences import split_sentences
from index.types import Article
from service.answering.reading.reader import Reader
from service.assembly import Services
from tests.conftest import WordEmbedder, default_models, make_article

STORIES = (
    "The council voted for a tram line to the harbor. Mayor Ruth Cole said it would carry 12,000 riders a day.",
    "Netflix raised the price of its standard subscription to $17.99 a month. Its subscribers may cancel at any time.",
    "A storm flooded three villages on the Vale. Bakers and teachers carried sandbags until the morning came.",
    "The hospital opened a clinic for migraines. Dr. Lena Fischer expects forty patients in its opening week.",
)
# Neither is known by its words: the one is of no language that the lessons are in.
BLOCK = "Unsere Redaktion versendet jeden Freitag einen kostenlosen Rundbrief."
SIGN_UP = "Sign up for Daybreak, our weekday newsletter, to get the county's news in your inbox."


@pytest.fixture
def ingester(either_store: Store, words: WordEmbedder) -> Ingester:
    return Ingester(either_store, words, Annotator(RuleTagger()))


def article(number: int, *, block: str = BLOCK, site: str = "vale.example", story: int | None = None) -> Article:
    text = f"{STORIES[number if story is None else story]}\n\n{block}\n\nNobody was hurt in story {number}."
    return make_article(text, key=f"https://{site}/{number}", url=f"https://{site}/{number}")


def quotable(store: Store, words: WordEmbedder, question: str = BLOCK) -> list[str]:
    """Return the sentences of all that is found for a question."""
    hits = Searcher(store, words).search(question).hits
    return [hit.article.text[start:end] for hit in hits for start, end in hit.passage.sentences]


def lines(text: str) -> list[tuple[str, bool]]:
    found = find_furniture(text, split_sentences(text))
    return [(text[each.start : each.end], each.sure) for each in found]


def test_a_block_of_three_articles_of_a_site_is_quoted_of_none(ingester: Ingester, words: WordEmbedder) -> None:
    ids = [ingester.add(article(number)).id for number in range(2)]
    assert quotable(ingester.store, words).count(BLOCK) == 2
    ids.append(ingester.add(article(2)).id)
    found = quotable(ingester.store, words)
    assert BLOCK not in found
    assert "Nobody was hurt in story 2." in found
    assert ingester.store.article(ids[0]).text == article(0).text
    ingester.store.remove(ids[1])
    assert quotable(ingester.store, words).count(BLOCK) == 2


def test_a_block_of_several_sites_is_quoted(ingester: Ingester, words: WordEmbedder) -> None:
    for number in range(3):
        ingester.add(article(number, site=f"site{number}.example"))
    assert quotable(ingester.store, words).count(BLOCK) == 3


def test_versions_of_one_story_count_once(ingester: Ingester, words: WordEmbedder) -> None:
    long = " ".join(
        f"The mayor said on day {number} that the bridge over river {number} was safe." for number in range(9)
    )
    for number in range(3):
        ingester.add(article(number, block=f"{BLOCK}\n\n{long}", story=0))
    assert BLOCK in quotable(ingester.store, words)


def test_a_quotation_that_three_reports_of_one_event_have_is_quoted(ingester: Ingester, words: WordEmbedder) -> None:
    said = "“The harbor council knew that the tram bridge was unsafe,” Mayor Ruth Cole told reporters."
    about = "The tram bridge at the harbor fell. Mayor Cole blamed the council, whose reporters saw the unsafe rails."
    for number in range(3):
        text = f"{STORIES[number]}\n\n{about}\n\n{said}\n\nReport {number} ends here."
        ingester.add(make_article(text, key=f"https://vale.example/{number}", url=f"https://vale.example/{number}"))
    assert said in quotable(ingester.store, words, said)


def test_an_article_that_is_edited_counts_for_its_new_site(ingester: Ingester, words: WordEmbedder) -> None:
    ids = [ingester.add(article(number)).id for number in range(3)]
    edit(ingester, ids[0], {"url": "https://other.example/0"})
    assert quotable(ingester.store, words).count(BLOCK) == 3


def test_a_line_known_by_its_words_is_quoted_of_no_article(ingester: Ingester, words: WordEmbedder) -> None:
    ingester.add(article(0, block=SIGN_UP))
    found = quotable(ingester.store, words, SIGN_UP)
    assert SIGN_UP not in found
    assert "Nobody was hurt in story 0." in found


def test_a_passage_of_furniture_alone_takes_no_place_of_others(ingester: Ingester, words: WordEmbedder) -> None:
    for number in range(3):
        ingester.add(make_article("\n\n".join([SIGN_UP] * (number + 1)), key=f"{number}"))
    ingester.add(article(1, block="The newsletter of the company has news for the county."))
    hits = Searcher(ingester.store, words).search(SIGN_UP, k=1).hits
    assert [hit.article.text.startswith(STORIES[1]) for hit in hits] == [True]


def test_a_copy_of_a_store_has_its_furniture(ingester: Ingester, words: WordEmbedder, tmp_path: Path) -> None:
    for number in range(3):
        ingester.add(article(number))
    target = SqliteStore(tmp_path / "copy")
    assert copy(ingester.store, target, name="here").faults == []
    assert BLOCK not in quotable(target, words)
    target.close()


@pytest.mark.parametrize(
    "line",
    [
        SIGN_UP,
        "Read more: Ten walks along the river that you should take this autumn",
        "Share on Facebook",
        "Subscribe to continue reading this article.",
        "This website uses cookies to improve your experience. By continuing you accept this.",
        "The Associated Press contributed to this report.",
        "Got a tip? Call our newsroom at 555-201-4400.",
    ],
)
def test_lines_that_speak_for_the_site_are_furniture(line: str) -> None:
    assert lines(f"{STORIES[0]}\n\n{line}\n\n{STORIES[2]}") == [(line, True)]


@pytest.mark.parametrize(
    "line",
    [
        "Netflix raised the price of its subscription to $17.99 a month on Thursday.",
        "Voters can sign up online or at the county office by Oct. 12.",
        "Police asked anyone with information to call 555-201-4400.",
        "“Subscribe to our newsletter,” the message said, and 4,000 people clicked.",
        "The company fined over its cookies said that users could opt out.",
        "ROME (AP) — The mayor resigned on Monday.",
        "What happens next?",
    ],
)
def test_lines_that_tell_of_such_things_are_none(line: str) -> None:
    assert not any(sure for _, sure in lines(f"{STORIES[0]}\n\n{line}\n\n{STORIES[2]}"))


def test_a_sentence_at_the_end_of_a_paragraph_is_furniture_alone() -> None:
    text = f"{STORIES[0]} {SIGN_UP}\n\n{STORIES[2]}"
    assert lines(text) == [(SIGN_UP, True)]


def test_lines_that_were_broken_by_their_width_are_one() -> None:
    broken = "Sign up for Daybreak, our weekday newsletter,\nto get the county's news in your inbox."
    assert lines(f"{STORIES[0]}\n\n{broken}\n\n{STORIES[2]}") == [(broken, True)]


def page(number: int, blocks: Sequence[str]) -> str:
    rest = "".join(f"<div><p>{each}</p></div>" for each in blocks)
    return (
        f"<html><head><title>Story {number} of the Vale Courier</title>"
        f'<link rel="canonical" href="https://vale.example/{number}"></head><body><h1>Story {number}</h1>{rest}</body>'
    )


@pytest.fixture(params=["pages", "lines", "texts"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Four articles with the same furniture, as they come from a newsroom, in a format."""
    folder = tmp_path / "archive"
    folder.mkdir()
    around = ["Share this article", SIGN_UP, "Got a tip for our newsroom? Write to tips@vale.example.", BLOCK]
    rows = []
    for number, story in enumerate(STORIES):
        blocks = [around[0], *story.split(". ", 1), *around[1:]]
        if request.param == "pages":
            (folder / f"{number}.html").write_text(page(number, blocks), encoding="utf-8")
        elif request.param == "texts":
            (folder / f"{number}.txt").write_text("\n\n".join(blocks), encoding="utf-8")
        rows.append({"text": "\n\n".join(blocks), "title": f"Story {number}", "url": f"https://vale.example/{number}"})
    if request.param == "lines":
        (folder / "archive.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


@pytest.fixture
def served(
    folder: Path, model: SentenceTransformerEmbedder, reader: Reader, annotator: Annotator, archive: Path
) -> Iterator[Services]:
    services = default_models(folder, model, reader, annotator)
    outcomes = list(
        add_all(services.ingester, (each for file in find(str(archive)).files for each in sources_of(file)))
    )
    assert [each.stored.status if each.stored else each.reason for each in outcomes] == ["added"] * len(STORIES)
    yield services
    services.close()


def test_questions_to_the_site_are_not_answered_with_its_furniture(served: Services) -> None:
    beside = (SIGN_UP, "Got a tip", "Share this", "Unsere Redaktion")
    for question in (
        "How can I subscribe?",
        "How do I sign up for the newsletter?",
        "Where can I share this?",
        "How do I contact the newsroom?",
    ):
        answer = served.answerer.ask(question)
        quoted = [each.text for each in (*answer.quotes, *answer.nearest)]
        assert not any(part in text for part in beside for text in quoted), question
    answer = served.answerer.ask("What is the price of a Netflix subscription?")
    assert "$17.99" in answer.quotes[0].text
