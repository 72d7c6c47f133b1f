"""Verifies a certificate of destruction. Uses the standard library and ``cryptography``.

It imports nothing of Harken and reads nothing but its arguments, so that an auditor can
copy this one file and check it, and with it any certificate. It never returns a bool:
``verify`` returns what the certificate shows, or raises NotValid with the reason. From a
shell: ``python verify.py CERTIFICATE --key KEY [--witness KEY]``, where a key is a line
or a file. docs/reference/certificate.md describes the format; the sections follow it.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "harken-certificate-v2"
RECEIPT = "harken-epoch-receipt-v1"
CLEAN = ("found", "opened")
SIGNED, COSIGNED = b"\x01", b"\x04"
WHOLE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
MOST = 2**53


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
    holders: int
    witness: str
    witnessed_at: int
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
    document = json.loads(
        data.decode("utf-8"), parse_float=_no_number, parse_constant=_no_number
    )
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

    size, root, witnessed_at = _checkpoint(body, public_key)
    tail = _tail(body, size, root)
    _policy(body, size, root)
    _plan(body, tail)
    enrolled_root = _people(body, tail)
    _outcome(body, tail, enrolled_root)
    _epochs(body, tail)
    _copies(body, tail)
    _scan(body, tail)
    _records(body, size, root)
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
        holders=len(body["holders"]),
        witness=body["witness"],
        witnessed_at=witnessed_at,
        limits=body["limits"],
    )


def _checkpoint(body: dict[str, Any], public_key: str) -> tuple[int, bytes, int]:
    """1. The checkpoint is signed by the operator, and by the witness it names."""
    note = body["checkpoint"]
    text = _open_note(note, public_key)
    witnessed_at = _open_cosigned(note, body["witness"]) if body["witness"] else 0
    origin, size, root, end = text.split("\n")
    _need(
        origin == public_key.split("+")[0] and not end, "the checkpoint is of another"
    )
    _need(WHOLE.fullmatch(size) is not None, "the checkpoint's size is not a number")
    return int(size), _unb64(root), witnessed_at


def _tail(body: dict[str, Any], size: int, root: bytes) -> list[dict[str, Any]]:
    """2. The entries from the plan on are all the entries there are, unchanged."""
    tail = body["tail"]
    first, entries = tail["from"], tail["entries"]
    peaks = [_hash(peak) for peak in tail["peaks"]]
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
    row = _proved(body["policy_entry"], size, root)
    agrees = (row["event"], row["study"], row["subject"]) == (
        "policy_bound",
        body["study"],
        digest,
    )
    _need(agrees, "the policy is not the one in the ledger")


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
    for name in ("study", "retention"):
        _need(plan[name] == body[name], f"the plan names another {name}")
    holders = list(plan["holders"])
    for row in tail:
        if row["event"] == "holder_registered" and row["subject"] not in holders:
            holders.append(row["subject"])
    _need(bool(holders), "no holder is named")
    _need(body["holders"] == holders, "the holders are not those in the ledger")
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
        _grow(peaks, number, _leaf(_hash(value)))
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
    """7. Every epoch key ever made is dead, by each holder's receipt; one may live."""
    epochs = {epoch["commitment"]: epoch for epoch in body["epochs"]}
    before = {epoch["commitment"]: epoch for epoch in body["plan"]["epochs"]}
    made, gone, known = _keys_in(body, tail)
    _need(len(epochs) == len(body["epochs"]), "an epoch key is listed twice")
    _need(set(epochs) == set(before) | set(made), "an epoch key is missing or invented")
    live = []
    for commitment, epoch in epochs.items():
        if not epoch["receipt"]:
            live.append(epoch["retention"])
            continue
        holders = made.get(commitment) or before[commitment]["holders"]
        _need(bool(holders), "an epoch key had no holder")
        wanted = [RECEIPT, body["study"], epoch["retention"], str(epoch["generation"])]
        for holder in holders:
            _need(holder in known, "a holder is not registered")
            lines = _open_note(epoch["receipt"], holder).split("\n")
            _need(lines[:5] == [*wanted, commitment], "a receipt is for another key")
        told = commitment in gone or before.get(commitment, {}).get("destroyed", False)
        _need(told is True, "the ledger does not know of a key's destruction")
    allowed = ["recontact"] if body["counts"]["recontact"] else []
    _need(live == allowed, "an epoch key that should be dead is alive, or the reverse")
    retention = body["retention"]
    times = [gone[one] for one in gone if epochs[one]["retention"] == retention]
    _need(bool(times), "no epoch key of this class was destroyed")
    _need(body["destroyed_at"] == max(times), "the time of destruction differs")
    ends = {"standard": "destroy_by", "recontact": "recontact_until"}
    day = body["policy"][ends[retention]]
    _need(body["late"] or body["destroyed_at"][:10] <= day, "it was late and denies it")


def _keys_in(
    body: dict[str, Any], tail: list[dict[str, Any]]
) -> tuple[dict[str, list[str]], dict[str, str], list[str]]:
    """Of the ledger's tail: keys made and by whom held, keys destroyed and when."""
    made: dict[str, list[str]] = {}
    gone: dict[str, str] = {}
    known = list(body["plan"]["holders"])
    for row in tail:
        if row["event"] == "holder_registered" and row["subject"] not in known:
            known.append(row["subject"])
        elif row["event"] == "epoch_key_made":
            made[row["subject"]] = list(known)
        elif row["event"] == "epoch_key_destroyed":
            gone[row["subject"]] = row["at"]
    return made, gone, known


def _copies(body: dict[str, Any], tail: list[dict[str, Any]]) -> None:
    """8. Every copy known is named; final only when all are gone and the witness signed."""
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
    _need(len(copies) == len(body["copies"]), "a copy is listed twice")
    _need(copies == known, "the register of copies differs from the ledger")
    _need(set(body["backups"]) == backups, "the list of backups differs")
    expected = body["plan"]["witness"]
    for row in tail:
        if row["event"] == "witness_appointed":
            expected = row["subject"]
    seen = body["witness"] == expected
    _need(seen or not body["witness"], "another witness signed than was appointed")
    stage = "final" if all(known.values()) and seen else "provisional"
    _need(body["stage"] == stage, f"its stage should be {stage}")


def _scan(body: dict[str, Any], tail: list[dict[str, Any]]) -> None:
    """9. The last scan is the one in the ledger, and it found and opened nothing."""
    scans = [row["counts"] for row in tail if row["event"] == "destruction_scanned"]
    _need(bool(scans), "no scan was made")
    _need(scans[-1] == body["scan"], "the scan is not the one in the ledger")
    _need(not any(body["scan"][name] for name in CLEAN), "the scan found something")


def _records(body: dict[str, Any], size: int, root: bytes) -> None:
    """10. What it says of texts and of the kept file stands in the ledger so; a file
    that the plan calls judged was judged before the plan, and passed.
    """
    seen = set()
    judged = body["plan"].get("kept", {}).get("judged", "")
    passes = not judged
    for record in body["records"]:
        row = _proved(record, size, root)
        _need(row["study"] == body["study"], "a record is of another study")
        seen.add(row["position"])
        said = (row["event"], row["subject"], row["reason"])
        before = row["position"] < body["tail"]["from"]
        passes |= before and said == ("kept_file_judged", judged, "passes")
    _need(len(seen) == len(body["records"]), "a record is listed twice")
    _need(passes, "the kept file was not judged before the plan")


def _proved(entry: dict[str, Any], size: int, root: bytes) -> dict[str, Any]:
    """An entry of the ledger, if its inclusion proof leads to the signed root."""
    row: dict[str, Any] = json.loads(entry["body"])
    _need(row["position"] == entry["position"], "an entry is out of its place")
    proof = [_hash(value) for value in entry["proof"]]
    found = _root_by_proof(
        _leaf(entry["body"].encode()), entry["position"], size, proof
    )
    _need(found == root, "an entry is not in the ledger")
    return row


def _open_note(note: str, public_key: str) -> str:
    """A C2SP signed note's text, if this Ed25519 key signed it."""
    text, signature, key = _signature(note, public_key, SIGNED)
    try:
        key.verify(signature, text.encode())
    except InvalidSignature:
        raise NotValid("a signature is missing or wrong") from None
    return text


def _open_cosigned(note: str, witness_key: str) -> int:
    """When this witness co-signed the checkpoint (C2SP tlog-cosignature, Ed25519)."""
    text, signature, key = _signature(note, witness_key, COSIGNED)
    at = int.from_bytes(signature[:8], "big")
    try:
        key.verify(signature[8:], f"cosignature/v1\ntime {at}\n{text}".encode())
    except InvalidSignature:
        raise NotValid("the witness signed otherwise") from None
    _need(at < MOST, "the witness's time is beyond reason")
    return at


def _signature(
    note: str, public_key: str, kind: bytes
) -> tuple[str, bytes, Ed25519PublicKey]:
    """A note's text and what stands on the first signature line of this key."""
    name, number, encoded = public_key.strip().split("+", 2)
    raw = _unb64(encoded)
    expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    _need(raw[:1] == kind and expected.hex() == number, "a public key is not one")
    text, blank, lines = note.rpartition("\n\n")
    _need(bool(blank), "a note has no signatures")
    for line in lines.removesuffix("\n").split("\n"):
        mark, signed_by, signature = line.split(" ")
        data = _unb64(signature)
        if mark == "\u2014" and signed_by == name and data[:4] == expected:
            return text + "\n", data[4:], Ed25519PublicKey.from_public_bytes(raw[1:])
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


def _hash(text: str) -> bytes:
    _need(HEX.fullmatch(text) is not None, "a hash is not one")
    return bytes.fromhex(text)


def _no_number(text: str) -> NoReturn:
    raise NotValid("a number is not whole")


def _unb64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    _need(base64.b64encode(data).decode() == text, "a part is not plain base64")
    return data


def _need(holds: bool, reason: str) -> None:
    if not holds:
        raise NotValid(reason)


def main() -> int:
    """Verify a file from the shell; exit code 0 when valid, 5 when not."""
    parser = argparse.ArgumentParser(description="Verify a certificate of destruction.")
    parser.add_argument("certificate", type=Path)
    parser.add_argument("--key", required=True, help="the operator's public key")
    parser.add_argument("--witness", default="", help="a witness that must have signed")
    given = parser.parse_args()
    keys = [
        value if "+" in value or not value else Path(value).read_text("utf-8")
        for value in (given.key, given.witness)
    ]
    try:
        shown = verify(given.certificate.read_bytes(), *keys)
    except NotValid as reason:
        sys.stderr.write(f"NOT VALID: {reason}\n")
        return 5
    sys.stdout.write(
        f"VALID ({shown.stage}): {shown.study}, {shown.retention}. Enrolled "
        f"{shown.enrolled} = withdrawn {shown.withdrawn} + recontact {shown.recontact} "
        f"+ destroyed {shown.destroyed}. Destroyed at {shown.destroyed_at}"
        f"{', LATE' if shown.late else ''}.\n{shown.limits}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
