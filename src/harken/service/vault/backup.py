"""Makes a consistent copy of the databases and the sealed keyrings. Never an epoch key.

After a rotation the copy opens nothing of those left out, and still serves the others.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connections

from harken.method.errors import refuse
from harken.service.vault.faults import BACKUP_EXISTS, NOT_SQLITE

KEPT = ("*.keyring", "*.pointer", "epochs.jsonl")
"""What of a study's key folder is copied; slots and signing keys never are."""

DATABASES = {"default": "identity.sqlite3", "answers": "answers.sqlite3"}
"""Under the names that a data folder has them by, so that a copy is simply put back."""


def write(folder: Path) -> dict[str, str]:
    """Copy into a new folder; returns each file's SHA-256 by its relative name."""
    if folder.exists() and any(folder.iterdir()):
        raise refuse(BACKUP_EXISTS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "databases").mkdir(mode=0o700)
    for alias, name in DATABASES.items():
        _copy_database(alias, folder / "databases" / name)
    for source, name in _key_files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(source.read_bytes())
    return {
        file.relative_to(folder).as_posix(): _digest(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _copy_database(alias: str, target: Path) -> None:
    connection = connections[alias]
    if connection.vendor != "sqlite":
        raise refuse(NOT_SQLITE)
    if connection.in_atomic_block:
        raise RuntimeError("SQLite waits for ever to copy from an open transaction")
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)
    finally:
        copy.close()
    target.chmod(0o600)


def _key_files() -> Iterator[tuple[Path, str]]:
    root = Path(settings.DATA) / "keys"
    for study in sorted((root / "studies").glob("*")):
        for pattern in KEPT:
            for file in sorted(study.glob(pattern)):
                yield file, f"keys/studies/{study.name}/{file.name}"


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
