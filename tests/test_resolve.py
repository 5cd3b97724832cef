"""Promise 2: a citation survives; and what is gone is not kept."""

from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import NotFoundError, QuestionError
from index.revising import kept_words
from index.types import Span
from service.answering.resolving import Resolved, resolve
from service.assembly import Parts
from tests.conftest import make_article

FIRST = "Snow fell on Oslo in May. Rain fell on Rome for nine days. Nobody was hurt, the mayor said."
WORDS = st.lists(st.sampled_from(["a", "bb", "Rome", "fell.", "👍🏽", "\n", "\n\n", "said"]), max_size=30).map(" ".join)


def put(parts: Parts, text: str, **known: object) -> str:
    article = make_article(text, key="k", **known)
    parts.ingester.add(article)
    return article.sha256


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def asked(parts: Parts, sha256: str, words: str, text: str = FIRST) -> tuple[str, str | None]:
    """Give the outcome for a citation of ``words``, and the words that stand where it points to now."""
    start = text.index(words)
    found = resolve(parts.store, article_id=1, sha256=sha256, span=Span(start, start + len(words)))
    return found.status, found.article.text[slice(*found.span)] if found.article and found.span else None


def test_as_long_as_nothing_changes_a_citation_is_current(fake_parts: Parts) -> None:
    sha256 = put(fake_parts, FIRST)
    assert asked(fake_parts, sha256, "Rain fell") == ("current", "Rain fell")
    put(fake_parts, FIRST, title="Another title")
    assert asked(fake_parts, sha256, "Rain fell") == ("current", "Rain fell")


def test_words_that_stand_elsewhere_now_have_moved(fake_parts: Parts) -> None:
    sha256 = put(fake_parts, FIRST)
    put(fake_parts, f"CORRECTION: see below. {FIRST}")
    put(fake_parts, f"Updated. CORRECTION: see below. {FIRST} The end.")
    for words in ("Snow fell on Oslo in May.", "nine days", FIRST):
        assert asked(fake_parts, sha256, words) == ("moved", words)


def test_words_before_the_change_stay_current(fake_parts: Parts) -> None:
    sha256 = put(fake_parts, FIRST)
    put(fake_parts, FIRST.replace("Nobody was hurt", "Two were hurt"))
    assert asked(fake_parts, sha256, "Snow fell on Oslo in May.") == ("current", "Snow fell on Oslo in May.")


def test_a_sentence_is_found_wherever_it_went(fake_parts: Parts) -> None:
    sha256 = put(fake_parts, FIRST)
    put(fake_parts, "Nobody was hurt, the mayor said. Rain fell on Rome for nine days. Snow fell on Oslo in May.")
    for words in ("Snow fell on Oslo in May.", "Nobody was hurt, the mayor said."):
        assert asked(fake_parts, sha256, words) == ("moved", words)


def test_words_that_changed_are_superseded_by_what_stands_there(fake_parts: Parts) -> None:
    sha256 = put(fake_parts, FIRST)
    put(fake_parts, FIRST.replace("nine days", "ten days"))
    assert asked(fake_parts, sha256, "Rain fell on Rome for nine days.") == (
        "superseded",
        "Rain fell on Rome for ten days.",
    )
    assert asked(fake_parts, sha256, "nine") == ("superseded", "Rain fell on Rome for ten days.")
    put(fake_parts, FIRST.replace(" Rain fell on Rome for nine days.", ""))
    assert asked(fake_parts, sha256, "Rain fell on Rome for nine days.")[0] == "superseded"


def test_what_came_back_is_current_again(fake_parts: Parts) -> None:
    sha256 = put(fake_parts, FIRST)
    put(fake_parts, "Something else.")
    assert asked(fake_parts, sha256, "Rome")[0] == "superseded"
    put(fake_parts, FIRST)
    assert asked(fake_parts, sha256, "Rome") == ("current", "Rome")


def test_an_article_that_was_removed_is_deleted_and_one_that_never_was_is_not(fake_parts: Parts) -> None:
    sha256 = put(fake_parts, FIRST)
    fake_parts.store.remove(1)
    assert resolve(fake_parts.store, article_id=1, sha256=sha256, span=Span(0, 4)) == Resolved("deleted")
    with pytest.raises(NotFoundError, match="no article 2"):
        resolve(fake_parts.store, article_id=2, sha256=sha256, span=Span(0, 4))


def test_a_span_that_cannot_have_been_given_out_is_told(fake_parts: Parts) -> None:
    sha256 = put(fake_parts, FIRST)
    with pytest.raises(QuestionError, match="no words at 5 to 5000"):
        resolve(fake_parts.store, article_id=1, sha256=sha256, span=Span(5, 5000))


def test_a_version_that_nobody_knows_is_superseded_by_nobody_knows_what(fake_parts: Parts) -> None:
    put(fake_parts, FIRST)
    found = resolve(fake_parts.store, article_id=1, sha256="0" * 64, span=Span(0, 4))
    assert (found.status, found.span) == ("superseded", None)


def test_nothing_of_a_former_version_can_be_read_from_the_store(fake_parts: Parts, folder: Path) -> None:
    put(fake_parts, "The zebra of Zanzibar slept. Rain fell.")
    put(fake_parts, "Rain fell.")
    fake_parts.close()
    assert b"Rain fell." in bytes_of(folder) and b"anzibar" not in bytes_of(folder)


def test_nothing_of_a_removed_article_can_be_read_from_the_store(fake_parts: Parts, folder: Path) -> None:
    put(fake_parts, "The zebra of Zanzibar slept.")
    fake_parts.ingester.add(make_article("Rain fell.", key="other"))
    fake_parts.answerer.ask("zebra")
    fake_parts.store.remove(1)
    assert b"Rain fell." in bytes_of(folder)
    assert b"anzibar" not in bytes_of(folder) and b"zebra" not in bytes_of(folder)


@given(WORDS, WORDS)
def test_kept_words_are_the_same_words(old: str, new: str) -> None:
    for start, now, length in kept_words(old, new):
        assert length > 0 and old[start : start + length] == new[now : now + length]


@given(WORDS)
def test_all_is_kept_where_nothing_changed(text: str) -> None:
    assert [each.span for each in kept_words(text, text)] == ([Span(0, len(text))] if text else [])


def test_a_long_text_is_compared_by_lines() -> None:
    old = "\n".join(f"Line {number} of a long text stands here." for number in range(6_000))
    new = old.replace("Line 3000 of", "Line three thousand of")
    kept = kept_words(old, new)
    assert sum(each.length for each in kept) == len(old) - len("Line 3000 of a long text stands here.\n")


def test_over_http(client: httpx.Client) -> None:
    url = "https://x.org/a"
    client.post("/v1/articles", json={"text": FIRST, "url": url})
    quote = client.post("/v1/ask", json={"question": "How long did rain fall on Rome?"}).json()["quotes"][0]
    client.post("/v1/articles", json={"text": f"Updated. {FIRST}", "url": url})
    found = client.post("/v1/resolve", json={"citation": quote["citation"]}).json()
    assert found["status"] == "moved" and found["citation"]["text"] == quote["text"]
    assert found["citation"]["version"] == 2 and found["citation"]["start"] == quote["citation"]["start"] + 9
    client.delete(f"/v1/articles/{quote['citation']['article_id']}")
    gone = client.post("/v1/resolve", json={"citation": quote["citation"]})
    assert (gone.status_code, gone.json()) == (200, {"status": "deleted", "citation": None})
    assert client.post("/v1/resolve", json={"citation": {**quote["citation"], "article_id": 99}}).status_code == 404
    assert client.post("/v1/resolve", json={"citation": {**quote["citation"], "sha256": "x"}}).status_code == 422
