"""Keys of callers: their names, what each allows, and a file of them that may change while the service runs."""

import logging
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from index.errors import SettingsError

Scope = Literal["ask", "write", "metrics", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
_LINE = re.compile(r"(?P<name>\S+)\s+(?P<scopes>[\w,]+)\s+sha256:(?P<hash>[0-9a-fA-F]{64})(?:\s+until=(?P<until>\S+))?")
_NAME = re.compile(r"[\w.@-]{1,64}", re.ASCII)
_PREFIX = "pq_"
_RANDOM_BYTES = 32
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Key:
    """A key: the name of its holder, the SHA-256 of its bytes, what it allows, and the last day on which it is valid.

    A key of the file is a long random token, which nobody finds by trying: a plain hash of it can be kept.
    """

    name: str
    digest: bytes
    scopes: frozenset[Scope]
    until: date | None = None

    def allows(self, scope: Scope) -> bool:
        """Whether the key allows this; ``admin`` allows everything."""
        return scope in self.scopes or "admin" in self.scopes

    def __str__(self) -> str:
        """Return the key's line in a file of keys."""
        until = f" until={self.until}" if self.until else ""
        return f"{self.name} {','.join(sorted(self.scopes))} sha256:{self.digest.hex()}{until}"


def new_key(name: str, scopes: Iterable[str], *, until: date | None = None) -> tuple[str, Key]:
    """Return a new random token, and the key that it is. Raises SettingsError for a name or scope that is none."""
    token = f"{_PREFIX}{secrets.token_urlsafe(_RANDOM_BYTES)}"
    return token, Key(_checked(name), _digest(token.encode()), _known(scopes), until)


def parse_keys(text: str, *, origin: str) -> tuple[Key, ...]:
    """Return the keys of a file, one a line: ``NAME SCOPE,SCOPE sha256:HASH [until=DAY]``.

    Empty lines and those that begin with # are passed over. Raises SettingsError, which names the line but does not
    repeat it: it may hold a key by mistake.
    """
    keys = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                keys.append(_parsed(line.strip()))
            except (ValueError, SettingsError) as error:
                raise SettingsError(
                    f"Line {number} of {origin} is no key: {error}.",
                    remedy="Let `pullquote keys new` write the line.",
                ) from error
    return tuple(keys)


def _parsed(line: str) -> Key:
    found = _LINE.fullmatch(line)
    if not found:
        raise ValueError("it is not NAME SCOPE,SCOPE sha256:HASH [until=DAY]")
    until = date.fromisoformat(found["until"]) if found["until"] else None
    return Key(_checked(found["name"]), bytes.fromhex(found["hash"]), _known(found["scopes"].split(",")), until)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise SettingsError(
            "The name is none", remedy="Take up to 64 letters, digits and the signs . @ _ and -, without spaces."
        )
    return name


def _known(scopes: Iterable[str]) -> frozenset[Scope]:
    given = set(scopes)
    if not given or not given <= set(SCOPES):
        raise SettingsError("Its scopes are not known", remedy=f"There are {', '.join(SCOPES)}.")
    return frozenset(each for each in SCOPES if each in given)


def _digest(token: bytes) -> bytes:
    return sha256(token).digest()


class KeyFile:
    """The keys of a file, read again whenever the file changes.

    A new version that cannot be read leaves the keys as they were, and is logged as an error, once.
    """

    def __init__(self, path: Path) -> None:
        """Read the file. Raises SettingsError."""
        self._path = path
        self._state = self._stat()
        self._keys = self._read()

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys as the file has them now."""
        state = self._stat()
        if state != self._state:
            self._state = state
            try:
                self._keys = self._read()
                _log.info("read %d keys from %s", len(self._keys), self._path)
            except SettingsError as error:
                _log.error("the keys stay as they were: %s", error)
        return self._keys

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> tuple[Key, ...]:
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise SettingsError(
                f"PULLQUOTE_KEYS_FILE {self._path} cannot be read: {reason}.", remedy="Correct the path or the file."
            ) from error
        return parse_keys(text, origin=str(self._path))


class Keyring:
    """All keys that there are: those of the settings, and those of the file.

    A key of ``PULLQUOTE_API_KEYS`` allows asking, and everything else where there is no admin key; one of
    ``PULLQUOTE_ADMIN_KEYS`` allows everything. With ``open_metrics`` no key is needed for the metrics.
    """

    def __init__(
        self, api_keys: Sequence[str], admin_keys: Sequence[str], file: Path | None, *, open_metrics: bool = False
    ) -> None:
        """Take the keys of the settings, and read the file. Raises SettingsError."""
        reader: frozenset[Scope] = frozenset({"ask"} if admin_keys else {"ask", "write", "metrics"})
        admin: frozenset[Scope] = frozenset({"admin"})
        self._set = (
            *(Key(f"admin-key-{n}", _digest(key.encode()), admin) for n, key in enumerate(admin_keys, start=1)),
            *(Key(f"api-key-{n}", _digest(key.encode()), reader) for n, key in enumerate(api_keys, start=1)),
        )
        self._file = KeyFile(file) if file else None
        self.is_needed_to_ask = bool(api_keys or file)
        self.is_needed_to_write = bool(api_keys or admin_keys or file)
        self.is_needed_to_measure = self.is_needed_to_write and not open_metrics

    def key_of(self, token: bytes) -> Key | None:
        """Return the valid key that ``token`` is, None for none.

        Every key is compared, each in constant time, so that the time taken reveals nothing.
        """
        digest, today = _digest(token), datetime.now(UTC).date()
        keys = (*self._set, *(self._file.keys if self._file else ()))
        found = [each for each in keys if secrets.compare_digest(digest, each.digest)]
        return next((each for each in found if each.until is None or today <= each.until), None)
