"""For each rule of the verifiers a forger who breaks nothing else. Proves PRV 24, 29, 30.

Each of these was found by taking the rule out of verify.py: no other test failed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harken.method.ledger import Signer, canonical, sign_note
from harken.method.ledger.cosign import Cosigner
from tests.make.bundle import Bundle
from tests.make.parts import DAYS, Tale, make_parts
from tests.method.anonymisation.test_promises import (
    FIRST,
    PART,
    REST,
    STRANGER,
    verdicts,
)
from tests.method.anonymisation.test_verifiers import _sign, make_full

Body = dict[str, Any]


def _no_holder(plan: Body) -> Body:
    return plan | {"epochs": [one | {"holders": []} for one in plan["epochs"]]}


def _strangers(plan: Body) -> Body:
    held = {"holders": [STRANGER.public_key]}
    return plan | {"epochs": [one | held for one in plan["epochs"]]}


def _without_the_first(plan: Body) -> Body:
    return plan | {"epochs": plan["epochs"][1:]}


ALL = (("standard", 0, FIRST),)
TOLD: dict[str, tuple[Tale, str]] = {
    "a key that nobody held, so that no receipt is needed": (
        Tale((5,), ALL, {0: {"change": _no_holder}}),
        "an epoch key had no holder",
    ),
    "a key that a stranger held": (
        Tale((5,), ALL, {0: {"change": _strangers}}),
        "a holder is not registered",
    ),
    "a key of the first part that the last plan forgot": (
        Tale((5, 4), (PART, REST), {1: {"change": _without_the_first}}),
        "an epoch key is missing or invented",
    ),
    "a scan that found something, and says so": (
        Tale(lies={"scan": {"found": 3}}),
        "the scan found something",
    ),
    "a scan that opened something, and says so": (
        Tale(lies={"scan": {"opened": 1}}),
        "the scan found something",
    ),
    "a day written without dashes": (
        Tale(lies={"days": (DAYS[0], ("20270331", "2028-06-30"))}),
        "a promised day is not one",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_lie_told_to_the_ledger_breaks_its_own_rule(
    name: str, tmp_path: Path
) -> None:
    tale, why = TOLD[name]
    bundle = make_parts(tale)
    assert verdicts(bundle.write(), bundle, tmp_path) == why


def _swap_receipts(body: Body) -> None:
    one, other = [e for e in body["epochs"] if e["retention"] == "standard"][:2]
    one["receipt"], other["receipt"] = other["receipt"], one["receipt"]


def _another_letter(body: Body) -> None:
    body["people"]["fates"] = body["people"]["fates"][:-1] + "x"
    body["counts"]["destroyed"] -= 1


CHANGED: dict[str, tuple[Callable[[Body], object], str]] = {
    "the receipts of two keys changed": (
        _swap_receipts,
        "a receipt is for another key",
    ),
    "a key twice": (
        lambda body: body["epochs"].append(body["epochs"][0]),
        "an epoch key is listed twice",
    ),
    "somebody without a letter": (
        lambda body: body["people"].update(fates=body["people"]["fates"][:-1]),
        "somebody has no fate, or two",
    ),
    "a letter that means nothing": (_another_letter, "a fate is not one"),
    "a copy twice": (
        lambda body: body.update(
            copies=[{"file_hash": "a" * 64, "confirmed_at": ""}] * 2
        ),
        "a copy is listed twice",
    ),
    "a proof with a hash too many": (
        lambda body: body["promises"][0]["entry"]["proof"].insert(0, "0" * 64),
        "a proof is too short or too long",
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_certificate_changed_in_one_thing_breaks_its_own_rule(
    name: str, tmp_path: Path
) -> None:
    change, why = CHANGED[name]
    bundle = make_parts(Tale((5, 4), (PART, REST)))
    body = json.loads(bundle.write())["certificate"]
    change(body)
    data = _sign(body, bundle.house.operator)
    assert verdicts(data, bundle, tmp_path) == why


def test_the_last_entries_cannot_be_hidden(tmp_path: Path) -> None:
    """The proof of the one before is true; what came after it is not shown."""
    bundle = make_parts(Tale(lies={"noise": "invented-review"}))
    assert verdicts(bundle.write(), bundle, tmp_path) == ""
    way = bundle.house.way(len(bundle.house.entries) - 2)
    short = bundle.write(tail=bundle.evidence.tail[:-1], proof=way)
    why = "the ledger's tail is not whole"
    assert verdicts(short, bundle, tmp_path) == why


def test_a_record_is_of_this_study(tmp_path: Path) -> None:
    bundle = make_parts(Tale(lies={"noise": "another-review"}))
    other = bundle.house.proof(len(bundle.house.entries) - 1)
    data = bundle.write(records=[other])
    assert verdicts(data, bundle, tmp_path) == "an entry is of another study"


def _point(bundle: Bundle, origin: str, size: str, signer: Signer) -> str:
    """A checkpoint over the same tree, of which one line is another."""
    text = bundle.evidence.checkpoint.partition("\n\n")[0].split("\n")
    return sign_note("\n".join([origin, size, text[2]]) + "\n", [signer])


def test_a_checkpoint_is_of_this_ledger_and_its_size_a_plain_number(
    tmp_path: Path,
) -> None:
    bundle = make_parts(Tale())
    operator, size = bundle.house.operator, str(len(bundle.house.entries))
    for origin, number, why in (
        ("harken/another", size, "the ledger is another's"),
        (operator.name, f"0{size}", "the checkpoint's size is not a number"),
    ):
        data = bundle.write(checkpoint=_point(bundle, origin, number, operator))
        assert verdicts(data, bundle, tmp_path) == why


def test_a_certificate_has_two_parts_and_its_signature_one_form(
    tmp_path: Path,
) -> None:
    bundle = make_parts(Tale())
    document = json.loads(bundle.write())
    data = canonical(document | {"more": 1}) + b"\n"
    assert verdicts(data, bundle, tmp_path) == "it holds unknown parts"
    note = document["signature"].removesuffix("=\n")
    again = note[:-1] + chr(ord(note[-1]) + 1) + "=\n"
    data = canonical(document | {"signature": again}) + b"\n"
    assert verdicts(data, bundle, tmp_path)


def test_a_witness_cannot_sign_at_a_time_beyond_reason(tmp_path: Path) -> None:
    bundle = make_full(1)
    witness, house = bundle.house.witness, bundle.house
    assert witness is not None
    text = bundle.evidence.checkpoint.partition("\n\n")[0] + "\n"
    note = sign_note(text, [house.operator]) + witness.cosign(text, at=2**53)
    why = "the witness's time is beyond reason"
    assert verdicts(bundle.write(checkpoint=note), bundle, tmp_path) == why


def test_a_witness_is_the_one_that_was_appointed(tmp_path: Path) -> None:
    bundle = make_full(1)
    text = bundle.evidence.checkpoint.partition("\n\n")[0] + "\n"
    other = Cosigner("another/witness", bytes(32))
    note = sign_note(text, [bundle.house.operator]) + other.cosign(text, at=1)
    why = "another witness signed than was appointed"
    for stage in ("provisional", "final"):
        data = bundle.write(checkpoint=note, witness=other.public_key, stage=stage)
        assert verdicts(data, bundle, tmp_path) == why


def test_fates_are_a_text_and_no_list_of_letters(tmp_path: Path) -> None:
    bundle = make_parts(Tale((1,), ALL))
    body = json.loads(bundle.write())["certificate"]
    body["people"]["fates"] = list(body["people"]["fates"])
    data = _sign(body, bundle.house.operator)
    assert verdicts(data, bundle, tmp_path) == "a fate is not one"
