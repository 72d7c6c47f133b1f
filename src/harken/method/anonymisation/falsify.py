"""Forges a certificate in eleven ways, for those who want to see a verifier refuse it.

It needs the operator's own signing key, the strongest a forger inside the house can be.
What it makes is marked by its file name and must never be handed to anybody as true.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from harken.method.ledger import Signer, canonical, sign_note

Body = dict[str, Any]


def falsify(certificate: bytes, operator: Signer) -> dict[str, bytes]:
    """Eleven forgeries of one certificate by name, each signed as if it were true."""
    body: Body = json.loads(certificate)["certificate"]
    made = {}
    for forge in FORGERIES:
        changed = deepcopy(body)
        forge(changed)
        made[forge.__name__.strip("_").replace("_", "-")] = _sign(changed, operator)
    return made


def _sign(body: Body, operator: Signer) -> bytes:
    digest = hashlib.sha256(canonical(body)).hexdigest()
    note = sign_note(f"{body['format']}\n{digest}\n", [operator])
    return canonical({"certificate": body, "signature": note}) + b"\n"


def _count(body: Body) -> None:
    fates = body["people"]["fates"]
    body["counts"] = {
        "enrolled": len(fates),
        "withdrawn": fates.count("w"),
        "recontact": fates.count("r"),
        "destroyed": fates.count("d"),
        "live": fates.count("l"),
    }


def _drop_a_person(body: Body) -> None:
    body["people"]["enrolled"].pop()
    body["people"]["fates"] = body["people"]["fates"][:-1]
    _count(body)


def _move_a_person_to_recontact(body: Body) -> None:
    body["people"]["fates"] = body["people"]["fates"].replace("d", "r", 1)
    _count(body)


def _omit_a_person_from_the_plan_too(body: Body) -> None:
    _drop_a_person(body)
    body["plan"]["counts"] = dict(body["counts"])
    body["plan"]["enrolled"]["size"] = body["counts"]["enrolled"]


def _change_the_date(body: Body) -> None:
    body["destroyed_at"] = "2001-01-01T00:00:00+00:00"


def _remove_a_holder(body: Body) -> None:
    body["holders"] = body["holders"][1:]


def _remove_a_receipt(body: Body) -> None:
    dead = next(epoch for epoch in body["epochs"] if epoch["receipt"])
    dead["receipt"] = dead["receipt"].partition("\n\n")[0] + "\n\n"


def _leave_a_key_alive(body: Body) -> None:
    next(epoch for epoch in body["epochs"] if epoch["receipt"])["receipt"] = ""


def _strip_the_witness(body: Body) -> None:
    """Also out of the plan, so that nothing seems to be missing."""
    text, _, lines = body["checkpoint"].rpartition("\n\n")
    body["checkpoint"] = f"{text}\n\n{lines.splitlines()[0]}\n"
    body["witness"] = body["plan"]["witness"] = ""
    body["plan"]["holders"] = [*body["plan"]["holders"], "nobody"]
    body["stage"] = "final"


def _alter_the_root(body: Body) -> None:
    body["tail"]["peaks"] = ["0" * 64 for _ in body["tail"]["peaks"]]


def _hide_what_a_scan_found(body: Body) -> None:
    body["scan"] = dict.fromkeys(body["scan"], 0) | {"files": 1_000_000}


def _list_somebody_twice(body: Body) -> None:
    body["people"]["enrolled"][-1] = body["people"]["enrolled"][0]


FORGERIES: tuple[Callable[[Body], None], ...] = (
    _drop_a_person,
    _move_a_person_to_recontact,
    _omit_a_person_from_the_plan_too,
    _change_the_date,
    _remove_a_holder,
    _remove_a_receipt,
    _leave_a_key_alive,
    _strip_the_witness,
    _alter_the_root,
    _hide_what_a_scan_found,
    _list_somebody_twice,
)
