"""Verifies a certificate of destruction. Uses the standard library and ``cryptography``.

It imports nothing of Harken and reads nothing but its arguments, so that an auditor can
copy this one file and check it, and with it any certificate. ``verify`` returns what the
certificate shows, or raises NotValid with the reason. From a shell: ``python verify.py
CERTIFICATE --key KEY [--witness KEY] [--controller KEY]``, a key being a line or a file.
docs/reference/certificate.md describes the format and these checks.
"""

from __future__ import annotations

import argparse
import base64
import datetime as dt
import hashlib
import json
import re
import sys
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "harken-certificate-v3"
RECEIPT = "harken-epoch-receipt-v1"
EXTENSION = "harken-policy-extension-v2"
FATES = {"withdrawn": "w", "recontact": "r", "destroyed": "d", "live": "l"}
SIGNED, COSIGNED = b"\x01", b"\x04"
WHOLE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
MOST = 2**53
Row = dict[str, Any]
Promise = tuple[int, str, str]  # enrolled before it; its day, and of those kept


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
    live: int
    epoch_keys: int
    holders: int
    witness: str
    witnessed_at: int
    limits: str


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The signed size and root, and this study's entries from the plan on."""

    study: str
    size: int
    root: bytes
    tail: list[Row]

    def rows(self, event: str) -> list[Row]:
        """The entries of one event from the plan on."""
        return [row for row in self.tail if row["event"] == event]

    def proved(self, entry: Row) -> Row:
        """An entry of the study, if its inclusion proof leads to the signed root."""
        row: Row = json.loads(entry["body"])
        _need(row["position"] == entry["position"], "an entry is out of its place")
        proof = [_hash(value) for value in entry["proof"]]
        leaf = _sha(b"\0", entry["body"].encode())
        found = _root_by_proof(leaf, entry["position"], self.size, proof)
        _need(found == self.root, "an entry is not in the ledger")
        _need(row["study"] == self.study, "an entry is of another study")
        return row


def verify(
    data: bytes, public_key: str, witness_key: str = "", controller_key: str = ""
) -> Shown:
    """Check a certificate file's bytes against the operator's published key.

    With ``witness_key`` the checkpoint must be signed by that witness too, with
    ``controller_key`` every extension of the promise by that controller.
    Raises NotValid for any disagreement, whatever the bytes are.
    """
    try:
        return _verify(data, public_key, witness_key.strip(), controller_key.strip())
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise NotValid(f"its format is another ({type(error).__name__})") from None
    except RecursionError:
        raise NotValid("it is nested too deeply") from None


def _verify(data: bytes, public_key: str, witness: str, controller: str) -> Shown:
    document = json.loads(data.decode("utf-8"), parse_float=int, parse_constant=int)
    _need(_canonical(document) + b"\n" == data, "its text is not in canonical form")
    body = document["certificate"]
    _need(set(document) == {"certificate", "signature"}, "it holds unknown parts")
    _need(body["format"] == FORMAT, "its format is unknown")
    signed, _ = _open_note(document["signature"], public_key)
    whole = signed == f"{FORMAT}\n{_digest(body)}\n"
    _need(whole, "the signature is over something else")
    _need(body["operator"] == public_key.strip(), "it names another operator")
    _need(not witness or body["witness"] == witness, "the witness is missing")

    size, root, witnessed_at = _checkpoint(body, public_key)
    ledger = _Ledger(body["study"], size, root, _tail(body, size, root))
    promises = _promises(body, ledger, controller)
    _plan(body, ledger)
    _outcomes(body, ledger, promises, _people(body, ledger, promises))
    _epochs(body, ledger, last=len(promises) - 1)
    _copies(body, ledger)
    _scan_and_records(body, ledger)
    return Shown(
        **{name: body[name] for name in ("study", "retention", "stage", "limits")},
        **{name: body[name] for name in ("destroyed_at", "late", "witness")},
        **{name: body["counts"][name] for name in ("enrolled", *FATES)},
        epoch_keys=len(body["epochs"]),
        holders=len(body["holders"]),
        witnessed_at=witnessed_at,
    )


def _checkpoint(body: Row, public_key: str) -> tuple[int, bytes, int]:
    """1. The checkpoint is signed by the operator, and by the witness it names."""
    note, witness, at = body["checkpoint"], body["witness"], 0
    text, _ = _open_note(note, public_key)
    if witness:
        _, at = _open_note(note, witness, COSIGNED)
    origin, size, root, end = text.split("\n")
    _need([origin, end] == [public_key.split("+")[0], ""], "the ledger is another's")
    _need(WHOLE.fullmatch(size) is not None, "the checkpoint's size is not a number")
    return int(size), _unb64(root), at


def _tail(body: Row, size: int, root: bytes) -> list[Row]:
    """2. The entries from the plan on are all the entries there are, unchanged."""
    first, entries = body["tail"]["from"], body["tail"]["entries"]
    peaks = [_hash(peak) for peak in body["tail"]["peaks"]]
    _need(len(peaks) == first.bit_count(), "the ledger's edge has a wrong length")
    _need(first + len(entries) == size, "the ledger's tail is not whole")
    rows: list[Row] = [json.loads(text) for text in entries]
    for number, row in enumerate(rows, start=first):
        _need(row["position"] == number, "an entry of the ledger is out of place")
        _grow(peaks, number, _sha(b"\0", entries[number - first].encode()))
    _need(_bag(peaks) == root, "the ledger's tail does not give the signed root")
    return [row for row in rows if row["study"] in (body["study"], "")]


def _promises(body: Row, ledger: _Ledger, controller: str) -> list[Promise]:
    """3. Each promise stands in the ledger; each later one the controller signed."""
    policy, later = body["promises"][0]["policy"], len(body["promises"]) > 1
    version = policy["policy_version"]
    found = [(0, policy["destroy_by"], policy["recontact_until"])]
    bare = {name: text for name, text in policy.items() if name != "digest"}
    known = not controller or not later or body["controller"] == controller
    _need(known, "another controller is named")
    for number, one in enumerate(body["promises"]):
        row, digest, event = ledger.proved(one["entry"]), _digest(bare), "policy_bound"
        if number:
            note, _ = _open_note(one["note"], body["controller"])
            event, (*days, reason) = "policy_extended", note.split("\n")[3:6]
            lines = [EXTENSION, body["study"], policy["digest"], *days, reason, ""]
            _need(note == "\n".join(lines), "an extension is of something else")
            _need(reason != "", "an extension gives no reason")
            plain = [dt.date.fromisoformat(day).isoformat() for day in days] == days
            longer = found[-1][1] < days[0] <= days[1] >= found[-1][2]
            _need(plain and longer, "an extension is not later")
            digest = hashlib.sha256(one["note"].encode()).hexdigest()
            policy = policy | {
                "policy_version": f"{version}.{number}",
                "digest": digest,
                **{"destroy_by": days[0], "recontact_until": days[1], "reason": reason},
            }
            start = row["counts"]["enrolled"]
            inside = found[-1][0] <= start <= len(body["people"]["enrolled"])
            _need(inside, "a later promise begins out of place")
            found.append((start, days[0], days[1]))
        same = one["policy"] == policy and policy["digest"] == digest
        _need(same and bool(one["note"]) == bool(number), "the policy differs")
        told = (row["event"], row["subject"]) == (event, digest)
        _need(told, "the policy is not the one in the ledger")
    planned = body["plan"]["promises"]
    added = [row["subject"] for row in ledger.rows("policy_extended")]
    told = [one["policy"]["digest"] for one in body["promises"]] == planned + added
    _need(told, "the promises are not those in the ledger")
    due = body["plan"]["through"]
    _need(type(due) is int and 0 <= due < len(planned), "the plan is of no promise")
    return found


def _plan(body: Row, ledger: _Ledger) -> None:
    """4. The plan was written first, then approved by two people, one a side."""
    plan, first = body["plan"], ledger.tail[0]
    digest = _digest(plan)
    found = first["event"], first["study"], first["subject"], first["position"]
    wanted = "destruction_planned", body["study"], digest, body["tail"]["from"]
    _need(found == wanted, "the plan is not the one in the ledger")
    for name in ("study", "retention"):
        _need(plan[name] == body[name], f"the plan names another {name}")
    approvals = {
        row["reason"]: (row["role"], row["by"])
        for row in ledger.rows("destruction_approved")
        if row["subject"] == digest
    }
    sides = {"processor": "guardian", "controller": "controller"}
    for side, role in sides.items():
        _need(approvals.get(side, ("", ""))[0] == role, f"the {side} did not approve")
    people = {by for _, by in approvals.values()}
    _need(len(people) == len(sides), "one person approved for both sides")


def _people(body: Row, ledger: _Ledger, promises: list[Promise]) -> dict[int, str]:
    """5. Everybody enrolled is there once, with a fate that fits their promise; returns
    the root over all, and over the first so many that an earlier destruction names."""
    enrolled, fates = body["people"]["enrolled"], body["people"]["fates"]
    _need(len(set(enrolled)) == len(enrolled), "somebody is listed twice")
    _need(len(fates) == len(enrolled), "somebody has no fate, or two")
    peaks: list[bytes] = []
    roots, wanted = dict[int, str](), {len(one["fates"]) for one in body["earlier"]}
    for number, value in enumerate(enrolled):
        if number in wanted:
            roots[number] = _bag(peaks).hex()
        _grow(peaks, number, _sha(b"\0", _hash(value)))
    roots[len(enrolled)] = _bag(peaks).hex()
    known = body["plan"]["enrolled"]
    for row in ledger.rows("people_enrolled"):
        known = {"root": row["subject"], "size": row["counts"]["enrolled"]}
    whole = {"root": roots[len(enrolled)], "size": len(enrolled)}
    _need(known == whole, "the enrolled differ")
    counts = {name: fates.count(letter) for name, letter in FATES.items()}
    _need({"enrolled": len(fates)} | counts == body["counts"], "the counts differ")
    _need(sum(counts.values()) == len(fates), "the counts do not make up the enrolled")
    end = [*(p[0] for p in promises[body["plan"]["through"] + 1 :]), len(fates)][0]
    mine, others = set(fates[:end]), set(fates[end:])
    if body["retention"] == "recontact":
        _need(mine <= {"w", "d"}, "somebody was kept beyond the end")
    else:
        _need("l" not in mine, "somebody lives whose promise is over")
        _need(others <= {"l", "w"}, "somebody under a later promise does not live")
    return roots


def _outcomes(
    body: Row, ledger: _Ledger, promises: list[Promise], roots: dict[int, str]
) -> None:
    """6. What became of everybody, and when, is what the ledger said each time; nobody
    comes back, and whoever was destroyed after their own day was late."""
    due = promises[body["plan"]["through"]][1 + (body["retention"] == "recontact")]
    ended, swept = _london(body["destroyed_at"]), ledger.rows("destruction_swept")
    last, late = -1, ended > due
    _need(bool(swept), "the ledger does not say that the destruction was done")
    said = [(one["fates"], ledger.proved(one["entry"])) for one in body["earlier"]]
    said.append((body["people"]["fates"], swept[-1]))
    starts = [start for start, *_ in promises]
    kept, gone = set[int](), dict[int, str]()
    for fates, row in said:
        _need(len(fates) in roots, "an earlier destruction is of more people")
        digest = _digest({"enrolled": roots[len(fates)], "fates": fates})
        told = (row["event"], row["subject"]) == ("destruction_swept", digest)
        _need(told, "the fates are not those in the ledger")
        own, at = row is swept[-1], row["position"]
        early = at < body["tail"]["from"]
        _need(last < at and early != own, "an earlier destruction is out of order")
        last, day = at, ended if own else _london(row["at"])
        for place, fate in enumerate(fates):
            _need(gone.get(place, fate) == fate, "somebody who was gone has come back")
            if fate == "d" and place not in gone:
                promise = promises[bisect_right(starts, place) - 1]
                late = late or day > (promise[2] if place in kept else promise[1])
            if fate in "dw":
                gone[place] = fate
            elif fate == "r":
                kept.add(place)
    _need(body["late"] is True or body["late"] is late, "it was late and denies it")
    planned = body["plan"]["counts"]["recontact"]
    _need(body["counts"]["recontact"] <= planned, "more were kept than was approved")


def _epochs(body: Row, ledger: _Ledger, last: int) -> None:
    """7. Every epoch key ever made is dead, by each holder's receipt, but those by which
    people are kept, or live under a later promise."""
    epochs = {epoch["commitment"]: epoch for epoch in body["epochs"]}
    before = {epoch["commitment"]: epoch for epoch in body["plan"]["epochs"]}
    made, gone, known = _keys_in(body, ledger.tail)
    _need(bool(known), "no holder is named")
    _need(body["holders"] == known, "the holders are not those in the ledger")
    _need(len(epochs) == len(body["epochs"]), "an epoch key is listed twice")
    _need(set(epochs) == set(before) | set(made), "an epoch key is missing or invented")
    live = [epoch["retention"] for epoch in epochs.values() if not epoch["receipt"]]
    for commitment, epoch in epochs.items():
        if not epoch["receipt"]:
            continue
        holders = made.get(commitment) or before[commitment]["holders"]
        _need(bool(holders), "an epoch key had no holder")
        wanted = [RECEIPT, body["study"], epoch["retention"], str(epoch["generation"])]
        for holder in holders:
            _need(holder in known, "a holder is not registered")
            lines = _open_note(epoch["receipt"], holder)[0].split("\n")
            _need(lines[:5] == [*wanted, commitment], "a receipt is for another key")
        told = commitment in gone or before.get(commitment, {}).get("destroyed", False)
        _need(told is True, "the ledger does not know of a key's destruction")
    counts = body["counts"]
    later = counts["live"] or body["plan"]["through"] < last
    least = {"standard": counts["live"], "recontact": counts["recontact"]}
    most = {"standard": later, "recontact": counts["recontact"] or counts["live"]}
    for name in {*live, *least}:
        fits = bool(least[name]) <= live.count(name) <= bool(most[name])
        _need(fits, "an epoch key that should be dead is alive, or the reverse")
    swept = ledger.rows("destruction_swept")[0]["position"]
    ours = {key for key in gone if epochs[key]["retention"] == body["retention"]}
    if body["plan"]["through"] < last:  # others go on, and change keys without these
        ours = {key for key in ours if key in before or gone[key]["position"] < swept}
    times = [gone[key]["at"] for key in ours]
    _need(bool(times), "no epoch key of this class was destroyed")
    _need(body["destroyed_at"] == max(times), "the time of destruction differs")


def _keys_in(body: Row, tail: list[Row]) -> tuple[Row, Row, list[str]]:
    """Of the ledger's tail: keys made and by whom held, keys destroyed and when."""
    made, gone, known = Row(), Row(), list(body["plan"]["holders"])
    for row in tail:
        if row["event"] == "holder_registered" and row["subject"] not in known:
            known.append(row["subject"])
        elif row["event"] == "epoch_key_made":
            made[row["subject"]] = list(known)
        elif row["event"] == "epoch_key_destroyed":
            gone[row["subject"]] = row
    return made, gone, known


def _copies(body: Row, ledger: _Ledger) -> None:
    """8. Every copy known is named; final only when all are gone and the witness signed."""
    copies = {copy["file_hash"]: bool(copy["confirmed_at"]) for copy in body["copies"]}
    known = {copy["file_hash"]: copy["confirmed"] for copy in body["plan"]["copies"]}
    for row in ledger.rows("copy_handed_over"):
        known.setdefault(row["subject"], False)
    known |= {row["subject"]: True for row in ledger.rows("copy_confirmed")}
    _need(len(copies) == len(body["copies"]), "a copy is listed twice")
    _need(copies == known, "the register of copies differs from the ledger")
    backups = {row["subject"] for row in ledger.rows("backup_made")}
    whole = set(body["backups"]) == backups | set(body["plan"]["backups"])
    _need(whole, "the list of backups differs")
    appointed = [row["subject"] for row in ledger.rows("witness_appointed")]
    seen = body["witness"] == [body["plan"]["witness"], *appointed][-1]
    _need(seen or not body["witness"], "another witness signed than was appointed")
    stage = "final" if all(known.values()) and seen else "provisional"
    _need(body["stage"] == stage, f"its stage should be {stage}")


def _scan_and_records(body: Row, ledger: _Ledger) -> None:
    """9. The last scan is the one in the ledger, and it found and opened nothing; what it
    says of texts and of the kept file stands there so; a file that the plan calls judged
    was judged before the plan, and passed."""
    scans = [row["counts"] for row in ledger.rows("destruction_scanned")]
    _need(bool(scans), "no scan was made")
    _need(scans[-1] == body["scan"], "the scan is not the one in the ledger")
    clean = not body["scan"]["found"] and not body["scan"]["opened"]
    _need(clean, "the scan found something")
    rows = [ledger.proved(record) for record in body["records"]]
    _need(len({r["position"] for r in rows}) == len(rows), "a record is listed twice")
    judged = body["plan"].get("kept", {}).get("judged", "")
    passed = ("kept_file_judged", judged, "passes")
    early = [row for row in rows if row["position"] < body["tail"]["from"]]
    told = [(row["event"], row["subject"], row["reason"]) for row in early]
    _need(not judged or passed in told, "the kept file was not judged before the plan")


def _london(at: str) -> str:
    """The day in London of a time in UTC: summer time is between two last Sundays."""
    moment = dt.datetime.strptime(at, "%Y-%m-%dT%H:%M:%S%z").astimezone(dt.UTC)
    lasts = [dt.datetime(moment.year, month, 31, 1, tzinfo=dt.UTC) for month in (3, 10)]
    turns = [last - dt.timedelta(days=last.isoweekday() % 7) for last in lasts]
    hours = turns[0] <= moment < turns[1]
    return (moment + dt.timedelta(hours=hours)).date().isoformat()


def _open_note(note: str, public_key: str, kind: bytes = SIGNED) -> tuple[str, int]:
    """A C2SP note's text, if this key signed it; and when, if it is a witness's."""
    name, number, encoded = public_key.strip().split("+", 2)
    raw = _unb64(encoded)
    expected = _sha(name.encode(), b"\n", raw)[:4]
    _need(raw[:1] == kind and expected.hex() == number, "a public key is not one")
    text, blank, lines = note.rpartition("\n\n")
    _need(bool(blank), "a note has no signatures")
    for line in lines.removesuffix("\n").split("\n"):
        mark, signed_by, signature = line.split(" ")
        data, said, at = _unb64(signature), f"{text}\n", 0
        if mark == "\u2014" and signed_by == name and data[:4] == expected:
            if kind == COSIGNED:
                at, data = int.from_bytes(data[4:12], "big"), data[8:]
                said = f"cosignature/v1\ntime {at}\n{said}"
            try:
                key = Ed25519PublicKey.from_public_bytes(raw[1:])
                key.verify(data[4:], said.encode())
            except InvalidSignature:
                break
            _need(at < MOST, "the witness's time is beyond reason")
            return f"{text}\n", at
    raise NotValid("a signature is missing or wrong")


def _sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _grow(peaks: list[bytes], size: int, leaf: bytes) -> None:
    """Append a leaf to the right edge of an RFC 6962 tree of this size."""
    while size & 1:
        leaf = _sha(b"\1", peaks.pop(), leaf)
        size >>= 1
    peaks.append(leaf)


def _bag(peaks: list[bytes]) -> bytes:
    root = peaks[-1] if peaks else _sha()
    for peak in reversed(peaks[:-1]):
        root = _sha(b"\1", peak, root)
    return root


def _root_by_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root an inclusion proof leads to: RFC 9162, 2.1.3.1 read from the root down."""
    _need(0 <= index < size, "an entry's position is beyond the ledger")
    _need(bool(proof) == (size > 1), "a proof is too short or too long")
    if size == 1:
        return leaf
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        return _sha(b"\1", _root_by_proof(leaf, index, left, proof[:-1]), proof[-1])
    inner = _root_by_proof(leaf, index - left, size - left, proof[:-1])
    return _sha(b"\1", proof[-1], inner)


def _digest(value: object) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()


def _canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _hash(text: str) -> bytes:
    _need(HEX.fullmatch(text) is not None, "a hash is not one")
    return bytes.fromhex(text)


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
    parser.add_argument("--controller", default="", help="who must sign an extension")
    given = parser.parse_args()
    keys = [
        value if "+" in value or not value else Path(value).read_text("utf-8")
        for value in (given.key, given.witness, given.controller)
    ]
    try:
        shown = verify(given.certificate.read_bytes(), *keys)
    except NotValid as reason:
        sys.stderr.write(f"NOT VALID: {reason}\n")
        return 5
    parts = " + ".join(f"{name} {getattr(shown, name)}" for name in FATES)
    sys.stdout.write(
        f"VALID ({shown.stage}): {shown.study}, {shown.retention}. Enrolled "
        f"{shown.enrolled} = {parts}. Destroyed at {shown.destroyed_at}"
        f"{', LATE' if shown.late else ''}.\n{shown.limits}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
