"""What both verifiers make of extended promises and of parts. Proves PRV 19, 24, 29, 30.

The forger tells a ledger with one lie in it, or signs a certificate with one thing changed,
and has every key but the controller's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harken.method.anonymisation import NotValid, cohorts, verify
from harken.method.ledger import Signer
from tests.make.bundle import Bundle
from tests.make.parts import DAYS, NOONS, Tale, make_parts
from tests.method.anonymisation.test_verifiers import _sign, by_node_of

STRANGER = Signer("controller.example", bytes(range(32)))
FIRST, SECOND, THIRD = NOONS
PART = ("standard", 0, FIRST)
REST = ("standard", 1, SECOND)
AGAIN = ("recontact", 1, "2028-03-31T12:00:00+00:00")
TOO_LATE = "2028-04-01T12:00:00+00:00"
LATE_PART = ("standard", 0, SECOND)
MIDNIGHT = "2026-09-30T23:30:00+00:00"
WINTER = "2027-12-31T23:30:00+00:00"


def verdicts(data: bytes, bundle: Bundle, folder: Path, controller: str = "") -> str:
    """Why both verifiers refuse it, in the same words; empty when it is valid to both."""
    try:
        verify(data, bundle.operator_key, "", controller)
        ours = ""
    except NotValid as reason:
        ours = str(reason)
    told = by_node_of(data, bundle.operator_key, folder, controller=controller)
    assert told["valid"] is (not ours), (ours, told)
    if not ours.startswith("its format is another"):
        assert told.get("reason", "") == ours
    return ours


VALID = {
    "one promise": Tale((6,), (("standard", 0, FIRST),)),
    "a part of two": Tale(),
    "a part of three": Tale((4, 3, 5)),
    "two parts of three": Tale((4, 3, 5), (PART, ("standard", 1, SECOND))),
    "everybody on the first day": Tale((4, 3), (("standard", 1, FIRST),)),
    "a part, then the rest": Tale((5, 4), (PART, REST)),
    "three in turn": Tale((4, 4, 4), (PART, REST, ("standard", 2, THIRD))),
    "the kept at their end": Tale((4, 4), (PART, REST, AGAIN)),
    "a part of the kept": Tale(
        (4, 4), (PART, REST, ("recontact", 0, "2028-03-31T12:00:00+00:00"))
    ),
    "a later promise without anybody": Tale((5, 0)),
    "a later part in the last hour of winter": Tale(
        (3, 3, 3), (PART, REST, ("standard", 2, WINTER))
    ),
    "others leave afterwards": Tale(lies={"afterwards": 2}),
}


@pytest.mark.parametrize("name", VALID)
def test_what_is_true_is_valid_to_both(name: str, tmp_path: Path) -> None:
    bundle = make_parts(VALID[name])
    assert verdicts(bundle.write(), bundle, tmp_path) == ""
    key = bundle.evidence.controller
    assert verdicts(bundle.write(), bundle, tmp_path, key) == ""


def later(number: int, days: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The days of all promises with one pair replaced."""
    return (*DAYS[:number], days, *DAYS[number + 1 :])


LIES: dict[str, tuple[Tale, str]] = {
    "a note that somebody else signed": (
        Tale(lies={"signer": STRANGER}),
        "a signature is missing or wrong",
    ),
    "an extension of another promise": (
        Tale(lies={"before": "0" * 64}),
        "an extension is of something else",
    ),
    "an extension without a reason": (
        Tale(lies={"reason": ""}),
        "an extension gives no reason",
    ),
    "an extension to an earlier day": (
        Tale(lies={"days": later(1, ("2026-08-31", "2028-06-30"))}),
        "an extension is not later",
    ),
    "an extension to the same day": (
        Tale(lies={"days": later(1, ("2026-09-30", "2028-06-30"))}),
        "an extension is not later",
    ),
    "an extension that shortens the time of those kept": (
        Tale(lies={"days": later(1, ("2027-03-31", "2027-12-31"))}),
        "an extension is not later",
    ),
    "an extension whose kept end before all others": (
        Tale(lies={"days": later(1, ("2029-03-31", "2028-06-30"))}),
        "an extension is not later",
    ),
    "an extension to no day": (
        Tale(lies={"days": later(1, ("2027-3-31", "2028-06-30"))}),
        "",
    ),
    "a promise that begins after everybody": (
        Tale(lies={"starts": {1: 10}}),
        "a later promise begins out of place",
    ),
    "promises that begin out of order": (
        Tale((4, 3, 2), lies={"starts": {2: 2}}),
        "a later promise begins out of place",
    ),
    "a plan of no promise": (
        Tale(lies={0: {"plan": {"through": 2}}}),
        "the plan is of no promise",
    ),
    "later people called destroyed": (
        Tale(lies={0: {"fates": "rwdddlldl"}}),
        "somebody under a later promise does not live",
    ),
    "later people called kept": (
        Tale(lies={0: {"fates": "rwdddlrll"}}),
        "somebody under a later promise does not live",
    ),
    "first people called live": (
        Tale(lies={0: {"fates": "rwddlllll"}}),
        "somebody lives whose promise is over",
    ),
    "a standard key alive when all are gone": (
        Tale((5,), (("standard", 0, FIRST),), {0: {"live": True}}),
        "an epoch key that should be dead is alive, or the reverse",
    ),
    "people who live without a key": (
        Tale(lies={0: {"live": False}}),
        "an epoch key that should be dead is alive, or the reverse",
    ),
    "a part without a rotation": (
        Tale(lies={0: {"rotate": False, "fates": "ddddwllll"}}),
        "no epoch key of this class was destroyed",
    ),
    "an earlier act of another study": (
        Tale((5, 4), (PART, REST), {0: {"study": "another-review"}}),
        "the ledger does not say that the destruction was done",
    ),
    "somebody destroyed comes back": (
        Tale((5, 4), (PART, REST), {1: {"fates": "rwrddrwdd"}}),
        "somebody who was gone has come back",
    ),
    "somebody withdrawn comes back": (
        Tale((5, 4), (PART, REST), {1: {"fates": "rddddrwdd"}}),
        "somebody who was gone has come back",
    ),
    "a first part after its day": (
        Tale(acts=(("standard", 0, SECOND),)),
        "it was late and denies it",
    ),
    "a first part after its day, in an earlier act": (
        Tale((5, 4), (("standard", 0, "2026-10-01T12:00:00+00:00"), REST)),
        "it was late and denies it",
    ),
    "everybody on the last day": (
        Tale((5, 4), (("standard", 1, SECOND),)),
        "it was late and denies it",
    ),
    "half an hour after London's midnight": (
        Tale(acts=(("standard", 0, MIDNIGHT),)),
        "it was late and denies it",
    ),
    "the kept after their day": (
        Tale((4, 4), (PART, REST, ("recontact", 0, "2028-04-01T12:00:00+00:00"))),
        "it was late and denies it",
    ),
    "an end that was claimed in time and came after the day": (
        Tale((5,), (PART, LATE_PART), {0: {"rotate": False}}),
        "an epoch key that should be dead is alive, or the reverse",
    ),
    "an end that was claimed when keys were changed for everybody": (
        Tale((5,), (PART, LATE_PART), {0: {"live": True}}),
        "an epoch key that should be dead is alive, or the reverse",
    ),
    "people who were called kept to win time": (
        Tale((5,), (PART, LATE_PART), {0: {"live": True, "fates": "rrrrr"}}),
        "an epoch key that should be dead is alive, or the reverse",
    ),
    "the kept after their day, claimed to be gone before": (
        Tale(
            (5,),
            (PART, ("recontact", 0, FIRST), ("recontact", 0, TOO_LATE)),
            {1: {"rotate": False}},
        ),
        "an epoch key that should be dead is alive, or the reverse",
    ),
    "the keys of those kept who all withdrew, after their day": (
        Tale((2,), (PART, ("recontact", 0, TOO_LATE)), {1: {"fates": "ww"}}),
        "it was late and denies it",
    ),
    "an earlier act of people nobody enrolled": (
        Tale((5,), (PART, ("recontact", 0, FIRST)), {0: {"fates": "rddddddd"}}),
        "an earlier destruction is of more people",
    ),
    "somebody kept beyond the end": (
        Tale((4, 4), (PART, REST, AGAIN), {2: {"fates": "rwddrwdd"}}),
        "somebody was kept beyond the end",
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_ledger_with_a_lie_is_refused_by_both_for_the_same_reason(
    name: str, tmp_path: Path
) -> None:
    tale, why = LIES[name]
    bundle = make_parts(tale)
    if why:
        assert verdicts(bundle.write(), bundle, tmp_path) == why
    else:
        with pytest.raises(NotValid):
            verify(bundle.write(), bundle.operator_key)
        told = by_node_of(bundle.write(), bundle.operator_key, tmp_path)
        assert told["valid"] is False
    if why.startswith("it was late"):
        honest = make_parts(Tale(tale.sizes, tale.acts, {**tale.lies, "late": True}))
        assert verdicts(honest.write(), honest, tmp_path) == ""


def _swap(body: dict[str, Any]) -> None:
    body["earlier"].reverse()


def _shift(body: dict[str, Any]) -> None:
    body["promises"][1]["entry"] = body["promises"][0]["entry"]


def _now(body: dict[str, Any]) -> None:
    """An earlier destruction is told twice."""
    body["earlier"].append(dict(body["earlier"][-1]))


def _cut(body: dict[str, Any]) -> None:
    """Of an earlier destruction an entry in the middle is left out."""
    del body["earlier"][0]["tail"]["entries"][2]


def _stop(body: dict[str, Any]) -> None:
    """It ends before its end, and the proof is none."""
    del body["earlier"][0]["tail"]["entries"][-1]


def _own(body: dict[str, Any]) -> None:
    """The last plan stands for that of an earlier destruction."""
    body["earlier"][0]["plan"] = body["plan"]


CHANGES: Mapping[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a promise kept secret": (
        lambda body: body["promises"].pop(),
        "the promises are not those in the ledger",
    ),
    "a later day in the policy": (
        lambda body: body["promises"][1]["policy"].update(destroy_by="2027-04-30"),
        "the policy differs",
    ),
    "a first promise with a note": (
        lambda body: body["promises"][0].update(note="x"),
        "the policy differs",
    ),
    "another entry for a later promise": (_shift, ""),
    "another entry for the first promise": (
        lambda body: body["promises"][0].update(entry=body["promises"][1]["entry"]),
        "the policy is not the one in the ledger",
    ),
    "fates of an earlier act": (
        lambda body: body["earlier"][0].update(
            fates=body["earlier"][0]["fates"].replace("d", "w", 1)
        ),
        "the fates are not those in the ledger",
    ),
    "an earlier act of fewer people": (
        lambda body: body["earlier"][0].update(fates=body["earlier"][0]["fates"][:-1]),
        "the enrolled differ",
    ),
    "earlier acts out of order": (_swap, "an earlier destruction is out of order"),
    "an earlier act twice": (_now, "an earlier destruction is out of order"),
    "an entry of an earlier act left out": (_cut, "an entry is out of its place"),
    "an earlier act without its end": (_stop, "an entry is not in the ledger"),
    "another plan for an earlier act": (
        _own,
        "the plan is not the one in the ledger",
    ),
    "an earlier act without a plan": (
        lambda body: body["earlier"][0].pop("plan"),
        "",
    ),
    "an edge of an earlier act": (
        lambda body: body["earlier"][0]["tail"].update(
            peaks=["0" * 64] * len(body["earlier"][0]["tail"]["peaks"])
        ),
        "the ledger's tail is not whole",
    ),
    "an earlier act left out": (
        lambda body: body.update(earlier=[]),
        "it was late and denies it",
    ),
    "another time of destruction": (
        lambda body: body.update(destroyed_at=FIRST),
        "the time of destruction differs",
    ),
    "a count of the living": (
        lambda body: body["counts"].update(live=3),
        "the counts differ",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_certificate_is_refused_by_both_for_the_same_reason(
    name: str, tmp_path: Path
) -> None:
    bundle = make_parts(Tale((4, 4), (PART, REST, AGAIN)))
    document = json.loads(bundle.write())
    change, why = CHANGES[name]
    change(document["certificate"])
    data = _sign(document["certificate"], bundle.house.operator)
    found = verdicts(data, bundle, tmp_path)
    assert found == why or (not why and found)


def test_whoever_knows_the_controller_is_not_told_another(tmp_path: Path) -> None:
    lie = Tale(lies={"signer": STRANGER})
    bundle = make_parts(lie)
    data = bundle.write(controller=STRANGER.public_key)
    assert verdicts(data, bundle, tmp_path) == ""
    key = bundle.evidence.controller
    assert verdicts(data, bundle, tmp_path, key) == "another controller is named"


@pytest.mark.parametrize("name", VALID)
def test_who_writes_a_certificate_judges_lateness_as_the_verifiers_do(
    name: str,
) -> None:
    bundle = make_parts(VALID[name])
    body = json.loads(bundle.write())["certificate"]
    starts = [
        json.loads(one["entry"]["body"])["counts"].get("enrolled", 0)
        for one in body["promises"]
    ]
    assert [cohorts.promise_of(place, starts) for place in range(3)] == [0, 0, 0]
    for one in body["earlier"]:
        said = json.loads(one["tail"]["entries"][-1])["subject"]
        assert cohorts.outcome_of(body["people"]["enrolled"], one["fates"]) == said


@pytest.mark.parametrize("sizes", [(5,), (5, 4)])
def test_an_end_told_before_the_keys_of_the_plan_died_is_not_the_end(
    sizes: tuple[int, ...], tmp_path: Path
) -> None:
    """A key made for show dies in time, those that open people after the day."""
    acts = (("standard", 0, SECOND),)
    bundle = make_parts(Tale(sizes, acts, {0: {"rehearsed": FIRST}}))
    why = "the time of destruction differs"
    assert verdicts(bundle.write(), bundle, tmp_path) == why
    honest = bundle.write(destroyed_at=SECOND, late=True)
    assert verdicts(honest, bundle, tmp_path) == ""


def test_a_key_made_after_the_plan_counts_when_nobody_goes_on(tmp_path: Path) -> None:
    """It dies after the day, and no later promise says for whom it lived."""
    bundle = make_parts(Tale((5,), lies={"afterwards": 1}))
    why = "the time of destruction differs"
    assert verdicts(bundle.write(), bundle, tmp_path) == why
    honest = bundle.write(destroyed_at="2026-12-10T08:00:00+00:00", late=True)
    assert verdicts(honest, bundle, tmp_path) == ""


def test_the_number_of_a_promise_is_a_number_to_both(tmp_path: Path) -> None:
    bundle = make_parts(Tale((4, 3), lies={0: {"plan": {"through": False}}}))
    why = "a count is not one"
    assert verdicts(bundle.write(), bundle, tmp_path) == why
