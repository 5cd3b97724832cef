"""Correcting what is known of an article: its title, author, publisher, day and address, never its text."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from index.formats.titles import derive_title
from index.ingest import Ingester, Prepared, check_article
from index.types import ANONYMOUS, Article, Stored

FIELDS = ("title", "author", "publisher", "published", "url")


def edit(ingester: Ingester, article_id: int, changes: Mapping[str, object]) -> Stored:
    """Give an article the values of ``changes``, some of ``FIELDS``, as a new version; None or "" clears one.

    A title that is cleared is derived from the text. Nothing is embedded unless the title changes. What others change
    meanwhile is kept. Raises ArticleError, NotFoundError and StoreError.
    """
    store = ingester.store
    while True:
        article = store.article(article_id, embargoed=True)
        edited = _edited(article, changes)
        unchanged = Stored(article.id, article.version, "unchanged")
        if edited == article:
            return unchanged
        check_article(edited)
        vectors = None
        if edited.given_title != article.given_title:
            vectors = ingester.embed([Prepared(edited, unchanged, store.passages(article_id))])[0]
        if stored := store.catalogue().edit(edited, vectors):
            return stored


def _edited(article: Article, changes: Mapping[str, object]) -> Article:
    given = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    title = given.pop("title", article.title)
    cleared: dict[str, Any] = dict.fromkeys(given)
    edited = replace(article, **cleared).known_as(**given)
    if not title:
        edited = replace(edited, title=derive_title(article.text), title_given=False)
    elif title != article.title:
        edited = edited.known_as(title=title)
    # What is known by its address is known by the new one; what a file or an agency named keeps that name.
    if edited.url not in (None, article.url) and (article.key == article.url or article.key.startswith(ANONYMOUS)):
        edited = replace(edited, key=edited.url)
    return edited
