import numpy as np
import pytest

from index.errors import ArticleError
from index.ingest import Ingester, embedding_texts, reindex
from index.search import RRF_K, Searcher
from index.store.sqlite.store import SqliteStore
from index.types import Article, Filters, PassageSpan
from tests.conftest import WordEmbedder, make_article


class CountingEmbedder(WordEmbedder):
    def __init__(self) -> None:
        super().__init__("counting")
        self.texts: list[str] = []

    def encode_passages(self, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        self.texts += texts
        return super().encode_passages(texts)


def test_what_is_there_is_not_embedded_again(store: SqliteStore) -> None:
    embedder = CountingEmbedder()
    ingester = Ingester(store, embedder)
    for _ in range(3):
        ingester.add(make_article(key="k"))
    assert embedder.texts == ["Pets\nA cat sat. A dog ran."]


def test_a_title_is_embedded_only_if_it_came_with_the_article() -> None:
    article = make_article("One. Two.", title="T")
    passages = [PassageSpan(0, 5, ()), PassageSpan(5, 9, ())]
    assert embedding_texts(article, passages) == ["T\nOne. ", "T\nTwo."]
    assert embedding_texts(make_article("One. Two.", title="T", title_given=False), passages) == ["One. ", "Two."]


@pytest.mark.parametrize(
    ("article", "error"),
    [
        (make_article("a\0b"), "text holds a NUL byte at character 1"),
        (make_article("ab\ud83d"), "text holds half of a surrogate pair at character 2"),
        (make_article(" \n\u200b…"), "no text to quote"),
        (make_article(""), "no text to quote"),
        (make_article(title="T\0"), "title holds a NUL byte"),
        (make_article(author="x" * 3000), "author has 3,000 characters"),
        (make_article(url="javascript:alert(1)"), "url is 'javascript:alert"),
    ],
)
def test_what_is_no_article_is_reported_and_not_stored(
    store: SqliteStore, words: WordEmbedder, article: Article, error: str
) -> None:
    with pytest.raises(ArticleError, match=error.replace("(", r"\(")):
        Ingester(store, words).add(article)
    assert store.counts() == (0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا بالعالم. هذا خبر.",
        "👩‍👩‍👧 won. 👍🏽 said all.",
        "zero\u200bwidth. Word\u2060joiner.",
        "Line one.\r\n\r\nLine two.\r\n",
    ],
)
def test_every_kind_of_text_is_kept_to_the_character(store: SqliteStore, words: WordEmbedder, text: str) -> None:
    stored = Ingester(store, words).add(make_article(text))
    assert store.article(stored.id).text == text
    assert "".join(text[each.start : each.end] for each in store.passages(stored.id)) == text


def test_an_article_of_two_megabytes(store: SqliteStore, words: WordEmbedder) -> None:
    text = "\n\n".join(
        f"Paragraph {number} reports that thing{number} happened, " + "and again, " * 35 + "today."
        for number in range(4_700)
    )
    assert len(text) > 2_000_000
    stored = Ingester(store, words).add(make_article(text))
    assert sum(each.end - each.start for each in store.passages(stored.id)) == len(text)
    hits = Searcher(store, words).search("thing4699").hits
    assert any("thing4699" in text[hit.passage.start : hit.passage.end] for hit in hits)


def test_the_score_is_reciprocal_rank_fusion(store: SqliteStore, words: WordEmbedder) -> None:
    ingester = Ingester(store, words)
    for number in range(8):
        ingester.add(make_article(f"Report {number} mentions {'storms and ' * number}rain.", key=str(number)))
    candidates = store.search(words.encode_query("storms"), ["storms"], k=5, filters=Filters())
    expected: dict[int, float] = {}
    for ranking in (candidates.dense, candidates.lexical):
        for rank, (passage, _) in enumerate(ranking, start=1):
            expected[passage] = expected.get(passage, 0) + 1 / (RRF_K + rank)
    found = Searcher(store, words).search("storms", k=5)
    assert [hit.passage.id for hit in found.hits] == sorted(expected, key=lambda i: (-expected[i], i))[:5]
    for hit in found.hits:
        assert hit.score == pytest.approx(expected[hit.passage.id] / (2 / (RRF_K + 1)))
        for score in (hit.dense, hit.lexical, hit.score):
            assert score is None or 0 <= score <= 1
        assert hit.dense is not None or hit.lexical is not None


def test_a_search_says_among_how_many_it_looked(store: SqliteStore, words: WordEmbedder) -> None:
    searcher = Searcher(store, words)
    assert searcher.search("anything") == type(searcher.search("x"))([], 0, 0)
    Ingester(store, words).add(make_article(publisher="P"))
    found = searcher.search("cat", filters=Filters(publishers=("Q",)))
    assert (found.hits, found.articles_searched, found.articles_stored) == ([], 0, 1)


def test_a_question_of_signs_alone_is_searched_by_meaning(store: SqliteStore, words: WordEmbedder) -> None:
    Ingester(store, words).add(make_article())
    hits = Searcher(store, words).search("?!").hits
    assert [hit.lexical for hit in hits] == [None]


def test_reindexing_gives_every_passage_the_new_models_vector(store: SqliteStore, words: WordEmbedder) -> None:
    ingester = Ingester(store, words)
    for number in range(150):
        ingester.add(make_article(f"Article {number} is about thing{number}.", key=str(number)))
    other, seen = WordEmbedder("words-2"), []
    assert reindex(store, other, progress=seen.append) == sum(seen) == 150
    article = store.article(7)
    passage = store.passages(7)[0]
    query = other.encode_passages(embedding_texts(article, [passage]))[0]
    best, score = store.search(query, [], k=1, filters=Filters()).dense[0]
    assert best == passage.id
    assert score == pytest.approx(1)
    assert np.isfinite(score)
    store.save_caches()
    assert store.check() == []
