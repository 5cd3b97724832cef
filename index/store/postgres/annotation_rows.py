"""What is found in articles, in PostgreSQL: the statements that read and write who said what, stances and furniture."""

from collections.abc import Sequence
from typing import Any

from index.store import rows
from index.store.catalogue import CitedName
from index.store.furnished import LOOKED_AT, SEVERAL, site_of
from index.store.postgres import locks, meta, stories
from index.store.postgres.connection import Connection
from index.types import Annotations, Article, Attribution, FurnitureLine, Passage, Span, Stance

_ALL = " WHERE article_id = %s ORDER BY start, number"
# One row for each passage and what has words in it, so that a search asks once.
_IN = (
    " AS said JOIN unnest(%(articles)s::bigint[], %(ids)s::bigint[], %(starts)s::integer[], %(ends)s::integer[])"
    " AS passage (article_id, id, start, stop) ON said.article_id = passage.article_id"
    ' AND said.start < passage.stop AND passage.start < said."end"'
    " WHERE said.article_id = ANY(%(articles)s) ORDER BY said.start, said.number"
)


def put_annotations(connection: Connection, article_id: int, *, annotations: Annotations) -> None:
    """Write an article's annotations in place of those it had."""
    for table in ("attributions", "stances", "furniture"):
        connection.execute(f"DELETE FROM {table} WHERE article_id = %s", (article_id,))
    with connection.cursor() as cursor:
        names = 'article_id, number, start, "end", names, speaker, via, resolved, spans'
        with cursor.copy(f"COPY attributions ({names}) FROM STDIN") as copy:
            for number, each in enumerate(annotations.attributions):
                *first, resolved, spans = rows.attribution_values(each)
                copy.write_row((article_id, number, *first, bool(resolved), spans))
        with cursor.copy('COPY stances (article_id, number, start, "end", kind, cue) FROM STDIN') as copy:
            for number, stance in enumerate(annotations.stances):
                copy.write_row((article_id, number, *rows.stance_values(stance)))
    _put_furniture(connection, article_id, furniture=annotations.furniture)
    connection.execute("UPDATE articles SET tagger = %s WHERE id = %s", (annotations.tagger, article_id))


def _put_furniture(connection: Connection, article_id: int, *, furniture: Sequence[FurnitureLine]) -> None:
    row = connection.execute("SELECT url, publisher FROM articles WHERE id = %s", (article_id,)).fetchone()
    site = site_of(row["url"], row["publisher"]) if row else ""
    names = 'article_id, number, start, "end", site, block, sure'
    with connection.cursor() as cursor, cursor.copy(f"COPY furniture ({names}) FROM STDIN") as copy:
        for number, each in enumerate(furniture):
            *first, sure = rows.furniture_values(each, site)
            copy.write_row((article_id, number, *first, bool(sure)))


def get_annotations(connection: Connection, article_id: int) -> Annotations:
    """Return an article's annotations."""
    row = connection.execute("SELECT tagger FROM articles WHERE id = %s", (article_id,)).fetchone()
    said, stances = list_attributions(connection, article_id), list_stances(connection, article_id)
    return Annotations(
        row["tagger"] if row else "", tuple(said), tuple(stances), tuple(list_furniture(connection, article_id))
    )


def attributions_in(connection: Connection, passages: Sequence[Passage]) -> dict[int, tuple[Attribution, ...]]:
    """Return the attributions with words in each of the passages, by passage id."""
    found: dict[int, list[Attribution]] = {each.id: [] for each in passages}
    for row in connection.execute(f"SELECT said.*, passage.id AS passage_id FROM attributions{_IN}", _places(passages)):
        found[row["passage_id"]].append(rows.attribution_from(row))
    return {passage_id: tuple(said) for passage_id, said in found.items()}


def stances_in(connection: Connection, passages: Sequence[Passage]) -> dict[int, tuple[Stance, ...]]:
    """Return the stances with words of their scope in each of the passages, by passage id."""
    found: dict[int, list[Stance]] = {each.id: [] for each in passages}
    for row in connection.execute(f"SELECT said.*, passage.id AS passage_id FROM stances{_IN}", _places(passages)):
        found[row["passage_id"]].append(rows.stance_from(row))
    return {passage_id: tuple(stances) for passage_id, stances in found.items()}


def list_attributions(connection: Connection, article_id: int) -> list[Attribution]:
    """Return an article's attributions in order."""
    found = connection.execute(f"SELECT * FROM attributions{_ALL}", (article_id,))
    return [rows.attribution_from(row) for row in found]


def list_stances(connection: Connection, article_id: int) -> list[Stance]:
    """Return an article's stances in order."""
    return [rows.stance_from(row) for row in connection.execute(f"SELECT * FROM stances{_ALL}", (article_id,))]


def list_furniture(connection: Connection, article_id: int) -> list[FurnitureLine]:
    """Return an article's lines that are or may be furniture, in order."""
    return [rows.furniture_from(row) for row in connection.execute(f"SELECT * FROM furniture{_ALL}", (article_id,))]


def furniture_in(connection: Connection, passages: Sequence[Passage]) -> dict[int, list[Span]]:
    """Return the spans of what is furniture in each of the passages, in order, by passage id."""
    found = connection.execute(f"SELECT said.*, passage.id AS passage_id FROM furniture{_IN}", _places(passages))
    lines = found.fetchall()
    unsure = {(row["block"], row["site"]) for row in lines if not row["sure"]}
    several = {each for each in unsure if _stands_in_several(connection, *each)}
    spans: dict[int, list[Span]] = {each.id: [] for each in passages}
    for row in lines:
        if row["sure"] or (row["block"], row["site"]) in several:
            spans[row["passage_id"]].append(Span(row["start"], row["end"]))
    return spans


def _stands_in_several(connection: Connection, block: int, site: str) -> bool:
    """Whether several articles of a site have a block; those of one story count once."""
    found = connection.execute(
        "SELECT DISTINCT article_id FROM furniture WHERE NOT sure AND block = %s AND site = %s LIMIT %s",
        (block, site, LOOKED_AT),
    )
    ids = [row["article_id"] for row in found]
    if len(ids) < SEVERAL:
        return False
    shared = stories.of_articles(connection, ids)
    return len({shared.get(each, -each) for each in ids}) >= SEVERAL


def move_furniture(connection: Connection, article: Article) -> None:
    """Count an article's lines to the site that it is of now."""
    site = site_of(article.url, article.publisher)
    connection.execute("UPDATE furniture SET site = %s WHERE article_id = %s", (site, article.id))


def cited(connection: Connection) -> list[CitedName]:
    """Return every name of a speaker in every article that may be quoted."""
    held = [row["id"] for row in connection.execute("SELECT id FROM articles WHERE embargo > %s", (rows.now(),))]
    found = connection.execute(
        "SELECT speaker, article_id, count(*) AS times FROM attributions WHERE article_id != ALL(%s)"
        " GROUP BY speaker, article_id",
        (held,),
    )
    return [CitedName(row["speaker"], row["article_id"], row["times"]) for row in found]


def _places(passages: Sequence[Passage]) -> dict[str, Any]:
    return {
        "articles": [each.article_id for each in passages],
        "ids": [each.id for each in passages],
        "starts": [each.start for each in passages],
        "ends": [each.end for each in passages],
    }


def annotated_otherwise(connection: Connection, tagger: str, *, limit: int, after: int) -> list[int]:
    """Return at most ``limit`` ids above ``after`` of articles that ``tagger`` has not annotated."""
    found = connection.execute(
        "SELECT id FROM articles WHERE tagger != %s AND id > %s ORDER BY id LIMIT %s", (tagger, after, limit)
    )
    return [row["id"] for row in found]


def annotate(connection: Connection, article: Article, *, annotations: Annotations) -> None:
    """Replace an article's annotations, unless it has changed or gone meanwhile."""
    locks.beside_others(connection, [])
    now = connection.execute("SELECT version FROM articles WHERE id = %s FOR UPDATE", (article.id,)).fetchone()
    if now and now["version"] == article.version:
        put_annotations(connection, article.id, annotations=annotations)
        meta.set_annotated(connection)
