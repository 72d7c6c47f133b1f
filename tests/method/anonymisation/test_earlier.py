"""Of each destruction before the last both verifiers demand the same. Proves PRV 24, 29, 30.

The forger tells a ledger in which one thing of an earlier part is false.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.make.parts import SIDES, Tale, make_parts
from tests.method.anonymisation.test_promises import (
    FIRST,
    LATE_PART,
    PART,
    REST,
    verdicts,
)

AMONG = Tale((5, 4), (PART, REST))
TOLD = SIDES[0], ("controller", "controller", "guardian-1")


def early(**lie: Any) -> Tale:
    """A part and the rest, with a lie told of the part."""
    return Tale(AMONG.sizes, AMONG.acts, {0: lie})


# What must hold of the last destruction must hold of each before it.
EARLIER: dict[str, tuple[Tale, str]] = {
    "nobody approved for the controller": (
        early(sides=SIDES[:1]),
        "the controller did not approve",
    ),
    "nobody approved for the processor": (
        early(sides=SIDES[1:]),
        "the processor did not approve",
    ),
    "one person approved for both": (
        early(sides=TOLD),
        "one person approved for both sides",
    ),
    "a guardian approved for the controller": (
        early(sides=(SIDES[0], ("controller", "guardian", "guardian-2"))),
        "the controller did not approve",
    ),
    "a helpdesk approved for the processor": (
        early(sides=(("processor", "helpdesk", "helpdesk-1"), SIDES[1])),
        "the processor did not approve",
    ),
    "they approved before there was a plan": (
        early(order=("approve", "plan", "fall", "say")),
        "the plan is not the one in the ledger",
    ),
    "they approved when the keys were dead": (
        early(order=("plan", "fall", "approve", "say")),
        "no epoch key of this class was destroyed",
    ),
    "they approved when all was done": (
        early(order=("plan", "fall", "say", "approve")),
        "an earlier destruction goes on",
    ),
    "the keys died when it had been called done": (
        early(order=("plan", "approve", "say", "fall", "say")),
        "no epoch key of this class was destroyed",
    ),
    "the keys lived on": (
        early(rotate=False, fates="ddddwllll"),
        "no epoch key of this class was destroyed",
    ),
    "the keys died after the day, and the end was told before it": (
        Tale((5, 4), (LATE_PART, REST), {0: {"said": FIRST}}),
        "it was late and denies it",
    ),
    "a plan of another study": (
        early(plan={"study": "another-review"}),
        "the plan is not the one in the ledger",
    ),
    "a plan of no class": (
        early(plan={"retention": "everybody"}),
        "no epoch key of this class was destroyed",
    ),
    "a plan of a promise that was not there yet": (
        early(plan={"through": 2}),
        "the plan is of no promise",
    ),
    "a plan of other promises": (
        early(plan={"promises": ["0" * 64]}),
        "the promises are not those in the ledger",
    ),
    "a plan of other people": (
        early(plan={"enrolled": {"size": 8, "root": "0" * 64}}),
        "the enrolled differ",
    ),
    "a plan by which nobody is kept": (
        early(plan={"counts": {"recontact": 0}}),
        "more were kept than was approved",
    ),
    "a plan that does not know the keys": (
        early(plan={"epochs": []}),
        "an epoch key is missing or invented",
    ),
    "later people called destroyed": (
        early(fates="rwdddldll"),
        "somebody under a later promise does not live",
    ),
    "people called live whose promise is over": (
        early(fates="rwddlllll"),
        "somebody lives whose promise is over",
    ),
    "people who live without a key": (
        early(live=False),
        "an epoch key that should be dead is alive, or the reverse",
    ),
}


@pytest.mark.parametrize("name", EARLIER)
def test_of_an_earlier_part_the_same_must_be_shown_as_of_the_last(
    name: str, tmp_path: Path
) -> None:
    tale, why = EARLIER[name]
    bundle = make_parts(tale)
    assert verdicts(bundle.write(), bundle, tmp_path) == why


def test_a_key_cannot_have_fewer_holders_in_a_later_plan(tmp_path: Path) -> None:
    """Else a receipt of those left would do, and another could keep the key."""
    bundle = make_parts(Tale((5, 4), (PART, REST), {"fewer": True}))
    why = "two plans name other holders of a key"
    assert verdicts(bundle.write(), bundle, tmp_path) == why


def test_that_nobody_was_carried_over_rests_on_the_key_holder(tmp_path: Path) -> None:
    """A change of keys looks from outside as a part does: the certificate says so."""
    bundle = make_parts(AMONG)
    assert verdicts(bundle.write(), bundle, tmp_path) == ""
    limits = json.loads(bundle.write())["certificate"]["limits"]
    assert "lived longer than is said here, rests on the key holder" in limits


def test_a_key_that_no_plan_names_leaves_a_gap(tmp_path: Path) -> None:
    """One who leaves a key out of a plan, so that it need not die, is betrayed by the
    number of the next."""
    bundle = make_parts(Tale((5, 4), (PART, REST), {"hidden": True}))
    why = "an epoch key is missing or invented"
    assert verdicts(bundle.write(), bundle, tmp_path) == why
