"""Verifies a certificate of destruction. Uses the standard library and ``cryptography``.

It imports nothing of Harken and reads nothing but its arguments, so that an auditor can
copy this one file and check it, and with it any certificate. It never returns a bool:
``verify`` returns what the certificate shows, or raises NotValid with the reason.
docs/reference/certificate.md describes the format; the sections below follow it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "harken-certificate-v1"
RECEIPT = "harken-epoch-receipt-v1"
CLEAN = ("found", "opened")


class NotValid(Exception):
    """The certificate does not show what it states; the text says where it fails."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a valid certificate shows."""

    study: str
    retention: str
    stage: str
    destroyed_at: str
    late: bool
    enrolled: int
    withdrawn: int
    recontact: int
    destroyed: int
    epoch_keys: int
    limits: str


def verify(data: bytes, public_key: str, witness_key: str = "") -> Shown:
    """Check a certificate file's bytes against the operator's published key.

    With ``witness_key`` the checkpoint must be signed by that witness too.
    Raises NotValid for any disagreement, whatever the bytes are.
    """
    try:
        return _verify(data, public_key, witness_key)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        kind = type(error).__name__
        raise NotValid(f"it is not of the format described ({kind})") from None
    except RecursionError:
        raise NotValid("it is nested too deeply") from None


def _verify(data: bytes, public_key: str, witness_key: str) -> Shown:
    document = json.loads(data)
    _need(_canonical(document) + b"\n" == data, "its text is not in canonical form")
    body = document["certificate"]
    _need(set(document) == {"certificate", "signature"}, "it holds unknown parts")
    _need(body["format"] == FORMAT, "its format is unknown")
    digest = hashlib.sha256(_canonical(body)).hexdigest()
    signed = _open_note(document["signature"], public_key)
    _need(signed == f"{FORMAT}\n{digest}\n", "the signature is over something else")
    _need(body["operator"] == public_key.strip(), "it names another operator")
    witness = witness_key.strip()
    _need(not witness or body["witness"] == witness, "the witness is missing")

    size, root = _checkpoint(body, public_key)
    tail = _tail(body, size, root)
    _policy(body, size, root)
    _plan(body, tail)
    enrolled_root = _people(body, tail)
    _outcome(body, tail, enrolled_root)
    _epochs(body, tail)
    _copies(body, tail)
    _scan(body, tail)
    counts = body["counts"]
    return Shown(
        study=body["study"],
        retention=body["retention"],
        stage=body["stage"],
        destroyed_at=body["destroyed_at"],
        late=body["late"],
        enrolled=counts["enrolled"],
        withdrawn=counts["withdrawn"],
        recontact=counts["recontact"],
        destroyed=counts["destroyed"],
        epoch_keys=len(body["epochs"]),
        limits=body["limits"],
    )


def _checkpoint(body: dict[str, Any], public_key: str) -> tuple[int, bytes]:
    """1. The checkpoint is signed by the operator, and by the witness it names."""
    note = body["checkpoint"]
    text = _open_note(note, public_key)
    if body["witness"]:
        _need(_open_note(note, body["witness"]) == text, "the witness signed otherwise")
    origin, size, root, end = text.split("\n")
    _need(
        origin == public_key.split("+")[0] and not end, "the checkpoint is of another"
    )
    return int(size), _unb64(root)


def _tail(body: dict[str, Any], size: int, root: bytes) -> list[dict[str, Any]]:
    """2. The entries from the plan on are all the entries there are, unchanged."""
    tail = body["tail"]
    first, entries = tail["from"], tail["entries"]
    peaks = [bytes.fromhex(peak) for peak in tail["peaks"]]
    _need(len(peaks) == first.bit_count(), "the ledger's edge has a wrong length")
    _need(first + len(entries) == size, "the ledger's tail is not whole")
    for number, text in enumerate(entries, start=first):
        _grow(peaks, number, _leaf(text.encode()))
    _need(_bag(peaks) == root, "the ledger's tail does not give the signed root")
    rows: list[dict[str, Any]] = [json.loads(text) for text in entries]
    for number, row in enumerate(rows, start=first):
        _need(row["position"] == number, "an entry of the ledger is out of place")
    return [row for row in rows if row["study"] in (body["study"], "")]


def _policy(body: dict[str, Any], size: int, root: bytes) -> None:
    """3. The promise is the one written in the ledger when people were enrolled."""
    policy = dict(body["policy"])
    digest = policy.pop("digest")
    _need(
        hashlib.sha256(_canonical(policy)).hexdigest() == digest, "the policy differs"
    )
    entry = body["policy_entry"]
    row = json.loads(entry["body"])
    agrees = (row["event"], row["study"], row["subject"], row["position"]) == (
        "policy_bound",
        body["study"],
        digest,
        entry["position"],
    )
    _need(agrees, "the policy is not the one in the ledger")
    proof = [bytes.fromhex(value) for value in entry["proof"]]
    leaf = _leaf(entry["body"].encode())
    found = _root_by_proof(leaf, entry["position"], size, proof)
    _need(found == root, "the policy's entry is not in the ledger")


def _plan(body: dict[str, Any], tail: list[dict[str, Any]]) -> None:
    """4. The plan was written first, then approved by two people, one a side."""
    plan = body["plan"]
    digest = hashlib.sha256(_canonical(plan)).hexdigest()
    first = tail[0]
    _need(
        (first["event"], first["subject"]) == ("destruction_planned", digest)
        and first["study"] == body["study"]
        and first["position"] == body["tail"]["from"],
        "the plan is not the one in the ledger",
    )
    for name in ("study", "retention", "holder"):
        _need(plan[name] == body[name], f"the plan names another {name}")
    _need(
        plan["policy"] == body["policy"]["digest"], "the plan is under another policy"
    )
    approvals = {
        row["reason"]: (row["role"], row["by"])
        for row in tail
        if row["event"] == "destruction_approved" and row["subject"] == digest
    }
    sides = {"processor": "guardian", "controller": "controller"}
    for side, role in sides.items():
        _need(approvals.get(side, ("", ""))[0] == role, f"the {side} did not approve")
    people = {by for _, by in approvals.values()}
    _need(len(people) == len(sides), "one person approved for both sides")


def _people(body: dict[str, Any], tail: list[dict[str, Any]]) -> str:
    """5. Everybody enrolled is there once; returns the root over them."""
    enrolled, fates = body["people"]["enrolled"], body["people"]["fates"]
    _need(len(set(enrolled)) == len(enrolled), "somebody is listed twice")
    _need(len(fates) == len(enrolled), "somebody has no fate, or two")
    peaks: list[bytes] = []
    for number, value in enumerate(enrolled):
        _need(len(value) == 64, "a commitment has a wrong length")
        _grow(peaks, number, _leaf(bytes.fromhex(value)))
    root = _bag(peaks).hex()
    known = body["plan"]["enrolled"]
    for row in tail:
        if row["event"] == "people_enrolled":
            known = {"root": row["subject"], "size": row["counts"]["enrolled"]}
    _need(known == {"root": root, "size": len(enrolled)}, "the enrolled differ")
    counts = {
        "enrolled": len(fates),
        "withdrawn": fates.count("w"),
        "recontact": fates.count("r"),
        "destroyed": fates.count("d"),
    }
    _need(counts == body["counts"], "the counts differ from the people")
    whole = counts["enrolled"] == sum(counts.values()) - counts["enrolled"]
    _need(whole, "withdrawn, recontact and destroyed do not make up the enrolled")
    return root


def _outcome(body: dict[str, Any], tail: list[dict[str, Any]], root: str) -> None:
    """6. What became of everybody is what the ledger said when it was done."""
    outcome = {"enrolled": root, "fates": body["people"]["fates"]}
    digest = hashlib.sha256(_canonical(outcome)).hexdigest()
    swept = [row for row in tail if row["event"] == "destruction_swept"]
    _need(bool(swept), "the ledger does not say that the destruction was done")
    _need(swept[-1]["subject"] == digest, "the fates are not those in the ledger")
    planned = body["plan"]["counts"]["recontact"]
    _need(body["counts"]["recontact"] <= planned, "more were kept than was approved")
    if body["retention"] == "recontact":
        _need(body["counts"]["recontact"] == 0, "somebody was kept beyond the end")


def _epochs(body: dict[str, Any], tail: list[dict[str, Any]]) -> None:
    """7. Every epoch key ever made is dead, by the holder's receipt; one may live."""
    epochs = {epoch["commitment"]: epoch for epoch in body["epochs"]}
    before = {epoch["commitment"]: epoch for epoch in body["plan"]["epochs"]}
    made = [row["subject"] for row in tail if row["event"] == "epoch_key_made"]
    gone = {
        row["subject"]: row["at"]
        for row in tail
        if row["event"] == "epoch_key_destroyed"
    }
    _need(len(epochs) == len(body["epochs"]), "an epoch key is listed twice")
    _need(set(epochs) == set(before) | set(made), "an epoch key is missing or invented")
    live = []
    for commitment, epoch in epochs.items():
        if not epoch["receipt"]:
            live.append(epoch["retention"])
            continue
        lines = _open_note(epoch["receipt"], body["holder"]).split("\n")
        wanted = [RECEIPT, body["study"], epoch["retention"], str(epoch["generation"])]
        _need(lines[:5] == [*wanted, commitment], "a receipt is for another key")
        told = commitment in gone or before.get(commitment, {}).get("destroyed", False)
        _need(told, "the ledger does not know of a key's destruction")
    allowed = ["recontact"] if body["counts"]["recontact"] else []
    _need(live == allowed, "an epoch key that should be dead is alive, or the reverse")
    _need(bool(gone), "no epoch key was destroyed")
    _need(body["destroyed_at"] == max(gone.values()), "the time of destruction differs")
    ends = {"standard": "destroy_by", "recontact": "recontact_until"}
    day = body["policy"][ends[body["retention"]]]
    _need(body["late"] or body["destroyed_at"][:10] <= day, "it was late and denies it")


def _copies(body: dict[str, Any], tail: list[dict[str, Any]]) -> None:
    """8. Every copy known is named, and the stage is as far as their confirmations."""
    copies = {copy["file_hash"]: bool(copy["confirmed_at"]) for copy in body["copies"]}
    known = {copy["file_hash"]: copy["confirmed"] for copy in body["plan"]["copies"]}
    backups = set(body["plan"]["backups"])
    for row in tail:
        if row["event"] == "copy_handed_over":
            known.setdefault(row["subject"], False)
        elif row["event"] == "copy_confirmed":
            known[row["subject"]] = True
        elif row["event"] == "backup_made":
            backups.add(row["subject"])
    _need(copies == known, "the register of copies differs from the ledger")
    _need(set(body["backups"]) == backups, "the list of backups differs")
    stage = "final" if all(known.values()) else "provisional"
    _need(body["stage"] == stage, f"its stage should be {stage}")


def _scan(body: dict[str, Any], tail: list[dict[str, Any]]) -> None:
    """9. The last scan is the one in the ledger, and it found and opened nothing."""
    scans = [row["counts"] for row in tail if row["event"] == "destruction_scanned"]
    _need(bool(scans), "no scan was made")
    _need(scans[-1] == body["scan"], "the scan is not the one in the ledger")
    _need(not any(body["scan"][name] for name in CLEAN), "the scan found something")


def _open_note(note: str, public_key: str) -> str:
    """A C2SP signed note's text, if this Ed25519 key signed it."""
    name, number, encoded = public_key.strip().split("+", 2)
    raw = _unb64(encoded)
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    _need(raw[:1] == b"\x01" and expected.hex() == number, "a public key is not one")
    text, _, lines = note.rpartition("\n\n")
    for line in lines.splitlines():
        mark, signed_by, signature = line.split(" ")
        data = _unb64(signature)
        if mark == "\u2014" and signed_by == name and data[:4] == expected:
            try:
                key = Ed25519PublicKey.from_public_bytes(raw[1:])
                key.verify(data[4:], (text + "\n").encode())
            except InvalidSignature:
                break
            return text + "\n"
    raise NotValid("a signature is missing or wrong")


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _grow(peaks: list[bytes], size: int, leaf: bytes) -> None:
    """Append a leaf to the right edge of an RFC 6962 tree of this size."""
    while size & 1:
        leaf = _node(peaks.pop(), leaf)
        size >>= 1
    peaks.append(leaf)


def _bag(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = _node(peak, root)
    return root


def _root_by_proof(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    _need(0 <= index < size, "an entry's position is beyond the ledger")
    place, last, value = index, size - 1, leaf
    for sibling in proof:
        _need(last > 0, "a proof is too long")
        if place & 1 or place == last:
            value = _node(sibling, value)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            value = _node(value, sibling)
        place, last = place >> 1, last >> 1
    _need(last == 0, "a proof is too short")
    return value


def _canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _unb64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    _need(base64.b64encode(data).decode() == text, "a part is not plain base64")
    return data


def _need(holds: bool, reason: str) -> None:
    if not holds:
        raise NotValid(reason)
