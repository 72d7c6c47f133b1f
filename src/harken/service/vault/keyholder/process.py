"""The key holder as a process of its own: ``python -m harken.service.vault.keyholder.process``.

It locks its memory, listens on a Unix socket in the key folder, asks the kernel who is at
the other end, and answers on a thread a connection. After a destruction it starts itself
anew, so that the system takes back every page that held a key.
"""

from __future__ import annotations

import argparse
import fcntl
import logging
import os
import pwd
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from harken.method.errors import HarkenError, refuse
from harken.service.ledger.signing import signer_in
from harken.service.logs import PlaceOnly
from harken.service.vault.faults import NOT_UNDERSTOOD
from harken.service.vault.keyholder import asks, memory, places, wire
from harken.service.vault.keyholder.address import SOCKET, bound, lock_of
from harken.service.vault.keyholder.desk import Caller, Desk
from harken.service.vault.keyholder.wire import Operation

log = logging.getLogger("harken.keyholder")

CREDENTIALS = struct.Struct("3i")
OFTEN: dict[int, Callable[[Desk, list[bytes]], list[bytes]]] = {
    Operation.OPEN: Desk.open,
    Operation.SEAL: Desk.seal,
    Operation.IDENTITY: Desk.identity,
    Operation.HASH: Desk.hash,
}
LOOK = 2.0
"""Seconds between looks at whether the folder is still there and anybody calls."""
REGARD = 20.0
"""Seconds between looks at whether the epoch keys are still in their places."""
IDLE = 60.0
"""A holder that the house started by itself ends when nobody was connected so long."""


class Server:
    """Listens, admits, answers, and ends cleanly."""

    def __init__(self, desk: Desk, listener: socket.socket, uids: set[int]) -> None:
        self.desk = desk
        self.listener = listener
        self.uids = uids
        self.links: dict[socket.socket, threading.Lock] = {}
        self.turned_away = 0
        self._bell = os.eventfd(0, os.EFD_CLOEXEC)
        self._closed = False

    def run(self, *, idle: float | None) -> bool:
        """Serve until told to end; returns whether to start anew."""
        last = looked = time.monotonic()
        watched: list[socket.socket | int] = [self.listener, self._bell]
        while not (self.desk.stale or self.desk.ending):
            if self.links:
                last = time.monotonic()
            if time.monotonic() - looked > REGARD:
                looked = time.monotonic()
                self.desk.look()
            ready, _, _ = select.select(watched, [], [], LOOK)
            if self.listener in ready:
                self._admit(self.listener.accept()[0])
            elif not ready:
                gone = not self.desk.root.exists()
                quiet = idle is not None and time.monotonic() - last > idle
                if gone or quiet:
                    break
        self._finish()
        return self.desk.stale and not self.desk.ending

    def _admit(self, link: socket.socket) -> None:
        raw = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        pid, uid, _ = CREDENTIALS.unpack(raw)
        if uid not in self.uids:
            self.turned_away += 1
            self.desk.journal.turned_away(uid)
            link.close()
            return
        busy = self.links[link] = threading.Lock()
        words = (link, Caller(pid), busy)
        threading.Thread(target=self._serve, args=words, daemon=True).start()

    def _serve(self, link: socket.socket, caller: Caller, busy: threading.Lock) -> None:
        try:
            message = wire.receive(link)
            while message is not None:
                with busy:
                    if self._closed:
                        return
                    wire.send(link, *reply(self.desk, caller, *message))
                if self.desk.stale or self.desk.ending:
                    os.eventfd_write(self._bell, 1)
                message = wire.receive(link)
        except (OSError, wire.NotOurs):
            return
        finally:
            self.links.pop(link, None)
            link.close()

    def _finish(self) -> None:
        """Answer what was begun, then take no more."""
        self._closed = True
        until = time.monotonic() + 30
        for busy in list(self.links.values()):
            busy.acquire(timeout=max(0.0, until - time.monotonic()))
        self.desk.journal.close()


def reply(
    desk: Desk, caller: Caller, kind: int, fields: list[bytes]
) -> tuple[int, list[bytes]]:
    """The answer to one message: done or refused, and fields."""
    try:
        return wire.DONE, act(desk, caller, kind, fields)
    except HarkenError as error:
        return wire.REFUSED, wire.refusal(error)
    except (ValueError, KeyError, IndexError, TypeError, wire.NotOurs):
        log.warning("a message was not understood", exc_info=True)
        return wire.REFUSED, wire.refusal(refuse(NOT_UNDERSTOOD))


def act(desk: Desk, caller: Caller, kind: int, fields: list[bytes]) -> list[bytes]:
    """Do what one message asks; raises HarkenError."""
    often = OFTEN.get(kind)
    if often is not None:
        return often(desk, fields)
    if kind == Operation.PREPARE:
        return desk.prepare(caller, fields)
    if kind == Operation.LIST:
        return asks.everybody(desk, fields[0].decode(), fields[1].decode())
    if kind == Operation.ASK:
        return asks.answer(desk, caller, fields[0].decode(), fields[1])
    raise refuse(NOT_UNDERSTOOD)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``harken vault holder``."""
    parser.add_argument("keys", type=Path, help="the folder with the keys: DATA/keys")
    parser.add_argument("--socket", type=Path, help="where to listen")
    parser.add_argument(
        "--user", action="append", default=[], metavar="NAME", help="may connect too"
    )
    parser.add_argument(
        "--background", action="store_true", help="go on alone; end when nobody calls"
    )
    parser.add_argument(
        "--stated-clock", action="store_true", help="for rehearsals: believe their time"
    )
    places.add_arguments(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve one key folder until stopped."""
    if args.background and os.fork():
        return 0  # whoever started this has nothing more to wait for
    _log_to(sys.stderr.fileno())
    guard = memory.protect()
    keys: Path = args.keys.resolve()
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    alone = os.open(lock_of(keys), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        log.warning("another key holder serves this folder")
        return 0
    desk = Desk(
        keys,
        lambda: signer_in(keys, "holder"),
        clock=time.time,
        stated=args.stated_clock,
        slots=places.chosen(args, keys, lambda: signer_in(keys, "holder")),
    )
    desk.alone = True
    desk.guard_words = guard.words()
    uids = {os.getuid()} | {pwd.getpwnam(name).pw_uid for name in args.user}
    path = args.socket or keys / SOCKET
    with bound(path, mode=0o666 if args.user else 0o600) as listener:
        anew = Server(desk, listener, uids).run(idle=IDLE if args.background else None)
    if anew:
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execv(command[0], command)  # noqa: S606 - our own command, no shell
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the key holder; returns when it ends."""
    parser = argparse.ArgumentParser(prog="harken vault holder", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args(argv))


def _log_to(handle: int) -> None:
    handler = logging.StreamHandler(os.fdopen(handle, "w", closefd=False))
    handler.setFormatter(PlaceOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


if __name__ == "__main__":
    raise SystemExit(main())
