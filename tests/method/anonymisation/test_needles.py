"""Searching bytes for a text in every form; and the steps of a destruction."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.anonymisation import Finder, Step
from harken.method.anonymisation.needles import LEAST, forms
from harken.method.errors import HarkenError

NEEDLE = "Zo\u00eb Quenhallow"
BESIDE = b"\x00nothing of that kind\xff" * 9


@pytest.mark.parametrize(
    "written",
    [
        NEEDLE.encode(),
        NEEDLE.upper().encode(),
        NEEDLE.lower().encode("utf-16-le"),
        NEEDLE.encode("utf-16-be"),
        NEEDLE.encode().hex().encode(),
        NEEDLE.encode().hex().upper().encode(),
        base64.b64encode(NEEDLE.encode()),
        base64.b64encode(b"1" + NEEDLE.encode() + b"?"),
        base64.urlsafe_b64encode(b"12" + NEEDLE.encode() + b"?>"),
        json.dumps({"name": NEEDLE}).encode(),
        quote(NEEDLE).encode(),
        quote(NEEDLE).replace("%20", "+").encode(),
    ],
)
def test_a_text_is_found_however_it_was_written(written: bytes) -> None:
    finder = Finder([NEEDLE, "Somebody else"])
    assert finder.find(BESIDE + written + BESIDE) == {1}
    assert finder.find(BESIDE) == set()


@given(st.integers(1, 40), st.integers(0, 60))
def test_a_text_across_the_seam_of_two_pieces_is_found(size: int, before: int) -> None:
    data = b"." * before + NEEDLE.encode() + b"." * 40
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    assert Finder([NEEDLE]).find_in(pieces) == {0}


@given(st.binary(max_size=300))
def test_bytes_that_do_not_hold_it_are_clean(data: bytes) -> None:
    held = any(form in data for form in forms(NEEDLE))
    assert bool(Finder([NEEDLE]).find(data)) == held


def test_too_short_or_nothing_to_look_for_is_refused() -> None:
    with pytest.raises(HarkenError, match="ANO-003"):
        Finder(["", "  "])
    with pytest.raises(HarkenError, match="ANO-002"):
        Finder([NEEDLE, "x" * (LEAST - 1)])
    assert Finder([NEEDLE, f" {NEEDLE} "]).count == 1


def test_each_step_has_one_that_follows_and_the_last_has_none() -> None:
    step, seen = Step.PLANNED, [Step.PLANNED]
    while step is not Step.ENDED:
        step = step.following()
        seen.append(step)
    assert seen == list(Step)
    with pytest.raises(ValueError, match="ended"):
        Step.ENDED.following()
