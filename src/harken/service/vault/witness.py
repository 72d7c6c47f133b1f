"""The controller's share of every epoch key: a small program the controller runs.

It keeps shares in slots of its own, gives them to the one holder whose key it was told,
destroys them when asked or when the controller says so, and signs a receipt for each. It
also signs a later date for a promise, which nobody else can.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import socket
import time
from pathlib import Path

from harken.method.errors import Exit, HarkenError, refuse
from harken.method.ledger import Signer, open_note, sign_note
from harken.method.vault import envelope, slot
from harken.method.vault.slot import EpochKey
from harken.service import terminal
from harken.service.vault import durable
from harken.service.vault.faults import NO_SHARE, NOT_UNDERSTOOD, SHARE_THERE
from harken.service.vault.keyholder import wire
from harken.service.vault.keyholder.address import bound
from harken.service.vault.keyholder.promise import EXTENSION, need_reason
from harken.service.vault.keyholder.shares import (
    ATTEST,
    DESTROY,
    GIVE,
    MAKE,
    RECEIPT,
    REQUEST,
    digest,
)
from harken.service.vault.keystore import RECEIPT as EPOCH

PLACE = re.compile(r"[a-z0-9][a-z0-9_-]*/(standard|recontact)-[ab]/[0-9]{1,9}")
LATE = 300.0
"""A request older than so many seconds is not answered."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``harken vault witness``."""
    parser.add_argument("folder", type=Path, help="the controller's own folder")
    parser.add_argument("--make", metavar="NAME", help="make the controller's key")
    parser.add_argument("--serve", type=Path, metavar="SOCKET", help="give shares here")
    parser.add_argument("--holder", type=Path, help="the holder's key (holder.pub)")
    parser.add_argument("--destroy", metavar="STUDY", help="destroy all its shares")
    parser.add_argument("--sure", metavar="STUDY", help="the same again, to confirm it")
    parser.add_argument(
        "--extend",
        nargs=5,
        metavar=("STUDY", "DIGEST", "DESTROY_BY", "RECONTACT_UNTIL", "REASON"),
        help="sign a later date for those enrolled from then on",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what the controller asked for."""
    folder: Path = args.folder
    if args.make:
        terminal.say(make_key(folder, args.make))
    elif args.destroy:
        return _end(folder, args.destroy, sure=args.sure == args.destroy)
    elif args.extend:
        study, policy, destroy_by, recontact_until, reason = args.extend
        days = destroy_by, recontact_until
        terminal.say(extension(folder, study, policy, days, reason))
    elif args.serve and args.holder:
        key = args.holder.read_text(encoding="utf-8").strip()
        serve(folder, args.serve, holder=key)
    else:
        terminal.fail("Say what to do: --make, --serve with --holder, --destroy, ...")
        return Exit.USAGE
    return Exit.DONE


def make_key(folder: Path, name: str) -> str:
    """A fresh key under a name; returns the public half. Refuses to replace a key."""
    durable.make_folder(folder)
    handle = os.open(
        folder / "controller.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, durable.MODE
    )
    seed = os.urandom(32)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{name}\n{seed.hex()}\n")
    public = Signer(name, seed).public_key
    (folder / "controller.pub").write_text(public + "\n", encoding="utf-8")
    return public


def signer(folder: Path) -> Signer:
    """The controller's key."""
    name, seed = (folder / "controller.key").read_text(encoding="utf-8").split()
    return Signer(name, bytes.fromhex(seed))


def serve(folder: Path, path: Path, *, holder: str) -> None:
    """Answer the holder until the program is stopped, one request at a time."""
    with bound(path, mode=0o600) as listener:
        while True:
            link, _ = listener.accept()
            with link:
                link.settimeout(20)
                _serve_one(folder, link, holder)


def answer(folder: Path, note: str, *, holder: str, now: float) -> bytes:
    """One request of the holder, checked: a sealed share, or a receipt."""
    lines = open_note(note, holder).rstrip("\n").split("\n")
    if len(lines) != 5 or lines[0] != REQUEST:
        raise refuse(NOT_UNDERSTOOD)
    _, act, place, public, stamp = lines
    if not PLACE.fullmatch(place) or abs(now - float(stamp)) > LATE:
        raise refuse(NOT_UNDERSTOOD)
    if act == ATTEST:
        return _attest(folder, place, bytes.fromhex(public).decode("utf-8")).encode()
    if act == DESTROY:
        return _destroy(folder, place).encode("utf-8")
    if act not in (MAKE, GIVE):
        raise refuse(NOT_UNDERSTOOD)
    share = _make(folder, place) if act == MAKE else _share(folder, place)
    about = f"{act}|{place}".encode()
    return envelope.seal_to(bytes.fromhex(public), share, about, os.urandom)


def destroy_study(folder: Path, study: str) -> list[str]:
    """Destroy every share of a study: the controller's own end of the promise."""
    return [_destroy(folder, place) for place in shares_left(folder, study)]


def shares_left(folder: Path, study: str) -> list[str]:
    """The places of a study's shares that are not destroyed, such as ``s/standard-b/2``."""
    return sorted(
        f"{study}/{path.parent.name}/{path.stem}"
        for path in (folder / "shares" / study).glob("*/*.slot")
        if path.read_bytes() != slot.EMPTY
    )


def extension(
    folder: Path, study: str, policy: str, days: tuple[str, str], reason: str
) -> str:
    """A signed later date: study, digest of the promise it follows, both days, and why.

    Raises HarkenError VAU-134 without a reason on one line.
    """
    need_reason(reason)
    plain = [dt.date.fromisoformat(day).isoformat() for day in days]
    lines = (EXTENSION, study, policy, *plain, reason)
    return sign_note("\n".join(lines) + "\n", [signer(folder)])


def _end(folder: Path, study: str, *, sure: bool) -> Exit:
    """Destroy a study's shares once it was said twice: nothing brings them back."""
    left = shares_left(folder, study)
    if not left:
        terminal.say(
            f"No share of {study} is here: none was made, or all are destroyed."
        )
        return Exit.DONE
    if not sure:
        kinds = [place.split("/")[1].partition("-")[0] for place in left]
        terminal.fail(
            f"{study} has {kinds.count('standard')} shares for everybody and "
            f"{kinds.count('recontact')} for those who agreed to be contacted again. "
            "Once they are destroyed nobody can ever read these people's names again, "
            f"you and the processor included. If that is meant, add: --sure {study}"
        )
        return Exit.REFUSED
    for receipt in destroy_study(folder, study):
        terminal.say(receipt)
    return Exit.DONE


def _serve_one(folder: Path, link: socket.socket, holder: str) -> None:
    try:
        message = wire.receive(link)
        if message is None:
            return
        note = message[1][0].decode("utf-8")
        wire.send(
            link, wire.DONE, [answer(folder, note, holder=holder, now=time.time())]
        )
    except HarkenError as error:
        wire.send(link, wire.REFUSED, wire.refusal(error))
    except (ValueError, IndexError, wire.NotOurs):
        wire.send(link, wire.REFUSED, wire.refusal(refuse(NOT_UNDERSTOOD)))
    except OSError:
        return


def _make(folder: Path, place: str) -> bytes:
    """A fresh share. One that was given before is never replaced: it may be in use."""
    path = _file(folder, place)
    if path.exists() and path.read_bytes() != slot.EMPTY:
        raise refuse(SHARE_THERE)
    durable.make_folder(path.parent)
    share = os.urandom(envelope.KEY)
    generation = int(place.rpartition("/")[2])
    durable.overwrite(
        path, slot.write_slot(EpochKey(generation, share, os.urandom(32)))
    )
    return share


def _share(folder: Path, place: str) -> bytes:
    path = _file(folder, place)
    if not path.exists() or path.read_bytes() == slot.EMPTY:
        raise refuse(NO_SHARE)
    return slot.read_slot(path.read_bytes()).key


def _destroy(folder: Path, place: str) -> str:
    """Overwrite the share and sign for it; asked again, the same receipt."""
    path = _file(folder, place)
    kept = path.with_suffix(".receipt")
    if not kept.exists():
        value = digest(_share(folder, place))
        when = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        text = "\n".join((RECEIPT, place, value, when)) + "\n"
        durable.replace(kept, sign_note(text, [signer(folder)]).encode("utf-8"))
    if path.read_bytes() != slot.EMPTY:
        durable.overwrite(path, os.urandom(slot.SIZE))
        durable.overwrite(path, slot.EMPTY)
    return kept.read_text(encoding="utf-8")


def _attest(folder: Path, place: str, receipt: str) -> str:
    """Sign an epoch key's receipt; whatever share of that generation is left dies first.

    A share may be left when the holder stopped between having it made and keeping its
    own half.
    """
    study, name, generation = place.split("/")
    retention = name.partition("-")[0]
    if receipt.split("\n")[:4] != [EPOCH, study, retention, generation]:
        raise refuse(NOT_UNDERSTOOD)
    for letter in "ab":
        other = f"{study}/{retention}-{letter}/{generation}"
        if _file(folder, other).exists():
            _destroy(folder, other)
    return signer(folder).sign(receipt)


def _file(folder: Path, place: str) -> Path:
    return folder / "shares" / f"{place}.slot"
