"""The version of a story that a message of an agency holds."""

from datetime import datetime
from typing import NamedTuple


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
