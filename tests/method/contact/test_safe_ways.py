"""The record of safe ways: what can be obeyed, and what never shows. Proves SAF-10 in part."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from harken.method.contact.safe import CallBack, SafeHours, SafeWays, words_of
from harken.method.errors import HarkenError

HOURS = SafeHours(dt.time(10), dt.time(12), frozenset({"weekday"}))
WAYS = SafeWays(
    hours=HOURS,
    phone=True,
    post=False,
    voicemail=False,
    call_back=CallBack.THEM,
    who_may_answer="my sister",
    code_word="umbrella",
)


def test_the_texts_come_back_and_never_show() -> None:
    WAYS.check()
    assert words_of(WAYS.words()) == ("my sister", "umbrella")
    assert "sister" not in repr(WAYS)
    assert "umbrella" not in repr(WAYS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": replace(HOURS, days=frozenset())},
        {"hours": replace(HOURS, latest=dt.time(10))},
        {"code_word": "x" * 121},
        {"who_may_answer": "x" * 121},
    ],
)
def test_what_cannot_be_obeyed_is_refused(wrong: dict[str, object]) -> None:
    changed = replace(WAYS, **wrong)  # type: ignore[arg-type]  # one field at a time
    with pytest.raises(HarkenError) as error:
        changed.check()
    assert error.value.findings[0].fault.code == "CON-007"
