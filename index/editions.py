"""Which version of a story is the newest: messages of agencies arrive late, twice and out of order.

The store notes the newest edition of each story by its key, and whether it was withdrawn.
"""

from datetime import datetime
from typing import NamedTuple

from index.errors import SupersededError
from index.store.base import Store
from index.types import Article, Stored

_WITHDRAWN = "withdrawn"


class Edition(NamedTuple):
    """The version of a story that a message holds: its number and the instant it was sent, as far as it says so."""

    number: int | None = None
    sent: datetime | None = None

    @classmethod
    def read(cls, text: str) -> "Edition":
        """Return the edition that ``str`` made a text of; without number and instant for ""."""
        number, _, sent = text.partition(" ")
        return cls(int(number) if number else None, datetime.fromisoformat(sent) if sent else None)

    def __str__(self) -> str:
        """Return it as a text: the number, a space and the instant; "" where nothing is known."""
        number = "" if self.number is None else str(self.number)
        return f"{number} {self.sent.isoformat() if self.sent else ''}" if number or self.sent else ""

    def is_before(self, other: "Edition") -> bool:
        """Whether it is the older one: by number where both have one and these differ, otherwise by instant."""
        if self.number is not None and other.number is not None and self.number != other.number:
            return self.number < other.number
        return self.sent is not None and other.sent is not None and self.sent < other.sent

    @property
    def named(self) -> str:
        """Return it in words: "version 3, sent 2026-11-27T10:00:00+00:00"."""
        parts = (self.number is not None and f"version {self.number}", self.sent and f"sent {self.sent.isoformat()}")
        return ", ".join(str(each) for each in parts if each)


def check_edition(store: Store, article: Article, *, known: Stored) -> None:
    """Refuse an article that is older than the one stored under its key, or not newer than one that was withdrawn.

    ``known`` is what the store says of the article. Raises SupersededError and StoreError.
    """
    if not article.edition:
        return
    own = Edition.read(article.edition)
    newest, withdrawn = _noted(store, article.key)
    told = f"“{article.title[:80]}” is {own.named} of its story"
    if withdrawn and not newest.is_before(own):
        raise SupersededError(f"{told}, which was withdrawn.", stored=Stored(0, 0, "unchanged"))
    if known.status == "replaced" and own.is_before(newest):
        stored = Stored(known.id, known.version - 1, "unchanged")
        raise SupersededError(f"{told}; there is {newest.named} already.", stored=stored)


def note_edition(store: Store, key: str, edition: str, *, withdrawn: bool = False) -> None:
    """Note which edition of a story is the newest. One that is withdrawn without saying which is the one stored."""
    if edition or withdrawn:
        known = edition or str(_noted(store, key)[0])
        store.set_note(_name(key), f"{known}{'|' + _WITHDRAWN if withdrawn else ''}")


def _noted(store: Store, key: str) -> tuple[Edition, bool]:
    edition, _, state = store.note(_name(key)).partition("|")
    return Edition.read(edition), state == _WITHDRAWN


def _name(key: str) -> str:
    return f"edition {key}"
