"""Backups of a store on one machine: a tar file with the record and a manifest that says what it is."""

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

from index.errors import StoreCorruptError, StoreUnavailableError
from index.store.sqlite import meta
from index.store.sqlite.connection import Database
from index.store.sqlite.migrations import NEWEST

_MANIFEST, _RECORD = "manifest.json", "pullquote.sqlite3"
_LARGEST_MANIFEST = 100_000
_AT_A_TIME = 1 << 20


class Manifest(NamedTuple):
    """What a backup says of itself: the program's version, the record's format, and what it holds.

    ``made`` is an instant in ISO 8601, ``bytes`` and ``sha256`` are those of the record.
    """

    pullquote: str
    format: int
    made: str
    articles: int
    passages: int
    bytes: int
    sha256: str


def back_up(folder: Path, file: Path, *, version: str) -> Manifest:
    """Write the store in ``folder``, as it is at one moment, to a new ``file``; reads and writes go on meanwhile.

    The file is there complete, or not at all. It takes twice its size while it is made. ``version`` is this program's.
    Raises StoreUnavailableError, also where there is no store or the file exists, and StoreCorruptError.
    """
    record = folder / _RECORD
    if not record.is_file():
        raise StoreUnavailableError(f"There is no store in {folder}.", remedy="Name it in PULLQUOTE_STORE.")
    if file.exists():
        raise StoreUnavailableError(f"{file} exists already.", remedy="Name a new file.")
    with _named(file), tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as scratch:
        copied = Path(scratch, _RECORD)
        with closing(Database(record, upgrade=False)) as database:
            database.copy_to(copied)
        manifest = _described(copied, version)
        packed = Path(scratch, "packed")
        _pack(packed, copied, manifest)
        # Unlike a rename, a link never replaces what somebody else has put there meanwhile.
        os.link(packed, file)
        _make_durable(file.parent)
    return manifest


def restore(file: Path, folder: Path, *, version: str, replace: bool = False) -> Manifest:
    """Make the store in ``folder`` what it was when ``file`` was written, in one commit; return the file's manifest.

    Its vector cache is to be rebuilt. Programs that use the store go on with what was restored. An older record is
    brought to this program's format. Raises StoreUnavailableError where ``file`` is no backup or of a newer format, or
    the store holds articles and is not to be replaced, and StoreCorruptError where the backup is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _named(file), tempfile.TemporaryDirectory(prefix=".restore.", dir=folder) as scratch:
        unpacked = Path(scratch, _RECORD)
        with file.open("rb") as packed:
            manifest = _unpack(packed, unpacked, file, version)
        with closing(Database(unpacked)) as database:  # which brings it to this format
            _require_sound(database, file)
            with database.writing() as connection:
                # A program with vectors of later articles in memory must not take them for those of this record.
                if model := meta.model(connection):
                    meta.set_model(connection, model)
                meta.renew_revision(connection)
        with closing(_opened(folder / _RECORD)) as target:
            with target.reading() as connection:
                held = meta.counts(connection).articles
            if held and not replace:
                raise StoreUnavailableError(
                    f"The store in {folder} holds {held} articles.",
                    remedy="Restore to an empty store, or replace it with --replace.",
                )
            target.become(unpacked)
            target.empty_log()
    return manifest


def _opened(record: Path) -> Database:
    try:
        return Database(record)
    except StoreCorruptError as error:
        raise StoreCorruptError(
            f"{record} is damaged.",
            remedy=f"Stop what uses it, move {record.name} and the files beside it away, and restore again.",
        ) from error


def _described(record: Path, version: str) -> Manifest:
    with closing(sqlite3.connect(record)) as connection:
        counts = meta.counts(connection)
        number = connection.execute("PRAGMA user_version").fetchone()[0]
    made = datetime.now(UTC).isoformat(timespec="seconds")
    with record.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Manifest(version, number, made, *counts, record.stat().st_size, sha256)


def _pack(path: Path, record: Path, manifest: Manifest) -> None:
    described = json.dumps(manifest._asdict(), indent=2).encode()
    with path.open("xb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            member = tarfile.TarInfo(_MANIFEST)
            member.size = len(described)
            archive.addfile(member, io.BytesIO(described))
            archive.add(record, _RECORD, filter=_nameless)
        file.flush()
        os.fsync(file.fileno())


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return a member without the user's name, readable by its owner only."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _unpack(packed: IO[bytes], record: Path, file: Path, version: str) -> Manifest:
    """Write the record in a backup to ``record``, and return the manifest."""
    no_backup = StoreUnavailableError(f"{file} is no backup.", remedy="Name a file that `pullquote backup` wrote.")
    try:
        with tarfile.open(fileobj=packed, mode="r:") as archive:
            described, held = archive.next(), archive.next()
            content = archive.extractfile(described) if described and described.name == _MANIFEST else None
            if content is None or described is None or described.size > _LARGEST_MANIFEST:
                raise no_backup
            manifest = Manifest(**json.load(content))
            if manifest.format > NEWEST:
                raise StoreUnavailableError(
                    f"{file} was made by pullquote {manifest.pullquote} and is of format {manifest.format}; this is"
                    f" pullquote {version}, which knows formats up to {NEWEST}.",
                    remedy=f"Use pullquote {manifest.pullquote} or a newer one.",
                )
            found = archive.extractfile(held) if held and held.name == _RECORD else None
            if found is None or _copied(found, record) != (manifest.bytes, manifest.sha256):
                raise _damaged(file)
    except tarfile.ReadError as error:
        raise (_damaged(file) if record.exists() else no_backup) from error
    except (ValueError, TypeError) as error:  # the manifest is no JSON, or has other fields
        raise no_backup from error
    return manifest


def _copied(source: IO[bytes], path: Path) -> tuple[int, str]:
    """Write ``source`` to ``path``; return how many bytes there were, and their hash."""
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as file:
        while part := source.read(_AT_A_TIME):
            file.write(part)
            size += len(part)
            digest.update(part)
    return size, digest.hexdigest()


def _require_sound(database: Database, file: Path) -> None:
    with database.reading() as connection:
        if (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise StoreCorruptError(f"{file} holds a damaged record: {found}.", remedy="Restore an older backup.")


def _damaged(file: Path) -> StoreCorruptError:
    return StoreCorruptError(
        f"{file} is damaged: its record is not the one that was backed up.", remedy="Restore another backup."
    )


def _make_durable(folder: Path) -> None:
    """Let the folder's new name survive a loss of power."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Raise StoreUnavailableError, which names the backup, for what the system refuses."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailableError(
            f"The backup {file} cannot be written or read: {error.strerror}.",
            remedy="Check its folder, its rights and the space on the disk.",
        ) from error
