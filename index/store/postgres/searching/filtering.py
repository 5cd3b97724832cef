"""Filters as conditions of SQL."""

from dataclasses import dataclass, field
from typing import Any

from index.store import rows
from index.store.postgres.connection import Connection
from index.text.words import any_asked, folded
from index.types import Filters


@dataclass(frozen=True)
class Condition:
    """What a search is narrowed to: ``articles`` is on their rows, ``speakers`` on passages as well; "" is none."""

    articles: str = ""
    speakers: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.articles or self.speakers)

    @property
    def on_articles(self) -> str:
        """The condition that an article meets: for speakers, that one of them speaks anywhere in it."""
        spoken = self.speakers.format(within="") if self.speakers else ""
        return " AND ".join(each for each in (self.articles, spoken) if each) or "true"

    def joined(self, table: str) -> str:
        """Return the JOIN and WHERE that narrow rows of ``table``, with their ``article_id`` and ``passage_id``."""
        if not self.narrows:
            return ""
        joins = f"JOIN articles ON articles.id = {table}.article_id"
        conditions = [self.articles] if self.articles else []
        if self.speakers:
            joins += f" JOIN passages ON passages.article_id = {table}.article_id AND passages.id = {table}.passage_id"
            within = ' AND said.start < passages."end" AND passages.start < said."end"'
            conditions.append(self.speakers.format(within=within))
        return f"{joins} WHERE {' AND '.join(conditions)}"


def condition_of(connection: Connection, filters: Filters) -> Condition:
    """Return the condition on what may be quoted now: what passes ``filters`` and no embargo."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    now = rows.now()
    if connection.execute("SELECT 1 FROM articles WHERE embargo > %s LIMIT 1", (now,)).fetchone():
        conditions.append("(articles.embargo IS NULL OR articles.embargo <= %(now)s)")
        values["now"] = now
    if filters.article_ids:
        conditions.append("articles.id = ANY(%(article_ids)s)")
        values["article_ids"] = list(filters.article_ids)
    if filters.publishers:
        conditions.append("articles.folded_publisher = ANY(%(publishers)s)")
        values["publishers"] = [folded(each) for each in filters.publishers]
    if filters.published_from:
        conditions.append("articles.published >= %(published_from)s")
        values["published_from"] = filters.published_from
    if filters.published_to:
        conditions.append("articles.published <= %(published_to)s")
        values["published_to"] = filters.published_to
    speakers = ""
    if filters.speakers:
        speakers = (
            "EXISTS (SELECT 1 FROM attributions AS said, unnest(%(speakers)s::text[]) AS asked (name)"
            " WHERE said.article_id = articles.id AND strpos(said.names, asked.name) > 0{within})"
        )
        values["speakers"] = any_asked(filters.speakers, filters.speaker_names)
    return Condition(" AND ".join(conditions), speakers, values)
