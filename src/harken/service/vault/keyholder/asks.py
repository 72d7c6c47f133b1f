"""The rarer questions to the key holder: states, withdrawals, rotations, reports.

Each is a name and a JSON object, answered by a JSON value. None shows a key.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from harken.method.errors import HarkenError, refuse
from harken.method.terms import CaseRef, Role
from harken.method.vault import KeyName, envelope, keyring
from harken.method.vault.keyring import Header, Keyring, Retention
from harken.service.vault.faults import GONE, NOT_UNDERSTOOD
from harken.service.vault.keyholder.desk import CONTEXT, Caller, Desk, about
from harken.service.vault.keyholder.limits import Purpose, Who

KEYS_TRIED = 20

Words = Mapping[str, Any]
"""A question's details, or an answer, as JSON gives them."""


def answer(desk: Desk, caller: Caller, name: str, body: bytes) -> list[bytes]:
    """Answer one question; raises HarkenError VAU-121 for one that is unknown."""
    ask = _ASKS.get(name)
    if ask is None:
        raise refuse(NOT_UNDERSTOOD)
    return [json.dumps(ask(desk, caller, json.loads(body))).encode("utf-8")]


def everybody(desk: Desk, slug: str, retention: str) -> list[bytes]:
    """Reference, commitment and a byte, twice the promise's number and one more when
    withdrawn: of everybody, as one field."""
    store = desk.store(slug)
    with store.exclusive():
        ring = store.ring(Retention(retention))
        if ring is None:
            return [b""]
        rows = [
            raw + value + bytes([promise << 1 | gone])
            for raw, value, promise, gone in ring.commitments()
        ]
    return [b"".join(rows)]


def _state(desk: Desk, caller: Caller, words: Words) -> object:
    ring = desk.store(words["study"]).ring(Retention(words["retention"]))
    if ring is None:
        return None
    return {
        "generation": ring.header.generation,
        "policies": [dict(policy) for policy in ring.header.policies],
        "cohorts": ring.cohorts(),
        "withdrawn": sum(1 for raw in ring.withdrawn if raw in ring.records),
        "stated_clock": ring.header.stated_clock,
    }


def _status(desk: Desk, caller: Caller, words: Words) -> str:
    store, ref = desk.store(words["study"]), CaseRef(words["ref"])
    for retention, word in (
        (Retention.STANDARD, "live"),
        (Retention.RECONTACT, "recontact"),
    ):
        ring = store.ring(retention)
        if ring is not None and ring.is_withdrawn(ref):
            return "withdrawn"
        if ring is not None and ring.has(ref):
            return word
    return "gone"


def _promise(desk: Desk, caller: Caller, words: Words) -> object:
    """The promise a person was given: of the standard class as long as it has them."""
    store, ref = desk.store(words["study"]), CaseRef(words["ref"])
    rings = [ring for kind in Retention if (ring := store.ring(kind)) is not None]
    ring = next((one for one in rings if one.has(ref)), None)
    if ring is None:
        raise refuse(GONE)
    return ring.policy_of(ref)


def _begin(desk: Desk, caller: Caller, words: Words) -> bool:
    policy = words["policy"]
    header = Header(
        study=words["study"],
        retention=Retention.STANDARD,
        generation=0,
        policies=(policy,),
        code_pepper=b"",
        handle_pepper=b"",
        stated_clock=desk.stated,
        controller=words["controller"],
        clock=words["at"] if desk.stated else desk.clock(),
    )
    desk.store(words["study"]).begin(header)
    return True


def _add(desk: Desk, caller: Caller, words: Words) -> int:
    return desk.add(caller, words["study"], words["people"])


def _withdraw(desk: Desk, caller: Caller, words: Words) -> bool:
    desk.store(words["study"]).withdraw([CaseRef(ref) for ref in words["refs"]])
    return True


def _rotate(desk: Desk, caller: Caller, words: Words) -> bool:
    consents = [CaseRef(ref) for ref in words["consents"]]
    desk.store(words["study"]).rotate(consents, through=words["through"])
    return True


def _end_recontact(desk: Desk, caller: Caller, words: Words) -> bool:
    desk.store(words["study"]).end_recontact(through=words["through"])
    return True


def _recover(desk: Desk, caller: Caller, words: Words) -> int:
    at = words["at"]
    when = dt.datetime.fromisoformat(at) if at else None
    destroyed = desk.store(words["study"]).recover(at=when)
    desk.stale = desk.stale or destroyed > 0
    return destroyed


def _epochs(desk: Desk, caller: Caller, words: Words) -> object:
    return [
        [epoch.retention.value, epoch.generation, epoch.commitment, epoch.receipt]
        for epoch in desk.store(words["study"]).epochs()
    ]


def _holders(desk: Desk, caller: Caller, words: Words) -> object:
    return desk.store(words["study"]).holders()


def _release(desk: Desk, caller: Caller, words: Words) -> bool:
    desk.limits(words["study"]).release(words["by"], CaseRef(words["ref"]))
    return True


def _check_day(desk: Desk, caller: Caller, words: Words) -> bool:
    desk.check_day(words["study"], Purpose(words["purpose"]), words["at"])
    return True


def _look_up(desk: Desk, caller: Caller, words: Words) -> object:
    who = Who(Role(words["role"]), words["by"], words["at"])
    return desk.look_up(words["study"], words["fact"], words["text"], who)


def _opens(desk: Desk, caller: Caller, words: Words) -> bool:
    """Whether a key that is left opens a record of somebody destroyed: a key of their
    own, should a keyring still have one, or that of anybody else.
    """
    case, part = CaseRef(words["ref"]), KeyName(words["part"])
    sealed = bytes.fromhex(words["sealed"])
    for retention in Retention:
        ring = desk.store(words["study"]).ring(retention)
        if ring is None:
            continue
        record = ring.records.get(keyring.ref_bytes(case))
        place = about(ring, record, words["ref"].encode(), part, CONTEXT)
        if any(_unseals(key, sealed, place) for key in _keys_left(ring, case)):
            return True
    return False


def _keys_left(ring: Keyring, case: CaseRef) -> Iterator[bytes]:
    """Every key that a keyring has of this person, then some of other people's."""
    others = (CaseRef(raw.hex()) for raw in islice(ring.living(), KEYS_TRIED))
    tried = [(case, name) for name in KeyName]
    tried += [(ref, KeyName.CONTACT) for ref in others]
    return filter(None, (ring.key(ref, name) for ref, name in tried))


def _unseals(key: bytes, sealed: bytes, place: bytes) -> bool:
    try:
        envelope.unseal_at(key, sealed, place)
    except HarkenError:
        return False
    return True


def _extend(desk: Desk, caller: Caller, words: Words) -> object:
    return desk.extend(words["study"], words["note"], words["at"])


def _report(desk: Desk, caller: Caller, words: Words) -> object:
    return {
        "pid": os.getpid(),
        "cpu_seconds": time.process_time(),
        "public_key": desk.signer().public_key,
        "stated_clock": desk.stated,
        "openings": desk.journal.openings,
        "refusals": desk.journal.refusals,
        "alarms": desk.alarms(),
        "lost_places": desk.lost_places,
        **desk.guard_words,
    }


def _stop(desk: Desk, caller: Caller, words: Words) -> bool:
    desk.ending = True
    return True


_ASKS: dict[str, Callable[[Desk, Caller, Words], object]] = {
    "state": _state,
    "status": _status,
    "promise": _promise,
    "begin": _begin,
    "add": _add,
    "withdraw": _withdraw,
    "rotate": _rotate,
    "end_recontact": _end_recontact,
    "recover": _recover,
    "epochs": _epochs,
    "holders": _holders,
    "release": _release,
    "check_day": _check_day,
    "look_up": _look_up,
    "opens": _opens,
    "extend": _extend,
    "report": _report,
    "stop": _stop,
}
