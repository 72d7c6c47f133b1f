"""Writes the plan of a destruction and the certificate of its end.

Both are canonical JSON. What each field means, and what a verifier must check, stands
in docs/reference/certificate.md; ``verify.py`` checks it without using this file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harken.method.anonymisation.steps import Fate
from harken.method.ledger import Signer, canonical, sign_note

FORMAT = "harken-certificate-v3"
LETTERS = {
    Fate.WITHDRAWN: "w",
    Fate.RECONTACT: "r",
    Fate.DESTROYED: "d",
    Fate.LIVE: "l",
}
SHOWS = (
    "This certificate shows that every epoch key that could open the identities named "
    "here by commitment was destroyed by each of its holders, so that no copy of the "
    "sealed data, wherever it lies, can be read any more. A holder that is a file slot "
    "is overwritten in place: on a solid-state disk the old bytes may outlive that, "
    "unseen, until the disk itself is erased or destroyed."
)
HIDES = (
    " It does not show that no insider photographed a screen; that no snapshot of a "
    "running machine captured its memory; that recipients in the register of copies did "
    "what they confirmed; that the commissioner's own sample file or any police record is "
    "gone: those continue under other law; or that the kept answers are anonymous: that "
    "is reported apart."
)
MEANWHILE = (
    " While people under a later promise live, so does an epoch key: that those destroyed "
    "here are not in its keyring rests on the key holder until that key is destroyed too."
)

IN_PARTS = (
    " Of people destroyed in an earlier part, plan, approvals and the death of the keys are "
    "proved as those of the last: that they were not in the keyring of those who went on, "
    "and so lived longer than is said here, rests on the key holder."
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a certificate is made of, as the service found it.

    ``promises`` are the study's, each with the controller's note when it is a later one
    and its proved entry, ``controller`` the key that signs those; ``earlier`` of each
    destruction before this one the plan, a letter a person, and the ledger's entries from
    the plan to the outcome, in the form of the certificate's own ``tail``.
    ``people`` are commitments (hexadecimal) in the order of enrolment with their fates;
    ``tail`` are the ledger's entries from the plan's on, ``peaks`` the tree's right edge
    before it, ``proof`` that of the last of them; ``scan`` the last scan's counts;
    ``records`` earlier entries that belong to the promise, each with its proof.
    ``witness`` is the key that co-signed.
    """

    study: str
    retention: str
    stage: str
    issued_at: str
    destroyed_at: str
    late: bool
    software: str
    operator: str
    holders: Sequence[str]
    witness: str
    controller: str
    promises: Sequence[Mapping[str, object]]
    earlier: Sequence[Mapping[str, object]]
    plan: Mapping[str, object]
    checkpoint: str
    tail_from: int
    peaks: Sequence[str]
    tail: Sequence[str]
    proof: Sequence[str]
    people: Sequence[tuple[str, Fate]]
    epochs: Sequence[Mapping[str, object]]
    backups: Sequence[str]
    copies: Sequence[Mapping[str, object]]
    scan: Mapping[str, int]
    records: Sequence[Mapping[str, object]]


def plan_digest(plan: Mapping[str, object]) -> str:
    """What approvals and the ledger name a plan by."""
    return hashlib.sha256(canonical(dict(plan))).hexdigest()


def outcome_digest(enrolled_root: str, people: Sequence[tuple[str, Fate]]) -> str:
    """What the ledger says became of everybody, in 32 bytes that reveal nothing."""
    return hashlib.sha256(
        canonical({"enrolled": enrolled_root, "fates": letters(people)})
    ).hexdigest()


def letters(people: Sequence[tuple[str, Fate]]) -> str:
    """One letter a person, in the order of enrolment: w, r, d or l."""
    return "".join(LETTERS[fate] for _, fate in people)


def _goes_on(evidence: Evidence) -> bool:
    """Whether an epoch key of the standard class is alive."""
    return any(
        one["retention"] == "standard" and not one["receipt"] for one in evidence.epochs
    )


def certify(evidence: Evidence, signer: Signer) -> bytes:
    """The whole certificate, signed by the operator's key: canonical JSON, newline."""
    fates = [fate for _, fate in evidence.people]
    body: dict[str, object] = {
        "format": FORMAT,
        "study": evidence.study,
        "retention": evidence.retention,
        "stage": evidence.stage,
        "issued_at": evidence.issued_at,
        "destroyed_at": evidence.destroyed_at,
        "late": evidence.late,
        "software": evidence.software,
        "operator": evidence.operator,
        "holders": list(evidence.holders),
        "witness": evidence.witness,
        "controller": evidence.controller,
        "promises": [dict(one) for one in evidence.promises],
        "earlier": [dict(one) for one in evidence.earlier],
        "plan": dict(evidence.plan),
        "checkpoint": evidence.checkpoint,
        "tail": {
            "from": evidence.tail_from,
            "peaks": list(evidence.peaks),
            "entries": list(evidence.tail),
            "proof": list(evidence.proof),
        },
        "people": {
            "enrolled": [value for value, _ in evidence.people],
            "fates": letters(evidence.people),
        },
        "counts": {"enrolled": len(fates)}
        | {fate.value: fates.count(fate) for fate in Fate},
        "epochs": [dict(epoch) for epoch in evidence.epochs],
        "backups": list(evidence.backups),
        "copies": [dict(copy) for copy in evidence.copies],
        "scan": dict(evidence.scan),
        "records": [dict(record) for record in evidence.records],
        "limits": SHOWS
        + MEANWHILE * _goes_on(evidence)
        + IN_PARTS * (len(evidence.promises) > 1 and bool(evidence.earlier))
        + HIDES,
    }
    digest = hashlib.sha256(canonical(body)).hexdigest()
    note = sign_note(f"{FORMAT}\n{digest}\n", [signer])
    return canonical({"certificate": body, "signature": note}) + b"\n"
