"""Finds the keystore of a study. Custody, sealing and enrolment share what it returns."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from harken.method.errors import refuse
from harken.method.terms import CaseRef
from harken.method.vault import keyring
from harken.method.vault.keyring import Header, Keyring, Retention
from harken.service.ledger.signing import signer
from harken.service.vault.faults import UNFIT_DISK
from harken.service.vault.keystore import Keystore

LONDON = ZoneInfo("Europe/London")
UNFIT = frozenset({"btrfs", "zfs", "nilfs2", "f2fs", "nfs", "nfs4", "cifs"})

_STORES: dict[Path, Keystore] = {}
_GUARD = threading.Lock()


def store(slug: str) -> Keystore:
    """The study's keystore, one object a process."""
    folder = Path(settings.DATA) / "keys" / "studies" / slug
    found = _STORES.get(folder)
    if found is None:
        with _GUARD:
            made = Keystore(folder, slug, lambda: signer("holder"))
            found = _STORES.setdefault(folder, made)
    return found


def handle_of(slug: str, ref: CaseRef) -> str:
    """What the ledger calls this person: a keyed hash whose key dies at each rotation."""
    held = store(slug)
    ring = held.ring(Retention.STANDARD) or held.need(Retention.RECONTACT)
    return keyring.keyed_hash(ring.header.handle_pepper, "handle", ref).hex()[:32]


def policy_words(header: Header) -> str:
    """The promise's version and digest, as every sealed record is bound to it."""
    return f"{header.policy['policy_version']}:{str(header.policy['digest'])[:32]}"


def deadline(ring: Keyring) -> dt.datetime:
    """The first instant after the promised day, in the study's own time zone."""
    return _day_after(ring, "destroy_by")


def recontact_end(ring: Keyring) -> dt.datetime:
    """The first instant after the last day anybody may be contacted again."""
    return _day_after(ring, "recontact_until")


def check_disk(mounts: str, folder: Path) -> None:
    """Raise HarkenError VAU-109 when overwriting in place would keep the old bytes.

    ``mounts`` is the text of /proc/self/mounts; an unknown system passes.
    """
    best = ("", "", "")
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 4:
            continue
        point, kind, options = parts[1], parts[2], parts[3]
        inside = Path(point) == folder or Path(point) in folder.parents
        if inside and len(point) >= len(best[0]):
            best = (point, kind, options)
    if best[1] in UNFIT:
        raise refuse(UNFIT_DISK, kind=best[1])
    if "data=journal" in best[2].split(","):
        raise refuse(UNFIT_DISK, kind=f"{best[1]} with data journalling")


def _day_after(ring: Keyring, name: str) -> dt.datetime:
    day = dt.date.fromisoformat(str(ring.header.policy[name]))
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), LONDON)
