"""The error family: STYLE 4.7."""

from __future__ import annotations

import pytest

from harken.method.errors import (
    CATALOGUE,
    Exit,
    Fault,
    Finding,
    HarkenError,
    Level,
    Place,
    closest,
    errors_in,
    refuse,
)

HARD = Fault("TST-901", "It broke at {what}.", "A cause.", "Mend {what}.")
SOFT = Fault("TST-902", "Take care.", "A cause.", "A cure.", level=Level.WARNING)
SHUT = Fault("TST-903", "No.", "A cause.", "A cure.", exit=Exit.REFUSED)


def test_a_finding_says_place_code_message_suggestion_and_cure() -> None:
    found = Finding(HARD, Place("a.yaml", 3, 7), {"what": "x"}, "y")
    assert str(found) == "a.yaml:3:7: TST-901 It broke at x. Did you mean y? Mend x."
    assert found.cure == "Mend x."


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("a"), "a"),
        (Place("a", 1), "a:1"),
        (Place("a", 1, 2), "a:1:2"),
    ],
)
def test_a_place_is_written_as_editors_read_it(place: Place, text: str) -> None:
    assert str(place) == text


def test_an_error_carries_every_finding_and_the_first_exit_code() -> None:
    error = HarkenError(Finding(SHUT), Finding(HARD, None, {"what": "x"}))
    assert error.exit is Exit.REFUSED
    assert str(error).count("\n") == 1
    assert refuse(HARD, what="z").findings[0].message == "It broke at z."


def test_an_error_without_a_finding_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one"):
        HarkenError()


def test_warnings_do_not_stop_the_work() -> None:
    found = [Finding(SOFT), Finding(SHUT)]
    assert errors_in(found) == (found[1],)


def test_a_code_is_never_used_twice() -> None:
    assert CATALOGUE["TST-902"] is SOFT
    Fault("TST-902", "Take care.", "A cause.", "A cure.", level=Level.WARNING)
    with pytest.raises(ValueError, match="twice"):
        Fault("TST-902", "Other words.", "A cause.", "A cure.")


def test_the_nearest_word_is_offered_only_when_near() -> None:
    assert closest("questoin", ["question", "answer"]) == "question"
    assert closest("zebra", ["question", "answer"]) is None
