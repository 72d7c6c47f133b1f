"""Where the key holder listens: ``holder.sock`` in the key folder, however long its path.

A socket's address may have 107 bytes; a deep folder is reached through its descriptor.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOCKET = "holder.sock"
LONGEST = 100
BACKLOG = 128


def lock_of(keys: Path) -> Path:
    """The file that the one serving process holds."""
    return keys / "holder.lock"


@contextmanager
def near(path: Path) -> Iterator[str]:
    """A short name of a socket's path, good inside the block."""
    if len(os.fsencode(path)) <= LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def connect(path: Path) -> socket.socket:
    """A connection; raises OSError when nobody listens."""
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        with near(path) as name:
            link.connect(name)
    except OSError:
        link.close()
        raise
    return link


@contextmanager
def bound(path: Path, *, mode: int) -> Iterator[socket.socket]:
    """The listening socket, put in place at one instant and removed at the end.

    ``mode`` lets other users connect; whether they are admitted the kernel's word on
    them decides.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    with listener:
        with near(fresh) as name:
            listener.bind(name)
        fresh.chmod(mode)
        listener.listen(BACKLOG)
        fresh.rename(path)
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)
