"""Reaches the key holder: one connection a thread, started by the house when none runs.

HARKEN_HOLDER names the socket of a holder run apart; empty, the house starts its own in
the background; ``within`` keeps the keys in this process, for tests alone.
"""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from harken.method.errors import AwayError, refuse
from harken.service.ledger.signing import signer_in
from harken.service.vault import durable
from harken.service.vault.faults import (
    CLOCK_BACK,
    ENROL_AGAIN,
    HOLDER_GONE,
    WITNESS_GONE,
)
from harken.service.vault.keyholder import process, wire
from harken.service.vault.keyholder.address import SOCKET, connect
from harken.service.vault.keyholder.desk import Caller, Desk
from harken.service.vault.keyholder.wire import Operation

WITHIN = "within"
PATIENCE = 15.0
"""Seconds to wait for a holder that is starting or starting anew."""

ANEW = 5.0
"""Seconds to wait for a holder run apart when the connection to it was lost just now.

After a destruction it starts itself anew. Who had no connection does not wait at all.
"""

PAUSES = (0, 0.02, 0.2, 1)
"""Before each attempt: a holder that is ending takes a moment to be gone."""

FOR_NOW = (WITNESS_GONE, CLOCK_BACK)
"""What is refused until somebody puts it right, and says nothing of any person."""

_LOCAL = threading.local()
_DESKS: dict[Path, Desk] = {}


class HolderAway(AwayError):
    """Nothing can be sealed or opened now; nothing is known of the person."""


def call(
    kind: Operation, fields: Sequence[bytes], *, repeat: bool = True
) -> list[bytes]:
    """Ask the key holder and return the fields of its answer.

    A connection lost on the way is made anew and the question asked again, unless
    ``repeat`` is False. Raises HolderAway with VAU-114, VAU-119, VAU-122 or VAU-123 when
    the holder cannot be reached or its clock stands back, and the HarkenError that the
    holder refuses with.
    """
    named = settings.HOLDER
    if named == WITHIN:
        answer = process.reply(*_within(), kind, list(fields))
    else:
        answer = _over_socket(
            _socket(named, settings.DATA), kind, fields, repeat=repeat
        )
    return _granted(*answer)


def in_turn(
    kind: Operation, questions: Iterable[Sequence[bytes]]
) -> Iterator[list[bytes]]:
    """Ask one thing after another, each before the answer to the last is handed out.

    So house and holder work at the same time. Until the last answer is there this thread
    can ask nothing else (RuntimeError). Nothing is asked twice: a lost connection raises
    HolderAway with VAU-122, a refusal its HarkenError, and both, like leaving early, end
    the connection and with it whatever the holder kept for it.
    """
    if settings.HOLDER == WITHIN:
        yield from (call(kind, fields) for fields in questions)
        return
    waiting = iter(questions)
    fields = next(waiting, None)
    if fields is None:
        return
    link = _link(_socket(settings.HOLDER, settings.DATA), fresh=False)
    _LOCAL.asked = True
    try:
        _say(link, kind, fields)
        for fields in waiting:
            answer = _hear(link)
            _say(link, kind, fields)
            yield answer
        answer = _hear(link)
        _LOCAL.asked = False
    finally:
        if _LOCAL.asked:
            hang_up()
    yield answer


def hang_up() -> None:
    """Close this thread's connection."""
    link = getattr(_LOCAL, "link", None)
    if link is not None:
        link.close()
    _LOCAL.link, _LOCAL.asked = None, False


def _granted(kind: int, fields: list[bytes]) -> list[bytes]:
    """The fields of an answer; raises the refusal that they are."""
    if kind == wire.REFUSED:
        error = wire.refused(fields)
        away = error.findings[0].fault in FOR_NOW
        raise HolderAway(error) if away else error
    return fields


def _say(link: socket.socket, kind: Operation, fields: Sequence[bytes]) -> None:
    try:
        wire.send(link, kind, fields)
    except OSError:
        raise HolderAway(refuse(ENROL_AGAIN)) from None


def _hear(link: socket.socket) -> list[bytes]:
    try:
        answer = wire.receive(link)
    except (OSError, wire.NotOurs):
        answer = None
    if answer is None:
        raise HolderAway(refuse(ENROL_AGAIN))
    return _granted(*answer)


def _over_socket(
    path: Path, kind: Operation, fields: Sequence[bytes], *, repeat: bool
) -> tuple[int, list[bytes]]:
    for pause in PAUSES:
        if pause:
            time.sleep(pause)
        link = _link(path, fresh=pause > 0)
        try:
            wire.send(link, kind, fields)
            answer = wire.receive(link)
        except (OSError, wire.NotOurs):
            answer = None
        if answer is not None:
            return answer
        hang_up()
        if not repeat:
            raise HolderAway(refuse(ENROL_AGAIN))
    raise HolderAway(refuse(HOLDER_GONE))


def _link(path: Path, *, fresh: bool) -> socket.socket:
    """This thread's connection to this holder, made when there is none."""
    held: socket.socket | None = getattr(_LOCAL, "link", None)
    if held is not None and _LOCAL.path is path and not fresh:
        if _LOCAL.asked:
            raise RuntimeError("the key holder still owes this thread an answer")
        return held
    hang_up()
    link = _reach(path, patience=ANEW * fresh)
    _LOCAL.link, _LOCAL.path = link, path
    return link


os.register_at_fork(after_in_child=hang_up)
"""A child has its parent's connection and would read its answers."""


def _reach(path: Path, *, patience: float) -> socket.socket:
    """Connect; start the house's own holder when nobody listens.

    A holder run apart is waited for so many seconds.
    """
    until = time.monotonic() + (patience if settings.HOLDER else PATIENCE)
    pause = 0.01
    while True:
        try:
            return connect(path)
        except PermissionError:
            raise HolderAway(refuse(HOLDER_GONE)) from None
        except OSError:
            if time.monotonic() >= until:
                raise HolderAway(refuse(HOLDER_GONE)) from None
        if not settings.HOLDER:
            _start(path.parent)
        time.sleep(pause)
        pause = min(pause * 2, 0.2)


def _start(keys: Path) -> None:
    """Start the holder unless another process is about to, or it is there by now."""
    durable.make_folder(keys)
    handle = os.open(keys / "holder.start", os.O_RDWR | os.O_CREAT, durable.MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if _running(keys):
            return
        command = [sys.executable, "-m", process.__name__, str(keys), "--background"]
        if settings.STATED_CLOCK:
            command.append("--stated-clock")
        with (keys / "holder.err").open("ab") as errors:
            subprocess.run(  # noqa: S603 - our own command
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
                cwd=keys,
            )
        until = time.monotonic() + PATIENCE
        while not _running(keys) and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        os.close(handle)


def _running(keys: Path) -> bool:
    try:
        connect(keys / SOCKET).close()
    except OSError:
        return False
    return True


@cache
def _socket(named: str, data: Path) -> Path:
    """The holder's socket; asked at every opening, so kept."""
    return Path(named) if named else Path(data) / "keys" / SOCKET


def _within() -> tuple[Desk, Caller]:
    keys = Path(settings.DATA) / "keys"
    desk = _DESKS.get(keys)
    if desk is None:
        made = Desk(
            keys,
            lambda: signer_in(keys, "holder"),
            clock=time.time,
            stated=settings.STATED_CLOCK,
        )
        desk = _DESKS.setdefault(keys, made)
    if not hasattr(_LOCAL, "caller"):
        _LOCAL.caller = Caller()
    return desk, _LOCAL.caller
