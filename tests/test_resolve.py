"""Promise 2: a citation survives; and what is gone is not kept."""

import re
import time
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import NotFoundError, QuestionError
from index.ingest import Ingester
from index.store.sqlite.store import SqliteStore
from index.text.revisions import kept_words
from index.types import Span
from service.answering.verification.resolve import Resolved, resolve
from service.assembly import Services
from tests.conftest import WordEmbedder, make_article

FIRST = "Snow fell on Oslo in May. Rain fell on Rome for nine days. Nobody was hurt, the mayor said."
WORDS = st.lists(
    st.sampled_from(["a", "bb", "Rome", "fell.", "👍🏽", "\n", "\n\n", "said", "5", ",", ".", "15", " "]), max_size=40
).map("".join)


def put(services: Services, text: str, **known: object) -> str:
    article = make_article(text, key="k", **known)
    services.ingester.add(article)
    return article.sha256


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def asked(services: Services, sha256: str, words: str, text: str = FIRST) -> tuple[str, str | None]:
    """Return the outcome for a citation of ``words``, and the words that stand where it points to now."""
    start = text.index(words)
    found = resolve(services.store, article_id=1, sha256=sha256, span=Span(start, start + len(words)))
    return found.status, found.article.text[slice(*found.span)] if found.article and found.span else None


def test_as_long_as_nothing_changes_a_citation_is_current(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    assert asked(fake, sha256, "Rain fell") == ("current", "Rain fell")
    put(fake, FIRST, title="Another title")
    assert asked(fake, sha256, "Rain fell") == ("current", "Rain fell")


def test_words_that_stand_elsewhere_now_have_moved(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    put(fake, f"CORRECTION: see below. {FIRST}")
    put(fake, f"Updated. CORRECTION: see below. {FIRST} The end.")
    for words in ("Snow fell on Oslo in May.", "nine days", FIRST):
        assert asked(fake, sha256, words) == ("moved", words)


def test_words_before_the_change_stay_current(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    put(fake, FIRST.replace("Nobody was hurt", "Two were hurt"))
    assert asked(fake, sha256, "Snow fell on Oslo in May.") == ("current", "Snow fell on Oslo in May.")


def test_a_sentence_is_found_wherever_it_went(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    put(fake, "Nobody was hurt, the mayor said. Rain fell on Rome for nine days. Snow fell on Oslo in May.")
    for words in ("Snow fell on Oslo in May.", "Nobody was hurt, the mayor said."):
        assert asked(fake, sha256, words) == ("moved", words)


def test_the_same_sentence_about_somebody_else_is_not_where_it_went(fake: Services) -> None:
    falk = "Bo Falk was sacked on Tuesday. He declined to comment.\n\nEnd two."
    both = f"Ann Berg resigned on Monday. He declined to comment.\n\n{falk}"
    sha256 = put(fake, both)
    put(fake, falk)
    assert asked(fake, sha256, "He declined to comment.", both)[0] == "superseded"
    assert asked(fake, sha256, "Bo Falk was sacked on Tuesday. He declined to comment.", both)[0] == "moved"


def test_words_that_changed_are_superseded_by_what_stands_there(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    put(fake, FIRST.replace("nine days", "ten days"))
    assert asked(fake, sha256, "Rain fell on Rome for nine days.") == (
        "superseded",
        "Rain fell on Rome for ten days.",
    )
    assert asked(fake, sha256, "nine") == ("superseded", "Rain fell on Rome for ten days.")
    put(fake, FIRST.replace(" Rain fell on Rome for nine days.", ""))
    assert asked(fake, sha256, "Rain fell on Rome for nine days.")[0] == "superseded"


@pytest.mark.parametrize(
    ("old", "new", "quoted"),
    [
        ("Death toll rises to 15", "Death toll rises to 150", "Death toll rises to 15"),
        ("Death toll rises to 15.", "Death toll rises to 15.5.", "rises to 15"),
        ("5,000 men left Russia.", "15,000 men left Russia.", "5,000 men left Russia."),
        ("The toll is 5 men. Rain.", "The toll is 5,000 men. Rain.", "The toll is 5"),
        ("He left. Rain fell.", "Then she left. Rain fell.", "He left."),
        ("he left", "she left", "he left"),
    ],
)
def test_a_corrected_number_or_word_is_not_the_same_words(fake: Services, old: str, new: str, quoted: str) -> None:
    sha256 = put(fake, old)
    put(fake, new)
    assert asked(fake, sha256, quoted, old)[0] == "superseded"


def test_sentences_that_changed_places_are_each_followed(fake: Services) -> None:
    old = "One is red. Two is blue and big. Three is green."
    sha256 = put(fake, old)
    put(fake, "Three is green. Two is blue and small. One is red.")
    assert asked(fake, sha256, "One is red.", old) == ("moved", "One is red.")
    assert asked(fake, sha256, "Two is blue and big.", old) == ("superseded", "Two is blue and small.")


def test_a_new_text_does_not_stand_in_the_place_of_another(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    put(fake, "Prices rose in June, economists told parliament.")
    assert asked(fake, sha256, "Rain fell on Rome for nine days.") == ("superseded", None)


def test_what_came_back_is_current_again(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    put(fake, "Something else.")
    assert asked(fake, sha256, "Rome")[0] == "superseded"
    put(fake, FIRST)
    assert asked(fake, sha256, "Rome") == ("current", "Rome")


def test_an_article_that_was_removed_is_deleted_and_one_that_never_was_is_not(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    fake.store.remove(1)
    assert resolve(fake.store, article_id=1, sha256=sha256, span=Span(0, 4)) == Resolved("deleted")
    with pytest.raises(NotFoundError, match="no article 2"):
        resolve(fake.store, article_id=2, sha256=sha256, span=Span(0, 4))


def test_a_span_that_cannot_have_been_given_out_is_reported(fake: Services) -> None:
    sha256 = put(fake, FIRST)
    with pytest.raises(QuestionError, match="no words at 5 to 5000"):
        resolve(fake.store, article_id=1, sha256=sha256, span=Span(5, 5000))


def test_a_version_that_nobody_knows_is_superseded_by_nobody_knows_what(fake: Services) -> None:
    put(fake, FIRST)
    found = resolve(fake.store, article_id=1, sha256="0" * 64, span=Span(0, 4))
    assert (found.status, found.span) == ("superseded", None)


def test_nothing_of_a_former_version_can_be_read_from_the_store(fake: Services, folder: Path) -> None:
    put(fake, "The zebra of Zanzibar slept. Rain fell.")
    put(fake, "Rain fell.")
    fake.close()
    assert b"Rain fell." in bytes_of(folder) and b"anzibar" not in bytes_of(folder)


def test_what_a_killed_process_left_is_forgotten_at_the_next_start(folder: Path) -> None:
    left = SqliteStore(folder)
    Ingester(left, WordEmbedder()).add(make_article("The zebra of Zanzibar slept. Rain fell.", key="k"))
    Ingester(left, WordEmbedder()).add(make_article("Rain fell.", key="k"))
    store = SqliteStore(folder)  # the other was never closed
    store.bind("words", 32)
    left._database.close()
    store.save_caches()
    store.close()
    assert b"Rain fell." in bytes_of(folder) and b"anzibar" not in bytes_of(folder)


def test_a_reader_holds_nothing_up_and_what_it_held_is_forgotten_later(folder: Path) -> None:
    store = SqliteStore(folder)
    ingester = Ingester(store, WordEmbedder())
    ingester.add(make_article("The zebra of Zanzibar slept.", key="a"))
    ingester.add(make_article("Rain fell.", key="b"))
    with store._database.reading() as connection:
        connection.execute("SELECT count(*) FROM articles").fetchone()
        began = time.monotonic()
        store.remove(1)
        assert time.monotonic() - began < 5
    store.save_caches()
    assert b"Rain fell." in bytes_of(folder) and b"anzibar" not in bytes_of(folder)
    store.close()


def test_nothing_of_a_removed_article_can_be_read_from_the_store(fake: Services, folder: Path) -> None:
    put(fake, "The zebra of Zanzibar slept.")
    fake.ingester.add(make_article("Rain fell.", key="other"))
    fake.answerer.ask("zebra")
    fake.store.remove(1)
    assert b"Rain fell." in bytes_of(folder)
    assert b"anzibar" not in bytes_of(folder) and b"zebra" not in bytes_of(folder)


def cuts(text: str, at: int) -> bool:
    """Whether a word or a number goes on at ``at``."""
    return any(found.start() < at < found.end() for found in re.finditer(r"\d+(?:[.,]\d+)*|\w+", text))


@given(WORDS, WORDS)
def test_kept_words_are_the_same_words(old: str, new: str) -> None:
    for start, now, length in kept_words(old, new):
        assert length > 0 and old[start : start + length] == new[now : now + length]
        for at, there in ((start, now), (start + length, now + length)):
            assert cuts(old, at) or not cuts(new, there)


@given(WORDS)
def test_all_is_kept_where_nothing_changed(text: str) -> None:
    assert [each.span for each in kept_words(text, text)] == ([Span(0, len(text))] if text else [])


@pytest.mark.parametrize("changed", [1, 2, 10])
def test_a_long_text_is_compared_too(changed: int) -> None:
    lines = [f"Line {number} of a long text stands here." for number in range(1_500)]
    others = [line.replace("Line", "Row") if number % changed == 0 else line for number, line in enumerate(lines)]
    old = "\n".join(lines)
    kept = kept_words(old, "\n".join(others))
    changed_at = [sum(len(line) + 1 for line in lines[:number]) for number in range(0, len(lines), changed)][:50]
    assert kept or changed == 1
    assert not any(each.span.holds(Span(at, at + 5)) for each in kept for at in changed_at)


def test_over_http(own_client: httpx.Client) -> None:
    url = "https://x.org/a"
    own_client.post("/v1/articles", json={"text": FIRST, "url": url})
    quote = own_client.post("/v1/ask", json={"question": "How long did rain fall on Rome?"}).json()["quotes"][0]
    own_client.post("/v1/articles", json={"text": f"Updated. {FIRST}", "url": url})
    found = own_client.post("/v1/resolve", json={"citation": quote["citation"]}).json()
    assert found["status"] == "moved" and found["citation"]["text"] == quote["text"]
    assert found["citation"]["version"] == 2 and found["citation"]["start"] == quote["citation"]["start"] + 9
    own_client.delete(f"/v1/articles/{quote['citation']['article_id']}")
    gone = own_client.post("/v1/resolve", json={"citation": quote["citation"]})
    assert (gone.status_code, gone.json()) == (200, {"status": "deleted", "citation": None})
    assert own_client.post("/v1/resolve", json={"citation": {**quote["citation"], "article_id": 99}}).status_code == 404
    for wrong in ({"sha256": "x"}, {"start": 5, "end": 5}, {"start": 9, "end": 3}):
        assert own_client.post("/v1/resolve", json={"citation": {**quote["citation"], **wrong}}).status_code == 422
