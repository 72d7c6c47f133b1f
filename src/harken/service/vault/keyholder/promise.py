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
from harken.method.study.promised import out_of_order
from harken.method.vault.keyring import LAST_POLICY, Header
from harken.service.vault.faults import (
    BAD_EXTENSION,
    NO_CONTROLLER,
    NO_EXTENSION,
    WITHOUT_REASON,
)

EXTENSION = "harken-policy-extension-v2"
DAYS = ("destroy_by", "recontact_until", "telephone_closes", "answers_kept_until")
"""The days of a promise; an extension gives the first two anew."""
REASON = range(20, 301)
"""How many characters the controller's reason for a later date has."""
NOTE = "note"
"""Where a later promise keeps what the controller signed: a certificate shows it."""


def need_reason(text: str) -> None:
    """Pass when a text says why, on one line and in so many characters; else VAU-134."""
    plain = text == " ".join(text.split()) and text.isprintable()
    if not plain or len(text) not in REASON:
        raise refuse(WITHOUT_REASON, fewest=REASON[0], most=REASON[-1])


def read_extension(note: str, header: Header) -> Mapping[str, object]:
    """The promise that a signed extension makes for a keyring's next people.

    Raises HarkenError VAU-128, VAU-129, VAU-133 when the days break the calendar,
    VAU-134 without a reason, or LED-007 when the controller did not sign.
    """
    if not header.controller:
        raise refuse(NO_CONTROLLER, study=header.study)
    lines = open_note(note, header.controller).rstrip("\n").split("\n")
    now, number = header.policies[-1], len(header.policies)
    if len(lines) != 6 or lines[:3] != [EXTENSION, header.study, str(now["digest"])]:
        raise refuse(NO_EXTENSION)
    need_reason(lines[5])
    old = {name: dt.date.fromisoformat(str(now[name])) for name in DAYS if name in now}
    days = dict(zip(DAYS, map(_day, lines[3:5]), strict=False))
    later = days["destroy_by"] > old["destroy_by"]
    later = later and days["recontact_until"] >= old["recontact_until"]
    if not later or number > LAST_POLICY:
        raise refuse(NO_EXTENSION)
    calendar = old | days
    for first, last in out_of_order(calendar):
        detail = {"later": last, "late": calendar[last]}
        raise refuse(BAD_EXTENSION, earlier=first, early=calendar[first], **detail)
    return {
        **now,
        "policy_version": f"{header.policies[0]['policy_version']}.{number}",
        "digest": hashlib.sha256(note.encode("utf-8")).hexdigest(),
        **{name: day.isoformat() for name, day in days.items()},
        "reason": lines[5],
        NOTE: note,
    }


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise refuse(NO_EXTENSION) from None
