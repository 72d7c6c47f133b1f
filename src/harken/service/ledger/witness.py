"""The witness that the controller runs: three small files and no database, no settings.

A key, made once and never shown; what was seen last; the operator's public key. It signs
that a ledger only grew. It writes down what it saw before it answers, so that even a
crash cannot make it sign two histories.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harken.method.errors import Exit
from harken.method.ledger import witness
from harken.service import terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``harken ledger witness``."""
    parser.add_argument(
        "folder",
        type=Path,
        help="the witness's own folder, on the controller's machine",
    )
    parser.add_argument(
        "--make",
        metavar="NAME",
        help="make a key under this name and show its public half",
    )
    parser.add_argument(
        "--log", type=Path, help="the operator's public key (ledger.pub)"
    )
    parser.add_argument(
        "--request", type=Path, help="what 'harken ledger request' wrote; else stdin"
    )
    parser.add_argument("--out", type=Path, help="write the co-signature here")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make a key, or answer one request."""
    if args.make:
        terminal.say(make_key(args.folder, args.make))
        return Exit.DONE
    if args.log is None:
        terminal.fail("Name the operator's public key with --log.")
        return Exit.USAGE
    text = (
        args.request.read_text(encoding="utf-8") if args.request else sys.stdin.read()
    )
    key = args.log.read_text(encoding="utf-8").strip()
    line = answer(args.folder, text, log_key=key, now=int(time.time()))
    if args.out:
        args.out.write_text(line, encoding="utf-8")
        terminal.say(f"Co-signed. Send {args.out} back to the operator.")
    else:
        terminal.say(line.rstrip("\n"))
    return Exit.DONE


def make_key(folder: Path, name: str) -> str:
    """A fresh key under a name; returns the public half. Refuses to replace a key."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(
        folder / "witness.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
    )
    seed = os.urandom(32)
    public = witness.Cosigner(name, seed).public_key
    _fill(handle, f"{name}\n{seed.hex()}\n")
    (folder / "witness.pub").write_text(public + "\n", encoding="utf-8")
    return public


def answer(folder: Path, text: str, *, log_key: str, now: int) -> str:
    """Check one request, write down what was seen, and co-sign; raises LED faults."""
    name, seed = (folder / "witness.key").read_text(encoding="utf-8").split()
    by = witness.Cosigner(name, bytes.fromhex(seed))
    request = witness.read_request(text)
    origin = log_key.partition("+")[0]
    with _alone(folder):
        seen = _seen(folder, origin)
        point, line = witness.countersign(
            request, seen=seen, log_key=log_key, by=by, at=now
        )
        _keep(folder, point)
    return line


def _seen(folder: Path, origin: str) -> witness.Checkpoint | None:
    try:
        rows = json.loads((folder / "seen.json").read_bytes())
    except FileNotFoundError:
        return None
    if origin not in rows:
        return None
    row = rows[origin]
    return witness.Checkpoint(origin, row["size"], bytes.fromhex(row["root"]))


def _keep(folder: Path, point: witness.Checkpoint) -> None:
    """Replace the file of what was seen at one instant; on the disk when it returns."""
    path = folder / "seen.json"
    rows = json.loads(path.read_bytes()) if path.exists() else {}
    rows[point.origin] = {"size": point.size, "root": point.root.hex()}
    fresh = path.with_suffix(".new")
    _fill(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), json.dumps(rows)
    )
    fresh.replace(path)
    above = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(above)
    finally:
        os.close(above)


def _fill(handle: int, text: str) -> None:
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "witness.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
