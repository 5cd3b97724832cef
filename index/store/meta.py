"""What the record notes about itself: its embedding model, its revision, and the epoch of its vectors.

The revision grows with every write. The epoch changes when all vectors are made anew: what was cached of another
epoch is void.
"""

import json
import sqlite3
import uuid

from index.store.base import Model


def model(connection: sqlite3.Connection) -> Model | None:
    """Tell which model made the vectors; None before the first."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'model'").fetchone()
    return Model(*json.loads(row[0])) if row else None


def set_model(connection: sqlite3.Connection, model: Model) -> None:
    """Write down the model and begin a new epoch: no vector cached before is valid after."""
    values = [("model", json.dumps(model)), ("epoch", uuid.uuid4().hex)]
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values)


def epoch(connection: sqlite3.Connection) -> str:
    """Tell the vectors' epoch."""
    return str(connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0])


def revision(connection: sqlite3.Connection) -> int:
    """Tell how many writes there have been."""
    return int(connection.execute("SELECT value FROM meta WHERE name = 'revision'").fetchone()[0])


def count_revision(connection: sqlite3.Connection) -> None:
    """Count a write."""
    connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'revision'")
