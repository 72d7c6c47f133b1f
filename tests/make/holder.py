"""Starts a key holder of its own process for a folder, and reads what it left behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harken.service.vault.keyholder.address import SOCKET, connect

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
_AS = """
import ctypes, gettext, os, shutil, sys
from harken.service.vault.keyholder import process
user = int(sys.argv[1])
if user:
    os.setgid(user)
    os.setuid(user)
    # The change of user hides the process by itself; undo that, to see its own doing.
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
raise SystemExit(process.main(sys.argv[2:]))
"""


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that a user without rights can reach, for tests that change the user."""
    folder = Path(tempfile.mkdtemp(prefix="harken-keys-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def make_holder(
    keys: Path, *more: str, user: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The real process, listening; ended when the block ends."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [sys.executable, "-c", _AS, str(user or 0), str(keys)]
    if user is not None:
        os.chown(keys, user, user)
    process = subprocess.Popen(
        [*command, "--stated-clock", *more],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        cwd="/",
    )
    try:
        wait_for(keys / SOCKET, process)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(path: Path, process: subprocess.Popen[bytes] | None = None) -> None:
    """Until somebody listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process is None or process.poll() is None, "the holder ended"
        try:
            connect(path).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nobody listens")


def journal(keys: Path) -> list[dict[str, Any]]:
    """What the holder wrote down."""
    text = (keys / "holder.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
