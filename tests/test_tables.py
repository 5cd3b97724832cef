"""Tables: a cell is searched and read with the header of its column, wherever the header stands; it is quoted as is."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.formats.reading import Original, read
from index.ingest import Ingester
from index.store.base import Store
from index.store.sqlite import migrations
from index.store.sqlite.store import SqliteStore
from index.text.tables import headers_above, words_as_read
from index.types import Filters
from tests import factories
from tests.conftest import WordEmbedder, make_article

YEARS = ("Fuel", "2020", "2021", "2022", "2023")
FUELS = (
    "Petrol Premium Kerosene Propane Butane Ethanol Methanol Firewood Pellets Charcoal Coal Peat Lignite Biogas Naphtha"
    " Paraffin Bitumen Coke Straw Diesel"
).split()
ROWS = [
    YEARS,
    *((fuel, *(f"${at / 10 + year:.2f} a unit in the capital" for year in range(4))) for at, fuel in enumerate(FUELS)),
]
LEAD = "The ministry of energy published its yearly table of prices, which covers all the fuels that the country sells."


def _page() -> Original:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    return Original(
        f"<html><body><article><p>{LEAD}</p><table>{rows}</table></article></body></html>".encode(), "a.html"
    )


def _document() -> Original:
    cells = ("".join(f"<w:tc>{factories.paragraph(cell)}</w:tc>" for cell in row) for row in ROWS)
    table = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    return Original(factories.docx(f"{factories.paragraph(LEAD)}<w:tbl>{table}</w:tbl>"), "a.docx")


def _markdown() -> Original:
    first, *rows = (f"| {' | '.join(row)} |" for row in ROWS)
    return Original("\n".join([LEAD, "", first, "|---|---|---|---|---|", *rows]).encode(), "a.md")


@pytest.mark.parametrize("made", [_page, _document, _markdown])
def test_a_row_far_below_its_header_is_found_by_the_year_and_read_with_it(
    made: Callable[[], Original], either_store: Store, words: WordEmbedder
) -> None:
    article = read(made())
    ingester = Ingester(either_store, words)
    ingester.add(article)
    for number in range(9):
        ingester.add(make_article(f"Diesel was sold in town number {number}.", key=str(number)))
    found = either_store.search(words.encode_query("?"), ["2021", "diesel"], k=1, filters=Filters())
    span = found.passages[found.lexical[0][0]].span
    assert "Diesel | $1.90" in article.text[slice(*span)] and "2021" not in article.text[slice(*span)]
    assert headers_above(article.text, span) == "2020 2021 2022 2023"
    assert "Diesel | 2020: $1.90 a unit in the capital | 2021: $2.90" in words_as_read(article.text, span)
    either_store.remove(1)
    assert either_store.check() == []
    assert not either_store.search(words.encode_query("?"), ["2021"], k=9, filters=Filters()).lexical


def test_a_table_of_a_store_from_before_is_found_once_repaired_and_forgotten_either_way(
    folder: Path, words: WordEmbedder
) -> None:
    with closing(SqliteStore(folder)) as store:
        text = read(_page()).text
        for key in "ab":
            Ingester(store, words).add(make_article(f"{text}\n\nThis is table {key}.", key=key))
    with sqlite3.connect(folder / "pullquote.sqlite3") as record:
        _index_as_before(record)
    record.close()
    with closing(SqliteStore(folder)) as store:
        assert store.check() == [] and _passages(store, words) == 1 + 1
        store.remove(2)
        assert store.check() == [] and _passages(store, words) == 1
        store.repair()
        assert store.check() == [] and _passages(store, words) > 1
        store.remove(1)
        assert store.check() == [] and _passages(store, words) == 0


def _index_as_before(record: sqlite3.Connection) -> None:
    """Make the record one of the format before: without headers of tables."""
    record.execute("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
    record.execute(
        "INSERT INTO passages_fts (rowid, title, text) SELECT passages.id, title, substr(text, start + 1, end - start)"
        " FROM passages JOIN articles ON articles.id = article_id"
    )
    record.execute("ALTER TABLE passages DROP COLUMN headers")
    record.execute(f"PRAGMA user_version = {migrations.NEWEST - 1}")


def _passages(store: SqliteStore, words: WordEmbedder) -> int:
    """Return how many passages are found by a header."""
    return len(store.search(words.encode_query("?"), ["2021"], k=99, filters=Filters()).lexical)
