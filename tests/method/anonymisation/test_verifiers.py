"""Two verifiers and a forger who holds the operator's key. Proves PRV 24, 25, 26, 29, 30.

One verifier is Python, the other JavaScript; they share no line. The forger may sign
whatever it likes as the operator, but has neither a holder's nor the witness's key.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harken.method.anonymisation import Fate, NotValid, verify
from harken.method.anonymisation.falsify import falsify
from harken.method.ledger import Signer, canonical, merkle, sign_note
from harken.method.ledger.checkpoint import Checkpoint
from tests.make.bundle import Bundle, make_bundle

program = sys.modules["harken.method.anonymisation.verify"]
ROOM = Path(__file__).parents[3] / "src" / "harken" / "method" / "anonymisation"
Forge = Callable[[Bundle], bytes]


@dataclass(frozen=True)
class Case:
    """One certificate for both verifiers."""

    data: bytes
    key: str
    witness: str


def by_python(case: Case) -> str:
    """Empty when valid, else the reason."""
    try:
        verify(case.data, case.key, case.witness)
    except NotValid as reason:
        return str(reason)
    return ""


def by_node(
    cases: list[Case], folder: Path, *, controller: str = ""
) -> list[dict[str, Any]]:
    """The JavaScript verifier's verdicts, in one process."""
    lines = []
    for number, case in enumerate(cases):
        file = folder / f"{number}.json"
        file.write_bytes(case.data)
        keys = {"key": case.key, "witness": case.witness, "controller": controller}
        lines.append({"file": str(file), **keys})
    wanted = folder / "list"
    wanted.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    said = subprocess.run(
        ["node", str(ROOM / "verify.mjs"), "--many", str(wanted)],
        capture_output=True,
        check=True,
        text=True,
    )
    return [json.loads(line) for line in said.stdout.splitlines()]


def by_node_of(
    data: bytes, key: str, folder: Path, *, controller: str = ""
) -> dict[str, Any]:
    """The same of a single certificate."""
    return by_node([Case(data, key, "")], folder, controller=controller)[0]


def test_one_who_was_kept_may_leave_later_and_the_promise_was_kept_all_the_same(
    tmp_path: Path,
) -> None:
    """Their key died after the promised day; those it was made to died before it."""
    for people in (12, 2):
        bundle = make_bundle(people=people, seed=people, afterwards=True)
        shown = verify(bundle.write(), bundle.operator_key, bundle.witness_key)
        assert (shown.late, shown.destroyed_at[:10] < "2026-10") == (False, True)
        assert shown.recontact < int(str(_counts(bundle)["recontact"]))
        when = "2026-10-20T08:00:00+00:00"
        forged = case_of(bundle, bundle.write(destroyed_at=when, late=True))
        assert "the time of destruction differs" in by_python(forged)
        said = by_node([case_of(bundle), forged], tmp_path)
        assert [one["valid"] for one in said] == [True, False]


def _counts(bundle: Bundle) -> dict[str, int]:
    counts: dict[str, int] = dict(bundle.evidence.plan)["counts"]  # type: ignore[assignment]  # as planned
    return counts


def case_of(bundle: Bundle, data: bytes | None = None) -> Case:
    """A bundle as it is, or a forged version of it."""
    return Case(data or bundle.write(), bundle.operator_key, bundle.witness_key)


# ---- the eleven falsifications ----------------------------------------------------------


def _drop_a_person(bundle: Bundle) -> bytes:
    return bundle.write(people=bundle.evidence.people[1:])


def _move_to_recontact(bundle: Bundle) -> bytes:
    people = list(bundle.evidence.people)
    place = next(n for n, (_, fate) in enumerate(people) if fate is Fate.DESTROYED)
    people[place] = (people[place][0], Fate.RECONTACT)
    return bundle.write(people=people)


def _omit_from_everything(bundle: Bundle) -> bytes:
    """The plan is adjusted too, and the tree over people made anew."""
    people = bundle.evidence.people[1:]
    leaves = [merkle.leaf_hash(bytes.fromhex(value)) for value, _ in people]
    root = merkle.root_of(leaves).hex()
    fates = [fate for _, fate in people]
    counts = {"enrolled": len(fates)} | {f.value: fates.count(f) for f in Fate}
    plan = dict(bundle.evidence.plan) | {
        "enrolled": {"size": len(people), "root": root},
        "counts": counts,
    }
    return bundle.write(people=people, plan=plan)


def _change_the_date(bundle: Bundle) -> bytes:
    return bundle.write(destroyed_at="2026-08-01T08:00:00+00:00")


def _remove_a_holder(bundle: Bundle) -> bytes:
    plan = dict(bundle.evidence.plan) | {"holders": bundle.evidence.holders[:1]}
    return bundle.write(holders=bundle.evidence.holders[:1], plan=plan)


def _remove_a_receipt(bundle: Bundle) -> bytes:
    epochs = [dict(epoch) for epoch in bundle.evidence.epochs]
    note = str(epochs[0]["receipt"])
    text, _, lines = note.rpartition("\n\n")
    epochs[0]["receipt"] = f"{text}\n\n{lines.splitlines()[0]}\n"
    return bundle.write(epochs=epochs)


def _leave_an_epoch_alive(bundle: Bundle) -> bytes:
    epochs = [dict(epoch) for epoch in bundle.evidence.epochs]
    epochs[0]["receipt"] = ""
    return bundle.write(epochs=epochs)


def _strip_the_witness(bundle: Bundle) -> bytes:
    text, _, lines = bundle.evidence.checkpoint.rpartition("\n\n")
    note = f"{text}\n\n{lines.splitlines()[0]}\n"
    return bundle.write(checkpoint=note, witness="")


def _alter_the_root(bundle: Bundle) -> bytes:
    size = bundle.evidence.tail_from + len(bundle.evidence.tail)
    house = bundle.house
    text = Checkpoint(house.operator.name, size, bytes(32)).text()
    return bundle.write(checkpoint=sign_note(text, [house.operator]), witness="")


def _hide_a_failed_scan(bundle: Bundle) -> bytes:
    """The ledger says that something was found; the certificate says nothing was."""
    tail = list(bundle.evidence.tail)
    place = next(n for n, row in enumerate(tail) if "destruction_scanned" in row)
    tail[place] = tail[place].replace('"found":0', '"found":7')
    size = bundle.evidence.tail_from + len(tail)
    house = bundle.house
    entries = [*house.entries[: bundle.evidence.tail_from], *map(str.encode, tail)]
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    root = merkle.root_of(leaves)
    way = [value.hex() for value in merkle.inclusion_proof(leaves, size - 1)]
    text = Checkpoint(house.operator.name, size, root).text()
    note = sign_note(text, [house.operator])
    changed = {"tail": tail, "proof": way, "checkpoint": note}
    return bundle.write(**changed, witness="", stage="provisional")


def _list_somebody_twice(bundle: Bundle) -> bytes:
    people = list(bundle.evidence.people)
    people[1] = people[0]
    return bundle.write(people=people)


FALSIFICATIONS: dict[str, Forge] = {
    "drop a person": _drop_a_person,
    "move a person to recontact": _move_to_recontact,
    "omit an enrolled person everywhere": _omit_from_everything,
    "change the date": _change_the_date,
    "remove a holder": _remove_a_holder,
    "remove a holder's receipt": _remove_a_receipt,
    "leave one epoch alive": _leave_an_epoch_alive,
    "strip the witness": _strip_the_witness,
    "alter the root": _alter_the_root,
    "hide a failed scan": _hide_a_failed_scan,
    "list somebody twice": _list_somebody_twice,
}


def make_full(seed: int) -> Bundle:
    """With two holders, a witness, and everything confirmed: a final certificate."""
    for number in range(seed * 1000, seed * 1000 + 1000):
        bundle = make_bundle(number, witness=True, holders=2)
        if bundle.evidence.stage == "final" and len(bundle.evidence.epochs) > 2:
            return bundle
    raise LookupError


def test_a_valid_certificate_is_valid_to_both(tmp_path: Path) -> None:
    bundle = make_full(1)
    assert by_python(case_of(bundle)) == ""
    verdict = by_node([case_of(bundle)], tmp_path)[0]
    assert verdict["valid"] is True
    shown = verify(bundle.write(), bundle.operator_key, bundle.witness_key)
    for name in ("stage", "enrolled", "withdrawn", "recontact", "destroyed"):
        assert verdict["shown"][name] == getattr(shown, name)
    assert (shown.holders, shown.witnessed_at) == (2, 1_790_000_000)


def test_the_eleven_falsifications_are_rejected_by_both(tmp_path: Path) -> None:
    cases = [
        case_of(bundle, forge(bundle))
        for seed in (1, 2, 3)
        for bundle in (make_full(seed),)
        for forge in FALSIFICATIONS.values()
    ]
    verdicts = by_node(cases, tmp_path)
    names = list(FALSIFICATIONS) * 3
    assert len(FALSIFICATIONS) == 11
    assert [
        n for n, case in zip(names, cases, strict=True) if not by_python(case)
    ] == []
    assert [n for n, one in zip(names, verdicts, strict=True) if one["valid"]] == []


def test_what_happens_after_the_plan_is_on_the_certificate_too(tmp_path: Path) -> None:
    cases = []
    for seed in range(6):
        bundle = make_bundle(seed, people=9, news=True)
        cases.append(case_of(bundle))
        for lie in (
            {"backups": []},
            {"copies": bundle.evidence.copies[:-1]},
            {"holders": bundle.evidence.holders[:-1]},
        ):
            cases.append(case_of(bundle, bundle.write(**lie)))
    wanted = [True, False, False, False] * 6
    assert [by_python(case) == "" for case in cases] == wanted
    assert [one["valid"] for one in by_node(cases, tmp_path)] == wanted


def test_a_plan_that_names_a_judged_file_needs_the_record_of_it(tmp_path: Path) -> None:
    bundle = make_bundle(1)
    reviewed, judged = bundle.evidence.records
    file = json.loads(str(judged["body"]))["subject"]
    assert len(file) == 64
    assert file in json.dumps(bundle.evidence.plan)
    cases = [
        case_of(bundle),
        case_of(bundle, bundle.write(records=[reviewed])),
        case_of(make_bundle(1, verdict="refused")),
    ]
    why = "the kept file was not judged before the plan"
    assert [by_python(case) for case in cases] == ["", why, why]
    verdicts = by_node(cases, tmp_path)
    assert [one["valid"] for one in verdicts] == [True, False, False]


def test_a_recontact_class_at_its_end_keeps_nobody() -> None:
    bundle = make_bundle(4, people=30)

    def end(body: dict[str, Any]) -> None:
        body["retention"] = body["plan"]["retention"] = "recontact"

    assert bundle.evidence.people
    assert by_python(_resigned(bundle, end))


def test_the_program_says_valid_or_why_not(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = make_bundle(3, late=True)
    file, key = tmp_path / "certificate.json", tmp_path / "key"
    key.write_text(bundle.operator_key + "\n", encoding="utf-8")
    for given in (str(key), bundle.operator_key):
        monkeypatch.setattr("sys.argv", ["verify.py", str(file), "--key", given])
        file.write_bytes(bundle.write())
        assert program.main() == 0
        assert ", LATE" in capsys.readouterr().out
        file.write_bytes(bundle.write(late=False))
        assert program.main() == 5
        assert "NOT VALID: it was late" in capsys.readouterr().err


def test_a_forger_gets_no_further_without_the_witness_key(tmp_path: Path) -> None:
    """Whoever verifies without knowing the witness is still told of nine in eleven."""
    bundle = make_full(1)
    cases = [
        Case(forge(bundle), bundle.operator_key, "")
        for forge in FALSIFICATIONS.values()
    ]
    assert all(by_python(case) for case in cases)
    assert not any(verdict["valid"] for verdict in by_node(cases, tmp_path))


def test_a_thousand_single_bits_cannot_be_changed(tmp_path: Path) -> None:
    bundle = make_full(1)
    data = bundle.write()
    lot = random.Random(27)
    cases = []
    for bit in lot.sample(range(len(data) * 8), 1000):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        cases.append(case_of(bundle, bytes(changed)))
    assert sum(1 for case in cases if not by_python(case)) == 0
    assert sum(1 for one in by_node(cases, tmp_path) if one["valid"]) == 0


def test_the_two_verifiers_agree_on_a_hundred_bundles(tmp_path: Path) -> None:
    lot = random.Random(30)
    forges = [*FALSIFICATIONS.values()]
    cases = []
    for seed in range(100):
        people = lot.choice([3, 8, 21, 64])
        late = lot.random() < 0.2
        bundle = make_bundle(seed, people=people, late=late)
        try:
            data = lot.choice(forges)(bundle) if lot.random() < 0.4 else bundle.write()
        except StopIteration:
            data = bundle.write(stage="final")
        cases.append(case_of(bundle, data))
    ours = [by_python(case) == "" for case in cases]
    theirs = [one["valid"] for one in by_node(cases, tmp_path)]
    assert ours == theirs
    assert 40 < sum(ours) < 80


def _resigned(bundle: Bundle, change: Callable[[dict[str, Any]], None]) -> Case:
    """The operator signs a certificate that ``certify`` would not write."""
    document = json.loads(bundle.write())
    change(document["certificate"])
    data = _sign(document["certificate"], bundle.house.operator)
    return case_of(bundle, data)


def _sign(body: dict[str, Any], operator: Signer) -> bytes:
    digest = hashlib.sha256(canonical(body)).hexdigest()
    note = sign_note(f"{body['format']}\n{digest}\n", [operator])
    return canonical({"certificate": body, "signature": note}) + b"\n"


CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "another format": lambda body: body.update(format="harken-certificate-v9"),
    "a final stage with an open copy": lambda body: body.update(
        copies=[
            {"file_hash": "a" * 64, "confirmed_at": ""},
        ]
    ),
    "a counted lie": lambda body: body["counts"].update(destroyed=0),
    "a missing part": lambda body: body.pop("scan"),
    "another operator": lambda body: body.update(operator="x"),
    "a policy changed": lambda body: body["promises"][0]["policy"].update(
        destroy_by="2027-01-01"
    ),
    "a tail cut short": lambda body: body["tail"]["entries"].pop(),
    "a record of nothing": lambda body: body["records"].append(body["records"][0]),
    "a backup hidden": lambda body: body.update(backups=["b" * 64]),
    "a plan of another study": lambda body: body["plan"].update(study="other"),
    "no approvals": lambda body: body["tail"].update(entries=[]),
    "an invented epoch": lambda body: body["epochs"].append(
        dict(body["epochs"][0]) | {"commitment": "c" * 64}
    ),
    "a hash in capitals": lambda body: body["people"].update(
        enrolled=[value.upper() for value in body["people"]["enrolled"]]
    ),
    "a list for a mapping": lambda body: body.update(promises=[]),
    "nobody": lambda body: body.update(people={"enrolled": [], "fates": ""}),
    "an edge too long": lambda body: body["tail"]["peaks"].append("d" * 64),
    "an entry out of place": lambda body: body["promises"][0]["entry"].update(
        position=3
    ),
    "late denied": lambda body: body.update(late=False, retention="recontact"),
}


def test_what_certify_would_not_write_is_rejected_by_both(tmp_path: Path) -> None:
    bundle = make_full(2)
    cases = [_resigned(bundle, change) for change in CHANGES.values()]
    verdicts = by_node(cases, tmp_path)
    accepted = [
        name
        for name, case, verdict in zip(CHANGES, cases, verdicts, strict=True)
        if not by_python(case) or verdict["valid"]
    ]
    assert accepted == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null\n",
        b"[]\n",
        b'{"certificate":NaN,"signature":""}\n',
        b'{"certificate":1.5,"signature":""}\n',
        b'{"certificate":{"format":"harken-certificate-v3"},"signature":"x"}\n',
        b"\xff\xfe",
        b"[" * 100_000,
        '{"certificate":{},"signature":"\u00e9"}\n'.encode("utf-16"),
    ],
)
def test_what_is_no_certificate_is_not_valid(data: bytes, tmp_path: Path) -> None:
    bundle = make_bundle(1)
    case = Case(data or b" ", bundle.operator_key, "")
    assert by_python(case)
    assert by_node([case], tmp_path)[0]["valid"] is False


def test_a_late_destruction_cannot_deny_it(tmp_path: Path) -> None:
    bundle = make_bundle(3, late=True)
    honest, lie = case_of(bundle), case_of(bundle, bundle.write(late=False))
    assert by_python(honest) == ""
    assert "late" in by_python(lie)
    verdicts = by_node([honest, lie], tmp_path)
    assert [one["valid"] for one in verdicts] == [True, False]


def test_both_are_programs_that_a_stranger_can_run(tmp_path: Path) -> None:
    bundle = make_full(1)
    file, key = tmp_path / "certificate.json", tmp_path / "key"
    file.write_bytes(bundle.write())
    key.write_text(bundle.operator_key + "\n", encoding="utf-8")
    copy = tmp_path / "verify.py"
    copy.write_bytes((ROOM / "verify.py").read_bytes())
    for program in (
        [sys.executable, "-I", str(copy)],
        ["node", str(ROOM / "verify.mjs")],
    ):
        words = [
            *program,
            str(file),
            "--key",
            str(key),
            "--witness",
            bundle.witness_key,
        ]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout[:14]) == (0, "VALID (final):")
        file.write_bytes(bundle.write(stage="provisional"))
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr[:9]) == (5, "NOT VALID")
        file.write_bytes(bundle.write())


@pytest.mark.timing
def test_a_hundred_thousand_people_are_verified_within_three_seconds(
    tmp_path: Path,
) -> None:
    bundle = make_bundle(9, people=100_000, witness=True, holders=2)
    data = bundle.write()
    begun = time.process_time()
    verify(data, bundle.operator_key, bundle.witness_key)
    assert time.process_time() - begun < 3
    case = Case(data, bundle.operator_key, bundle.witness_key)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert by_node([case], tmp_path)[0]["valid"] is True
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 3


def test_the_forgeries_of_the_drill_are_refused_by_both(tmp_path: Path) -> None:
    for witness in (True, False):
        bundle = make_bundle(11, witness=witness, holders=2)
        made = falsify(bundle.write(), bundle.house.operator)
        assert len(made) == 11
        cases = [case_of(bundle, data) for data in made.values()]
        assert [n for n, c in zip(made, cases, strict=True) if not by_python(c)] == []
        assert not any(one["valid"] for one in by_node(cases, tmp_path))
