"""The only writes that a promise depends on: each reaches the disk before it returns.

Four operations - overwrite in place, append, replace by rename, remove - made of five
primitive steps. Tests stop the program before and after every primitive step.
"""

from __future__ import annotations

import os
from pathlib import Path

MODE = 0o600


def make_folder(folder: Path) -> None:
    """A folder that only this user reads."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def overwrite(path: Path, data: bytes) -> None:
    """Write over a file of the same length, where it lies; made when absent."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, MODE)
    try:
        _write(handle, data, 0)
        _sync(handle)
    finally:
        os.close(handle)


def append(path: Path, data: bytes, *, at: int | None = None) -> None:
    """Add to the end, or from byte ``at`` on, cutting off what stood there."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, MODE)
    try:
        end = os.fstat(handle).st_size if at is None else at
        _cut(handle, end)
        _write(handle, data, end)
        _sync(handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes) -> None:
    """Put a new file in a file's place at one instant."""
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, MODE)
    try:
        _write(handle, data, 0)
        _sync(handle)
    finally:
        os.close(handle)
    _rename(fresh, path)
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file if it is there."""
    if path.exists():
        _unlink(path)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        _sync(handle)
    finally:
        os.close(handle)


def _write(handle: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        done = os.pwrite(handle, view, at)
        view = view[done:]
        at += done


def _sync(handle: int) -> None:
    os.fsync(handle)


def _cut(handle: int, size: int) -> None:
    if os.fstat(handle).st_size > size:
        os.ftruncate(handle, size)


def _rename(source: Path, target: Path) -> None:
    source.rename(target)


def _unlink(path: Path) -> None:
    path.unlink()
