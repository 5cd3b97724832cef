"""The advisory locks by which writers keep out of each other's way; all but claims end with the transaction."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import psycopg

_Connection = psycopg.Connection[dict[str, Any]]


def number_of(name: str) -> int:
    """Return a number of 64 bits for a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


_STORE = number_of("pullquote: the whole store")
_TAIL = number_of("pullquote: the end of a transaction")


def alone(connection: _Connection) -> None:
    """Wait until no one else writes; no one else begins to before this transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_STORE,))


def beside_others(connection: _Connection, names: Sequence[str]) -> None:
    """Wait until none of ``names`` is being written; others write beside it, but not these."""
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (_STORE,))
    for number in sorted({number_of(name) for name in names}):  # in one order, so that no two wait for each other
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (number,))


def tail(connection: _Connection) -> None:
    """Wait for one's turn to end a transaction: to change what is counted over all articles, and commit."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_TAIL,))
