"""What one language takes for another, both verifiers refuse. Proves PRV 24, 29.

The forger writes true for 1, 1.0 for 1, nothing for an empty text; each is signed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harken.method.anonymisation import NotValid, verify
from tests.make.bundle import Bundle
from tests.make.parts import Tale, make_parts
from tests.method.anonymisation.test_promises import PART, REST
from tests.method.anonymisation.test_verifiers import _sign, by_node_of

Body = dict[str, Any]


def refused(data: bytes, bundle: Bundle, folder: Path) -> tuple[bool, bool]:
    """Whether each of both refuses it."""
    try:
        verify(data, bundle.operator_key)
        ours = False
    except NotValid:
        ours = True
    return ours, not by_node_of(data, bundle.operator_key, folder)["valid"]


def _of_one(body: Body) -> str:
    """A count that is 1, so that true can stand for it."""
    return str(next(name for name, number in body["counts"].items() if number == 1))


def _no_receipt(body: Body) -> None:
    living = next(epoch for epoch in body["epochs"] if not epoch["receipt"])
    living["receipt"] = []


LAX: dict[str, Callable[[Body], object]] = {
    "true for a count of one": lambda body: body["counts"].update(
        {_of_one(body): True}
    ),
    "nothing for the witness": lambda body: body.update(witness=None),
    "an empty list for the witness": lambda body: body.update(witness=[]),
    "an empty list for a receipt": _no_receipt,
    "a mapping for the records": lambda body: body.update(records={}),
    "a mapping for the backups": lambda body: body.update(backups={}),
    "nothing for the backups": lambda body: body.update(backups=None),
    "a mapping for the copies": lambda body: body.update(copies={}),
    "a list of letters": lambda body: body["people"].update(
        fates=list(body["people"]["fates"])
    ),
    "a mapping of people": lambda body: body["people"].update(
        enrolled=dict.fromkeys(body["people"]["enrolled"], 0)
    ),
    "a mapping for earlier ones": lambda body: body.update(earlier={}),
    "false for what was found": lambda body: body["scan"].update(found=False),
    "a text in half a character": lambda body: body.update(software=chr(0xD800)),
    "a number beyond what both can hold": lambda body: body.update(software=2**53),
    "one for late": lambda body: body.update(late=1),
}


@pytest.mark.parametrize("name", LAX)
def test_what_one_language_takes_for_another_both_refuse(
    name: str, tmp_path: Path
) -> None:
    bundle = make_parts(Tale((3, 1), (PART,)))
    assert refused(bundle.write(), bundle, tmp_path) == (False, False)
    document = json.loads(bundle.write())
    LAX[name](document["certificate"])
    data = sign_as_it_is(document["certificate"], bundle)
    assert refused(data, bundle, tmp_path) == (True, True)


def sign_as_it_is(body: Body, bundle: Bundle) -> bytes:
    """Signed by a forger whose own JSON writer refuses nothing."""
    try:
        return _sign(body, bundle.house.operator)
    except UnicodeEncodeError:
        place = "half a character stands here"
        data = _sign(body | {"software": place}, bundle.house.operator)
        return data.replace(place.encode(), b"\\ud800")


ENTRIES = {
    "a fraction": (b'"tried":4}', b'"tried":4.0}'),
    "a power": (b'"tried":4}', b'"tried":4e0}'),
    "a blank": (b'"tried":4}', b'"tried": 4}'),
    "a name twice": (b'"tried":4}', b'"tried":4,"tried":4}'),
    "minus nothing": (b'"found":0', b'"found":-0'),
    "a number beyond what both can hold": (b'"tried":4}', b'"tried":9007199254740993}'),
    "true for a place": (b'"position":1,', b'"position":true,'),
    "a list for a name": (b'"by":"guardian-1"', b'"by":["guardian-1"]'),
    "nothing for a reason": (b'"reason":""', b'"reason":null'),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_is_written_in_one_way_only(name: str, tmp_path: Path) -> None:
    old, new = ENTRIES[name]
    bundle = make_parts(Tale((3, 1), (PART, REST), {"entries": (old, new)}))
    honest = make_parts(Tale((3, 1), (PART, REST)))
    assert refused(honest.write(), honest, tmp_path) == (False, False)
    assert any(new in entry for entry in bundle.house.entries)
    assert refused(bundle.write(), bundle, tmp_path) == (True, True)


@pytest.mark.parametrize("kept", [None, [], {"judged": None}, {"judged": 0}])
def test_a_plan_says_in_one_way_that_no_file_was_judged(
    kept: object, tmp_path: Path
) -> None:
    bundle = make_parts(Tale((3, 1), (PART,), {0: {"plan": {"kept": kept}}}))
    assert refused(bundle.write(), bundle, tmp_path) == (True, True)


@pytest.mark.parametrize(
    "at",
    [
        "2026-09-30T12:00:00Z",
        "2026-09-30T12:00:00+0000",
        "2026-09-30T13:00:00+01:00",
        "2026-09-30T12:00:00.5+00:00",
        "2026-09-30T24:00:00+00:00",
        "2026-09-31T12:00:00+00:00",
        "2026-09-30 12:00:00+00:00",
        "20260930T120000+0000",
    ],
)
def test_a_time_is_written_in_one_way_only(at: str, tmp_path: Path) -> None:
    bundle = make_parts(Tale((3, 1), (("standard", 0, at),), {"late": True}))
    assert refused(bundle.write(), bundle, tmp_path) == (True, True)
