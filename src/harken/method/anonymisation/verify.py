"""Verifies a certificate of destruction. Uses the standard library and ``cryptography``.

It imports nothing of Harken, so that an auditor can copy and check this one file, and with
it any certificate. From a shell: ``python verify.py CERTIFICATE --key KEY [--witness KEY]
[--controller KEY]``, a key being a line or a file. See docs/reference/certificate.md.
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
PLANNED = "destruction_planned"
FATES = {"withdrawn": "w", "recontact": "r", "destroyed": "d", "live": "l"}
DAYS = ("destroy_by", "recontact_until")
SIDES = {"processor": "guardian", "controller": "controller"}
SIGNED, COSIGNED = b"\x01", b"\x04"
MOST = 2**53
TEXTS = ("at", "event", "study", "by", "role", "subject", "reason")
Row = dict[str, Any]
Rows = list[Row]
Hashes = list[bytes]
BROKEN = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


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


def verify(
    data: bytes, public_key: str, witness_key: str = "", controller_key: str = ""
) -> Shown:
    """Check a certificate file's bytes against the operator's published key; with them
    given, also that this witness and this controller signed. Raises NotValid otherwise."""
    try:
        return _verify(data, public_key, witness_key.strip(), controller_key.strip())
    except InvalidSignature:
        raise NotValid("a signature is missing or wrong") from None
    except BROKEN as error:
        raise NotValid(f"its format is another ({type(error).__name__})") from None


def _verify(data: bytes, public_key: str, witness: str, controller: str) -> Shown:
    document = _load(data.decode("utf-8"), "\n")
    body = document["certificate"]
    _need(set(document) == {"certificate", "signature"}, "it holds unknown parts")
    _need(body["format"] == FORMAT, "its format is unknown")
    signed, _ = _open_note(document["signature"], public_key)
    _need(signed == f"{FORMAT}\n{_digest(body)}\n", "the signature is of another")
    _need(body["operator"] == public_key.strip(), "it names another operator")
    _need(not witness or body["witness"] == witness, "the witness is missing")

    # 1. The checkpoint is signed by the operator, and by the witness it names.
    text, witnessed_at = _open_note(body["checkpoint"], public_key)
    if body["witness"]:
        _, witnessed_at = _open_note(body["checkpoint"], body["witness"], COSIGNED)
    origin, size, root, end = text.split("\n")
    _need([origin, end] == [public_key.split("+")[0], ""], "the ledger is another's")
    _need(str(int(size)) == size, "the checkpoint's size is not a number")
    ledger = {"study": body["study"], "size": int(size), "root": _unb64(root)}
    own = {"plan": body["plan"], "tail": body["tail"], "fates": body["people"]["fates"]}
    parts: Rows = []
    for one in [*_list(body["earlier"]), own]:
        parts.append(_part(one, ledger, after=parts[-1]["end"] if parts else 0))
    _need(parts[-1]["end"] == ledger["size"], "the ledger's tail is not whole")
    promises = _promises(body, ledger, parts, controller)
    _people(body, parts, promises, _keys(body, parts))
    _rest(body, ledger, parts[-1])
    seen = body | body["counts"] | {"witnessed_at": witnessed_at}
    seen |= {"epoch_keys": len(body["epochs"]), "holders": len(body["holders"])}
    return Shown(**{name: seen[name] for name in Shown.__annotations__})


def _placed(ledger: Row, text: str, at: int, proof: object) -> tuple[Row, Hashes]:
    """An entry at its place in the signed tree, and the tree's right edge before it."""
    leaf, hashes = _sha(b"\0", text.encode()), _hashes(proof)
    root, edge = _climb(leaf, _count(at), ledger["size"], hashes)
    _need(root == ledger["root"], "an entry is not in the ledger")
    return _row(text, at), edge


def _proved(ledger: Row, entry: Row) -> Row:
    row, _ = _placed(ledger, entry["body"], entry["position"], entry["proof"])
    _need(row["study"] == ledger["study"], "an entry is of another study")
    return row


def _part(part: Row, ledger: Row, *, after: int) -> Row:
    """2. The entries from a plan to its outcome, and from the last plan to the end, are all
    there are, unchanged. 4. First the plan, then two people approved it, one a side."""
    plan, tail, study = part["plan"], part["tail"], ledger["study"]
    digest, first, rows = _digest(plan), tail["from"], Rows()
    _need(after <= first, "an earlier destruction is out of order")
    _need(type(part["fates"]) is str, "a fate is not one")
    peaks, entries = _hashes(tail["peaks"]), _list(tail["entries"])
    for number, text in enumerate(entries[:-1], start=first):
        rows.append(_row(text, number))
        _grow(peaks, number, _sha(b"\0", text.encode()))
    end = first + len(entries)
    row, edge = _placed(ledger, entries[-1], end - 1, tail["proof"])
    _need(edge == peaks, "the ledger's tail is not whole")
    rows = [row for row in [*rows, row] if row["study"] in (study, "")]
    told = [rows[0][name] for name in ("event", "study", "subject", "position")]
    planned = _same([*told, plan["study"]], [PLANNED, study, digest, first, study])
    _need(planned, "the plan is not the one in the ledger")
    mine = [r for r in _of(rows, "destruction_approved") if r["subject"] == digest]
    given = {row["reason"]: row["role"] for row in mine}
    for side, role in SIDES.items():
        _need(given.get(side) == role, f"the {side} did not approve")
    _need(len({row["by"] for row in mine}) == 2, "one person approved for both sides")
    done = _of(rows, "destruction_swept")
    _need(bool(done), "the ledger does not say that the destruction was done")
    ends = end == ledger["size"] or done[-1] is rows[-1]
    _need(ends, "an earlier destruction goes on")
    return part | {"rows": rows, "end": end, "approved": mine[-1]["position"]}


def _promises(body: Row, ledger: Row, parts: Rows, controller: str) -> Rows:
    """3. Each promise stands in the ledger; each later one the controller signed. Returns
    them, each with the number of people enrolled before it."""
    found, before, people = Rows(), Row(), len(body["people"]["enrolled"])
    named = len(body["promises"]) == 1 or controller in ("", body["controller"])
    _need(named, "another controller is named")
    for number, one in enumerate(body["promises"]):
        row, policy, note = _proved(ledger, one["entry"]), one["policy"], one["note"]
        days, event, start = [policy[name] for name in DAYS], "policy_bound", 0
        if number:
            event, start = "policy_extended", row["counts"]["enrolled"]
            text, _ = _open_note(note, body["controller"])
            *days, why = text.split("\n")[3:6]
            lines = [EXTENSION, body["study"], before["digest"], *days, why, ""]
            _need(text == "\n".join(lines), "an extension is of something else")
            _need(why != "", "an extension gives no reason")
            later = before[DAYS[0]] < days[0] <= days[1] >= before[DAYS[1]]
            _need(later, "an extension is not later")
            inside = found[-1]["start"] <= _count(start) <= people
            _need(inside, "a later promise begins out of place")
            version = f"{found[0]['policy_version']}.{number}"
            own = {"policy_version": version, "digest": _sha(note.encode()).hex()}
            wanted = before | own | dict(zip(DAYS, days, strict=True)) | {"reason": why}
        else:
            bare = {name: text for name, text in policy.items() if name != "digest"}
            wanted = bare | {"digest": _digest(bare)}
        plain = [dt.date.fromisoformat(day).isoformat() for day in days] == days
        _need(plain, "a promised day is not one")
        before = wanted
        found.append(wanted | {"start": start})
        _need(_same([policy, note == ""], [wanted, number == 0]), "the policy differs")
        told = [row["event"], row["subject"]] == [event, wanted["digest"]]
        _need(told, "the policy is not the one in the ledger")
    digests = [one["digest"] for one in found]
    for part in parts:
        added = [row["subject"] for row in _of(part["rows"], "policy_extended")]
        known = [*_list(part["plan"]["promises"]), *added]
        told = known == (digests if part is parts[-1] else digests[: len(known)])
        _need(told, "the promises are not those in the ledger")
        covers = _count(part["plan"]["through"]) < len(part["plan"]["promises"])
        _need(covers, "the plan is of no promise")
        part["later"] = part["plan"]["through"] < len(known) - 1
    return found


def _keys(body: Row, parts: Rows) -> list[str]:
    """5. Both had approved before the keys died, and then it was called done; on which days.
    Each key is dead by each holder's receipt, but those by which people are kept or live."""
    epochs = {epoch["commitment"]: epoch for epoch in _list(body["epochs"])}
    _need(len(epochs) == len(body["epochs"]), "an epoch key is listed twice")
    held, dead, known, ends = Row(), set[str](), list[str](), list[str]()
    for part in parts:
        known, gone, old = _keys_in(part, held, dead)
        _need(set(held) <= set(epochs), "an epoch key is missing or invented")
        alive = [epochs[key]["retention"] for key in held if key not in dead]
        live, kept = "l" in part["fates"], "r" in part["fates"]
        least = {"standard": live, "recontact": kept}
        most = {"standard": live or part["later"], "recontact": kept or live}
        for name in {*alive, *least}:
            fits = least[name] <= alive.count(name) <= most[name]
            _need(fits, "an epoch key that should be dead is alive, or the reverse")
        done = _of(part["rows"], "destruction_swept")[0]["position"]
        class_ = part["plan"]["retention"]
        mine = [row for row in gone if epochs[row["subject"]]["retention"] == class_]
        died = any(part["approved"] < row["position"] < done for row in mine)
        _need(died, "no epoch key of this class was destroyed")
        if part["later"]:  # others go on, and change keys without these
            mine = [r for r in mine if r["subject"] in old or r["position"] < done]
        ends.append(max(row["at"] for row in mine))
    whole = set(held) == set(epochs)
    for name in ("standard", "recontact"):
        mine = [epochs[key] for key in held if epochs[key]["retention"] == name]
        whole &= _same([e["generation"] for e in mine], list(range(1, len(mine) + 1)))
    _need(whole, "an epoch key is missing or invented")
    named = known != [] and _same(body["holders"], known)
    _need(named, "the holders are not those in the ledger")
    for key, epoch in epochs.items():
        _need((key in dead) == (epoch["receipt"] != ""), "a receipt is missing")
        _need(held[key] != [], "an epoch key had no holder")
        wanted = [RECEIPT, body["study"], epoch["retention"], str(epoch["generation"])]
        for holder in _list(held[key]) * (key in dead):
            _need(holder in known, "a holder is not registered")
            lines = _open_note(epoch["receipt"], holder)[0].split("\n")
            _need(lines[:5] == [*wanted, key], "a receipt is for another key")
    _need(body["destroyed_at"] == ends[-1], "the time of destruction differs")
    return [_london(at) for at in ends]


def _keys_in(part: Row, held: Row, dead: set[str]) -> tuple[list[str], Rows, set[str]]:
    """Adds a part's keys with their holders to those known, and to the dead. Returns the
    holders at its end, the entries of the keys that died in it, and those planned."""
    known, planned = list(_list(part["plan"]["holders"])), set[str]()
    for key in _list(part["plan"]["epochs"]):
        same = held.setdefault(key["commitment"], key["holders"]) == key["holders"]
        _need(same, "two plans name other holders of a key")
        planned.add(key["commitment"])
        dead |= {key["commitment"]} if key["destroyed"] is True else set()
    _need(set(held) == planned, "an epoch key is missing or invented")
    for row in part["rows"]:
        if row["event"] == "holder_registered" and row["subject"] not in known:
            known.append(row["subject"])
        elif row["event"] == "epoch_key_made":
            held.setdefault(row["subject"], list(known))
    gone = _of(part["rows"], "epoch_key_destroyed")
    dead |= {row["subject"] for row in gone}
    return known, gone, planned


def _people(body: Row, parts: Rows, promises: Rows, days: list[str]) -> None:
    """6. Everybody is there once; each time their letters are what the ledger said, and fit
    their promises. 7. Nobody comes back; who was destroyed after their own day was late."""
    enrolled, fates = _list(body["people"]["enrolled"]), body["people"]["fates"]
    _need(len(set(enrolled)) == len(enrolled), "somebody is listed twice")
    _need(len(fates) == len(enrolled), "somebody has no fate, or two")
    counts = {name: fates.count(letter) for name, letter in FATES.items()}
    _need(sum(counts.values()) == len(enrolled), "a fate is not one")
    _need(_same(counts | {"enrolled": len(fates)}, body["counts"]), "the counts differ")
    same = body["plan"]["retention"] == body["retention"]
    _need(same, "the plan is of another class")
    starts = [one["start"] for one in promises]
    kept, gone, late = set[int](), dict[int, str](), False
    for part, day in zip(parts, days, strict=True):
        plan, fates, known = part["plan"], part["fates"], part["plan"]["enrolled"]
        _need(len(fates) <= len(enrolled), "an earlier destruction is of more people")
        for row in _of(part["rows"], "people_enrolled"):
            known = {"root": row["subject"], "size": row["counts"]["enrolled"]}
        root = _root(enrolled[: len(fates)])
        _need(_same(known, {"root": root, "size": len(fates)}), "the enrolled differ")
        outcome = _digest({"enrolled": root, "fates": fates})
        told = _of(part["rows"], "destruction_swept")[-1]["subject"]
        _need(told == outcome, "the fates are not those in the ledger")
        few = fates.count("r") <= _count(plan["counts"]["recontact"])
        _need(few, "more were kept than was approved")
        again = plan["retention"] == "recontact"
        late = late or day > promises[plan["through"]][DAYS[again]]
        end = [*starts[plan["through"] + 1 :], len(fates)][0]
        mine, others = set(fates[:end]), set(fates[end:])
        _need(not again or mine <= {"w", "d"}, "somebody was kept beyond the end")
        _need(again or "l" not in mine, "somebody lives whose promise is over")
        fits = again or others <= {"l", "w"}
        _need(fits, "somebody under a later promise does not live")
        for place, fate in enumerate(fates):
            _need(gone.get(place, fate) == fate, "somebody who was gone has come back")
            if fate == "d" and place not in gone:
                promise = promises[bisect_right(starts, place) - 1]
                late = late or day > promise[DAYS[place in kept]]
            if fate in "dw":
                gone[place] = fate
            elif fate == "r":
                kept.add(place)
    _need(body["late"] is True or body["late"] is late, "it was late and denies it")


def _rest(body: Row, ledger: Row, part: Row) -> None:
    """8. Every copy known is named; final only when all are gone and the witness signed.
    9. The last scan is the ledger's, and found and opened nothing; a file that the plan
    calls judged was judged before the plan, and passed."""
    given, plan, rows = _list(body["copies"]), part["plan"], part["rows"]
    copies = {copy["file_hash"]: copy["confirmed_at"] != "" for copy in given}
    known = {copy["file_hash"]: copy["confirmed"] for copy in _list(plan["copies"])}
    for row in _of(rows, "copy_handed_over"):
        known.setdefault(row["subject"], False)
    known |= {row["subject"]: True for row in _of(rows, "copy_confirmed")}
    _need(len(copies) == len(given), "a copy is listed twice")
    _need(_same(copies, known), "the register of copies differs from the ledger")
    backups = _hashes([row["subject"] for row in _of(rows, "backup_made")])
    backups += _hashes(plan["backups"])
    _need(set(_hashes(body["backups"])) == set(backups), "the list of backups differs")
    appointed = [row["subject"] for row in _of(rows, "witness_appointed")]
    seen = _same(body["witness"], [plan["witness"], *appointed][-1])
    _need(seen or body["witness"] == "", "another witness signed than was appointed")
    stage = "final" if all(known.values()) and seen else "provisional"
    _need(body["stage"] == stage, f"its stage should be {stage}")
    scans = [row["counts"] for row in _of(rows, "destruction_scanned")]
    _need(bool(scans), "no scan was made")
    _need(_same(scans[-1], body["scan"]), "the scan is not the one in the ledger")
    found = [body["scan"]["found"], body["scan"]["opened"]]
    _need(_same(found, [0, 0]), "the scan found something")
    rows = [_proved(ledger, record) for record in _list(body["records"])]
    _need(len({r["position"] for r in rows}) == len(rows), "a record is listed twice")
    judged = plan["kept"].get("judged", "")
    early = [row for row in rows if row["position"] < body["tail"]["from"]]
    told = [(row["event"], row["subject"], row["reason"]) for row in early]
    passed = judged == "" or ("kept_file_judged", judged, "passes") in told
    _need(passed, "the kept file was not judged before the plan")


def _london(at: str) -> str:
    """The day in London of a time in UTC: summer time is between two last Sundays."""
    moment = dt.datetime.fromisoformat(at)
    _need(f"{moment:%Y-%m-%dT%H:%M:%S}+00:00" == at, "a time is not one in UTC")
    lasts = [dt.datetime(moment.year, month, 31, 1, tzinfo=dt.UTC) for month in (3, 10)]
    turns = [last - dt.timedelta(days=last.isoweekday() % 7) for last in lasts]
    hours = turns[0] <= moment < turns[1]
    return str((moment + dt.timedelta(hours=hours)).date())


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
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(data[4:], said.encode())
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


def _root(values: list[str]) -> str:
    peaks: list[bytes] = []
    for number, value in enumerate(values):
        _grow(peaks, number, _sha(b"\0", _hash(value)))
    root = peaks.pop() if peaks else _sha()
    while peaks:
        root = _sha(b"\1", peaks.pop(), root)
    return root.hex()


def _climb(leaf: bytes, index: int, size: int, proof: Hashes) -> tuple[bytes, Hashes]:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.1 read from the root
    down), and the hashes to the left of the way: the tree's edge before this leaf."""
    _need(0 <= index < size, "an entry's position is beyond the ledger")
    _need(bool(proof) == (size > 1), "a proof is too short or too long")
    if size == 1:
        return leaf, []
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        inner, edge = _climb(leaf, index, left, proof[:-1])
        return _sha(b"\1", inner, proof[-1]), edge
    inner, edge = _climb(leaf, index - left, size - left, proof[:-1])
    return _sha(b"\1", proof[-1], inner), [proof[-1], *edge]


def _load(text: str, end: str = "") -> Any:
    """JSON in its one canonical form, with whole numbers that every language can hold."""
    value = json.loads(text, parse_int=_int, parse_float=_int, parse_constant=_int)
    plain = _canonical(value) + end.encode() == text.encode()
    _need(plain, "its text is not in canonical form")
    return value


def _int(text: str) -> int:
    _need(abs(int(text)) < MOST, "a number is too large")
    return int(text)


def _row(text: str, place: int) -> Row:
    row: Row = _load(text)
    plain = all(type(row[name]) is str for name in TEXTS)
    _need(plain and _same(row["position"], place), "an entry is out of its place")
    return row


def _of(rows: Rows, event: str) -> Rows:
    return [row for row in rows if row["event"] == event]


def _list(value: Any) -> list[Any]:
    _need(type(value) is list, "a list is not one")
    return list(value)


def _count(value: Any) -> int:
    _need(type(value) is int and value >= 0, "a count is not one")
    return int(value)


def _same(one: object, other: object) -> bool:
    return _canonical(one) == _canonical(other)  # true is not 1


def _digest(value: object) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()


def _canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _hash(text: str) -> bytes:
    _need(re.fullmatch("[0-9a-f]{64}", text) is not None, "a hash is not one")
    return bytes.fromhex(text)


def _hashes(values: object) -> Hashes:
    return [_hash(value) for value in _list(values)]


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
    for name in ("key", "witness", "controller"):
        parser.add_argument(f"--{name}", default="", help="a public key, or its file")
    file, *given = vars(parser.parse_args()).values()
    keys = [k if "+" in k or not k else Path(k).read_text("utf-8") for k in given]
    try:
        shown = verify(file.read_bytes(), *keys)
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
