"""What the record notes about itself: its embedding model, its revision, and the epoch of its vectors.

Revision and epoch are random names: the revision changes with every write, the epoch when all vectors are made anew.
A cache that names both was made of exactly this state, which numbers could not say: a record restored from a backup
would come to the same numbers again, with other articles.
"""

import json
import sqlite3
import uuid
from pathlib import Path

from index.store.base import Counts, EmbeddingModel
from index.store.checks import AskedModel, require_same_model


def counts(connection: sqlite3.Connection) -> Counts:
    """Return how many articles and passages there are."""
    row = connection.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)").fetchone()
    return Counts(*row)


def model(connection: sqlite3.Connection) -> EmbeddingModel | None:
    """Return the model that made the vectors; None before the first."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'model'").fetchone()
    return EmbeddingModel(*json.loads(row[0])) if row else None


def set_model(connection: sqlite3.Connection, model: EmbeddingModel) -> None:
    """Set the model and begin a new epoch: no vector cached before is valid after."""
    values = [("model", json.dumps(model)), ("epoch", uuid.uuid4().hex)]
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values)


def epoch(connection: sqlite3.Connection) -> str:
    """Return the vectors' epoch."""
    return str(connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0])


def to_forget(connection: sqlite3.Connection) -> str | None:
    """Return the name of the last removal whose words may still stand in the files, if any."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'forget'").fetchone()
    return str(row[0]) if row else None


def set_to_forget(connection: sqlite3.Connection) -> None:
    """Note that words of removed passages may still stand in the files."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('forget', ?)", (uuid.uuid4().hex,))


def set_forgotten(connection: sqlite3.Connection, removal: str) -> None:
    """Note that none do any more, unless something was removed after ``removal``."""
    connection.execute("DELETE FROM meta WHERE name = 'forget' AND value = ?", (removal,))


def revision(connection: sqlite3.Connection) -> str:
    """Return the name of the record's state."""
    return str(connection.execute("SELECT value FROM meta WHERE name = 'revision'").fetchone()[0])


def annotated(connection: sqlite3.Connection) -> str:
    """Return the name of the last change to annotations alone, which the revision does not count; "" for none."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'annotated'").fetchone()
    return str(row[0]) if row else ""


def set_annotated(connection: sqlite3.Connection) -> None:
    """Note that annotations changed, and nothing that is searched by words or vectors."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('annotated', ?)", (uuid.uuid4().hex,))


def note(connection: sqlite3.Connection, name: str) -> str:
    """Return what is noted under a name; "" for nothing."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (f"note {name}",)).fetchone()
    return str(row[0]) if row else ""


def set_note(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Note a value under a name."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"note {name}", value))


def renew_revision(connection: sqlite3.Connection) -> None:
    """Rename the record's state; part of every write."""
    connection.execute("UPDATE meta SET value = ? WHERE name = 'revision'", (uuid.uuid4().hex,))


def require_model(connection: sqlite3.Connection, folder: Path, name: str, dimension: int | None) -> None:
    """Raise ModelMismatchError if the store in ``folder`` holds vectors of another model."""
    asked = AskedModel(name, dimension)
    require_same_model(f"The store in {folder}", asked, there=model(connection), held=counts(connection))
