"""Whether the tables agree with each other."""

from collections import Counter
from collections.abc import Sequence

from index.store import rows
from index.store.checks import tile
from index.store.postgres import article_rows, meta
from index.store.postgres.connection import Connection
from index.store.postgres.searching import vectors, words
from index.store.postgres.searching.terms import length_of, terms_of
from index.store.searched import searched_words
from index.types import Article, Passage

_PAGE = 200


def faults(connection: Connection) -> list[str]:
    """Return one sentence for each fault: articles, passages, vectors, words, and what is counted of them."""
    counted: Counter[int] = Counter()
    articles = passages = tokens = after = 0
    found: list[str] = []
    while page := _articles(connection, after):
        for article, sha256 in page:
            after = article.id
            if article.sha256 != sha256:
                found.append(f"Article {article.id}: its text is not the text that was added.")
            own = article_rows.list_passages(connection, article.id)
            if not tile(article, own):
                found.append(f"Article {article.id}: its passages do not add up to its text.")
            terms = words.of_article(connection, article.id)
            if not _are_words_of(terms, article, own):
                found.append(f"Article {article.id}: its words to search are not those of its text.")
            counted.update(term for each in terms for term in set(each))
            articles, passages = articles + 1, passages + len(own)
            tokens += sum(length_of(each) for each in terms)
    totals = meta.totals(connection)
    if (articles, passages, tokens) != totals[:3]:
        found.append(f"There are {articles} articles and {passages} passages; {totals[:2]} were counted.")
    kept = {row["term"]: row["passages"] for row in connection.execute("SELECT * FROM terms")}
    if wrong := sum(kept.get(term) != counted.get(term) for term in {*kept, *counted}):
        found.append(f"{wrong} terms stand in more or fewer passages than were counted.")
    return [*found, *_between_tables(connection)]


def _are_words_of(terms: list[list[int]], article: Article, passages: Sequence[Passage]) -> bool:
    """Whether passages are found by their words; programs before indexed no headers of tables with them."""
    if terms == terms_of(words.texts_of(article, passages)):
        return True
    return terms == terms_of([searched_words(article, each, headers="") for each in passages])


def _between_tables(connection: Connection) -> list[str]:
    questions = {
        "SELECT key AS what FROM articles GROUP BY key HAVING count(*) > 1": "keys are given to several articles",
        "SELECT articles.id AS what FROM articles LEFT JOIN passages ON article_id = articles.id"
        " GROUP BY articles.id HAVING count(passages.id) != min(passage_count)": "articles have other passages",
    }
    model = meta.model(connection)
    if model:
        questions |= {
            "SELECT id AS what FROM passages LEFT JOIN vectors ON vectors.article_id = passages.article_id"
            " AND passage_id = id WHERE passage_id IS NULL": "passages have no vector",
        }
    found = []
    for question, meaning in questions.items():
        if rows_found := connection.execute(question).fetchall():
            found.append(f"{len(rows_found)} {meaning} (the first is {rows_found[0]['what']}).")
    if model and not vectors.is_indexed(connection, model.dimension):
        found.append("The vectors have no index: each search compares all of them.")
    return found


def _articles(connection: Connection, after: int) -> Sequence[tuple[Article, str]]:
    found = connection.execute(
        f"SELECT {article_rows.ARTICLE} FROM articles WHERE id > %s ORDER BY id LIMIT {_PAGE}", (after,)
    )
    return [(rows.article_from(row), row["sha256"]) for row in found]
