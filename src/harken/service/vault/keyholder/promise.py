"""A later date for a promise: only with the controller's signature, and only in time.

Those enrolled before keep the promise they were given: their sealed records are bound to
it, and the key holder reads each person's own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from harken.method.errors import refuse
from harken.method.ledger import open_note
from harken.method.vault.keyring import LAST_POLICY, Header
from harken.service.vault.faults import NO_CONTROLLER, NO_EXTENSION

EXTENSION = "harken-policy-extension-v1"
NOTE = "note"
"""Where a later promise keeps what the controller signed: a certificate shows it."""


def read_extension(note: str, header: Header) -> Mapping[str, object]:
    """The promise that a signed extension makes for a keyring's next people.

    Raises HarkenError VAU-128, VAU-129, or LED-007 when the controller did not sign.
    """
    if not header.controller:
        raise refuse(NO_CONTROLLER, study=header.study)
    lines = open_note(note, header.controller).rstrip("\n").split("\n")
    now, number = header.policies[-1], len(header.policies)
    if len(lines) != 5 or lines[:3] != [EXTENSION, header.study, str(now["digest"])]:
        raise refuse(NO_EXTENSION)
    days = [dt.date.fromisoformat(day) for day in lines[3:]]
    old = [
        dt.date.fromisoformat(str(now[name]))
        for name in ("destroy_by", "recontact_until")
    ]
    later = days[0] > old[0] and days[1] >= old[1] and days[1] >= days[0]
    if not later or number > LAST_POLICY:
        raise refuse(NO_EXTENSION)
    return {
        **now,
        "policy_version": f"{header.policies[0]['policy_version']}.{number}",
        "digest": hashlib.sha256(note.encode("utf-8")).hexdigest(),
        "destroy_by": days[0].isoformat(),
        "recontact_until": days[1].isoformat(),
        NOTE: note,
    }
